"""What differs from one walk to the next though nothing changed, replaced by placeholders."""

import hashlib
import io
import json
import re
import zipfile

from werkzeug.test import TestResponse

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
CHANGING = (
    # Whatever itsdangerous signs: cookies, CSRF tokens, the tokens of guesses.
    (r"(?<![\w.-])[\w.-]{10,2000}\.[\w-]{6}\.[\w-]{27}(?![\w-])", "<token>"),
    (r"([Vv]isitor) [0-9a-f]{8}\b", r"\1 <id>"),
    (r"\b[0-9a-f]{32}\b", "<visitor>"),
    (r"\bapi:[0-9a-f]{40}\b", "api:<address>"),
    (r'(?m)(?:(?<=,)[\w-]{24}(?=␍?$)|(?<="link": ")[\w-]{24}(?="))', "<link>"),
    (r"(<sha256 of v\d+>)[0-9a-f]+", r"\1"),
    (r"\b1[789]\d{8}\.\d+\b|\b1\.\d+e\+09\b", "<time>"),
    (r'("(?:visitor)": ?)"[0-9a-f]{8,64}"', r'\1"<id>"'),
    (r'("sha256": )"[0-9a-f]{64}"', r'\1"<sha256>"'),
    (r"nomen_[\w-]{43}", "<key>"),
    (r"(/c/|/play/|/batch/)[\w-]{22,24}(?![\w-])", r"\1<link>"),
    (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", "<time>"),
    (
        r"\d{4}-\d\d-\d\d(?:T|%20| |\+)\d\d(?::|%3A)\d\d(?:(?::|%3A)\d\d(?:[.,]\d+)?)?"
        r"(?:Z|(?:[+-]|%2B)\d\d(?::|%3A)\d\d)?",
        "<time>",
    ),
    (rf"\b\d{{1,2}} (?:{MONTHS})(?: \d{{4}})?(?:, \d\d:\d\d)?", "<day>"),
    (r"\b\d{4}-\d\d-\d\d\b", "<day>"),
    (r"-20\d{6}\b", "-<day>"),
    (r"\b\d\d:\d\d(?::\d\d)? UTC", "<time> UTC"),
    (r"just now|\b\d+ (?:second|minute|hour|day)s? ago|\bon <day>", "<ago>"),
    (r'("(?:seconds|names_per_second|seconds_left|memory|reset|remaining)\\?": ?)[\d.e-]+', r"\1<n>"),
    (r"(?<=<time>,)[0-9a-f]{16}(?=,)", "<visitor>"),
    (r'(class="password"><code>|Password: )[\w-]{16}(?![\w-])', r"\1<password>"),
)
OF_RUNS = (
    # What a run's pages and commands tell of time and memory, which no page of visitors does.
    (r"\b\d+ (?:second|minute)s?\b", "<duration>"),
    (r"(?<=<dd>)[\d.]+ GB(?=</dd>)", "<memory>"),
    (r"(names a second</dt><dd>)[\d,]+", r"\1<n>"),
    (r" *\b\d+(?:\.\d+)? s\b", " <n> s"),
)
FIGURES = {
    "retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "ratelimit-remaining", "ratelimit-reset",
    "x-rate-limit-remaining", "x-rate-limit-reset", "x-rate-reset",
}  # fmt: skip
UNTOLD = {"content-length", "date", "connection"}
AS_TEXT = ("text/", "application/json", "application/problem+json", "application/x-ndjson", "image/svg+xml")


class Placeholders:
    """What this walk made by chance and knows: passwords, links, folders, hashes of networks."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def learn(self, value: str, name: str) -> str:
        """Replace `value` by <name> from now on; return it."""
        self._known[value] = f"<{name}>"
        return value

    def apply(self, text: str, of_runs: bool = False) -> str:
        """Return `text` with placeholders for all that changes."""
        for value in sorted(self._known, key=len, reverse=True):
            text = text.replace(value, self._known[value])
        for pattern, placeholder in (*CHANGING, *(OF_RUNS if of_runs else ())):
            text = re.sub(pattern, placeholder, text)
        return text


def of_response(response: TestResponse, places: Placeholders, of_runs: bool = False) -> str:
    """Return status, headers and body as text."""
    headers = sorted(_header(name, value) for name, value in response.headers if name.lower() not in UNTOLD)
    text = "\n".join([response.status, *headers, "", _body(response, places)])
    return places.apply(text, of_runs)


def _header(name: str, value: str) -> str:
    if name.lower() == "etag":
        return f"{name}: <etag>"
    if name.lower() == "set-cookie":
        cookie, _, attributes = value.partition(";")
        return f"{name}: {cookie.partition('=')[0]}=<value>;{attributes}"
    return f"{name}: {'<n>' if name.lower() in FIGURES else value}"


def _body(response: TestResponse, places: Placeholders) -> str:
    data, mimetype = response.get_data(), response.mimetype or ""
    if mimetype in ("application/json", "application/problem+json"):
        return json.dumps(json.loads(data), indent=1, ensure_ascii=False) if data else ""
    if mimetype.startswith(AS_TEXT) and not mimetype.endswith(("javascript", "css")):
        return data.decode().replace("\r", "␍")  # which no file would keep
    return of_bytes(data, places)


def of_bytes(data: bytes, places: Placeholders) -> str:
    """Return what tells one file from another: the parts of a workbook, the card of a network, a hash."""
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return "\n".join(f"[{name}]\n{book.read(name).decode()}" for name in sorted(book.namelist()))
    size = int.from_bytes(data[:8], "little")
    if data[8:10] == b'{"' and size < len(data):
        weights = hashlib.sha256(data[8 + size :]).hexdigest()
        return f"{json.dumps(json.loads(data[8 : 8 + size]), indent=1)}\nweights {weights}"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if text and len(text) < 5_000:
        return text.replace("\r", "␍")
    return f"{len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()}"
