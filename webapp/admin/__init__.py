"""The staff's home page, and `flask setup`.

Each noun's own admin pages are the views of its room.
"""
