"""The words of a text, and what each of them is: part of the name, a title, a suffix, an initial, a sign.

Which of them are the given name is found by `finding`; the order of a full name stands in
`training.names.order`.
"""
