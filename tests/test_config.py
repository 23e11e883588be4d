"""Settings are read strictly, and the README tells all of them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from webapp.config import ROOT, SETTINGS, BadSetting, Setting, read_settings


def test_every_setting_has_a_default_that_can_be_read() -> None:
    assert read_settings({})["PORT"] == 8000
    assert read_settings({"PORT": ""})["PORT"] == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "٨٠"),
        ("WEB_WORKERS", "2.5"),
        ("HTTPS", "yes"),
        ("METRICS", "1"),
        ("DATABASE_URL", "mysql://localhost/nomen"),
        ("REDIS_URL", "localhost"),
    ],
)
def test_a_bad_value_is_refused_with_what_to_set(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"{name}={re.escape(repr(value))} cannot be used: .*set"):
        read_settings({name: value})


def test_good_values_are_read() -> None:
    read = read_settings({"TRUSTED_HOSTS": "a.example, b.example", "HTTPS": "on", "PROXIES": "1"})
    assert read["TRUSTED_HOSTS"] == ["a.example", "b.example"] and read["HTTPS"] and read["PROXIES"] == 1


def test_what_stands_for_no_name_is_added_and_taken_away() -> None:
    words = read_settings({"PLACEHOLDERS": "Leer Zeile, !test"})["PLACEHOLDERS"]
    assert words.holds("LEER ZEILE") and words.holds("N/A") and not words.holds("Test")


@pytest.mark.process
@pytest.mark.parametrize("module", ["flask --app wsgi users list", "gunicorn --check-config wsgi:app"])
def test_a_bad_setting_ends_the_start_with_a_sentence(module: str, tmp_path: Path) -> None:
    environment = {"PORT": "x", "INSTANCE": str(tmp_path), "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-m", *module.split()], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert (
        done.stderr == "Nomen cannot start: PORT='x' cannot be used: set a whole number from 1 to 65,535.\n"
    )


def row(setting: Setting) -> str:
    default = setting.default.replace(f"{ROOT}/", "")
    return f"| `{setting.name}` | {f'`{default}`' if default else ''} | {setting.meaning} |"


def test_the_readme_tells_every_setting_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [row(setting) for setting in SETTINGS if row(setting) not in readme] == []


def test_the_readme_tells_of_no_setting_that_is_none() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    assert set(told) == {setting.name for setting in SETTINGS}


def test_the_readme_tells_every_command(app: Flask) -> None:
    readme = (ROOT / "README.md").read_text()
    assert [name for name in app.cli.commands if f"flask {name}" not in readme] == []


def test_the_readme_tells_all_there_is_to_make() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert [target for target in targets if f"make {target}" not in readme and target != "help"] == []
