"""How anything is kept: the database session, the revision, quotas, the secret key, files, long lists.

The tables are in `models`; what is done with them is in the room of each noun.
"""
