"""The course's networks, 8 wide, computed in the open: forwards by pencil, backwards, gate by gate.

How the serving network reads a name is in `learn.unrolled`; how these networks were made is told by
`python -m training course`.
"""
