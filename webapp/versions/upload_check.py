"""Networks that somebody brings: besides the weights, the card must be one that the pages can show."""

from training.evaluation.card_types import BadCard, ModelCard
from webapp.errors import Invalid
from webapp.models import Version
from webapp.models.enums import Origin
from webapp.versions import service as versions


def bring(data: bytes, by: str, note: str = "") -> Version:
    """Store an artifact as a new version; raise Invalid if it could not serve, or its card not be shown."""
    try:
        # Strictly here, where somebody can mend the file; cards that are stored are read as far as they go.
        ModelCard.from_json(versions.check(data).card)
    except BadCard as error:
        raise Invalid(str(error), "file") from error
    return versions.add(data, origin=Origin.IMPORT, by=by, note=note)
