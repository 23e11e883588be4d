"""A log line is one event; nothing that a visitor sends can forge another."""

import logging
import sys

import pytest

from webapp.storage.log_format import FORMAT, OneLine, harmless


def record(message: str, error: Exception | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("nomen", logging.ERROR, __file__, 1, message, (), info)


@pytest.mark.parametrize("control", ["\n", "\r", "\x1b[31m", "\x9b", "\u2028", "\u202e", "\x00", "\x7f"])
def test_controls_are_written_out(control: str) -> None:
    line = OneLine(FORMAT).format(record(f"before{control}after"))
    assert control[0] not in line and line.count("\n") == 0 and "after" in line


def test_what_is_harmless_stays_as_it_is() -> None:
    assert harmless("Σοφία, Jürgen; naïve – 愛") == "Σοφία, Jürgen; naïve – 愛"


def test_a_traceback_cannot_look_like_an_event() -> None:
    try:
        raise ValueError("x\n2030-01-01 00:00:00 INFO forged")
    except ValueError as error:
        lines = OneLine(FORMAT).format(record("failed", error)).splitlines()
    assert all(line.startswith("    | ") for line in lines[1:]) and sys.exc_info() == (None, None, None)
    assert any("forged" in line for line in lines[1:])
