"""Whole files: tables as people have them, read and written back as streams, never whole in memory."""
