"""A web process stays light: what only training needs is never loaded there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.config import ROOT

VISIT = """
import sys
from webapp import create_app
from tests.support.visits import rules
app = create_app()
client = app.test_client()
client.get("/?name=Anna")
for _rule, path in rules(app, writing=False):
    client.get(path)
print(sorted({"sklearn", "scipy", "pandas", "plotly", "openpyxl"} & set(sys.modules)))
"""


@pytest.mark.process
def test_no_heavy_library_is_loaded_by_any_page(instance: Path) -> None:
    environment = os.environ | {"INSTANCE": str(instance), "DATABASE_URL": "", "SECRET_KEY": ""}
    done = subprocess.run(
        [sys.executable, "-c", VISIT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
