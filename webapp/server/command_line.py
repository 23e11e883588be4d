"""`nomen-site` of an installed package: alone it starts the whole site, with words it is `flask` for it."""

import sys

from flask.cli import FlaskGroup

from webapp import create_app
from webapp.server import launch


def main() -> int:
    """Start the site, or run one of its commands, such as `nomen-site backup FILE`; return the exit code."""
    if len(sys.argv) == 1:
        return launch.main()
    FlaskGroup(create_app=create_app, add_default_commands=False).main(prog_name="nomen-site")
    return 0
