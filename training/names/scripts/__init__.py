"""Scripts whose letters are read as themselves, because Latin ones lose what they say; and countries.

How all other letters are spelled in Latin is `transliteration`'s; what a spelling means is told beside both.
"""
