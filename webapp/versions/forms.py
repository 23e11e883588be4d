"""The form that brings a version."""

from flask_wtf.file import FileField
from wtforms import StringField

from webapp.languages.texts import lazy_gettext
from webapp.web.forms import PageForm

LONGEST_NOTE = 500


class ImportForm(PageForm):
    """An artifact, and what is to be remembered of it."""

    file = FileField(lazy_gettext("File"), render_kw={"accept": ".safetensors", "required": True})
    note = StringField(lazy_gettext("Note"), render_kw={"maxlength": LONGEST_NOTE})

    def content(self) -> bytes:
        """Return the file as it was sent; nothing if there was none."""
        return self.file.data.read() if self.file.data else b""

    def short_note(self) -> str:
        """Return the note, no longer than it may be."""
        return (self.note.data or "").strip()[:LONGEST_NOTE]
