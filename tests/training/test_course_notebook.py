"""docs/course.ipynb: from the course's loop to this site's network; it checks each of its steps itself."""

import ast
import importlib
from collections.abc import Iterator

import nbformat
import pytest
from nbclient import NotebookClient

from webapp.config import ROOT

NOTEBOOK = ROOT / "docs" / "course.ipynb"


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


def sources(notebook: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def test_it_is_kept_with_what_it_prints(notebook: nbformat.NotebookNode) -> None:
    nbformat.validate(notebook)
    for cell in sources(notebook):
        assert bool(cell.outputs) == ("print(" in cell.source)
        assert all(output.output_type == "stream" for output in cell.outputs)


def test_what_it_takes_from_the_trainer_is_there(notebook: nbformat.NotebookNode) -> None:
    trees = [ast.parse(cell.source) for cell in sources(notebook)]
    taken = [
        (node.module, alias.name)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("training")
        for alias in node.names
    ]
    assert len(taken) > 10
    for module, name in taken:
        found = importlib.import_module(module)
        assert hasattr(found, name) or importlib.util.find_spec(f"{module}.{name}")


@pytest.mark.process
@pytest.mark.training
@pytest.mark.timeout(1200)
def test_it_runs_to_its_end(notebook: nbformat.NotebookNode) -> None:
    where = {"metadata": {"path": str(ROOT / "docs")}}
    patience = {"timeout": 600, "startup_timeout": 300}
    NotebookClient(notebook, kernel_name="python3", resources=where, **patience).execute()
    printed = "".join(output.text for cell in sources(notebook) for output in cell.outputs)
    assert "this site's network" in printed and "as served" in printed
