"""How long a run will take here, told before it is started: from runs that ended on this machine.

What a run that goes on has left is in `runs.worker.phases`.
"""
