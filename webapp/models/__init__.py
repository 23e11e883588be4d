"""The tables: columns and tiny properties. What is done with them stands in the noun modules."""

from webapp.models.accounts import ApiKey, Role, User
from webapp.models.feedback import Case, Feedback, NameTally, PlaceTally, SecondOpinion, Tally, Verdict
from webapp.models.games import Game, GameTally, Turn
from webapp.models.machines import Corpus, Upload, Worker
from webapp.models.runs import LiveTraining, Run
from webapp.models.site import AuditEntry, Revision, Throttle
from webapp.models.types import Instant, now
from webapp.models.versions import Promotion, TaughtName, Version, VersionComparison

# The modules of this package import one another; everybody else imports from here, so that all tables are
# known whenever one is used.
__all__ = [
    "ApiKey",
    "AuditEntry",
    "Case",
    "Corpus",
    "Feedback",
    "Game",
    "GameTally",
    "Instant",
    "LiveTraining",
    "TaughtName",
    "NameTally",
    "PlaceTally",
    "Promotion",
    "Revision",
    "Role",
    "Run",
    "SecondOpinion",
    "Tally",
    "Throttle",
    "Turn",
    "Upload",
    "User",
    "Verdict",
    "Version",
    "VersionComparison",
    "Worker",
    "now",
]
