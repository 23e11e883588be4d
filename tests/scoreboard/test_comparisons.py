"""Versions side by side, and old answers scored again."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.cards import SCORES
from tests.support.factories import add_tally, answer
from tests.support.letters import letters_artifact
from tests.support.networks import tiny_artifact
from webapp.models import Run, TaughtName
from webapp.presentation.confusion import Metric
from webapp.scoreboard import compare_versions, rescored
from webapp.storage.database import writing
from webapp.versions import service as versions

PARTS = {
    "last_letter": [
        {"slice": "a", "n": 40, "tp": 38, "fp": 1, "fn": 1, "tn": 0},
        {"slice": "y", "n": 40, "tp": 10, "fp": 10, "fn": 10, "tn": 10},
        {"slice": "x", "n": 2, "tp": 0, "fp": 2, "fn": 0, "tn": 0},
    ]
}


@pytest.fixture
def two(app: Flask) -> tuple[int, int]:
    """Two versions with cards that differ in their width and in nothing else."""
    with app.app_context():
        first, second = (
            versions.add(
                tiny_artifact(seed, holdout={"hundred": SCORES}, settings={"width": seed}, slices=PARTS),
                "import",
                "test",
            ).id
            for seed in (3, 4)
        )
    return first, second


def test_the_newest_two_are_compared_unless_others_are_asked_for(app: Flask, two: tuple[int, int]) -> None:
    with app.app_context():
        assert [version.id for version in compare_versions.chosen(())] == sorted(two)
        assert [version.id for version in compare_versions.chosen([two[1], 1])] == [1, two[1]]


def test_differences_only_leaves_the_rows_that_differ(client: FlaskClient, two: tuple[int, int]) -> None:
    address = f"/scoreboard/versions?version={two[0]}&version={two[1]}"
    width, accuracy = (f'<th scope="row">{name}</th>' for name in ("width", "accuracy"))
    page = client.get(address).text
    assert width in page and accuracy in page
    page = client.get(address + "&differences=1").text
    assert width in page and accuracy not in page


def test_a_setting_that_is_on_or_off_is_told_in_a_word(app: Flask) -> None:
    with app.app_context():
        made = [
            versions.add(tiny_artifact(5 + is_on, settings={"bidirectional": is_on}), "import", "test").id
            for is_on in (True, False)
        ]
        settings = compare_versions.compare(compare_versions.chosen(made), "hundred", "female")[-1]
    row = next(row for row in settings.rows if row.name == "bidirectional")
    assert row.cells == ["yes", "no"]


def test_what_stands_in_both_parts_of_a_card_is_one_row(app: Flask) -> None:
    both = {"settings": {"width": 8, "cell": "gru"}, "training": {"width": 8, "epochs": 3}}
    with app.app_context():
        made = [versions.add(tiny_artifact(seed, **both), "import", "test").id for seed in (5, 6)]
        rows = compare_versions.compare(compare_versions.chosen(made), "hundred", "female")[-1].rows
    assert [row.name for row in rows][-3:] == ["width", "cell", "epochs"]
    assert len({row.name for row in rows}) == len(rows)


def test_scores_stand_with_their_intervals(app: Flask, two: tuple[int, int]) -> None:
    with app.app_context():
        tables = compare_versions.compare(compare_versions.chosen(two), "hundred", "female")
    accuracy = next(row for row in tables[1].rows if row.name == "accuracy")
    assert isinstance(accuracy.cells[0], Metric) and accuracy.cells[0].value == 0.7


def test_what_visitors_say_of_each_version_stands_beside(app: Flask, two: tuple[int, int]) -> None:
    with app.app_context():
        add_tally(8, version_id=two[0]), add_tally(2, "female", "male", version_id=two[0])
        live = compare_versions.compare(compare_versions.chosen(two), "hundred", "female")[0]
    assert live.rows[0].cells == ["10", "0"] and live.rows[1].cells[0].value == 0.8


def test_the_weakest_slice_is_told_and_tiny_ones_are_not(app: Flask, two: tuple[int, int]) -> None:
    with app.app_context():
        [chart] = compare_versions.slices(compare_versions.chosen(two))
    assert chart.title == f"v{two[1]} is weakest on names that end in y: 50 in 100"
    assert [series.label for series in chart.series] == [f"v{id}" for id in two]


def test_a_version_without_a_card_can_be_compared(client: FlaskClient, two: tuple[int, int]) -> None:
    assert client.get(f"/scoreboard/versions?version=1&version={two[0]}").status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("?version=x", 422),
        ("?names=x", 422),
        ("?version=99", 404),
        ("?" + "&".join(f"version={n}" for n in range(7)), 422),
    ],
)
def test_what_cannot_be_compared_is_refused(client: FlaskClient, address: str, status: int) -> None:
    assert client.get("/scoreboard/versions" + address).status_code == status


@pytest.fixture
def by_letter(app: Flask) -> int:
    """A version that goes by the last letter alone: a is women's."""
    rescored._answers.cache_clear(), rescored._labels.cache_clear()
    with app.app_context():
        return versions.add(letters_artifact(), "import", "test").id


def test_the_same_answers_are_judged_by_any_version(app: Flask, by_letter: int) -> None:
    with app.app_context():
        answer("zuleika", "female"), answer("zuleika", "female", visitor="bob"), answer("amparo", "female")
        one, other = rescored.score([1, by_letter])
    assert one.rated.n == other.rated.n == 3
    assert (other.rated.tp, other.rated.fn) == (2, 1)


def test_names_that_any_compared_version_was_taught_stand_apart(app: Flask, by_letter: int) -> None:
    with app.app_context():
        answer("zuleika", "female"), answer("amparo", "female")
        with writing() as session:
            session.add(TaughtName(version_id=by_letter, name="amparo", answer="female"))
        for row in rescored.score([1, by_letter]):
            assert (row.rated.n, row.taught.n) == (1, 1)


def test_both_and_rejected_answers_are_not_judged(app: Flask, by_letter: int) -> None:
    with app.app_context():
        answer("zuleika", "both")
        assert rescored.score([by_letter])[0].rated.n == 0


def test_the_runs_own_comparisons_are_read_as_they_were_stored(app: Flask, by_letter: int) -> None:
    cells = {"tp": 3, "fp": 1, "fn": 0, "tn": 4, "both": 2, "accuracy": 0.875}
    side = {"n": 10, "champion": cells, "challenger": cells | {"tp": 2, "fp": 2}}
    with app.app_context():
        with writing() as session:
            session.add(
                Run(
                    created_by="test",
                    kind="fine-tune",
                    settings={},
                    champion_id=1,
                    version_id=by_letter,
                    comparison={"feedback": {"rated": side, "taught": side | {"n": 2}}},
                )
            )
        [row] = rescored.by_runs()
    assert (row.before.value, row.after.value, row.taught) == (7 / 8, 6 / 8, 2)


def test_the_page_of_old_answers_says_when_there_are_none(client: FlaskClient, by_letter: int) -> None:
    assert "nothing to score again" in client.get("/scoreboard/again").text
