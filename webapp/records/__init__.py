"""What the corpus knows of a name, and corpora that an admin brings.

How a corpus is made from lists is in `training.data`; this room only reads it.
"""
