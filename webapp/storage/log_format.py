"""Log lines: one line is one event, and nothing that a visitor sends can forge another."""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SECRET = re.compile(r"[\w-]{20,}")


def harmless(text: str) -> str:
    """Return `text` with everything that could move a cursor or end a line written out."""
    return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


class OneLine(logging.Formatter):
    """Formats an event as one line, and each line of a traceback indented under it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Return the line itself."""
        return harmless(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Return the traceback, so that no line of it looks like an event."""
        return "\n".join("    | " + harmless(line) for line in super().formatException(ei).splitlines())


def configure() -> None:
    """Send the site's own log, and warnings of the libraries, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("webapp").setLevel(logging.INFO)


class GunicornLogger(Logger):
    """gunicorn's log in the same form. The access log holds no address, no query and no secret link."""

    def setup(self, cfg: Any) -> None:
        """Give both of gunicorn's logs our formatter."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(OneLine(FORMAT))

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """Return what an access line may hold."""
        return {
            "m": environ["REQUEST_METHOD"],
            "U": _SECRET.sub("…", environ.get("PATH_INFO", "")),
            "s": str(resp.status).split(None, 1)[0],
            "b": getattr(resp, "sent", 0),
            "M": int(request_time.total_seconds() * 1000),
        }
