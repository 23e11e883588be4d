"""The form that chooses what is reviewed."""

from typing import Any

from wtforms import HiddenField, SearchField, SelectField, StringField

from webapp.languages.texts import gettext, lazy_gettext
from webapp.presentation.wording import LABEL_WORDS
from webapp.review import filters
from webapp.review.queries import ReviewFilter
from webapp.web.forms import DAY, FilterForm

_TEXT: dict[str, Any] = {"autocomplete": "off"}


def _labels() -> dict[str, str]:
    return {"": gettext("any"), **{str(label): words for label, words in LABEL_WORDS.items()}}


class ReviewFilterForm(FilterForm):
    """Which corrections or answers to show; state and order are chosen by links."""

    # Carried along, so that a search keeps the list and the order in which it was begun.
    status = HiddenField()
    sort = HiddenField()
    text = SearchField(lazy_gettext("Name begins with"), render_kw=_TEXT | {"maxlength": 64})
    # `read_filter` refuses what is no choice, with the sentence that commands and the API give too.
    label = SelectField(lazy_gettext("Visitors say"), choices=_labels, validate_choice=False)
    version = StringField(
        lazy_gettext("Guessed by"), render_kw=_TEXT | {"maxlength": 10, "placeholder": "v7"}
    )
    since = StringField(lazy_gettext("From"), render_kw=DAY)
    until = StringField(lazy_gettext("To"), render_kw=DAY)

    def wanted(self) -> ReviewFilter:
        """Return the filter that is asked for; raise Invalid for what means nothing."""
        return filters.read_filter({name: value or "" for name, value in self.data.items()})
