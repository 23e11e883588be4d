"""Ten names: a visitor answers first, then the network.

These answers are counted apart and never learned; corrections are in `feedback`.
"""
