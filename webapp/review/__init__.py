"""Deciding on corrections: what waits, what is accepted or rejected, and what accepting will do.

The answers are in `feedback`; learning what was accepted is in `runs`.
"""
