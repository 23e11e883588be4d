"""Whole files without a site: looked at and converted by the formats alone."""

from pathlib import Path

import torch

from training.model.network import Network
from training.model.saving import to_serve
from training.model.settings import NetworkSettings
from training.names import Form
from webapp.files.formats.convert import open_table
from webapp.files.formats.table import Choice, How
from webapp.files.layout.find import Asked, Layout, find_layout
from webapp.guessing.bulk import Bulk
from webapp.guessing.predictor import Champion


def small_champion() -> Champion:
    """Return a champion that has learned nothing, always the same."""
    torch.manual_seed(0)
    return Champion(7, 1, to_serve(Network(NetworkSettings("gru", 8))))


def layout_of(path: Path, how: How = How(), asked: Asked = Asked()) -> Layout:  # noqa: B008 - frozen
    """Return how a file is laid out."""
    return find_layout(open_table(path, how).head(), asked)


def convert(
    path: Path,
    champion: Champion,
    choice: Choice | None = None,
    how: How = How(),  # noqa: B008 - frozen
    form: Form | None = None,
) -> bytes:
    """Return the file with our cells, read as it looks but for what is chosen."""
    layout = layout_of(path, how) if choice is None else None
    reader = Bulk(champion, form or (layout.form if layout else Form.GIVEN))
    chosen = choice or (layout.choice if layout else Choice((0,)))
    return b"".join(done.data for done in open_table(path, how).convert(chosen, reader))
