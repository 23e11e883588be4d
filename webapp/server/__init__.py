"""The processes: gunicorn's worker class, starting the whole site, keeping the queue's worker alive.

What a request meets inside the site is in `web`.
"""
