"""The pictures of docs/first-walk.md, made by walking it: `make pictures`."""
