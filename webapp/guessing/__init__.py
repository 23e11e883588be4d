"""Guesses: the champion in memory, its answers one by one and in bulk, the pages that show and explain them.

What visitors say of a guess is in `feedback`; the network itself is in `training.model`.
"""
