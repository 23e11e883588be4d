"""How good a network is: metrics, curves, slices, the model card, comparison and the gate.

Nothing here changes a weight; learning is in `fitting`.
"""
