"""Any two versions, name by name: asked for by an admin, done by the worker, kept.

What a run found when it compared its own version is in `runs`; scores side by side are in `scoreboard`.
"""
