"""The registry of trained networks: import, promote, roll back, and each one's model card.

Names, notes and the archive are in `versions.keeping`. Training one is in `runs`; answering with the one that
serves is in `guessing`.
"""
