"""The tables: columns and tiny properties. What is done with them stands in the noun modules."""

from webapp.models.answers import Case, Feedback, NameTally, Tally
from webapp.models.games import Game, GameTally
from webapp.models.instants import Instant, now
from webapp.models.networks import Lesson, Promotion, Version
from webapp.models.people import ApiKey, Role, User
from webapp.models.records import AuditEntry, Revision, Throttle
from webapp.models.work import Run

__all__ = [
    "ApiKey",
    "AuditEntry",
    "Case",
    "Feedback",
    "Game",
    "GameTally",
    "Instant",
    "Lesson",
    "NameTally",
    "Promotion",
    "Revision",
    "Role",
    "Run",
    "Tally",
    "Throttle",
    "User",
    "Version",
    "now",
]
