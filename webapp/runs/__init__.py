"""Training runs as an admin sees them: plan, start, follow, cancel, compare.

What the worker's process alone does is in `runs.worker`; the training itself is in `training`.
"""
