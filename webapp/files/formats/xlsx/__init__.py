"""Workbooks, edited as streams: their sheets, their cells with what kind they are, their parts.

How a text file is read is in `formats.text`; where the names are is in `files.layout`.
"""
