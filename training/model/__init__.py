"""The networks, the artifact that stores one, and answering with it.

How their weights are found is in `fitting`.
"""
