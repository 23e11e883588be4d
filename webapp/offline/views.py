"""What a browser takes to keep: a page, the network that serves, and the worker that finds them again."""

from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for

from training.model.inference.reader import Reader
from training.model.readers.settings import ReaderKind
from training.names import COUNTRIES, FIRST_PART, LONGEST, TOKENS, Script, first_of
from training.names.scripts.countries import OF_SCRIPT
from training.names.scripts.letters import simplified_pairs
from webapp.errors import NotFound
from webapp.extensions import limiter
from webapp.guessing import predictor
from webapp.languages.countries import countries
from webapp.languages.texts import gettext
from webapp.presentation.wording import EVEN
from webapp.versions import service as versions
from webapp.web import caching

pages = Blueprint("offline", __name__)
YEAR = 365 * 86400  # seconds
SIZES = (192, 512)


@dataclass(frozen=True)
class Kept:
    """What a browser has to know of the network that it keeps."""

    version: str
    network: str
    """Where its bytes are; another version has another address."""
    first_part: float
    """What the first of several given names weighs, in log odds."""
    even: int
    """Hundredths from one half within which a guess is told as one of both."""
    read_whole: list[str]
    """Several given names that visitors taught as one."""
    characters: tuple[str, str]
    """Traditional Chinese characters, and each as the simplified one that is read for it."""
    tokens: list[str] = field(default_factory=lambda: [*TOKENS])
    """What may be read before a name, in the order of its letters."""
    countries: dict[str, str] = field(default_factory=lambda: {c.code: c.token for c in COUNTRIES.values()})
    """The token of each country."""
    of_characters: list[str] = field(default_factory=lambda: [*OF_SCRIPT[Script.CHARACTERS]])
    """Those that are read before Chinese characters and kana."""
    longest: int = LONGEST
    """Characters of what is stored of a name."""


@pages.get("/offline")
def index() -> Response:
    """Show the page that guesses in the browser; what it holds is of nobody."""
    return caching.ask_again(Response(render_template("offline/index.html", countries=countries)))


@pages.get("/offline/network.json")
def about() -> Response:
    """Say which network serves and where its bytes are."""
    champion = predictor.get().current()
    address = url_for("offline.network", version_id=champion.version_id)
    taught = sorted(name for name in champion.taught if first_of(name))
    characters = _characters(champion.network.readers.get(ReaderKind.SCRIPTS))
    kept = Kept(f"v{champion.version_id}", address, FIRST_PART, EVEN, taught, characters)
    return caching.ask_again(jsonify(asdict(kept)))


@lru_cache(2)
def _characters(reader: Reader | None) -> tuple[str, str]:
    pairs = simplified_pairs(frozenset(reader.settings.letters)) if reader else {}
    return "".join(pairs), "".join(pairs.values())


@pages.get("/offline/v<int:version_id>.safetensors")
@limiter.limit("20/hour")  # five megabytes each, and a browser asks once a version
def network(version_id: int) -> Response:
    """Send the bytes of the version that serves; raise NotFound for any other."""
    if predictor.get().current().version_id != version_id:
        raise NotFound(gettext("v%(id)s does not serve.", id=version_id))
    response = Response(versions.data(version_id), mimetype="application/octet-stream")
    return caching.keep_for(YEAR, response)  # a version never changes


@pages.get("/service-worker.js")
@limiter.exempt
def service_worker() -> Response:
    """Send the worker from the top of the site, for it may only answer for what lies below its address."""
    script = Path(current_app.static_folder or "", "service-worker.js").read_text()
    return caching.ask_again(Response(script, mimetype="text/javascript"))


@pages.get("/manifest.webmanifest")
@limiter.exempt
def manifest() -> Response:
    """Say how the site looks as an app on somebody's screen."""
    root = request.script_root
    icons = [
        {
            "src": url_for("static", filename=f"icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in SIZES
    ]
    response = jsonify(
        name="Nomen",
        short_name="Nomen",
        description=gettext("Whose name is it, mostly? A network reads it letter by letter."),
        id=f"{root}/",
        start_url=f"{root}/",
        scope=f"{root}/",
        display="standalone",
        background_color="#faf8f4",
        theme_color="#faf8f4",
        icons=icons,
    )
    response.mimetype = "application/manifest+json"
    return caching.keep_for(86400, response)
