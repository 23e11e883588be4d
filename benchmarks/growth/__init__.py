"""Sites with so many answers, on either database, and clocks that see what their database does.

What is compared and the table stand in `benchmarks/scoreboard.py`.
"""
