"""What a run is to do, as a form or a command says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from training.fitting.presets import PRESETS, current_names, preset
from training.fitting.settings import GROUPS, BadSettings, FitSettings, Setting, describe_settings
from training.model.settings import CELLS
from training.runtime.strict_json import Json, Scalar
from webapp.errors import Invalid
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.models import Run
from webapp.models.enums import RunKind
from webapp.records import custom_corpora as brought

DEVICES = {"auto": N_("the GPU if there is one"), "cpu": N_("CPU"), "cuda": N_("GPU (CUDA)")}
# The cell stands among the first choices of the form and has an option of its own.
ADVANCED = {about.name: about for about in describe_settings() if about.name != "cell"}
"""Settings that a form or a command may change, by their names."""


@dataclass(frozen=True)
class Plan:
    """What a run is to do. `changes` are settings that differ from the preset's, under today's names."""

    kind: RunKind = RunKind.FINE_TUNE
    preset: str = "cpu"
    device: str = "auto"
    promote_if_passed: bool = False
    changes: Mapping[str, Scalar] = field(default_factory=dict)
    corpora: Sequence[str] = ()
    """Corpora that are counted to the base corpus."""
    resumes: int | None = None
    """The run whose checkpoint this one goes on from."""
    readers: bool = False
    """Whether a run from scratch teaches the readers of other scripts and of countries anew, too; else the
    champion's go on, with the corrections in them."""

    @classmethod
    def of(cls, run: Run) -> "Plan":
        """Return the plan of a run, from its row."""
        stored = run.settings
        return cls(
            run.kind,
            stored.get("preset", cls.preset),
            stored.get("device", cls.device),
            run.promote_if_passed,
            current_names(stored.get("changes", {})),
            run.corpora,
            stored.get("resumes"),
            stored.get("readers", False),
        )

    def settings(self) -> Json:
        """Return what the row of the run keeps."""
        chosen = {"preset": self.preset, "device": self.device, "changes": dict(self.changes)}
        more = {"corpora": list(self.corpora), "resumes": self.resumes, "readers": self.readers}
        # What is not used is left out, so that the audit trail and the pages tell what was chosen.
        return chosen | {name: value for name, value in more.items() if value}


def read_plan(form: Mapping[str, str], corpora: Sequence[str] = ()) -> Plan:
    """Return the plan in a form, with the corpora chosen there; raise Invalid for what cannot be."""
    kind = RunKind(_one_of(form, "kind", tuple(RunKind)))
    plan = Plan(
        kind,
        _one_of(form, "preset", tuple(PRESETS), "cpu"),
        _one_of(form, "device", tuple(DEVICES), "auto"),
        bool(form.get("promote")),
        # A fine-tune keeps the champion's network and settings; those of the form are for the other kind.
        _changes(form) if kind == RunKind.SCRATCH else {},
        corpora,
        readers=kind == RunKind.SCRATCH and bool(form.get("readers")),
    )
    return check(plan)


def check(plan: Plan) -> Plan:
    """Return a plan that the trainer could follow; raise Invalid for one that it would refuse."""
    try:
        # Built only to be checked: the trainer would refuse it too, but minutes later and out of sight.
        preset(plan.preset, **plan.changes)
    except BadSettings as error:
        raise Invalid(str(error)) from error
    readers = plan.readers and plan.kind == RunKind.SCRATCH
    corpora = brought.check(plan.corpora)
    return replace(plan, changes=current_names(plan.changes), corpora=corpora, readers=readers)


def presets() -> dict[str, FitSettings]:
    """Return the presets by name, those for tests left out."""
    return {name: settings for name, settings in PRESETS.items() if name != "tiny"}


@dataclass(frozen=True)
class Field:
    """One setting as the form offers it."""

    about: Setting
    defaults: str
    """What it is in each preset, in words."""

    @property
    def is_switch(self) -> bool:
        """Whether it is yes or no."""
        return isinstance(self.about.default, bool)


def fields() -> dict[str, list[Field]]:
    """Return the settings that may be changed, by their groups."""
    offered = [Field(about, _defaults(about.name)) for about in ADVANCED.values()]
    return {group: [field for field in offered if field.about.group == group] for group in GROUPS}


def _defaults(name: str) -> str:
    values = {preset: _in_words(getattr(settings, name)) for preset, settings in presets().items()}
    if len(set(values.values())) == 1:
        return next(iter(values.values()))
    return ", ".join(f"{value} in {preset}" for preset, value in values.items())


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _changes(form: Mapping[str, str]) -> dict[str, Scalar]:
    given = current_names(form.items())
    changes: dict[str, Scalar] = {}
    if given.get("cell"):
        changes["cell"] = _one_of(given, "cell", CELLS)
    for name in ADVANCED:
        # Empty is "as the preset has it".
        if text := given.get(name, "").strip():
            changes[name] = _setting(name, text)
    return changes


def _setting(name: str, text: str) -> bool | int | float | str:
    """Return a setting of the trainer as the type of its default says; raise Invalid."""
    # Forms and commands give text alone.
    kind = type(ADVANCED[name].default)
    if kind is bool:
        return _one_of({name: text.lower()}, name, ("yes", "no")) == "yes"
    if kind is str:
        return text
    try:
        return int(text) if kind is int else float(text)
    except ValueError:
        raise Invalid(
            gettext(
                "%(capitalize)s cannot be %(text)s.",
                capitalize=name.replace("_", " ").capitalize(),
                text=repr(text),
            ),
            field=name,
        ) from None


def _one_of(form: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str = "") -> str:
    value = form.get(name) or default
    if value not in allowed:
        raise Invalid(
            gettext(
                "%(capitalize)s is one of %(choices)s.",
                capitalize=name.capitalize(),
                choices=", ".join(allowed),
            ),
            field=name,
        )
    return value
