"""The pictures of docs/: a gallery, and the first walk, made by walking it: `make screenshots`."""
