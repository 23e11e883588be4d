"""What a log line looks like, and the id that ties the lines of a request and of its run together.

What is worth a line the rooms know; who did what with rights is not in the log but in `audit`.
"""
