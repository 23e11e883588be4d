"""Another revision of the site beside this one: its tree, its own instance, and what is asked inside of each.

What is compared and the table stand in `benchmarks/pages.py`.
"""
