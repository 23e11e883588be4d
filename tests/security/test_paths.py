"""What comes as an id and would be a path."""

import json
from pathlib import Path

import pytest
from flask import Flask

from webapp.errors import NotFound
from webapp.files import uploads


@pytest.mark.parametrize("batch_id", ["..", "../outside", "{absolute}", "./x", "..\\x", "x/../../outside"])
def test_an_id_that_is_a_path_reads_nothing(app: Flask, instance: Path, batch_id: str) -> None:
    for folder in (instance, instance / "outside", instance / "batches" / "x"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "about.json").write_text(json.dumps({"visitor": "ann", "title": "names.csv"}))
    with app.app_context(), pytest.raises(NotFound):
        uploads.find_batch(batch_id.format(absolute=instance / "outside"), "ann")
