"""What a card and a comparison are made of: scores of one network, and two networks on the same names.

The card itself is in `card_types.py`, the comparison in `comparison_types.py`.
"""
