"""The endpoint that speaks like genderize.io, so that its clients can be pointed here.

What is guessed stands in the room around this one; the site's own API is in `api`.
"""
