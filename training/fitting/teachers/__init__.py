"""Who helps with the targets: the linear teacher, reverse teachers, and the student on synthetic names.

The networks themselves are taught by `fitting/trainer.py`; the order of it all is in `fitting/pipeline.py`.
"""
