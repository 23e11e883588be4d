"""How a guess came about, told in words from its trace.

What a page shows besides is put together in `guessing.presenter`.
"""
