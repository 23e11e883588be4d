"""How figures, days, sentences and charts are written, for pages, files and terminals alike.

Nothing here reads the database or knows a request; what surrounds a page is in `web`.
"""
