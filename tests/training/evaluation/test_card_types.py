"""The card as a type: what is written is read again, what may be missing is, and what is wrong is named."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.data.name_groups import GROUP_WORDS, SLICE_WORDS, Group, SliceKind
from training.evaluation.card_types import BadCard, ModelCard
from training.model import artifact

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    """The JSON of a card with every part: that of the network which comes with Nomen."""
    return SHIPPED


def leaves(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the paths to all parts of a document; of a list, those in its first row."""
    if isinstance(value, dict):
        return [path, *(leaf for key, part in value.items() for leaf in leaves(part, (*path, key)))]
    if isinstance(value, list) and value:
        return [path, *leaves(value[0], (*path, 0))]
    return [path]


def cut(value: object) -> Any:
    """Return a document with the first three of each list: what is looked for stands in the first."""
    if isinstance(value, dict):
        return {key: cut(part) for key, part in value.items()}
    return [cut(part) for part in value[:3]] if isinstance(value, list) else value


SHIPPED = artifact.read_card(artifact.SHIPPED.read_bytes())
SHIPPED_PATHS = leaves(SHIPPED)[1:]
SHORT = cut(SHIPPED)
SENTENCE = re.compile(r"The card .*\.", re.DOTALL)


def changed(part: Any, path: tuple[str | int, ...], value: object) -> Any:
    """Return a document with another value at `path`; what stands beside the path is not copied."""
    if not path:
        return value
    step, *rest = path
    copy = part.copy()
    copy[step] = changed(part[step] if rest else None, tuple(rest), value)
    return copy


def test_the_shipped_card_is_read_and_written_without_a_change(shipped: dict[str, Any]) -> None:
    assert ModelCard.from_json(shipped).to_json() == shipped


def test_a_card_with_shorter_lists_has_the_same_parts() -> None:
    assert leaves(ModelCard.from_json(SHORT).to_json())[1:] == SHIPPED_PATHS


def test_written_again_it_is_the_same_text(shipped: dict[str, Any]) -> None:
    assert json.dumps(ModelCard.from_json(shipped).to_json()) == json.dumps(shipped)


def test_a_fine_tuned_network_tells_its_parent() -> None:
    lineage = {"kind": "fine-tune", "parent": "v1", "parent_sha256": "5a"}
    assert ModelCard.from_json({"lineage": lineage}).to_json()["lineage"] == lineage


def test_an_empty_card_is_read() -> None:
    assert ModelCard.from_json({}) == ModelCard()


@pytest.mark.parametrize(
    "part",
    [*SHIPPED, "holdout.all", "holdout.famous", "slices.length"],
)
def test_a_part_may_be_missing(shipped: dict[str, Any], part: str) -> None:
    copy = json.loads(json.dumps(shipped))
    outer, _, inner = part.partition(".")
    del (copy[outer] if inner else copy)[inner or outer]
    assert ModelCard.from_json(copy) != ModelCard.from_json(shipped)


def test_parts_that_nobody_knows_are_left_aside(shipped: dict[str, Any]) -> None:
    more = changed(shipped, ("holdout", "rare"), [1]) | {"praise": {"by": "me"}}
    assert ModelCard.from_json(more) == ModelCard.from_json(shipped)


def test_nonsense_in_any_part_is_refused_or_harmless() -> None:
    kinds = ("x" * 3000, -1, 10**400, {"a": {}}, [[]], True)
    answers = [(path, answer_to(path, nonsense)) for path in SHIPPED_PATHS for nonsense in kinds]
    wrong = [f"{path}: {said!r}" for path, said in answers if said and not SENTENCE.fullmatch(said)]
    assert not wrong, "\n".join(wrong)
    assert len(SHIPPED_PATHS) > 200


def answer_to(path: tuple[str | int, ...], nonsense: object) -> str:
    """Return what is said of a card with `nonsense` at `path`: nothing if it is read."""
    try:
        ModelCard.from_json(changed(SHORT, path, nonsense))
    except BadCard as error:
        return str(error)
    except Exception as fault:
        return repr(fault)
    return ""


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("holdout",), "x", "holdout"),
        (("holdout", "all", "tp"), -1, "holdout.all.tp"),
        (("holdout", "hundred", "ece"), float("nan"), "holdout.hundred.ece"),
        (("weights",), 10**400, "weights"),
        (("curves",), [], "curves"),
        (("curves", "roc"), [[0, 0], [1]], "curves.roc"),
        (("curves", "pr"), [], "curves.pr"),
        (("curves", "thresholds", 0), None, "curves.thresholds.0"),
        (("slices", "length", 0, "slice"), 4, "slices.length.0.slice"),
        (("slices", "length"), [{}] * 2001, "slices.length"),
        (("data", "names", "train"), "many", "data.names.train"),
        (("machine", "torch"), "2" * 2001, "machine.torch"),
        (("history",), {"epoch": 1}, "history"),
        (("labels",), [1], "labels"),
    ],
)
def test_the_error_names_the_part(
    shipped: dict[str, Any], path: tuple[str | int, ...], value: object, named: str
) -> None:
    with pytest.raises(BadCard, match=f"'{named}'"):
        ModelCard.from_json(changed(shipped, path, value))


@pytest.mark.parametrize("text", ["\ud800", "\x1b[2J", "\x9b31m", "\u202e"])
def test_signs_that_cannot_be_shown_are_refused_wherever_they_stand(text: str) -> None:
    with pytest.raises(BadCard, match="signs that cannot be shown"):
        ModelCard.from_json({"nobody": {text: 1}})


@given(JSON)
def test_any_json_is_read_or_refused_in_a_sentence(document: object) -> None:
    try:
        card = ModelCard.from_json(document)
    except BadCard as error:
        assert str(error).startswith("The card ") and str(error).endswith(".")
    else:
        assert ModelCard.from_json(json.loads(json.dumps(card.to_json()))) == card


@given(st.sampled_from(SHIPPED_PATHS), JSON)
def test_a_card_with_any_json_in_it_is_read_or_refused_in_a_sentence(
    path: tuple[str | int, ...], value: object
) -> None:
    document = changed(SHORT, path, value)
    try:
        ModelCard.from_json(document)
    except BadCard as error:
        assert str(error).startswith("The card ") and str(error).endswith(".")


def test_what_is_stored_is_read_without_the_parts_that_cannot_be(shipped: dict[str, Any]) -> None:
    card = ModelCard.readable(shipped | {"holdout": 3, "curves": [], "command": "\ud800"})
    assert not card.holdout and Group.ALL not in card.curves and card.command == ""
    assert card.slices == ModelCard.from_json(shipped).slices and Group.HUNDRED in card.curves


@pytest.mark.parametrize("stored", [None, [], "x", 3])
def test_what_is_no_card_at_all_is_an_empty_one(stored: object) -> None:
    assert ModelCard.readable(stored) == ModelCard()


def test_every_group_and_slice_has_its_words() -> None:
    assert set(GROUP_WORDS) == set(Group) and set(SLICE_WORDS) == set(SliceKind)
