"""The forms for users, keys and one's own password."""

from collections.abc import Mapping
from typing import Any

from wtforms import EmailField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.accounts import service as accounts
from webapp.accounts.keys import service as api_keys
from webapp.errors import Invalid
from webapp.languages.texts import gettext, lazy_gettext
from webapp.languages.words import N_, Words
from webapp.presentation.wording import ROLE_WORDS
from webapp.web.forms import PageForm

LASTING: Mapping[str, str] = Words(
    {"30": N_("30 days"), "90": N_("90 days"), "365": N_("a year"), "": N_("until it is revoked")}
)
_TEXT: dict[str, Any] = {"autocomplete": "off", "required": True}


def _roles() -> dict[str, str]:
    # The smaller right comes first.
    return {role: ROLE_WORDS[role] for role in reversed(accounts.ROLES)}


class AddUserForm(PageForm):
    """Who is to be let in, and as what."""

    email = EmailField(lazy_gettext("E-mail"), render_kw=_TEXT | {"maxlength": 180})
    role = SelectField(lazy_gettext("Role"), choices=_roles, validate_choice=False)


class AddKeyForm(PageForm):
    """What a key is for, how long it lasts and what it may."""

    title = StringField(
        lazy_gettext("What it is for"),
        render_kw=_TEXT
        | {"maxlength": api_keys.LONGEST_TITLE, "placeholder": lazy_gettext("Nightly export")},
    )
    days = SelectField(
        lazy_gettext("It lasts"), choices=lambda: dict(LASTING), default="90", validate_choice=False
    )
    scopes = SelectMultipleField(
        lazy_gettext("It may"),
        name="scope",
        choices=lambda: dict(Words(api_keys.SCOPES)),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def lasts(self) -> int | None:
        """Return the days that the key is to last, None for ever; raise Invalid for what is no choice."""
        if self.days.data not in LASTING:
            raise Invalid(gettext("Choose how long the key lasts."), "days")
        return int(self.days.data) if self.days.data else None


class PasswordForm(PageForm):
    """The present password and the one to come."""

    old = PasswordField(
        lazy_gettext("Present password"),
        render_kw={"autocomplete": "current-password", "maxlength": 256, "required": True},
    )
    new = PasswordField(
        lazy_gettext("New password"),
        description=lazy_gettext(
            "At least %(n)s characters; a few words in a row are good.", n=accounts.SHORTEST
        ),
        render_kw={
            "autocomplete": "new-password",
            "minlength": accounts.SHORTEST,
            "maxlength": accounts.LONGEST,
            "required": True,
        },
    )
