"""The import rules of the house, read from the source: who may lean on whom."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STANDARD = sys.stdlib_module_names
ERRORS = {"sqlalchemy.exc", "sqlalchemy.exc.OperationalError"}
"""What the error pages must know to tell that the database is away."""
HEAVY = {"sklearn", "scipy", "pandas", "plotly", "tqdm", "nomquamgender"}


def modules(package: str) -> list[str]:
    """Return the dotted names of all modules of a package."""
    paths = sorted((ROOT / package).rglob("*.py"))
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths
    ]


def imports(module: str) -> set[str]:
    """Return the dotted names that a module imports anywhere in its file."""
    path = ROOT / Path(*module.split("."))
    file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    return set(_imported(ast.parse(file.read_text(encoding="utf-8"))))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def tops(module: str) -> set[str]:
    """Return the packages that a module imports from."""
    return {name.split(".")[0] for name in imports(module)}


def imports_any(module: str, *names: str) -> bool:
    found = imports(module)
    return any(name == given or name.startswith(f"{given}.") for name in found for given in names)


@pytest.mark.parametrize("module", modules("training"))
def test_the_trainer_knows_neither_the_site_nor_its_database(module: str) -> None:
    assert not tops(module) & {"webapp", "flask", "sqlalchemy", "flask_sqlalchemy", "pandas", "nomquamgender"}


@pytest.mark.parametrize("module", ["training.names", "training.evaluation.gate", "training.data.evidence"])
def test_names_counting_and_the_gate_need_the_standard_library_and_the_transliterator_alone(
    module: str,
) -> None:
    assert tops(module) <= STANDARD | {"anyascii"}


def test_the_training_package_itself_imports_nothing() -> None:
    assert not imports("training")


@pytest.mark.parametrize("module", modules("webapp"))
def test_the_site_takes_what_it_may_from_training(module: str) -> None:
    allowed = {"names", "network", "artifact", "counting", "gate", "config", "prefixes"}
    taken = {name.split(".")[1] for name in imports(module) if name.startswith("training.")}
    assert taken <= allowed


@pytest.mark.parametrize("module", modules("webapp"))
def test_no_web_module_imports_what_is_heavy(module: str) -> None:
    # Commands may show how far they are, if they import what shows it when they run.
    allowed = {"tqdm"} if module.startswith("webapp.commands.") else set()
    assert not tops(module) & HEAVY - allowed


@pytest.mark.parametrize("module", modules("webapp"))
def test_torch_is_for_the_predictor_and_versions(module: str) -> None:
    allowed = {"webapp.guessing.predictor", "webapp.versions.service", "webapp.runs.worker_status"}
    assert "torch" not in tops(module) or module in allowed


@pytest.mark.parametrize("module", modules("webapp/views"))
def test_views_touch_neither_the_database_nor_the_network(module: str) -> None:
    assert not imports_any(
        module, "webapp.models", "webapp.extensions.db", "webapp.storage.database", "torch"
    )
    assert not {name for name in imports(module) if name.split(".")[0] == "sqlalchemy"} - ERRORS


@pytest.mark.parametrize("module", modules("webapp/models"))
def test_models_import_the_extensions_alone(module: str) -> None:
    taken = {name for name in imports(module) if name.startswith(("webapp", "training"))}
    assert all(name.startswith(("webapp.extensions", "webapp.models")) for name in taken)


def nouns() -> list[str]:
    """Modules that import the database and are no views: the nouns."""
    others = [module for module in modules("webapp") if not module.startswith("webapp.views")]
    others.remove("webapp.accounts.service")  # logging in is about the session
    return [
        module for module in others if imports_any(module, "webapp.extensions.db", "webapp.storage.database")
    ]


@pytest.mark.parametrize("module", nouns())
def test_nouns_know_neither_request_nor_templates(module: str) -> None:
    assert not imports_any(module, "flask.request", "flask.session", "flask.render_template")
