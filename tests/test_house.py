"""The house by noun: who may lean on whom, read from the source."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STANDARD = sys.stdlib_module_names
HEAVY = {"sklearn", "scipy", "pandas", "plotly", "tqdm", "nomquamgender"}
FLOORS = (
    ("models",),
    ("storage", "presentation", "logs"),
    ("web",),
    ("audit",),
    ("accounts", "records", "versions"),
    ("guessing",),
    ("feedback",),
    ("review",),
    ("runs", "scoreboard", "game", "learn", "files", "offline"),
    ("api", "admin", "comparisons", "live_training", "maintenance", "privacy", "server"),
)
"""The rooms of the site from the ground up: a room leans on lower floors alone, not on its neighbours."""
TRAINING_FLOORS = (
    ("names",),
    ("runtime",),
    ("data",),
    ("model",),
    ("fitting",),
    ("evaluation",),
    ("exports",),
    ("job",),
    ("commands",),
)


def modules(package: str) -> list[str]:
    """Return the dotted names of all modules of a package."""
    paths = sorted((ROOT / package).rglob("*.py"))
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths
    ]


LIGHT = (
    *(module for module in modules("training") if module.startswith("training.names")),
    "training.data.evidence",
    "training.data.name_groups",
    "training.evaluation.card_types",
    "training.evaluation.comparison_types",
    "training.evaluation.parts.pairs",
    "training.evaluation.parts.scores",
    "training.evaluation.gate",
    "training.runtime.strict_json",
)
"""Modules of the trainer that web processes import: they load neither numpy nor torch."""
FROM_TRAINING = {*LIGHT, "training.fitting.presets", "training.fitting.settings"}
"""What the site takes of the trainer besides its networks (`training.model`)."""
MOST_MODULES = 9


SITE, TRAINER = modules("webapp"), modules("training")
ALL = {*SITE, *TRAINER}


@cache
def tree_of(module: str) -> ast.Module:
    path = ROOT / Path(*module.split("."))
    file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield what is imported anywhere below a node: modules, and names as `module.name`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in names)
            if not all(name in ALL for name in names):
                yield node.module


@cache
def imports(module: str) -> frozenset[str]:
    return frozenset(imported(tree_of(module)))


def own(module: str) -> set[str]:
    """Return the modules of this project that a module imports."""
    return {name for name in imports(module) if name in ALL and name != module}


def tops(module: str) -> set[str]:
    """Return the packages that a module imports from."""
    return {name.split(".")[0] for name in imports(module)}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def is_edge(module: str) -> bool:
    """Say whether a module is a door: pages, commands, the API. Only `create_app` leads there."""
    leaf = module.split(".")[-1]
    is_door = leaf in ("views", "commands", "health") or leaf.endswith(("_views", "_commands", "_command"))
    return is_door or room(module) in ("api", "admin", "registration")


def floor(module: str, floors: tuple[tuple[str, ...], ...]) -> int | None:
    return next((number for number, rooms in enumerate(floors) if room(module) in rooms), None)


def leans_up(module: str, floors: tuple[tuple[str, ...], ...]) -> list[str]:
    """Return what a module imports from its own floor's other rooms, or from above."""
    here = floor(module, floors)
    found = []
    for other in own(module):
        there = floor(other, floors)
        if here is not None and there is not None and room(other) != room(module) and there >= here:
            found.append(other)
    return sorted(found)


@pytest.mark.parametrize("module", [module for module in SITE if not is_edge(module)])
def test_a_room_leans_on_lower_floors_alone(module: str) -> None:
    assert leans_up(module, FLOORS) == []


@pytest.mark.parametrize("module", TRAINER)
def test_training_goes_one_way(module: str) -> None:
    assert leans_up(module, TRAINING_FLOORS) == []


