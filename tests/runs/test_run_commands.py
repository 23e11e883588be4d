"""The same from the terminal."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.networks import tiny_artifact
from tests.support.runs import queued
from webapp.runs import service as runs
from webapp.versions import service as versions


def call(app: Flask, *words: object) -> str:
    """Call a flask command; return what it says."""
    return app.test_cli_runner().invoke(args=[str(word) for word in words]).output


def test_a_run_is_started_listed_shown_and_cancelled(app: Flask) -> None:
    assert "Run 1 is queued" in call(app, "runs", "start", "--kind", "scratch", "--set", "epochs=2")
    assert "queued" in call(app, "runs", "list") and '"epochs": 2' in call(app, "runs", "show", 1)
    call(app, "runs", "cancel", 1)
    assert runs.find_run(1).state == "cancelled"


def test_a_setting_may_be_given_by_its_name_of_release_1_0_0(app: Flask) -> None:
    call(app, "runs", "start", "--kind", "scratch", "--set", "batch=64")
    assert runs.find_run(1).settings["changes"] == {"batch_size": 64}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("runs", "show", "9"), "no run 9"),
        (("runs", "start", "--set", "colour=red"), "no setting 'colour'"),
        (("versions", "show", "v9"), "no version v9"),
        (("versions", "show", "best"), "is no version"),
        (("versions", "rollback"), "No other version"),
    ],
)
def test_what_cannot_be_done_is_said(app: Flask, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in call(app, *words)


def test_a_second_start_is_refused(app: Flask) -> None:
    queued()
    assert "still going" in call(app, "runs", "start")


def test_a_version_is_imported_promoted_rolled_back_and_exported(app: Flask, tmp_path: Path) -> None:
    file, out = tmp_path / "in.safetensors", tmp_path / "out.safetensors"
    file.write_bytes(tiny_artifact(5))
    assert "v2" in call(app, "versions", "import", file)
    call(app, "versions", "promote", "v2")
    assert "* v2" in call(app, "versions", "list")
    assert "v1 serves again" in call(app, "versions", "rollback", "--reason", "no")
    call(app, "versions", "export", "v2", out)
    assert out.read_bytes() == file.read_bytes()
    assert (newest := versions.serving()) and newest.reason == "no"


def test_a_card_is_shown_as_markdown(app: Flask) -> None:
    assert "# Nomen v1: model card" in call(app, "versions", "show", 1)
