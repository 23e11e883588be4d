"""The worker: it prepares a run's folder, watches the trainer and imports what it made.

Only its process does that, but web processes read `status` too, by which it says that it lives, and
`progress`, by which it says how far a run is. All else that they need of runs is in `runs`.
"""
