"""The guess page."""

from flask import Blueprint, render_template, request

from webapp import predictor

pages = Blueprint("guess", __name__)


@pages.get("/")
def index() -> str:
    """Show the field and, for a name, its guess."""
    typed = request.args.get("name", "")
    guess = predictor.get().current().guess(typed) if typed.strip() else None
    return render_template("guess.html", typed=typed, guess=guess)
