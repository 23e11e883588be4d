"""Run a command that ends when its parent does: `python -m webapp.server.bound PARENT COMMAND …`.

Linux sends the signal even if the parent was killed. Elsewhere the command runs on then, and the next start
finds its address taken.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>


def main() -> None:
    """Become the command."""
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        # The flag is kept by execvp, so the command has it without knowing.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(parent):  # it died before it could be asked for
            sys.exit(1)
    os.execvp(command[0], command)  # nosec B606 # the supervisor's own command


if __name__ == "__main__":
    main()
