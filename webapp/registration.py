"""The site's doors: every blueprint and every command, in one list each."""

from flask import Flask

from webapp.accounts import login_views, user_commands, user_views
from webapp.accounts.keys import commands as key_commands
from webapp.accounts.keys import views as key_views
from webapp.accounts.second_factor import views as second_factor_views
from webapp.admin import setup_command
from webapp.admin import views as admin_views
from webapp.api import base as api_base
from webapp.api import docs as api_docs
from webapp.api import export as api_export
from webapp.api import guesses as api_guesses
from webapp.api import runs as api_runs
from webapp.api import scoreboard as api_scoreboard
from webapp.api import versions as api_versions
from webapp.api.files import views as api_files
from webapp.audit import views as audit_views
from webapp.comparisons import commands as comparison_commands
from webapp.comparisons import views as comparison_views
from webapp.feedback import commands as feedback_commands
from webapp.feedback import views as feedback_views
from webapp.files import guess_command
from webapp.files import views as file_views
from webapp.game import views as game_views
from webapp.guessing import views as guess_views
from webapp.guessing.genderize import answers as genderize_answers
from webapp.guessing.genderize import views as genderize_views
from webapp.languages.upkeep import commands as translation_commands
from webapp.learn import views as learn_views
from webapp.live_training import views as live_training_views
from webapp.maintenance import commands as maintenance_commands
from webapp.metrics import requests as request_metrics
from webapp.metrics import views as metrics_views
from webapp.offline import views as offline_views
from webapp.privacy import commands as privacy_commands
from webapp.privacy import views as privacy_views
from webapp.records import commands as corpus_commands
from webapp.review import commands as review_commands
from webapp.review import views as review_views
from webapp.review.opinions import views as opinion_views
from webapp.runs import commands as run_commands
from webapp.runs import views as run_views
from webapp.scoreboard import views as scoreboard_views
from webapp.scoreboard.holdout_names import views as holdout_name_views
from webapp.server.short_ways.direct import Route
from webapp.server.short_ways.pieces import Piece
from webapp.versions import card_views
from webapp.versions import commands as version_commands
from webapp.versions import views as version_views
from webapp.web import health

API = (api_export, api_files, api_guesses, api_runs, api_scoreboard, api_versions)
"""Each adds its routes to one blueprint."""

PAGES = (
    login_views,
    second_factor_views,
    admin_views,
    api_guesses,
    api_docs,
    audit_views,
    comparison_views,
    file_views,
    feedback_views,
    genderize_views,
    guess_views,
    health,
    offline_views,
    key_views,
    learn_views,
    metrics_views,
    live_training_views,
    card_views,
    game_views,
    holdout_name_views,
    opinion_views,
    privacy_views,
    review_views,
    run_views,
    scoreboard_views,
    user_views,
    version_views,
)
SHORT_WAYS = {
    "/genderize": Route(
        genderize_answers.depend_on,
        genderize_views.body_of,
        genderize_views.spend_one,
        genderize_views.limit_headers,
    ),
    "/api/v1/guess": Route(
        api_guesses.depend_on, api_guesses.body_of, api_base.spend_one, api_base.limit_headers
    ),
}
"""Addresses at which most requests ask for one name and nothing else."""
PIECES = {
    "/guess": Piece(guess_views.depend_on, guess_views.piece, guess_views.spend_typing, guess_views.CHOICES)
}
"""Addresses at which a script asks for a piece of a page at each letter."""
COMMANDS = (
    corpus_commands.commands,
    feedback_commands.commands,
    guess_command.commands,
    key_commands.commands,
    maintenance_commands.backup,
    maintenance_commands.copy_to,
    maintenance_commands.doctor,
    maintenance_commands.restore,
    run_commands.commands,
    run_commands.worker,
    setup_command.commands,
    translation_commands.commands,
    user_commands.commands,
    version_commands.commands,
)


def register_blueprints(app: Flask) -> None:
    """Attach every page and the API."""
    # A module of PAGES calls its blueprint `pages`; that is all it has to do.
    for module in PAGES:
        app.register_blueprint(module.pages)
    api_docs.configure(app)
    request_metrics.configure(app)


def register_commands(app: Flask) -> None:
    """Attach every `flask` command."""
    for command in COMMANDS:
        app.cli.add_command(command)
    # Commands of other rooms that a person looks for under `flask feedback`.
    for command in (privacy_commands.expire, review_commands.accept, review_commands.reject):
        feedback_commands.commands.add_command(command)
    version_commands.commands.add_command(comparison_commands.compare)
