"""Log lines: one line is one event, and nothing that a visitor sends can forge another."""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger
from pythonjsonlogger.json import JsonFormatter

from webapp.config import read_settings
from webapp.logs import request_id

FORMAT = "%(asctime)s %(levelname)s %(name)s %(request_id)s: %(message)s"
TEXT, JSON = "text", "json"
# Control characters, line separators of Unicode, signs that turn the text round, halves of pairs.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# The links of answers and games, and API keys, are at least this long.
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


def formatter(log_format: str) -> logging.Formatter:
    """Return what writes an event as LOG_FORMAT says: a line to read, or an object of JSON."""
    if log_format == JSON:
        # ASCII alone: JSON writes out every control and every sign that turns the text round.
        renamed = {"levelname": "level", "name": "logger", "exc_info": "traceback"}
        return JsonFormatter(
            "%(levelname)s %(name)s %(message)s",
            rename_fields=renamed,
            timestamp="time",
            json_ensure_ascii=True,
        )
    return OneLine(FORMAT, defaults={"request_id": "-"})


class ForRequest(logging.Filter):
    """Puts the id of the request that is being answered into each event."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every event pass."""
        if current := request_id.current():
            record.request_id = current
        return True


def _prepare(handler: logging.Handler, log_format: str) -> logging.Handler:
    handler.setFormatter(formatter(log_format))
    handler.addFilter(ForRequest())
    return handler


def configure(log_format: str = TEXT) -> None:
    """Send the site's own log, and warnings of the libraries, to standard error."""
    handler = _prepare(logging.StreamHandler(), log_format)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("webapp").setLevel(logging.INFO)


class GunicornLogger(Logger):
    """gunicorn's log in the same form. The access log holds no address, no query and no secret link."""

    def setup(self, cfg: Any) -> None:
        """Give both of gunicorn's logs our formatter."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                _prepare(handler, read_settings()["LOG_FORMAT"])

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Write the line of one request, which has been answered."""
        if self.access_log_enabled:
            atoms = self.atoms(resp, req, environ, request_time)
            fields = {name: atoms[sign] for name, sign in ACCESS_FIELDS.items()}
            with request_id.bound(environ.get(request_id.KEY, "")):
                self.access_log.info(self.cfg.access_log_format, atoms, extra=fields)

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """Return what an access line may hold."""
        return {
            "m": environ["REQUEST_METHOD"],
            "U": _SECRET.sub("…", environ.get("PATH_INFO", "")),
            "s": str(resp.status).split(None, 1)[0],
            "b": getattr(resp, "sent", 0),
            "M": int(request_time.total_seconds() * 1000),
        }


ACCESS_FIELDS = {"method": "m", "path": "U", "status": "s", "bytes": "b", "milliseconds": "M"}
"""What JSON has apart of an access line, and which atom that is."""
