"""The comparison of `benchmarks.serve`: peers, their environment, processes that are measured, a client.

What is compared and the table stand in `benchmarks/serve.py`.
"""
