"""Work that the worker does beside its runs: one of a kind at a time, in a thread and a trainer's process.

What is worked on has rooms of its own: `comparisons`, `live_training`. Runs are in `runs/worker`.
"""
