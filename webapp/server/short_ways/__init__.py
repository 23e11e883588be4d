"""In front of the framework: what is asked for most, without what the framework does for each request.

Whatever looks unusual goes on to the framework, and so does every refusal.
"""
