"""What can go wrong, in the site's own words. Each message is one sentence for the person who reads it.

HTTP meaning is given to these once, in `web/error_pages.py`.
"""

from webapp.languages.sentences import told


class NomenError(Exception):
    """A problem that can be told; as text it is in the reader's language, whoever wrote its sentence."""

    def __str__(self) -> str:
        return told(super().__str__())


class BadRequest(NomenError):
    """The request makes no sense as it was sent (400)."""


class NotLoggedIn(NomenError):
    """Open to those who have logged in (401; a page leads to the log-in)."""


class Forbidden(NomenError):
    """Known, understood and not allowed (403)."""


class NotFound(NomenError):
    """There is no such thing (404)."""


class Conflict(NomenError):
    """It cannot be done now, because of something else that is so (409)."""


class TooLarge(NomenError):
    """More than is taken (413)."""


class Invalid(NomenError):
    """Understood, but a value cannot be used (422); `field` names it where there is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class TooMany(NomenError):
    """Asked too often (429); `retry_after` in seconds."""

    def __init__(self, message: str, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(NomenError):
    """Something this needs is not there at the moment (503); `retry_after` in seconds."""

    retry_after = 60


class Busy(Unavailable):
    """Others are waiting for the same thing already, and one more would hold up everybody else (503)."""

    retry_after = 5
