"""What goes into the API and what comes out of it."""

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, DateTime, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range, Regexp

from training.fitting.presets import PRESETS
from training.names import ANSWERS, LABELS, Form, Why
from webapp.models.enums import RunKind, Status
from webapp.runs import plans

MOST = 1_000
"""Names of one request."""
LONGEST = 160
"""Characters of a name with all that may stand around it."""


class Switch(Boolean):
    """True or false, and none of the words that also might mean so."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        # `is`: 1 equals True, and "on" or "yes" would pass as the framework reads them.
        if value is True or value is False:
            return value
        if isinstance(value, str) and value in ("true", "false"):
            return value == "true"
        raise self.make_error("invalid", input=value)


class Number(Float):
    """A number as JSON or an address writes it, not all that Python reads as one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        # float() also takes "nan", "inf", "1_0" and true.
        if isinstance(value, bool) or (isinstance(value, str) and set(value) - set("0123456789.eE+-")):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Wanted(Schema):
    """What an answer is to hold."""

    trace = Switch(load_default=False, metadata={"description": "Also P(female) after every letter."})
    threshold = Number(
        load_default=0.5,
        validate=Range(0.5, 1),
        metadata={"description": "Guesses that are less certain than this are `unsure`."},
    )


class Read(Wanted):
    """How a name is to be read."""

    form = String(
        load_default=Form.GIVEN,
        validate=OneOf([*Form]),
        metadata={
            "description": "What a name holds: given names alone, a full name with the given name or the "
            "surname first, or either (auto). With a comma it is always “Last, First”.",
        },
    )


class Countrywise(Read):
    """Where a name is from, too."""

    country = String(
        load_default="",
        validate=Regexp("^([A-Za-z]{2})?$", error="A country is a code of two letters, as in IT."),
        metadata={"description": "Where the names are from: ISO 3166, two letters.", "example": "IT"},
    )


class OneName(Countrywise):
    """One name."""

    name = String(required=True, validate=Length(0, LONGEST), metadata={"example": "Giovanna"})
    token = Switch(load_default=False, metadata={"description": "Also a token to answer the guess with."})


class ManyNames(Countrywise):
    """Many names."""

    names = List(
        String(validate=Length(0, LONGEST)),
        required=True,
        validate=Length(1, MOST),
        metadata={"example": ["Giovanna", "Torbern"]},
    )
    tokens = Switch(load_default=False, metadata={"description": "Also a token for each guess."})


class Step(Schema):
    """The guess after one letter."""

    letter = String(required=True)
    p_female = Float(required=True)


class Piece(Schema):
    """A piece of what was sent that is no part of the given name."""

    text = String(required=True, metadata={"example": "Dr."})
    why = String(required=True, validate=OneOf([*Why]))


class Guessed(Schema):
    """What the network makes of a name, and what the records hold of it."""

    name = String(required=True, metadata={"description": "As it was sent."})
    read_as = String(required=True, allow_none=True, metadata={"description": "As the network read it."})
    left_out = List(Nested(Piece), required=True, metadata={"description": "What was not read, and why."})
    label = String(required=True, allow_none=True, validate=OneOf([*LABELS, "unsure", None]))
    p_female = Float(required=True, allow_none=True, metadata={"description": "Share of women, guessed."})
    people = Integer(required=True, allow_none=True, metadata={"description": "Bearers in the records."})
    share = Float(required=True, allow_none=True, metadata={"description": "Share of women among them."})
    version = String(required=True, metadata={"example": "v7"})
    country = String(
        metadata={
            "description": "The country that it was read with, if one was: asked for, or told by letters or "
            "a surname."
        }
    )
    p_female_anywhere = Float(metadata={"description": "Share of women without it, guessed."})
    doubt = String(metadata={"description": "Why it may have been meant otherwise."})
    reason = String(allow_none=True, metadata={"description": "Why there is no guess."})
    trace = List(Nested(Step))
    token = String(metadata={"description": "For POST /feedback; it ends after a day."})


