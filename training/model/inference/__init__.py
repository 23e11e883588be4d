"""Answering on a CPU, in NumPy: the networks that serve, from the weights of an artifact and without PyTorch.

How they learn is in `training.model.network`, whose answers these are within 1e-5.
"""
