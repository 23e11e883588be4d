"""`python -m training`: what the networks can do from a terminal.

Exit status: 0 done, 1 something is wrong with what was given (one sentence on standard error), 2 a command
line that does not parse, 130 interrupted.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from training.runtime.device import NO_MEMORY, is_out_of_memory

INSTALLED_AS = "nomen"
COMMANDS = (
    *("corpus", "fit", "readers", "settings", "evaluate", "guess", "export", "job"),
    *("machine.doctor", "machine.device", "experiments.compare", "experiments.crossvalidate"),
    *("experiments.curves", "experiments.course", "experiments.live"),
)


def parser() -> ArgumentParser:
    """Return the parser of all subcommands."""
    whole = ArgumentParser(prog=_name(), description="Guess, train, evaluate, compare.")
    commands = whole.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        # By name, so that each command is one module and one word here.
        import_module(f"training.commands.{name}").add_to(commands)
    return whole


def _name() -> str:
    # The command of an installed package, or this module.
    return INSTALLED_AS if Path(sys.argv[0]).name == INSTALLED_AS else "python -m training"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit status."""
    args = parser().parse_args(arguments)
    try:
        # `set_defaults(run=…)` of each command put its function there.
        status: int = args.run(args)
        return status
    except (ValueError, OSError) as error:
        print(f"{_name()}: {error}", file=sys.stderr)
        return 1
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        print(f"{_name()}: {NO_MEMORY}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
