"""Every word that a column may hold, or a key may open: one enumeration a column.

Columns and JSON hold the plain text; what pages call these things is in `presentation.wording`. How a name is
given (`Label`) is in `training.names`, which the trainer shares.
"""

from enum import StrEnum


class Status(StrEnum):
    """How far a visitor's answer has come."""

    RIGHT = "right"  # it agrees with the guess: nobody reviews it
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


COUNTED = (Status.RIGHT, Status.ACCEPTED, Status.PENDING)
"""The answers that figures count: all that nobody rejected."""
DECIDED = (Status.ACCEPTED, Status.REJECTED)


class Source(StrEnum):
    """Where an answer was given."""

    GUESS = "guess"
    API = "api"


class RunState(StrEnum):
    """Where a training run is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RunKind(StrEnum):
    """How a run trains; job.json says it to the trainer in the same words."""

    FINE_TUNE = "fine-tune"
    SCRATCH = "scratch"


class PromotionKind(StrEnum):
    """Why a version began to serve."""

    FIRST = "first"
    PROMOTE = "promote"
    ROLLBACK = "rollback"


class Origin(StrEnum):
    """Where a version came from."""

    SHIPPED = "shipped"
    RUN = "run"
    IMPORT = "import"


class ConversionStep(StrEnum):
    """Where the conversion of a file is."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


class RoleName(StrEnum):
    """What a user may be."""

    ADMIN = "admin"
    REVIEWER = "reviewer"


class Scope(StrEnum):
    """What a key to the API may do."""

    READ = "read"
    FEEDBACK = "feedback"
    EXPORT = "export"
    RUNS = "runs"
    PROMOTE = "promote"


class Action(StrEnum):
    """What somebody with rights did, as the audit trail names it: noun.verb."""

    LOGIN_SUCCEED = "login.succeed"
    LOGIN_FAIL = "login.fail"
    LOGIN_END = "login.end"
    FACTOR_ADD = "factor.add"
    FACTOR_REMOVE = "factor.remove"
    FACTOR_RENEW = "factor.renew"  # new recovery codes
    PASSWORD_CHANGE = "password.change"  # nosec B105 # names of deeds, as below
    PASSWORD_RESET = "password.reset"  # nosec B105
    USER_ADD = "user.add"
    USER_ENABLE = "user.enable"
    USER_DISABLE = "user.disable"
    ROLE_CHANGE = "role.change"
    KEY_ADD = "key.add"
    KEY_REVOKE = "key.revoke"
    FEEDBACK_ACCEPT = "feedback.accept"
    FEEDBACK_REJECT = "feedback.reject"
    FEEDBACK_UNDO = "feedback.undo"
    OPINION_ASK = "opinion.ask"
    OPINION_GIVE = "opinion.give"
    OPINION_WITHDRAW = "opinion.withdraw"  # the question, by who asked it
    CORPUS_ADD = "corpus.add"
    CORPUS_REMOVE = "corpus.remove"
    VERSION_IMPORT = "version.import"
    VERSION_INSTALL = "version.install"  # the first one that serves, at the set-up
    VERSION_PROMOTE = "version.promote"
    VERSION_ROLLBACK = "version.rollback"
    VERSION_DELETE = "version.delete"
    VERSION_CHANGE = "version.change"  # its name or its note
    VERSION_ARCHIVE = "version.archive"
    VERSION_RESTORE = "version.restore"
    VERSION_COMPARE = "version.compare"
    VERSION_REPAIR = "version.repair"
    RUN_START = "run.start"
    RUN_CANCEL = "run.cancel"
    RUN_FINISH = "run.finish"
    RUN_FAIL = "run.fail"
    RUN_GO_ON = "run.go_on"  # its worker had fallen silent, and was heard again
