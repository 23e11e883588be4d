"""The worker: it prepares a run's folder, watches the trainer and imports what it made.

Only its process does that; `status`, by which it says that it lives, is read by web processes too. What else they
need of runs is in `runs`.
"""
