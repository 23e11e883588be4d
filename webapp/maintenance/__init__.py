"""Looking after a site: backup and restore, and whether all is well.

Setting one up is in `admin`; starting its processes is in `server`.
"""
