"""The registry of trained networks: import, promote, roll back, delete, and each one's model card.

Training one is in `runs`; answering with the one that serves is in `guessing`.
"""
