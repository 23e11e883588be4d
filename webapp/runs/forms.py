"""The form that starts a run. `training.fitting.settings` describes its advanced settings."""

from functools import partial
from typing import Any

from flask_babel import LazyString
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from training.model.settings import CELLS
from webapp.languages.texts import gettext, lazy_gettext
from webapp.languages.words import Words
from webapp.models.enums import RunKind
from webapp.records import custom_corpora
from webapp.runs import plans
from webapp.web.forms import PageForm

_SHORT: dict[str, Any] = {"maxlength": 20, "autocomplete": "off"}


def _cells() -> dict[str, str]:
    return {"": gettext("as the preset")} | {cell: cell for cell in CELLS}


class RetrainingForm(PageForm):
    """What a run is to do: how, from which preset, on which corpora, where."""

    # No field validates its choice: `plans.read_plan` does, for this form, the command and the API alike.
    kind = RadioField(
        lazy_gettext("How"), choices=[*RunKind], default=RunKind.FINE_TUNE, validate_choice=False
    )
    preset = SelectField(
        lazy_gettext("Preset"), choices=[*plans.presets()], default="cpu", validate_choice=False
    )
    cell = SelectField(lazy_gettext("Cell"), choices=_cells, validate_choice=False)
    corpora = SelectMultipleField(
        lazy_gettext("Taught on the base corpus, and"),
        name="corpus",
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    device = SelectField(
        lazy_gettext("Runs on"), choices=lambda: dict(Words(plans.DEVICES)), validate_choice=False
    )
    readers = BooleanField(lazy_gettext("Also teach the readers of other scripts and of countries anew"))
    promote = BooleanField(lazy_gettext("Let it serve by itself if the gate passes it"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        # Known only now: an admin may have added one.
        self.corpora.choices = [corpus.name for corpus in custom_corpora.listing()]

    @property
    def advanced(self) -> dict[str, list[Field]]:
        """The fields of the settings that may be changed, by their groups."""
        groups = plans.fields().items()
        return {
            group: [self[setting.about.name] for setting in offered] for group, offered in groups if offered
        }

    @property
    def has_advanced(self) -> bool:
        """Whether one of these was changed."""
        return any(field.data for fields in self.advanced.values() for field in fields)

    @property
    def is_advanced_refused(self) -> bool:
        """Whether something is wrong with one of these."""
        return any(field.errors for fields in self.advanced.values() for field in fields)


def _field_of(setting: plans.Field) -> Field:
    about = setting.about
    described = {
        "label": lazy_gettext(about.name.replace("_", " ")),
        "description": LazyString(partial(_description, setting)),
    }
    if setting.is_switch:
        return SelectField(**described, choices=_switch, validate_choice=False)
    return StringField(**described, render_kw=_SHORT)


def _description(setting: plans.Field) -> str:
    about = setting.about
    sentences = [gettext(about.sentence)]
    if about.unit:
        sentences.append(gettext("Unit: %(unit)s.", unit=gettext(about.unit)))
    return " ".join([*sentences, gettext("Default: %(value)s.", value=setting.defaults)])


def _switch() -> dict[str, str]:
    return {"": "", "yes": gettext("yes"), "no": gettext("no")}


# One field a setting of the trainer: a new setting appears in the form by being described there.
for _offered in plans.fields().values():
    for _setting in _offered:
        setattr(RetrainingForm, _setting.about.name, _field_of(_setting))
