"""Those who may log in, and the keys of programs.

Who may see which page is in `web.access`; visitors have no account, only the cookie of `web.visitor`.
"""
