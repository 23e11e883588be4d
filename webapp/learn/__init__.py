"""The course in chapters: one name through the serving network, and what the trainer measured.

The sentence under a guess is in `guessing.explanation`; charts of scores are in `scoreboard`.
"""
