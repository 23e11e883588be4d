"""The card of a version as types: the trainer writes it, the site reads it, both through `ModelCard`.

docs/card.md documents the JSON entry by entry. Standard library alone, for web processes import it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from training.data.name_groups import Group, SliceKind
from training.evaluation.parts.scores import Curves, Scores, Slice
from training.runtime.strict_json import BadPart, Json, Part, Scalar


class BadCard(BadPart):
    """A card cannot be read; the message is a sentence that names the part."""

    document = "card"


@dataclass(frozen=True)
class Epoch:
    """One round of a training over the names; None is what was not measured."""

    epoch: int
    train_loss: float | None = None
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    learning_rate: float | None = None
    seconds: float | None = None

    def to_json(self) -> Json:
        """Return the epoch as the card holds it: what was not measured is left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class Data:
    """What a network was taught on."""

    fingerprint: str = ""
    corpus: str = ""
    names: Mapping[str, int] = field(default_factory=dict)
    """How many there are in each part: train, validation, holdout."""
    corrections: int | None = None
    """Names that visitors taught."""

    @classmethod
    def from_part(cls, part: Part) -> "Data":
        """Return the data in a part of a document, as far as it is told."""
        names = part.part_or_empty("names")
        return cls(
            part.text_or_none("fingerprint") or "",
            part.text_or_none("corpus") or "",
            {name: names.count(name) for name in names.entries},
            part.count_or_none("corrections"),
        )


@dataclass(frozen=True)
class Lineage:
    """Where a network comes from: kind is scratch or fine-tune; a fine-tuned one has a parent."""

    kind: str | None = None
    parent: str | None = None
    parent_sha256: str | None = None
    start: str | None = None
    """The file of the network that a training from scratch began with."""

    def to_json(self) -> Json:
        """Return the lineage as the card holds it."""
        payload: Json = {"kind": self.kind} if self.kind else {}
        if self.parent_sha256:
            payload |= {"parent": self.parent, "parent_sha256": self.parent_sha256}
        return payload | ({"start": self.start} if self.start else {})


@dataclass(frozen=True)
class ModelCard:
    """All that is known of a version besides its weights; any part may be empty."""

    name: str = ""
    created: str = ""
    command: str = ""
    machine: Mapping[str, Scalar] = field(default_factory=dict)
    settings: Mapping[str, Scalar] = field(default_factory=dict)
    """Of the network."""
    training: Mapping[str, Scalar] = field(default_factory=dict)
    """Of its training."""
    weights: int | None = None
    vocabulary: str = ""
    labels: tuple[str, ...] = ()
    data: Data = Data()
    holdout_fingerprint: str = ""
    holdout: Mapping[Group, Scores] = field(default_factory=dict)
    """By group; `famous` names are beside the holdout, not of it."""
    curves: Mapping[Group, Curves] = field(default_factory=dict)
    """Of all holdout names, and of those with 100 bearers or more."""
    slices: Mapping[SliceKind, tuple[Slice, ...]] = field(default_factory=dict)
    history: tuple[Epoch, ...] = ()
    lineage: Lineage = Lineage()

    def to_json(self) -> Json:
        """Return the card as artifacts and the database hold it."""
        return {
            "name": self.name,
            "created": self.created,
            "command": self.command,
            "machine": dict(self.machine),
            "settings": dict(self.settings),
            "training": dict(self.training),
            "weights": self.weights,
            "vocabulary": self.vocabulary,
            "labels": list(self.labels),
            "data": asdict(self.data),
            "holdout": {
                "fingerprint": self.holdout_fingerprint,
                **{group.value: scores.to_json() for group, scores in self.holdout.items()},
            },
            **{entry: self.curves_json(group) for group, entry in _CURVES.items()},
            "slices": self.slices_json(),
            "history": [epoch.to_json() for epoch in self.history],
            "lineage": self.lineage.to_json(),
        }

    def curves_json(self, group: Group) -> Json:
        """Return the curves of a group as the card holds them; none are {}."""
        return self.curves[group].to_json() if group in self.curves else {}

    def slices_json(self) -> Json:
        """Return the slices as the card holds them."""
        return {kind.value: [row.to_json() for row in rows] for kind, rows in self.slices.items()}

    @classmethod
    def from_json(cls, document: object) -> "ModelCard":
        """Return the card in parsed JSON; raises BadCard.

        Parts may be missing, and others be there, which are not read. What is there must be as the trainer
        writes it.
        """
        card = Part.whole(document, BadCard)
        _check_signs(card)
        holdout, slices = card.part_or_empty("holdout"), card.part_or_empty("slices")
        return cls(
            name=card.text_or_none("name") or "",
            created=card.text_or_none("created") or "",
            command=card.text_or_none("command") or "",
            machine=card.scalars("machine"),
            settings=card.scalars("settings"),
            training=card.scalars("training"),
            weights=card.count_or_none("weights"),
            vocabulary=card.text_or_none("vocabulary") or "",
            labels=card.texts("labels"),
            data=Data.from_part(card.part_or_empty("data")),
            holdout_fingerprint=holdout.text_or_none("fingerprint") or "",
            holdout={g: holdout.part(g).record(Scores) for g in Group if holdout.has(g)},
            curves={g: Curves.from_part(card.part(name)) for g, name in _CURVES.items() if card.has(name)},
            slices={kind: _slices(slices, kind) for kind in SliceKind if kind in slices.entries},
            history=tuple(row.record(Epoch) for row in card.parts("history")),
            lineage=card.part_or_empty("lineage").record(Lineage),
        )

    @classmethod
    def readable(cls, document: object) -> "ModelCard":
        """Return a card without those of its parts that cannot be read.

        For cards that are stored: the oldest were taken in before they were checked.
        """
        try:
            return cls.from_json(document)
        except BadCard:
            # Part by part, each as a card of its own: one that cannot be read takes no other along.
            entries = document.items() if isinstance(document, dict) else ()
            return cls.from_json({name: value for name, value in entries if _reads({name: value})})


_CURVES = {Group.ALL: "curves", Group.HUNDRED: "curves_hundred"}


def _reads(document: Json) -> bool:
    try:
        ModelCard.from_json(document)
    except BadCard:
        return False
    return True


def _slices(slices: Part, kind: SliceKind) -> tuple[Slice, ...]:
    return tuple(Slice(part.text("slice"), part.record(Scores)) for part in slices.parts(kind))


def _check_signs(card: Part) -> None:
    # Once over all of it: a card goes into pages and terminals, where control characters could do anything.
    text = json.dumps(card.entries, ensure_ascii=False)
    if not text.isprintable() or "\\u00" in text:
        raise BadCard("", "without signs that cannot be shown")
