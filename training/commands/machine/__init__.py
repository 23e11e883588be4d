"""The commands about the machine: whether it can train, and how it does on a GPU.

All else that `python -m training` can do stands beside this room.
"""
