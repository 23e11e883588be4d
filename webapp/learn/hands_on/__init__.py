"""What a reader does with names: sets two beside each other, or puts ten into a confusion matrix.

What is computed of one name is in `learn.unrolled` and `learn.by_hand`.
"""
