"""What reads beside the network of Latin letters: names in scripts of their own, and what a country changes.

Both are recurrent networks, too, with an alphabet of their own; here are their settings and how they learn.
How they answer on the site is `model.inference`'s.
"""
