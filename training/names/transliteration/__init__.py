"""Spellings in Latin letters as people write them: Greek, Cyrillic and Indian ones, the rest by anyascii.

What a spelling means (a title, a surname) is told beside this room; here every letter is taken.
"""
