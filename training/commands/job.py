"""`python -m training job DIR`: one run in a folder, as the site's worker starts it."""

import json
import os
import sys
import threading
import traceback
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from training.commands import Subparsers
from training.job import run
from training.runtime.device import NO_MEMORY, is_out_of_memory

NICENESS = 10
"""The site on the same machine goes first."""
CANCELLED = 130


def add_to(commands: Subparsers) -> None:
    parser = commands.add_parser("job", help="one run in a folder, as the site's worker starts it")
    parser.add_argument("folder", type=Path, metavar="DIR", help="holds job.json; see training/job_folder.py")
    parser.set_defaults(run=do)


def do(args: Namespace) -> int:
    """Do the run and return the exit status; it ends at once when standard input closes."""
    return supervised(lambda: run(args.folder, say))


def supervised(work: Callable[[], None]) -> int:
    """Do some work for the site's worker: after the site itself, and no longer than the worker lives.

    Return the exit status; what is wrong is told as an event.
    """
    # A thread, for the main one may be deep in a multiplication when the worker goes.
    threading.Thread(target=_end_with, args=(sys.stdin,), name="stdin", daemon=True).start()
    os.nice(NICENESS)
    try:
        work()
    # What is wrong with what was given, in a sentence that the site shows as it is.
    except (ValueError, OSError) as error:
        return _failed(str(error))
    except Exception as error:
        # Told apart, since there is something to do about it.
        if is_out_of_memory(error):
            return _failed(NO_MEMORY)
        traceback.print_exc()
        return _failed(f"Something unforeseen happened: {type(error).__name__}: {error}")
    return 0


def say(**event: Any) -> None:
    """Print one event; what is not known yet is left out."""
    known = {key: value for key, value in event.items() if value is not None}
    # Flushed, or events would lie in a buffer of kilobytes; NaN is no JSON and would break the reader.
    print(json.dumps(known, allow_nan=False), flush=True)


def _failed(sentence: str) -> int:
    say(error=sentence)
    return 1


def _end_with(stream: IO[str]) -> None:
    # The worker says nothing: this returns when the other end is closed, however that happened.
    while stream.readline():
        pass
    os._exit(CANCELLED)  # at once, whatever the main thread does: files are written in one stroke
