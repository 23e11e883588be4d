"""The forms for users, keys and one's own password."""

from typing import Any

from wtforms import EmailField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.accounts import service as accounts
from webapp.accounts.keys import service as api_keys
from webapp.errors import Invalid
from webapp.web.forms import PageForm

LASTING = {"30": "30 days", "90": "90 days", "365": "a year", "": "until it is revoked"}
_TEXT: dict[str, Any] = {"autocomplete": "off", "required": True}


class AddUserForm(PageForm):
    """Who is to be let in, and as what."""

    email = EmailField("E-mail", render_kw=_TEXT | {"maxlength": 180})
    # The smaller right comes first.
    role = SelectField("Role", choices=[*reversed(accounts.ROLES)], validate_choice=False)


class AddKeyForm(PageForm):
    """What a key is for, how long it lasts and what it may."""

    title = StringField(
        "What it is for",
        render_kw=_TEXT | {"maxlength": api_keys.LONGEST_TITLE, "placeholder": "Nightly export"},
    )
    days = SelectField("It lasts", choices=LASTING, default="90", validate_choice=False)
    scopes = SelectMultipleField(
        "It may",
        name="scope",
        choices=api_keys.SCOPES,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def lasts(self) -> int | None:
        """Return the days that the key is to last, None for ever; raise Invalid for what is no choice."""
        if self.days.data not in LASTING:
            raise Invalid("Choose how long the key lasts.", "days")
        return int(self.days.data) if self.days.data else None


class PasswordForm(PageForm):
    """The present password and the one to come."""

    old = PasswordField(
        "Present password", render_kw={"autocomplete": "current-password", "maxlength": 256, "required": True}
    )
    new = PasswordField(
        "New password",
        description=f"At least {accounts.SHORTEST} characters; a few words in a row are good.",
        render_kw={
            "autocomplete": "new-password",
            "minlength": accounts.SHORTEST,
            "maxlength": accounts.LONGEST,
            "required": True,
        },
    )
