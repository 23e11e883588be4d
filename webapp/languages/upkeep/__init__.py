"""Keeping the catalogues up to date with the site: gathering its texts, counting what is untranslated.

How a catalogue is read while the site answers is in `languages.catalogue`.
"""
