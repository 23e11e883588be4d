"""Text files with one row a line: their encoding, their delimiter, their rows as they were written.

How a workbook is read is in `formats.xlsx`; where the names are is in `files.layout`.
"""
