"""Guessing without the site: the network in a browser, what that browser keeps, and the page that says so.

How the site itself guesses is in `guessing`; files of versions for staff are in `versions`.
"""
