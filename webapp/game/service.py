"""Ten names drawn at random from the holdout: a visitor answers first, then the network.

What people say here are guesses about names that chance chose, not corrections of guesses that they chose
to rate. So they are counted apart, never reviewed and never learned; the corpus says who is right.
"""

import secrets
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, CursorResult, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.orm import Session

from training import names
from training.names import LABELS, Label, label_of
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.guessing import predictor
from webapp.guessing.guess import Guess
from webapp.languages.texts import gettext
from webapp.models import Game, GameTally, TaughtName, Turn, now
from webapp.presentation.dates import today
from webapp.records import lookup
from webapp.storage import revision
from webapp.storage.database import insert, writing

TURNS = 10
# From the system, so that nobody can work out from the names of one game which come in the next.
_chance = secrets.SystemRandom()


def unfinished(visitor: str | None) -> Game | None:
    """Return the game that a visitor has begun and not finished."""
    if visitor is None:
        return None
    begun = select(Game).where(Game.visitor == visitor, Game.finished_at.is_(None))
    return db.session.scalars(begun.order_by(Game.id.desc()).limit(1)).first()


def start(visitor: str) -> Game:
    """Return the visitor's unfinished game, or a new one of names they were never asked.

    Nobody can put a name back by starting again. Raises Conflict when all names have been asked.
    """
    with writing() as session:
        revision.bump()
        game = unfinished(visitor)
        if game is None:
            game = Game(link=secrets.token_urlsafe(18), visitor=visitor, turns=_draw(session, visitor))
            session.add(game)
    return game


def _draw(session: Session, visitor: str) -> tuple[Turn, ...]:
    games = session.scalars(select(Game).where(Game.visitor == visitor))
    asked = {turn.name for game in games for turn in game.turns}
    fresh = [name for name in lookup.holdout_names() if name not in asked]
    # Twice as many as are needed, for the two rules below leave some out.
    drawn = _chance.sample(fresh, min(2 * TURNS, len(fresh)))
    shares = {name: known.share for name, known in lookup.known_many(drawn).items()}
    taught = set(session.scalars(select(TaughtName.name).where(TaughtName.name.in_(drawn))))
    # No test of the network: a name that visitors taught it. No right answer: half of the bearers are women.
    names = [name for name in drawn if name not in taught and shares[name] != 0.5][:TURNS]
    if not names:
        raise Conflict(gettext("You have been asked every name there is. Thank you!"))
    return tuple(Turn(name, shares[name]) for name in names)


def find_game(link: str, visitor: str | None) -> Game:
    """Return a game by its link: finished ones to everybody, others to whom they belong; raise NotFound."""
    game = db.session.scalars(select(Game).where(Game.link == link)).one_or_none()
    # An unfinished game holds the answers to come, so only its player sees it.
    if game is None or (game.finished_at is None and game.visitor != visitor):
        raise NotFound(gettext("There is no game under this address."))
    return game


def n_played(game: Game) -> int:
    """Return how many turns have been answered."""
    return sum(turn.is_played for turn in game.turns)


def answer(link: str, visitor: str | None, index: int, label: str) -> Game:
    """Store the answer to turn `index` (from 0) and let the network answer; a second answer changes nothing.

    Raises Invalid for another word than female or male, NotFound for another's game or turn.
    """
    if label not in LABELS:
        raise Invalid(gettext("Choose women or men."), "answer")
    # Before the transaction: with no network to answer, the visitor's answer is not stored either.
    champion = predictor.get().current()
    with writing() as session:
        revision.bump()
        game = find_game(link, visitor)
        # An index before that is a turn already played: a second click, which changes nothing.
        if game.visitor != visitor or not 0 <= index < len(game.turns) or index > n_played(game):
            raise NotFound(gettext("There is no such turn in this game."))
        if index == n_played(game):
            guess = champion.guess(names.of_key(game.turns[index].name), traced=True)
            _take(session, game, index, label, guess)
    return game


def _take(session: Session, game: Game, index: int, label: str, guess: Guess) -> None:
    turn = replace(
        game.turns[index],
        answer=label,
        guessed=guess.label,
        # Four places are more than any drawing shows; the row holds ten names of up to thirty letters.
        trace=tuple(round(p, 4) for p in guess.trace),
        version_id=guess.version_id,
    )
    # The whole tuple anew: the setter stores it, and a change inside would go unseen.
    game.turns = (*game.turns[:index], turn, *game.turns[index + 1 :])
    if index == len(game.turns) - 1:
        game.finished_at = now()
    _count(session, turn, today())


def truth(turn: Turn) -> Label:
    """Return the corpus's label of a turn's name."""
    return label_of(turn.share)


def _count(session: Session, turn: Turn, day: date) -> None:
    key = {
        "version_id": turn.version_id,
        "day": day,
        "truth": truth(turn),
        "answer": turn.answer,
        "guessed": turn.guessed,
    }
    row = insert(session, GameTally).values(**key, n=1)
    session.execute(row.on_conflict_do_update(index_elements=list(key), set_={"n": GameTally.n + 1}))


def delete(*which: ColumnElement[bool]) -> int:
    """Delete games and return how many; the totals stay, which count turns and know nobody."""
    with writing() as session:
        revision.bump()
        gone = session.execute(delete_rows(Game).where(*which))
        assert isinstance(gone, CursorResult)
        return gone.rowcount


def score(game: Game) -> tuple[int, int]:
    """Return how many of the answered names the visitor and the network had right."""
    played = [turn for turn in game.turns if turn.is_played]
    return (
        sum(turn.answer == truth(turn) for turn in played),
        sum(turn.guessed == truth(turn) for turn in played),
    )
