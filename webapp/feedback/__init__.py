"""What visitors answer: stored, counted, looked back on, exported and imported.

Deciding on corrections is in `review`; the figures made of the counts are in `scoreboard`.
"""
