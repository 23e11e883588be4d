"""What becomes of versions that do not serve: named, noted, archived, restored, deleted.

Which one serves is decided in `versions.service`.
"""
