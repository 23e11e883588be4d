"""Name lists as statistical offices publish them: their headings, their codes for the sexes, their counts.

Which files there are and what becomes of their rows is in `training.data.name_lists`.
"""
