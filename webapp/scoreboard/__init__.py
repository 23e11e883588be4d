"""How often the network is right: live, over time, on the holdout, by version, and for Prometheus. Read-only.

The counts are kept by `feedback`; scores on the holdout come from the trainer, in `training.evaluation`.
"""
