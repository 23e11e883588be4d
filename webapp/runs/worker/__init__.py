"""What the worker's process alone does: prepare a run's folder, watch the trainer, import what it made.

What web processes need of runs too is in `runs`.
"""
