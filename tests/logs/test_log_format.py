"""A log line is one event; nothing that a visitor sends can forge another."""

import json
import logging
import sys

import pytest

from webapp.config import BadSetting, read_settings
from webapp.logs import request_id
from webapp.logs.log_format import ForRequest, formatter, harmless


def record(message: str, error: Exception | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("nomen", logging.ERROR, __file__, 1, message, (), info)


@pytest.mark.parametrize("control", ["\n", "\r", "\x1b[31m", "\x9b", "\u2028", "\u202e", "\x00", "\x7f"])
def test_controls_are_written_out(control: str) -> None:
    line = formatter("text").format(record(f"before{control}after"))
    assert control[0] not in line and line.count("\n") == 0 and "after" in line


def test_what_is_harmless_stays_as_it_is() -> None:
    assert harmless("Σοφία, Jürgen; naïve – 愛") == "Σοφία, Jürgen; naïve – 愛"


def test_a_traceback_cannot_look_like_an_event() -> None:
    try:
        raise ValueError("x\n2030-01-01 00:00:00 INFO forged")
    except ValueError as error:
        lines = formatter("text").format(record("failed", error)).splitlines()
    assert all(line.startswith("    | ") for line in lines[1:]) and sys.exc_info() == (None, None, None)
    assert any("forged" in line for line in lines[1:])


def as_json(event: logging.LogRecord) -> dict[str, str]:
    line = formatter("json").format(event)
    assert line.isascii() and "\n" not in line
    return json.loads(line)


def test_an_event_is_an_object_of_json_if_the_setting_says_so() -> None:
    event = record("Σοφία was asked for")
    with request_id.bound("0123456789abcdef"):
        ForRequest().filter(event)
    said = as_json(event)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "ERROR",
        "logger": "nomen",
        "message": "Σοφία was asked for",
        "request_id": "0123456789abcdef",
    }


@pytest.mark.parametrize(
    "control", ["\n", "\r\n", "\x1b[31m", "\u2028", "\u202e", "\x00", '"}\n{"level": "x']
)
def test_no_sign_forges_an_event_of_json(control: str) -> None:
    assert as_json(record(f"before{control}after"))["message"] == f"before{control}after"


def test_a_traceback_is_a_part_of_its_event_of_json() -> None:
    try:
        raise ValueError("deep\nin it")
    except ValueError as error:
        said = as_json(record("failed", error))
    assert said["message"] == "failed" and "ValueError: deep\nin it" in said["traceback"]


def test_a_line_has_the_id_of_its_request_or_a_dash() -> None:
    event = record("said")
    assert " nomen -: said" in formatter("text").format(event)
    with request_id.bound("0123456789abcdef"):
        ForRequest().filter(event)
    assert " nomen 0123456789abcdef: said" in formatter("text").format(event)


def test_another_format_stops_the_start() -> None:
    with pytest.raises(BadSetting, match="LOG_FORMAT='xml' cannot be used: set text or json."):
        read_settings({"LOG_FORMAT": "xml"})
