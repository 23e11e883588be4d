"""Names in scripts of their own, and names by country: from packages whose data is read and never imported.

The corpus of Latin letters is `data.corpus`'s; what is learned from these is `fitting.readers`'.
"""
