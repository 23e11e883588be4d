"""Whole files by way of the API: sent, read as the page and the command read them, given back with guesses.

How a file is read and converted is in the room `files`; here are the addresses and what goes in and out.
"""
