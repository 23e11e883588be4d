"""The home of those who look after the site."""

from flask import Blueprint, render_template

from webapp import machine, retraining, review, versions
from webapp.views import guard

pages = Blueprint("admin", __name__, url_prefix="/admin")
guard.staff_only(pages)


@pages.get("")
def home() -> str:
    """Show what waits, what serves, what ran last."""
    return render_template(
        "admin/home.html",
        n_pending=review.n_pending(),
        n_unlearned=review.n_unlearned(),
        champion=versions.serving(),
        run=retraining.latest(),
        machine=machine.known(),
        is_admin=guard.is_admin(),
    )
