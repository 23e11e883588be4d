"""How a table is laid out: its row of headings, the columns that make a name, and what they hold.

How rows come out of a file is in `files.formats`; nothing here opens one.
"""
