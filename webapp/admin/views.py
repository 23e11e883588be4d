"""The home of those who look after the site."""

from flask import Blueprint, render_template

from training.data.name_groups import Group
from webapp.guessing import predictor
from webapp.review import service as review
from webapp.runs import service as runs
from webapp.runs.worker import status as worker_status
from webapp.versions import model_card
from webapp.versions import service as versions
from webapp.web import access
from webapp.web.caching import made_once

pages = Blueprint("admin", __name__, url_prefix="/admin")
access.staff_only(pages)


@pages.get("")
def home() -> str:
    """Show what waits, what serves, what ran last."""
    champion = versions.serving()
    return render_template(
        "admin/home.html",
        n_pending=review.n_pending(),
        n_unlearned=made_once("unlearned", review.accepted_tag(), review.n_unlearned, 1),
        champion=champion,
        scores=model_card.summary_of(champion.version).holdout.get(Group.HUNDRED) if champion else None,
        run=runs.latest(),
        trouble=predictor.get().trouble,
        machine=worker_status.known(),
        is_admin=access.is_admin(),
    )
