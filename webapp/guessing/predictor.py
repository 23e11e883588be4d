"""The champion in memory, and its guesses."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import repeat

from flask import Flask, current_app, request
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from training import names
from training.model import artifact
from training.model.inference import cpu_network
from training.model.inference.cpu_network import CpuNetwork
from training.model.readers.settings import ReaderKind
from training.names import Country, Reading
from training.names.scripts.countries import OF_SCRIPT
from webapp.errors import Unavailable
from webapp.extensions import db
from webapp.guessing.guess import Guess
from webapp.languages.texts import gettext
from webapp.models import Promotion, Version
from webapp.records import lookup
from webapp.versions import receipts
from webapp.versions import service as versions
from webapp.versions.receipts import Receipt

log = logging.getLogger(__name__)
LOOK_EVERY = 0.4  # seconds between two looks for a newer promotion
AHEAD = 10_000
"""Names that are read before anybody asks for them: 94 of 100 people bear one of them."""
PIECE = 256  # of them after each look: for half a minute a fifteenth of a core
RETRY_SECONDS = 30  # between two attempts to load a version that could not be read


class Champion:
    """One loaded version, and the names it was taught. A request takes it once, so no answer mixes two.

    What its network remembers is of this version alone and goes with it.
    """

    def __init__(
        self,
        version_id: int,
        promotion_id: int,
        network: CpuNetwork,
        taught: Mapping[str, Receipt] | None = None,
    ) -> None:
        self.version_id = version_id
        self.promotion_id = promotion_id
        self.network = network
        self.taught = taught or {}
        self._to_read: Sequence[str] | None = None

    def guess(self, text: str | Reading, traced: bool = False) -> Guess:
        """Guess one name, a text as a given one; raise training.names.UnreadableName if it cannot be read.

        A trace is worth several guesses, so it is made where it is asked for.
        """
        reading = (names.read(text) if isinstance(text, str) else text).or_refuse()
        # First: the name is the last of its beginnings, and they are read together.
        trace = self.network.trace(reading.asked) if traced else ()
        p_female = self.combined(reading, self.network.share)
        return Guess(reading, self.version_id, p_female, trace)

    def read_ahead(self) -> None:
        """Let the network remember some more of the names that most people bear."""
        left = lookup.most_borne(AHEAD) if self._to_read is None else self._to_read
        self._to_read = left[PIECE:]
        if left:
            self.network.read_ahead(left[:PIECE])

    def asked_for(self, reading: Reading) -> list[str]:
        """Return what the network reads for an answer: the name and, of several given names, the first alone.

        What visitors taught is a whole name, and is read whole.
        """
        first = self._first(reading)
        return [reading.asked, first] if first else [reading.asked]

    def _first(self, reading: Reading) -> str:
        return "" if reading.key in self.taught else reading.first

    def combined(self, reading: Reading, share_of: Callable[[str], float]) -> float:
        """Return P(female) of a name from the network's share of each text in `asked_for`."""
        whole, first = share_of(reading.asked), self._first(reading)
        return names.combine(whole, share_of(first)) if first else whole

    def parts(self, reading: Reading) -> list[tuple[str, float]]:
        """Return each of several given names with its own P(female); nothing for a single name."""
        several = reading.parts if len(reading.parts) > 1 else ()
        token = reading.country.token if reading.country else ""
        return [(part, self.network.share(names.with_country(token, part))) for part in several]

    def has_countries(self, reading: Reading) -> bool:
        """Say whether there is a country that a name is read with."""
        return ReaderKind.COUNTRIES in self.network.readers and reading.script in (None, *OF_SCRIPT)

    def by_country(self, reading: Reading) -> dict[Country, float]:
        """Return P(female) of a name in each country that it is read with."""
        if not self.has_countries(reading):
            return {}
        of_each = [reading.anywhere.from_country(names.COUNTRIES[token]) for token in names.TOKENS]
        told_apart = [one for one in of_each if one.country]
        wanted = list({text for one in told_apart for text in self.asked_for(one)})
        shares = dict(zip(wanted, self.network.shares(wanted), strict=True))
        return {one.country: self.combined(one, shares.__getitem__) for one in told_apart if one.country}


