"""What surrounds every page: headers, who may enter, the visitor's cookie, caching, error pages, downloads.

The pages themselves are the `views` of each room; how they write figures is in `presentation`.
"""
