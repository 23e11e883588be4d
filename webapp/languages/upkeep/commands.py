"""`flask translations`: what there is to translate, and how far each catalogue is."""

import click
from flask import current_app
from flask.cli import AppGroup

from webapp.languages.upkeep import extraction

commands = AppGroup("translations", help="The texts of the site in its languages.")


@commands.command()
def update() -> None:
    """Write the template anew from the sources, and bring every catalogue up to date with it."""
    template = extraction.write_template(current_app._get_current_object())  # type: ignore[attr-defined]
    extraction.update(template)
    for language, left in extraction.untranslated().items():
        click.echo(f"{language}: {len(template) - left:,} of {len(template):,} texts")
