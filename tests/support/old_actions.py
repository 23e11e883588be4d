"""What release 1.0.0 called the audit trail's actions, and what they are called since migration 0002."""

import runpy
from pathlib import Path

_MIGRATION = Path(__file__).parents[2] / "migrations" / "versions" / "0002_actions_in_one_style.py"
_RENAMED: dict[str, str] = runpy.run_path(str(_MIGRATION))["RENAMED"]
OLD_ACTIONS = _RENAMED | {"run.start": "run.start"}
"""The last one never changed: it must come through unharmed."""
