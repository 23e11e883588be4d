"""Teaching the readers of scripts and countries: from their lessons, and a few corrections later on.

The network of Latin letters learns in the rooms around this one.
"""
