"""flask guess NAME: what the terminal says of a name, in the words of the page."""

import re

import pytest
from flask import Flask


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["Anna"], r"Anna: (women|men)\b.*\."),
        (["Ms. Kim"], r"Ms\. Kim: .* Read as kim; left out: Ms\. \(title\)\."),
        (["Jürgen"], r"Jürgen: .* Read as jurgen\."),
        (["N/A"], r"N/A: This stands where a name is missing\."),
        (["asdfgh"], r"asdfgh: .* This looks like keys of a keyboard"),
        (
            ["Kovács Éva", "--form", "surname-first"],
            r"Kovács Éva: .* Read as eva; left out: Kovács \(surname\)\.",
        ),
    ],
    ids=ascii,
)
def test_a_name_is_guessed_in_the_terminal(app: Flask, args: list[str], line: str) -> None:
    done = app.test_cli_runner().invoke(args=["guess", *args])
    assert done.exit_code == 0, done.output
    assert re.match(line, done.output), done.output


def test_names_are_answered_in_their_order(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["guess", "Kim", "Anna"])
    assert [line.partition(":")[0] for line in done.output.splitlines()] == ["Kim", "Anna"]


def test_the_command_tells_of_names_and_files(app: Flask) -> None:
    help_text = app.test_cli_runner().invoke(args=["guess", "--help"]).output
    assert "flask guess NAME" in help_text and "flask guess FILE --output FILE" in help_text
