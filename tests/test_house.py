"""The house by noun: who may lean on whom, read from the source."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import figures

pytestmark = pytest.mark.xdist_group("house")  # whose worker parses all modules once
ROOT = Path(__file__).parents[1]
STANDARD = sys.stdlib_module_names
HEAVY = {"sklearn", "scipy", "pandas", "plotly", "tqdm", "nomquamgender"}
FLOORS = (
    ("models",),
    ("languages",),
    ("storage", "presentation", "logs"),
    ("web",),
    ("audit",),
    ("accounts", "records", "versions"),
    ("guessing",),
    ("feedback",),
    ("review",),
    ("runs", "scoreboard", "game", "learn", "files", "offline"),
    ("api", "admin", "comparisons", "live_training", "maintenance", "metrics", "privacy", "server"),
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
ENGINES = {"training.exports.data_frames", "training.exports.dask_frames"}
"""Where the data engines of others call the network: they alone take pandas, and nothing takes them."""
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


def leans_up(module: str, floors: tuple[tuple[str, ...], ...]) -> set[str]:
    """Return what a module imports from its own floor's other rooms, or from above."""
    here = floor(module, floors)
    found = set()
    for other in own(module):
        there = floor(other, floors)
        if here is not None and there is not None and room(other) != room(module) and there >= here:
            found.add(other)
    return found


def broken(rule: Callable[[str], set[str]], modules: Iterable[str]) -> dict[str, set[str]]:
    """Return what a rule finds, for each module that breaks it."""
    return {module: found for module in modules if (found := rule(module))}


def test_a_room_leans_on_lower_floors_alone() -> None:
    modules = [module for module in SITE if not is_edge(module)]
    assert broken(lambda module: leans_up(module, FLOORS), modules) == {}


def test_training_goes_one_way() -> None:
    assert broken(lambda module: leans_up(module, TRAINING_FLOORS), TRAINER) == {}


def foreign_doors(module: str) -> set[str]:
    doors = {other for other in own(module) if is_edge(other) and room(other) != room(module)}
    return doors - {"webapp.registration"}


def test_nothing_imports_a_door_but_its_own_room() -> None:
    assert broken(foreign_doors, [module for module in SITE if module != "webapp.registration"]) == {}


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


def hidden_imports(module: str) -> set[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        name
        for node in ast.walk(tree_of(module))
        if isinstance(node, functions)
        for name in imported(node)
        if name.split(".")[0] in ("webapp", "training")
    }


def test_no_import_of_our_own_hides_in_a_function() -> None:
    assert broken(hidden_imports, [module for module in [*SITE, *TRAINER] if module != "webapp"]) == {}


def below_the_services(module: str) -> set[str]:
    touched = {"webapp.extensions.db", "webapp.storage.database", "torch", "sqlalchemy"}
    tables = {name for name in imports(module) if name.startswith("webapp.models")}
    return {name for name in imports(module) if name in touched or name.startswith("sqlalchemy.")} | {
        name for name in tables if not name.startswith("webapp.models.enums")
    }


def test_doors_touch_neither_the_database_nor_the_network() -> None:
    assert broken(below_the_services, [module for module in SITE if is_edge(module)]) == {}


def test_services_know_neither_request_nor_template() -> None:
    modules = [module for module in SITE if module.endswith((".service", ".queries"))]
    assert (
        broken(lambda module: {*imports(module)} & {"flask.request", "flask.render_template"}, modules) == {}
    )


def test_the_trainer_knows_neither_the_site_nor_its_database() -> None:
    site = {"webapp", "flask", "sqlalchemy", "flask_sqlalchemy", "pandas", "nomquamgender"}
    allowed = dict.fromkeys(ENGINES, {"pandas"})
    assert broken(lambda module: tops(module) & site - allowed.get(module, set()), TRAINER) == {}
    assert broken(lambda module: own(module) & ENGINES, ALL - ENGINES) == {}


def test_what_the_site_takes_of_the_trainer_needs_little_more_than_the_standard_library() -> None:
    allowed = STANDARD | {"anyascii", "babel", "ftfy", "opencc", "training"}
    assert broken(lambda module: tops(module) - allowed | own(module) - set(LIGHT), LIGHT) == {}


def test_importing_a_package_of_the_trainer_imports_nothing() -> None:
    packages = ["training", *(f"training.{floor[0]}" for floor in TRAINING_FLOORS[1:7])]
    assert broken(lambda package: {*imports(package)}, packages) == {}


def taken_from_training(module: str) -> set[str]:
    taken = {name for name in own(module) if name.startswith("training.") and name.count(".") > 1}
    return {name for name in taken if not name.startswith("training.model.")}


def test_the_site_takes_what_it_may_from_training() -> None:
    assert broken(lambda module: taken_from_training(module) - FROM_TRAINING, SITE) == {}


def heavy(module: str) -> set[str]:
    # Commands may show how far they are.
    allowed = {"tqdm"} if module.endswith("commands") else set()
    return tops(module) & HEAVY - allowed


def test_no_web_module_imports_what_is_heavy() -> None:
    assert broken(heavy, SITE) == {}


def test_the_site_serves_without_pytorch() -> None:
    program = "import sys, wsgi; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0


def test_models_import_the_extensions_and_what_a_name_is() -> None:
    allowed = ("webapp.extensions", "webapp.models", "training.names")
    models = [module for module in SITE if room(module) == "models"]
    assert broken(lambda module: {name for name in own(module) if not name.startswith(allowed)}, models) == {}


def rooms() -> list[Path]:
    """Return every folder of both packages that holds modules."""
    return sorted({path.parent for top in ("webapp", "training") for path in (ROOT / top).rglob("*.py")})


def test_a_room_has_at_most_nine_modules() -> None:
    n_modules = {room: len({*room.glob("*.py")} - {room / "__init__.py"}) for room in rooms()}
    assert {room: n for room, n in n_modules.items() if n > MOST_MODULES} == {}


def test_a_room_says_what_it_is_for() -> None:
    said = {room / "__init__.py" for room in rooms() if (room / "__init__.py").exists()}
    assert [path for path in said if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_the_docs_tell_the_figures() -> None:
    page = figures.PAGE.read_text(encoding="utf-8")
    # Nearly: a function more is no news. `python -m tests.figures` writes them anew.
    assert figures.figures(page) == pytest.approx(figures.figures(figures.written(page)), rel=0.05)
