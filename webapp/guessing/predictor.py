"""The champion in memory, and its guesses."""

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

import torch
from flask import Flask, current_app, request
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from torch.nn import functional as F

from training.model import artifact
from training.model.network import Network, split_directions
from training.names import ALPHABET, Label, encode, label_of, normalise
from webapp.errors import Unavailable
from webapp.extensions import db
from webapp.models import Promotion, TaughtName, Version
from webapp.presentation.wording import told_as
from webapp.versions import service as versions

log = logging.getLogger(__name__)
LOOK_EVERY = 0.4  # seconds between two looks for a newer promotion
RETRY_SECONDS = 30  # between two attempts to load a version that could not be read
REMEMBERED = 20_000  # guesses kept in memory
BATCH = 256  # names read together


@dataclass(frozen=True)
class Guess:
    """What a version says of one name."""

    typed: str
    name: str
    version_id: int
    p_female: float
    """The share of women among bearers, as the network guesses it."""
    trace: tuple[float, ...] = ()
    """P(female) after every letter, the last being the guess; empty where nobody asked for it."""

    @property
    def label(self) -> Label:
        """The likelier label."""
        return label_of(self.p_female)

    @property
    def told(self) -> Label:
        """What the page says of it, and so what is right or wrong of it: both where it is about even."""
        return told_as(self.p_female)

    @property
    def certainty(self) -> float:
        """The probability of the label."""
        return max(self.p_female, 1 - self.p_female)


class Champion:
    """One loaded version, and the names it was taught. A request takes it once, so no answer mixes two."""

    def __init__(
        self, version_id: int, promotion_id: int, network: Network, taught: Iterable[str] = ()
    ) -> None:
        self.version_id = version_id
        self.promotion_id = promotion_id
        self.network = network
        self.taught = frozenset(taught)
        self._trace = lru_cache(REMEMBERED)(self._read)

    def guess(self, typed: str) -> Guess:
        """Guess one name; raise training.names.UnreadableName if it cannot be read."""
        name = normalise(typed)
        trace = self._trace(name)
        return Guess(typed, name, self.version_id, trace[-1], trace)

    def directions(self) -> list["Champion"]:
        """Return what reads in each direction, one or two, as champions of their own."""
        each = split_directions(self.network)
        return [Champion(self.version_id, self.promotion_id, network) for network in each]

    @torch.inference_mode()
    def states(self, name: str) -> tuple[tuple[float, ...], ...]:
        """Return the hidden state after every letter of a normalised name, forwards: (letters, width)."""
        states = self.network.states(torch.tensor([encode(name)]))  # (1, letters, width)
        return tuple(tuple(row) for row in states[0].tolist())

    def gradients(self, name: str) -> tuple[float, ...]:
        """Return how strongly the last answer hears each letter of a normalised name.

        It is the length of the gradient of the last log-odds by the one-hot letter: what back-propagation
        through time carries back to that step.
        """
        one_hot = F.one_hot(torch.tensor([encode(name)]), len(ALPHABET)).float()  # (1, letters, alphabet)
        answers = self.network.log_probs_of_one_hot(one_hot.requires_grad_())  # (1, labels)
        (by_letter,) = torch.autograd.grad(answers[0, 0] - answers[0, 1], one_hot)
        return tuple(by_letter[0].norm(dim=1).tolist())

    @torch.inference_mode()
    def traces(self, names: Sequence[str]) -> list[tuple[float, ...]]:
        """Return P(female) after every letter of normalised names of one length."""
        answers = self.network(torch.tensor([encode(name) for name in names]))  # (names, letters, labels)
        return [tuple(trace) for trace in answers[:, :, 0].exp().tolist()]

    def _read(self, name: str) -> tuple[float, ...]:
        return self.traces([name])[0]


