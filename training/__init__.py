"""The network and how it learns; it knows neither the site nor its database.

What a name is stands in `names`; `job` is what the site's worker runs, `commands` what a person runs.
"""

__version__ = "1.0.0"
