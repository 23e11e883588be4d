"""Lighthouse's opinion of the pages, as on a phone: `make lighthouse`."""
