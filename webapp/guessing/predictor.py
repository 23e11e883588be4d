"""The champion in memory, and its guesses."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

import torch
from flask import Flask, current_app, request
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from torch.nn import functional as F

from training import names
from training.model import artifact
from training.model.network import Network
from training.model.weights import split_directions
from training.names import ALPHABET, Reading, encode
from webapp.errors import Unavailable
from webapp.extensions import db
from webapp.guessing.guess import Guess
from webapp.models import Promotion, Version
from webapp.versions import receipts
from webapp.versions import service as versions
from webapp.versions.receipts import Receipt

log = logging.getLogger(__name__)
LOOK_EVERY = 0.4  # seconds between two looks for a newer promotion
RETRY_SECONDS = 30  # between two attempts to load a version that could not be read
REMEMBERED = 20_000  # guesses kept in memory
BATCH = 256  # names read together


class Champion:
    """One loaded version, and the names it was taught. A request takes it once, so no answer mixes two."""

    def __init__(
        self,
        version_id: int,
        promotion_id: int,
        network: Network,
        taught: Mapping[str, Receipt] | None = None,
    ) -> None:
        self.version_id = version_id
        self.promotion_id = promotion_id
        self.network = network
        self.taught = taught or {}
        # A cache of this champion's own: it goes with it, so no version ever answers with another's guesses.
        self._trace = lru_cache(REMEMBERED)(self._read)

    def guess(self, text: str | Reading) -> Guess:
        """Guess one name, a text as a given one; raise training.names.UnreadableName if it cannot be read."""
        reading = (names.read(text) if isinstance(text, str) else text).or_refuse()
        trace = self._trace(reading.read_as)
        p_female = self.combined(reading, lambda name: self._trace(name)[-1])
        return Guess(reading, self.version_id, p_female, trace)

    def asked_for(self, reading: Reading) -> list[str]:
        """Return what the network reads for an answer: the name and, of several given names, the first alone.

        What visitors taught is a whole name, and is read whole.
        """
        first = None if reading.key in self.taught else names.first_of(reading.read_as)
        return [reading.read_as, first] if first else [reading.read_as]

    def combined(self, reading: Reading, share_of: Callable[[str], float]) -> float:
        """Return P(female) of a name from the network's share of each text in `asked_for`."""
        whole, *first = map(share_of, self.asked_for(reading))
        return names.combine(whole, first[0]) if first else whole

    def parts(self, reading: Reading) -> list[tuple[str, float]]:
        """Return each of several given names with its own P(female); nothing for a single name."""
        several = reading.parts if len(reading.parts) > 1 else ()
        return [(part, self._trace(part)[-1]) for part in several]

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
        # (1, letters, alphabet); not under inference_mode, which keeps no graph to go back along
        (by_letter,) = torch.autograd.grad(answers[0, 0] - answers[0, 1], one_hot)
        return tuple(by_letter[0].norm(dim=1).tolist())  # (letters,)

    @torch.inference_mode()
    def traces(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return P(female) after every letter of normalised names of one length."""
        answers = self.network(torch.tensor([encode(name) for name in texts]))  # (texts, letters, labels)
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
                passed_over.append(f"v{version_id} cannot be read: {error}")
            else:
                break
        else:
            champion = _shipped_champion(newest)
        trouble = f"{' '.join(passed_over)} v{champion.version_id} serves instead." if passed_over else ""
        if trouble and trouble != self.trouble:
            log.error("%s", trouble)
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
            except (SQLAlchemyError, Unavailable) as error:
                # The old champion serves on while the database is away or nothing newer can be read.
                if str(error) != trouble:
                    log.exception("could not look for a newer champion")
                trouble = str(error)


def configure(app: Flask) -> None:
    """Give the app its predictor. Nothing is loaded and no thread runs before the first request."""
    # Before any work of torch: a fork after it has used two threads hangs.
    torch.set_num_threads(1)
    app.extensions["predictor"] = Predictor(app)
    if not app.testing:  # a test looks for a newer champion itself, and leaves no thread behind
        app.before_request(_wake_the_watcher)


def _wake_the_watcher() -> None:
    # With the first request and not in `create_app`: threads do not survive a fork.
    if not request.path.startswith("/static/"):
        get().watch()


def _load_champion(version_id: int, promotion_id: int) -> Champion:
    weights = db.session.scalars(select(Version.weights).where(Version.id == version_id)).one()
    network = artifact.load(weights).network
    return Champion(version_id, promotion_id, network, receipts.of_version(version_id))


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


def guess_keys(champion: Champion, keys: Sequence[str]) -> list[Guess]:
    """Guess names that are known by their keys, in order, with one champion.

    Names of one length are read together, up to BATCH at once.
    """
    readings = [names.of_key(key) for key in keys]
    wanted = {text for reading in readings for text in champion.asked_for(reading)}
    traces: dict[str, tuple[float, ...]] = {}
    for _, group in groupby(sorted(wanted, key=len), key=len):
        for batch in batched(list(group), BATCH):
            traces.update(zip(batch, champion.traces(batch), strict=True))
    return [
        Guess(
            reading,
            champion.version_id,
            champion.combined(reading, lambda text: traces[text][-1]),
            traces[reading.read_as],
        )
        for reading in readings
    ]


def batched(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Cut `items` into pieces of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
