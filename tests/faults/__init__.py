"""A whole site, answers coming in, and something that breaks: `python -m tests.faults --rounds 100`.

Counts what was thanked for and is not there (0), what is there twice (0), and the processes left behind (0).
"""
