"""Four small networks that a visitor sets and watches while they learn: asked for, done by the worker, kept.

The chapter around it is in `learn`; trainings of networks that may serve are in `runs`.
"""