class ManyGuessed(Schema):
    """One guess a name, in order."""

    guesses = List(Nested(Guessed), required=True)


class Answer(Schema):
    """An answer to a guess."""

    token = String(required=True, validate=Length(1, 2_000))
    answer = String(required=True, validate=OneOf([Status.RIGHT, *ANSWERS]))


class Answered(Schema):
    """A stored answer."""

    id = Integer(required=True)
    name = String(required=True)
    version = String(required=True)
    guessed = String(required=True)
    answer = String(required=True)
    status = String(required=True, metadata={"description": "right, or pending until it is reviewed."})


class VersionOut(Schema):
    """One trained network."""

    id = Integer(required=True)
    label = String(required=True, metadata={"example": "v7"})
    name = String(required=True, metadata={"description": "What an admin calls it; often nothing."})
    made_at = DateTime(required=True, metadata={"description": "As its card says."})
    created_at = DateTime(required=True, metadata={"description": "When it came to this site."})
    archived_at = DateTime(required=True, allow_none=True)
    origin = String(required=True)
    note = String(required=True)
    sha256 = String(required=True)
    is_serving = Boolean(required=True)
    served_at = DateTime(required=True, allow_none=True)
    lessons = Integer(required=True, metadata={"description": "Names that visitors taught it."})
    summary = Dict(required=True)


class ListedVersion(VersionOut):
    """One trained network among others."""


class Versions(Schema):
    """All versions, newest first."""

    versions = List(Nested(ListedVersion), required=True)


class Reason(Schema):
    """Why a version is to serve."""

    reason = String(load_default="", validate=Length(0, 1_000))


class Promoted(Schema):
    """From now on this version serves."""

    version = String(required=True)
    at = DateTime(required=True)
    kind = String(required=True)


class RunIn(Schema):
    """What a run is to do."""

    kind = String(load_default=RunKind.FINE_TUNE, validate=OneOf(list(RunKind)))
    preset = String(load_default="cpu", validate=OneOf(list(PRESETS)))
    device = String(load_default="auto", validate=OneOf(list(plans.DEVICES)))
    readers = Switch(
        load_default=False,
        metadata={
            "description": "Of a run from scratch: teach the readers of other scripts and of countries, too."
        },
    )
    promote_if_passed = Switch(load_default=False, metadata={"description": "Needs the scope `promote` too."})


class RunOut(Schema):
    """One training run."""

    id = Integer(required=True)
    kind = String(required=True)
    state = String(required=True)
    created_at = DateTime(required=True)
    created_by = String(required=True)
    request_id = String(
        required=True, metadata={"description": "X-Request-ID of the request that started it, or empty."}
    )
    started_at = DateTime(required=True, allow_none=True)
    finished_at = DateTime(required=True, allow_none=True)
    corrections = Integer(required=True)
    device = String(required=True)
    settings = Dict(required=True)
    progress = Dict(required=True)
    error = String(required=True)
    verdict = Dict(required=True, allow_none=True)
    version_id = Integer(required=True, allow_none=True)


class ListedRun(RunOut):
    """One training run among others."""


class Runs(Schema):
    """Runs, newest first."""

    runs = List(Nested(ListedRun), required=True)


class PageIn(Schema):
    """Which page of a list; counts from 1."""

    page = Integer(load_default=1, validate=Range(1, 10_000))


class LimitHeaders(Schema):
    """What is left of this minute's quota, counted in names."""

    limit = Integer(data_key="RateLimit-Limit")
    remaining = Integer(data_key="RateLimit-Remaining")
    reset = Integer(data_key="RateLimit-Reset", metadata={"description": "Seconds."})


class FieldProblem(Schema):
    """What is wrong with one field."""

    path = String(required=True, metadata={"example": "names.3"})
    message = String(required=True)


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type = String(required=True)
    title = String(required=True)
    status = Integer(required=True)
    detail = String(required=True)
    errors = List(Nested(FieldProblem))
