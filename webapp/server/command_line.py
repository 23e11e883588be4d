"""`nomen-site` of an installed package: alone it starts the whole site, with words it is `flask` for it."""

import sys

from flask import Flask
from flask.cli import FlaskGroup

from webapp import create_app
from webapp.server import launch, memory


def main() -> int:
    """Start the site, or run one of its commands, such as `nomen-site backup FILE`; return the exit code."""
    if len(sys.argv) == 1:
        return launch.main()
    FlaskGroup(create_app=_site, add_default_commands=False).main(prog_name="nomen-site")
    return 0


def _site() -> Flask:
    with memory.looking_for_no_garbage():
        return create_app()