@pytest.mark.parametrize("module", [module for module in SITE if module != "webapp.registration"])
def test_nothing_imports_a_door_but_its_own_room(module: str) -> None:
    assert {other for other in own(module) if is_edge(other) and room(other) != room(module)} <= {
        "webapp.registration"
    }


def test_there_is_no_circle() -> None:
    graph = {module: own(module) for module in ALL}

    def reach(start: str) -> set[str]:
        seen: set[str] = set()
        left = list(graph[start])
        while left:
            if (name := left.pop()) not in seen:
                seen.add(name)
                left += graph[name]
        return seen

    assert [module for module in graph if module in reach(module)] == []


@pytest.mark.parametrize("module", [module for module in [*SITE, *TRAINER] if module != "webapp"])
def test_no_import_of_our_own_hides_in_a_function(module: str) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    hidden = {
        name
        for node in ast.walk(tree_of(module))
        if isinstance(node, functions)
        for name in imported(node)
        if name.split(".")[0] in ("webapp", "training")
    }
    assert hidden == set()


@pytest.mark.parametrize("module", [module for module in SITE if is_edge(module)])
def test_doors_touch_neither_the_database_nor_the_network(module: str) -> None:
    touched = {"webapp.extensions.db", "webapp.storage.database", "torch", "sqlalchemy"}
    tables = {name for name in imports(module) if name.startswith("webapp.models")}
    assert not {name for name in imports(module) if name in touched or name.startswith("sqlalchemy.")}
    assert not {name for name in tables if not name.startswith("webapp.models.enums")}


@pytest.mark.parametrize("module", [module for module in SITE if module.endswith((".service", ".queries"))])
def test_services_know_neither_request_nor_template(module: str) -> None:
    assert not imports(module) & {"flask.request", "flask.render_template"}


@pytest.mark.parametrize("module", TRAINER)
def test_the_trainer_knows_neither_the_site_nor_its_database(module: str) -> None:
    assert not tops(module) & {"webapp", "flask", "sqlalchemy", "flask_sqlalchemy", "pandas", "nomquamgender"}


@pytest.mark.parametrize("module", LIGHT)
def test_what_the_site_takes_of_the_trainer_needs_little_more_than_the_standard_library(module: str) -> None:
    assert tops(module) <= STANDARD | {"anyascii", "ftfy", "training"}
    assert own(module) <= set(LIGHT)


@pytest.mark.parametrize("package", ["training", *(f"training.{floor[0]}" for floor in TRAINING_FLOORS[1:7])])
def test_importing_a_package_of_the_trainer_imports_nothing(package: str) -> None:
    assert not imports(package)


@pytest.mark.parametrize("module", SITE)
def test_the_site_takes_what_it_may_from_training(module: str) -> None:
    taken = {name for name in own(module) if name.startswith("training.") and name.count(".") > 1}
    assert {name for name in taken if not name.startswith("training.model.")} <= FROM_TRAINING


@pytest.mark.parametrize("module", SITE)
def test_no_web_module_imports_what_is_heavy(module: str) -> None:
    # Commands may show how far they are.
    allowed = {"tqdm"} if module.endswith("commands") else set()
    assert not tops(module) & HEAVY - allowed


def test_the_site_serves_without_pytorch() -> None:
    program = "import sys, wsgi; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0


@pytest.mark.parametrize("module", [module for module in SITE if room(module) == "models"])
def test_models_import_the_extensions_and_what_a_name_is(module: str) -> None:
    allowed = ("webapp.extensions", "webapp.models", "training.names")
    assert all(name.startswith(allowed) for name in own(module))


def rooms() -> list[Path]:
    """Return every folder of both packages that holds modules."""
    return sorted({path.parent for top in ("webapp", "training") for path in (ROOT / top).rglob("*.py")})


@pytest.mark.parametrize("folder", rooms(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_has_at_most_nine_modules_and_says_what_it_is_for(folder: Path) -> None:
    assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= MOST_MODULES
    if (folder / "__init__.py").exists():
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
