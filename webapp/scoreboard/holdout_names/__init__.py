"""The names behind the figures of a version's holdout: what it answers to each, kept, and listed worst first.

The figures themselves are the card's, and are in `scoreboard.holdout`.
"""
