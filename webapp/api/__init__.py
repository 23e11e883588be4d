"""The REST API under /api/v1: a versioned contract over the other rooms.

A key opens what is not public; a log-in never does.
The endpoint that answers as genderize.io does is in `guessing`.
"""
