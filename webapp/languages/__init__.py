"""In which language a page is written: chosen by the reader, told to caches, filled from the catalogues.

English is the source; the catalogues lie in `translations/`. How figures are written is in `presentation`.
"""