@dataclass
class Predictor:
    """Holds the champion of this process and swaps it when a newer promotion appears."""

    app: Flask
    champion: Champion | None = None
    trouble: str = ""
    """Why another version serves than the one that was promoted last; empty while all is well."""
    note: Callable[[int, int], None] | None = None
    """Told of each answer how many names the network had remembered and how many it read."""
    _retry_at: float = 0.0
    _watching: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Champion:
        """Return the champion, loading it at the first call; raise Unavailable if none serves."""
        if self.champion is None:
            self.refresh()
        if self.champion is None:
            raise Unavailable(gettext("No network serves yet. An admin can import one."))
        return self.champion

    def refresh(self) -> None:
        """Load the newest promotion's version if it is not the one in memory.

        One that cannot be read is passed over: the version that served before it serves, at last the network
        that comes with Nomen. Every RETRY_SECONDS the newest is tried again.
        """
        # One thread loads; the others that come meanwhile wait, and find it done.
        with self._lock, self.app.app_context():
            newest = db.session.scalar(select(func.max(Promotion.id)))
            is_here = self.champion is not None and self.champion.promotion_id == newest
            if newest is None or (is_here and not (self.trouble and time.monotonic() > self._retry_at)):
                return
            self._retry_at = time.monotonic() + RETRY_SECONDS
            self._load_first_readable(newest)

    def _load_first_readable(self, newest: int) -> None:
        passed_over = []
        # Every version that ever served, the latest first: what served once passed all checks then.
        served = select(Promotion.version_id).group_by(Promotion.version_id)
        for version_id in db.session.scalars(served.order_by(func.max(Promotion.id).desc())):
            try:
                champion = _load_champion(version_id, newest)
            except artifact.BadArtifact as error:
                passed_over.append(gettext("v%(id)s cannot be read: %(error)s", id=version_id, error=error))
            else:
                break
        else:
            champion = _shipped_champion(newest)
        trouble = (
            gettext(
                "%(choices)s v%(id)s serves instead.", choices=" ".join(passed_over), id=champion.version_id
            )
            if passed_over
            else ""
        )
        if trouble and trouble != self.trouble:
            log.error("%s", trouble)
        champion.network.note = self.note or champion.network.note
        # One assignment: a request sees the old champion or the new one, and keeps the one it has.
        self.champion, self.trouble = champion, trouble

    def watch(self) -> None:
        """Start looking for newer promotions, once a process, after any fork."""
        if self._watching:
            return  # without the lock, which is held while the database is read: no guess waits for that
        with self._lock:
            if self._watching:
                return
            self._watching = True
        # A daemon: it must never keep a process from ending.
        threading.Thread(target=self._look_for_newer, name="champion-watch", daemon=True).start()

    def _look_for_newer(self) -> None:
        pause = threading.Event()
        trouble = ""
        while not pause.wait(LOOK_EVERY):
            try:
                self.refresh()
                trouble = ""
                with suppress(Unavailable), self.app.app_context():  # without records there are no such names
                    self.current().read_ahead()
            except (SQLAlchemyError, Unavailable) as error:
                # The old champion serves on while the database is away or nothing newer can be read.
                if str(error) != trouble:
                    log.error("could not look for a newer champion: %s", getattr(error, "orig", error))
                trouble = str(error)


def configure(app: Flask) -> None:
    """Give the app its predictor. Nothing is loaded and no thread runs before the first request."""
    cpu_network.take_one_core()
    app.extensions["predictor"] = Predictor(app)
    if not app.testing:  # a test looks for a newer champion itself, and leaves no thread behind
        app.before_request(_wake_the_watcher)


def _wake_the_watcher() -> None:
    # With the first request and not in `create_app`: threads do not survive a fork.
    if not request.path.startswith("/static/"):
        get().watch()


def _load_champion(version_id: int, promotion_id: int) -> Champion:
    weights = db.session.scalars(select(Version.weights).where(Version.id == version_id)).one()
    network = cpu_network.load(weights)
    return Champion(version_id, promotion_id, network, receipts.of_version(version_id))


def _shipped_champion(promotion_id: int) -> Champion:
    # Under a number of its own: answers to its guesses need one.
    data = artifact.SHIPPED.read_bytes()
    return Champion(versions.ensure_shipped(data).id, promotion_id, cpu_network.load(data))


def get() -> Predictor:
    """Return the predictor of the current app."""
    predictor: Predictor = current_app.extensions["predictor"]
    return predictor


def load(version_id: int) -> Champion:
    """Return any version, to ask it something once; the one that serves is not touched."""
    weights = db.session.scalars(select(Version.weights).where(Version.id == version_id)).one()
    return Champion(version_id, 0, cpu_network.load(weights))


def guess_keys(champion: Champion, keys: Sequence[str], traced: bool = False) -> list[Guess]:
    """Guess names that are known by their keys, in order, with one champion; they are read together."""
    readings = [names.of_key(key) for key in keys]
    wanted = list({text for reading in readings for text in champion.asked_for(reading)})
    shares = dict(zip(wanted, champion.network.shares(wanted), strict=True))
    traces = champion.network.traces([reading.asked for reading in readings] if traced else [])
    return [
        Guess(reading, champion.version_id, champion.combined(reading, shares.__getitem__), trace)
        for reading, trace in zip(readings, traces or repeat((), len(readings)), strict=True)
    ]
