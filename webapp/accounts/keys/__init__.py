"""Keys to the API: made by an admin, shown once, kept as a hash; they do no more than their maker may.

What a request with a key is answered is in `api`.
"""
