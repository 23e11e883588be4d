"""The card of each version, for everybody."""

from flask import Blueprint, Response, make_response, render_template

from webapp.versions import model_card
from webapp.versions import service as versions

pages = Blueprint("cards", __name__, url_prefix="/versions")


@pages.get("/v<int:version_id>")
def card(version_id: int) -> str:
    """Show the card of a version."""
    version = versions.with_card(version_id)
    return render_template(
        "versions/card.html",
        card=model_card.page_of(version),
        version=version,
        promotions=versions.promotions(version_id),
        is_serving=(newest := versions.serving()) is not None and newest.version_id == version_id,
    )


@pages.get("/v<int:version_id>/card.md")
def markdown(version_id: int) -> Response:
    """Hand out the card of a version as Markdown."""
    version = versions.with_card(version_id)
    response = make_response(
        render_template("versions/card.md", card=model_card.page_of(version), version=version)
    )
    response.content_type = "text/markdown; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="nomen-v{version_id}.md"'
    return response
