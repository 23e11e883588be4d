"""The form that changes one's second factor, and the one that asks for its code."""

from typing import Any

from wtforms import PasswordField, StringField

from webapp.languages.texts import lazy_gettext
from webapp.web.forms import PageForm

LONGEST_CODE = 32  # signs that are read
_CODE: dict[str, Any] = {
    "autocomplete": "one-time-code",
    "autocapitalize": "none",
    "spellcheck": "false",
    "maxlength": LONGEST_CODE,
    "required": True,
}


class CodeForm(PageForm):
    """A code of the app, or a recovery code."""

    code = StringField(
        lazy_gettext("Code"),
        description=lazy_gettext("Six digits of your app, or a recovery code."),
        render_kw=_CODE,
    )

    @property
    def typed(self) -> str:
        """What was typed, of a length that can be one."""
        return (self.code.data or "")[:LONGEST_CODE]


class SecondFactorForm(CodeForm):
    """What proves that it is really them who change it."""

    password = PasswordField(
        lazy_gettext("Present password"),
        render_kw={"autocomplete": "current-password", "maxlength": 256, "required": True},
    )
