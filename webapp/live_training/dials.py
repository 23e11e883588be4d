"""What can be set of a live training, and how an address writes it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any
from urllib.parse import parse_qsl, urlencode

from webapp.errors import Invalid
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.learn import asked

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "width": ("2", "4", "8", "16", "32", "64"),
    "dropout": ("0", "0.1", "0.2", "0.3", "0.5", "0.7"),
    "decay": ("0", "0.01", "0.03", "0.1", "0.3", "1"),
    "rate": ("0.0003", "0.001", "0.003", "0.01", "0.03", "0.1"),
}
"""The settings of each dial, from its left end to its right."""
WORDS = {
    "width": (N_("Width"), N_("numbers in the hidden state")),
    "dropout": (N_("Dropout"), N_("how likely each is silenced in a step")),
    "decay": (N_("Weight decay"), N_("how strongly weights are pulled towards zero")),
    "rate": (N_("Learning rate"), N_("how far a step goes")),
}


@dataclass(frozen=True)
class Dials:
    """One way to set them, in the words of OPTIONS."""

    width: str = "16"
    dropout: str = "0"
    decay: str = "0"
    rate: str = "0.01"

    @property
    def address(self) -> str:
        """As an address has them: one text for equal settings."""
        return urlencode(asdict(self))

    @property
    def query(self) -> dict[str, Any]:
        """For the building of links."""
        return asdict(self)

    @property
    def settings(self) -> dict[str, float]:
        """As the trainer takes them."""
        return {
            "width": int(self.width),
            "dropout": float(self.dropout),
            "weight_decay": float(self.decay),
            "learning_rate": float(self.rate),
        }

    @property
    def words(self) -> str:
        """In a few words."""
        dials = {name: numbers.localised(value) for name, value in asdict(self).items()}
        return gettext("width %(width)s, dropout %(dropout)s, decay %(decay)s, rate %(rate)s", **dials)


def read(query: Mapping[str, str]) -> Dials:
    """Return what an address or a form asks for, with defaults; raise Invalid for what no dial has."""
    return Dials(
        **{
            entry.name: asked.choice(query, entry.name, OPTIONS[entry.name], str(entry.default))
            for entry in fields(Dials)
        }
    )


def of_address(text: str) -> Dials:
    """Return the dials that were stored as an address; raise Invalid if it is none."""
    if (dials := read(dict(parse_qsl(text)))).address != text:
        raise Invalid(gettext("These are settings of another release."))
    return dials
