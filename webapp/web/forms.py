"""What the forms of all pages share.

A form knows its fields, their labels and choices, and shows again what was typed. What a value must be, the
service behind it checks, once for pages, commands and the API; the form puts the refusal where it belongs.
"""

from typing import Any

from flask import request
from flask_wtf import FlaskForm

from webapp.errors import NomenError

DAY = {"type": "date"}
"""Attributes of a text field that takes a day: browsers offer a calendar, others keep what is typed."""


class PageForm(FlaskForm):
    """A form that is sent by POST, with a CSRF token."""

    def show(self, refusal: NomenError) -> None:
        """Put a refusal at the field that it is about, else at the head of the form."""
        name = getattr(refusal, "field", None)
        if name in self:
            self[name].errors = [str(refusal)]
        else:
            self.form_errors = [str(refusal)]


class FilterForm(PageForm):
    """A form that asks for a part of a list: sent by GET, so that its address can be kept."""

    # Nothing is changed by looking, and a token in the address would end up in logs and bookmarks.
    class Meta:
        csrf = False

    def __init__(self, **more: Any) -> None:
        super().__init__(request.args, **more)
