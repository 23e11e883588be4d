"""What only the worker does: no web process imports this."""
