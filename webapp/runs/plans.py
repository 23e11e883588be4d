"""What a run is to do, as a form or a command says it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from training.fitting.settings import PRESETS, BadSettings, FitSettings, preset
from training.model.network import CELLS
from webapp.errors import Invalid
from webapp.records import custom_corpora as brought

KINDS = ("fine-tune", "scratch")
DEVICES = {"auto": "the GPU if there is one", "cpu": "CPU", "cuda": "GPU (CUDA)"}
_DEFAULTS = asdict(FitSettings())
ADVANCED = tuple(name for name in _DEFAULTS if name not in ("preset", "cell"))


@dataclass(frozen=True)
class Plan:
    """What a run is to do. `changes` are settings that differ from the preset's."""

    kind: str = "fine-tune"
    preset: str = "cpu"
    device: str = "auto"
    promote_if_passed: bool = False
    changes: Mapping[str, Any] = field(default_factory=dict)
    corpora: Sequence[str] = ()
    """Corpora that are counted to the base corpus."""
    resumes: int | None = None
    """The run whose checkpoint this one goes on from."""

    def settings(self) -> dict[str, Any]:
        """Return what the row of the run keeps."""
        chosen = {"preset": self.preset, "device": self.device, "changes": dict(self.changes)}
        more = {"corpora": list(self.corpora), "resumes": self.resumes}
        return chosen | {name: value for name, value in more.items() if value}


def read(form: Mapping[str, str], corpora: Sequence[str] = ()) -> Plan:
    """Return the plan in a form, with the corpora chosen there; raise Invalid for what cannot be."""
    kind = _one_of(form, "kind", KINDS)
    plan = Plan(
        kind,
        _one_of(form, "preset", tuple(PRESETS), "cpu"),
        _one_of(form, "device", tuple(DEVICES), "auto"),
        bool(form.get("promote")),
        _changes(form) if kind == "scratch" else {},
        corpora,
    )
    return check(plan)


def check(plan: Plan) -> Plan:
    """Return a plan that the trainer could follow; raise Invalid for one that it would refuse."""
    try:
        preset(plan.preset, **plan.changes)
    except BadSettings as error:
        raise Invalid(str(error)) from error
    return replace(plan, corpora=brought.check(plan.corpora))


def presets() -> dict[str, FitSettings]:
    """Return the presets by name, those for tests left out."""
    return {name: settings for name, settings in PRESETS.items() if name != "tiny"}


def _changes(form: Mapping[str, str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if form.get("cell"):
        changes["cell"] = _one_of(form, "cell", CELLS)
    for name in ADVANCED:
        if text := form.get(name, "").strip():
            changes[name] = _value(name, text)
    return changes


def _value(name: str, text: str) -> Any:
    if isinstance(_DEFAULTS[name], bool):
        return _one_of({name: text.lower()}, name, ("yes", "no")) == "yes"
    try:
        return type(_DEFAULTS[name])(text)
    except ValueError:
        raise Invalid(f"{name.replace('_', ' ').capitalize()} cannot be {text!r}.", field=name) from None


def _one_of(form: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str = "") -> str:
    value = form.get(name) or default
    if value not in allowed:
        raise Invalid(f"{name.capitalize()} is one of {', '.join(allowed)}.", field=name)
    return value
