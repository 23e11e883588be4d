"""Guess names, and answer guesses."""

from collections.abc import Sequence
from typing import Any

from flask import g, jsonify

from training.names import Reading
from webapp.api.base import ANYBODY, LIMITS, check, cost_of, counted, pages, spend_work, visitor
from webapp.api.schemas import LONGEST, Answer, Answered, Guessed, ManyGuessed, ManyNames, OneName
from webapp.errors import TooLarge
from webapp.feedback import service as feedback
from webapp.guessing import bulk, predictor, readings, tokens
from webapp.guessing.bulk import letters_read
from webapp.guessing.guess import Guess
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.models.enums import Scope, Source
from webapp.records import corpus_file, lookup
from webapp.records.lookup import Known

MOST_LETTERS = 50_000
"""Letters that the networks read for one request: half a second of a core; 1,000 traced names of 8."""


@pages.get("/guess")
@pages.input(OneName, location="query", arg_name="wanted")
@pages.output(Guessed, **LIMITS)
@pages.doc(responses=[429, 503], **ANYBODY)
def guess_one(wanted: dict[str, Any]) -> dict[str, Any]:
    """Guess one name."""
    reading = readings.read(wanted["name"], wanted["form"], readings.country_of(wanted["country"]))
    spend_work(1, letters_read(len(reading.read_as), wanted["trace"]))
    champion = predictor.get().current()
    guess = reading if reading.is_refused else champion.guess(reading, wanted["trace"])
    return _to_json(wanted["name"], guess, _known([guess]), wanted, wanted["token"])


_GUESSED = Guessed()
PLAIN: dict[str, Any] = {"threshold": 0.5, "trace": False}
"""What is wanted of an answer to those who ask for nothing but the name."""


def depend_on() -> tuple[object, ...]:
    """Return all that such an answer follows from, besides the name."""
    return predictor.get().current(), corpus_file.key()


def body_of(name: str) -> bytes:
    """Return the whole answer to a name; raise TooLarge for one that costs more than a name of the quota."""
    reading = readings.read(name)
    if len(name) > LONGEST or cost_of(1, letters_read(len(reading.read_as), False)) > 1:
        raise TooLarge(gettext("This is no plain name."))
    guess = reading if reading.is_refused else predictor.get().current().guess(reading)
    answer = _GUESSED.dump(_to_json(name, guess, _known([guess]), PLAIN, False))
    text: bytes = jsonify(answer).data
    return text


@pages.post("/guess")
@pages.input(ManyNames, arg_name="wanted")
@pages.output(ManyGuessed, **LIMITS)
@pages.doc(responses=[400, 413, 415, 429, 503], **ANYBODY)
def guess_many(wanted: dict[str, Any]) -> dict[str, Any]:
    """Guess up to 1,000 names at once; a name that cannot be read has a reason in place of a guess.

    What one request may cost is bounded too: 50,000 letters to read. A name of `n` letters is 2 × `n` of
    them, and with its trace `n` × (`n` + 3) / 2: from its end, every beginning of it is read anew.
    """
    country = readings.country_of(wanted["country"])
    request = bulk.request_of(wanted["names"], wanted["trace"], wanted["form"], country)
    if request.letters > MOST_LETTERS:
        told = {"n": numbers.count(request.letters), "most": numbers.count(MOST_LETTERS)}
        if request.traced:
            raise TooLarge(
                gettext(
                    "These names are %(n)s letters to read, and one request may ask for %(most)s: send fewer "
                    "names, or leave out the trace.",
                    **told,
                )
            )
        raise TooLarge(
            gettext(
                "These names are %(n)s letters to read, and one request may ask for %(most)s: send "
                "fewer names.",
                **told,
            )
        )
    spend_work(len(request.read), request.letters)
    guesses = bulk.guess_many(predictor.get().current(), request)
    known = _known(guesses)
    named = zip(wanted["names"], guesses, strict=True)
    return {"guesses": [_to_json(name, guess, known, wanted, wanted["tokens"]) for name, guess in named]}


def _known(guesses: Sequence[Guess | Reading]) -> dict[str, Known]:
    return lookup.known_many({guess.name for guess in guesses if isinstance(guess, Guess)})


def _to_json(
    name: str,
    guess: Guess | Reading,
    known: dict[str, Known],
    wanted: dict[str, Any],
    with_token: bool,
) -> dict[str, Any]:
    if isinstance(guess, Reading):
        nothing = dict.fromkeys(("read_as", "label", "p_female", "people", "share"))
        return {"name": name, "reason": guess.refusal, "version": f"v{_serving()}", "left_out": [], **nothing}
    # Looked up for all names at once, before.
    records = known.get(guess.name)
    payload: dict[str, Any] = {
        "name": name,
        "read_as": guess.read_as,
        "left_out": [{"text": piece.text, "why": piece.why} for piece in guess.reading.left_out],
        "label": guess.label if guess.certainty >= wanted["threshold"] else "unsure",
        "p_female": round(guess.p_female, 6),
        "people": records.people if records else None,
        "share": records.share if records else None,
        "version": f"v{guess.version_id}",
    }
    if guess.reading.country:
        payload["country"] = guess.reading.country.code
        payload["p_female_anywhere"] = round(_anywhere(guess), 6)
    if guess.reading.doubt:
        payload["doubt"] = guess.reading.doubt
    if wanted["trace"]:
        steps = zip(guess.read_as, guess.trace, strict=True)
        payload["trace"] = [{"letter": letter, "p_female": round(p, 6)} for letter, p in steps]
    if with_token:
        payload["token"] = tokens.make(guess, visitor(), source=Source.API)
    return payload


def _anywhere(guess: Guess) -> float:
    return predictor.get().current().guess(guess.reading.anywhere).p_female


def _serving() -> int:
    return predictor.get().current().version_id


@pages.post("/feedback")
@pages.input(Answer, arg_name="given")
@pages.output(Answered, status_code=201, **LIMITS)
@pages.doc(responses=[400, 403, 404, 413, 415, 429], **ANYBODY)
@counted
def answer(given: dict[str, Any]) -> dict[str, Any]:
    """Answer a guess by its token.

    All answers with one key are one visitor's, and so are those of one address without a key.
    """
    if g.key:
        check(Scope.FEEDBACK)
    row = feedback.submit(tokens.read_token(given["token"], visitor()), given["answer"])
    return {
        "id": row.id,
        "name": row.name,
        "version": f"v{row.version_id}",
        "guessed": row.guessed,
        "answer": row.answer,
        "status": row.status,
    }
