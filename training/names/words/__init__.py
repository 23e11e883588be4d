"""The words of a text, and what each of them is: part of the name, a title, a suffix, an initial, a sign.

Which of them are the given name and which the surname is told by `training.names.order`.
"""
