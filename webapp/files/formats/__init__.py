"""Tables as people have them: delimited text and workbooks, read and written as streams.

Uploads and their pages are in `files`; nothing here knows who brought a file.
"""