@dataclass
class Predictor:
    """Holds the champion of this process and swaps it when a newer promotion appears."""

    app: Flask
    champion: Champion | None = None
    trouble: str = ""
    """Why another version serves than the one that was promoted last; empty while all is well."""
    _retry_at: float = 0.0
    _watching: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Champion:
        """Return the champion, loading it at the first call; raise Unavailable if none serves."""
        if self.champion is None:
            self.refresh()
        if self.champion is None:
            raise Unavailable("No network serves yet. An admin can import one.")
        return self.champion

    def refresh(self) -> None:
        """Load the newest promotion's version if it is not the one in memory.

        One that cannot be read is passed over: the version that served before it serves, at last the network
        that comes with Nomen. Every RETRY_SECONDS the newest is tried again.
        """
        with self._lock, self.app.app_context():
            newest = db.session.scalar(select(func.max(Promotion.id)))
            is_here = self.champion is not None and self.champion.promotion_id == newest
            if newest is None or (is_here and not (self.trouble and time.monotonic() > self._retry_at)):
                return
            self._retry_at = time.monotonic() + RETRY_SECONDS
            self._load_first_readable(newest)

    def _load_first_readable(self, newest: int) -> None:
        passed_over = []
        served = select(Promotion.version_id).group_by(Promotion.version_id)
        for version_id in db.session.scalars(served.order_by(func.max(Promotion.id).desc())):
            try:
                champion = _load_champion(version_id, newest)
            except artifact.BadArtifact as error:
                passed_over.append(f"v{version_id} cannot be read: {error}")
            else:
                break
        else:
            champion = _shipped_champion(newest)
        trouble = f"{' '.join(passed_over)} v{champion.version_id} serves instead." if passed_over else ""
        if trouble and trouble != self.trouble:
            log.error("%s", trouble)
        self.champion, self.trouble = champion, trouble

    def watch(self) -> None:
        """Start looking for newer promotions, once a process, after any fork."""
        if self._watching:
            return  # without the lock, which is held while the database is read: no guess waits for that
        with self._lock:
            if self._watching:
                return
            self._watching = True
        threading.Thread(target=self._look_for_newer, name="champion-watch", daemon=True).start()

    def _look_for_newer(self) -> None:
        pause = threading.Event()
        trouble = ""
        while not pause.wait(LOOK_EVERY):
            try:
                self.refresh()
                trouble = ""
            except (SQLAlchemyError, Unavailable) as error:
                # The old champion serves on while the database is away or nothing newer can be read.
                if str(error) != trouble:
                    log.exception("could not look for a newer champion")
                trouble = str(error)


def configure(app: Flask) -> None:
    """Give the app its predictor. Nothing is loaded and no thread runs before the first request."""
    torch.set_num_threads(1)
    app.extensions["predictor"] = Predictor(app)
    if not app.testing:  # a test looks for a newer champion itself, and leaves no thread behind
        app.before_request(_wake_the_watcher)


def _wake_the_watcher() -> None:
    if not request.path.startswith("/static/"):
        get().watch()


def _load_champion(version_id: int, promotion_id: int) -> Champion:
    weights = db.session.scalars(select(Version.weights).where(Version.id == version_id)).one()
    taught = db.session.scalars(select(TaughtName.name).where(TaughtName.version_id == version_id))
    return Champion(version_id, promotion_id, artifact.load(weights).network, taught)


def _shipped_champion(promotion_id: int) -> Champion:
    # Under a number of its own: answers to its guesses need one.
    data = artifact.SHIPPED.read_bytes()
    return Champion(versions.ensure_shipped(data).id, promotion_id, artifact.load(data).network)


def get() -> Predictor:
    """Return the predictor of the current app."""
    predictor: Predictor = current_app.extensions["predictor"]
    return predictor


def load(version_id: int) -> Champion:
    """Return any version, to ask it something once; the one that serves is not touched."""
    weights = db.session.scalars(select(Version.weights).where(Version.id == version_id)).one()
    return Champion(version_id, 0, artifact.load(weights).network)


def guess_many(champion: Champion, typed: Sequence[str]) -> list[Guess]:
    """Guess names in order with one champion; raise UnreadableName at the first that cannot be read.

    Names of one length are read together, up to BATCH at once.
    """
    names = [normalise(name) for name in typed]
    traces: dict[str, tuple[float, ...]] = {}
    for _, group in groupby(sorted(set(names), key=len), key=len):
        for batch in batched(list(group), BATCH):
            traces.update(zip(batch, champion.traces(batch), strict=True))
    return [
        Guess(as_typed, name, champion.version_id, traces[name][-1], traces[name])
        for as_typed, name in zip(typed, names, strict=True)
    ]


def batched(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Cut `names` into pieces of at most `size`."""
    return (names[start : start + size] for start in range(0, len(names), size))
