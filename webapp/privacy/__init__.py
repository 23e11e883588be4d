"""What is kept about a visitor: told, taken along, deleted at once, and deleted by itself after some days.

How an answer is stored and counted is in `feedback`; this room is about all that one visitor left.
"""
