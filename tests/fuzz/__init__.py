"""Bad input at scale: a million texts and files for everything that reads what strangers bring.

`python -m tests.fuzz --inputs 1000000`; every input follows from its target, a seed and a number.
"""
