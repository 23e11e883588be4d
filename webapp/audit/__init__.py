"""The audit trail: who with rights did what, and the page that shows it.

The rooms write their own entries with `trail.note`; what visitors do is not in it.
"""
