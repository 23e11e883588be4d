"""`python -m training settings`: every setting with its default, unit and a sentence, as docs/settings.md."""

from argparse import Namespace

from training.commands import Subparsers
from training.fitting.presets import OLD_NAMES, PRESETS
from training.fitting.settings import GROUPS, Setting, describe_settings

HEAD = """# Settings of a training

`python -m training fit` takes each as an option (`--batch-size 256`), `flask runs start` as
`--set batch_size=256`, and the page `/retraining` in its form. A preset decides what is not given. `full` is
the network that ships, `cpu` the same network with less training, `gpu` the same in larger batches
([gpu.md](gpu.md)), `tiny` is for tests. The column of a preset
is empty where it keeps the default.

This page is written by `python -m training settings > docs/settings.md`.
"""
TAIL = """
## Old names

Release 1.0.0 used other names. They are still read: in commands, in runs and on cards.

| then | now |
| --- | --- |
"""


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    commands.add_parser("settings", help="what can be set, as Markdown").set_defaults(run=do)


def do(args: Namespace) -> int:
    """Print the page."""
    print(settings_page(), end="")
    return 0


def settings_page() -> str:
    """Return docs/settings.md."""
    tables = "".join(_table(group) for group in GROUPS)
    old_names = "".join(f"| `{old}` | `{new}` |\n" for old, new in OLD_NAMES.items())
    return HEAD + tables + TAIL + old_names


def _table(group: str) -> str:
    presets = [name for name in PRESETS if name != "tiny"]
    head = ["setting", "default", *presets, "unit", "what it is"]
    rows = [_row(about, presets) for about in describe_settings() if about.group == group]
    lines = [head, ["---"] * len(head), *rows]
    return f"\n## {group.capitalize()}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(about: Setting, presets: list[str]) -> list[str]:
    values = [getattr(PRESETS[preset], about.name) for preset in presets]
    # Only where a preset differs: a full column would hide that.
    own = ["" if value == about.default else _shown(value) for value in values]
    return [f"`{about.name}`", _shown(about.default), *own, about.unit, about.sentence]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
