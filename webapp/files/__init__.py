"""Whole files that visitors bring: kept for an hour, converted as a stream, given back.

How each format is read and written is in `files.formats`; guessing their names is in `guessing.bulk`.
"""
