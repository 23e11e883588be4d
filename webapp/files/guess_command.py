"""flask guess NAME …: names in the terminal; with a file, what `commands` makes of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from training.names import Country, Form, Reading
from webapp.files.commands import commands as guess_file
from webapp.guessing import predictor, readings
from webapp.presentation import wording
from webapp.presentation.terminal import country as country_type
from webapp.presentation.terminal import one_of, shows_errors


@click.command("guess")
@click.argument("names", nargs=-1, required=True)
@click.option("--form", type=one_of(Form), default=Form.GIVEN.value, help="What each text holds.")
@click.option("--country", type=country_type, help="Where the names are from: a code of two letters, as IT.")
@with_appcontext
@shows_errors
def guess_names(names: tuple[str, ...], form: str, country: Country | None) -> None:
    """Guess NAMES, one a line: what was read, what was left out, what is doubtful."""
    champion = predictor.get().current()
    for text in names:
        reading = readings.read(text, Form(form), country)
        if reading.is_refused:
            click.echo(f"{text}: {reading.refusal}")
        else:
            told = wording.guess_in_words(champion.guess(reading).p_female)
            click.echo(f"{text}: {told}.{_how_read(reading)}")


def _how_read(reading: Reading) -> str:
    sentences = [reading.doubt] if reading.doubt else []
    if left_out := readings.left_out_words(reading):
        sentences.insert(0, f"Read as {reading.read_as}; left out: {left_out}.")
    elif not reading.is_as_typed:
        sentences.insert(0, f"Read as {reading.read_as}.")
    return "".join(f" {sentence}" for sentence in sentences)


class NamesOrFile(click.Command):
    """One command for both: a file is given by its path or by where its copy is to be."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Return the context of the command that the arguments are for."""
        if not args or args[0] == "--help":
            return super().make_context(info_name, args, parent, **extra)
        command = guess_file if _name_a_file(args) else guess_names
        return command.make_context(info_name, args, parent, **extra)


def _name_a_file(args: Sequence[str]) -> bool:
    has_output = any(arg == "-o" or arg.startswith("--output") for arg in args)
    return has_output or Path(args[0]).is_file()


commands = NamesOrFile(
    "guess",
    help="Guess names, or every name of a file.\n\n"
    "    flask guess NAME … [--form FORM]\n\n"
    "    flask guess FILE --output FILE [options]; flask guess FILE --help tells them.",
    options_metavar="NAME … | FILE --output FILE",
    no_args_is_help=True,
)
