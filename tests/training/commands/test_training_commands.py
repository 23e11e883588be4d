"""The command line: what it prints, what it writes, and how it fails."""

import io
import json
from pathlib import Path

import pytest
import torch

from tests.support.letters import letters_artifact
from tests.support.readers import small_readers
from training.__main__ import main
from training.commands.machine import doctor
from training.data import corpus
from training.data.corpus import Corpus, read_corpus
from training.evaluation.device_checks.checks import Check
from training.model.artifact import read_card
from training.model.network import Network
from training.model.saving import dump, load
from training.model.settings import NetworkSettings
from webapp.config import ROOT

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def test_guess_prints_one_object_a_line_in_order(capsys: Captured) -> None:
    assert main(["guess", "--jsonl", "Elizabeth", "123", "Thomas"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["label"] for row in rows] == ["female", None, "male"]
    assert list(rows[0]) == ["name", "read_as", "label", "p_female"]
    assert rows[1]["error"].startswith("There is no letter")


def test_guess_reads_standard_input(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Elizabeth\r\n\nThomas"))
    assert main(["guess", "--jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in rows] == ["Elizabeth", "", "Thomas"]


def test_guess_tells_people_what_it_read(capsys: Captured) -> None:
    main(["guess", "Σοφία", "thomas"])
    greek, plain = capsys.readouterr().out.splitlines()
    assert greek.startswith("Σοφία (read as sofia): female, ")
    assert plain.startswith("thomas: male, ")


def test_fit_writes_an_artifact_whose_command_makes_it_again(
    names: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "made" / "new.safetensors"
    log = tmp_path / "fit.jsonl"
    assert main(["fit", str(names), "--preset", "tiny", "--out", str(out), "--log", str(log)]) == 0
    made = read_card(out.read_bytes())
    assert made["settings"]["width"] == 8
    assert made["data"]["corpus"] == "names.csv"
    assert [row["epoch"] for row in made["history"]] == [1, 2]
    assert json.loads(log.read_text().splitlines()[-1])["phase"] == "training"


def test_fit_takes_settings_by_their_names(names: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.safetensors"
    options = ["--cell", "lstm", "--width", "4", "--epochs", "1", "--learning-rate", "0.01", "--seed", "7"]
    main(["fit", str(names), "--preset", "tiny", "--out", str(out), *options])
    told = read_card(out.read_bytes())["training"]
    assert (told["cell"], told["width"], told["learning_rate"], told["seed"]) == ("lstm", 4, 0.01, 7)


def test_fit_takes_options_of_release_1_0_0_and_hides_them(
    names: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "new.safetensors"
    old = ["--epochs", "1", "--batch", "32", "--by-heart", "3", "--letters", "0.5"]
    assert main(["fit", str(names), "--preset", "tiny", "--out", str(out), *old]) == 0
    settings = read_card(out.read_bytes())["training"]
    assert settings["batch_size"] == 32 and settings["oversample_frequent"] == 3
    assert settings["prefix_loss_weight"] == 0.5
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["fit", "--help"])
    shown = capsys.readouterr().out
    assert "--batch-size" in shown and "--by-heart" not in shown
    assert "Size of the hidden state. [neurons; full: 384]" in shown


@pytest.mark.parametrize(("option", "reads"), [("--bidirectional", True), ("--no-bidirectional", False)])
def test_fit_reads_from_both_ends_if_it_is_told_to(
    names: Path, tmp_path: Path, option: str, reads: bool
) -> None:
    out = tmp_path / "new.safetensors"
    main(["fit", str(names), "--preset", "tiny", "--epochs", "1", option, "--out", str(out)])
    assert read_card(out.read_bytes())["settings"]["bidirectional"] is reads


def test_artifacts_of_equal_runs_are_equal_but_for_the_time_they_were_made(
    names: Path, tmp_path: Path
) -> None:
    made = []
    for _ in ("one", "two"):
        main(["fit", str(names), "--preset", "tiny", "--device", "cpu", "--out", str(tmp_path / "out")])
        artifact = load((tmp_path / "out").read_bytes())
        assert artifact.card.pop("created")
        made.append(dump(artifact.network, artifact.card))
    assert made[0] == made[1]


def test_fit_leaves_excluded_names_out(names: Path, tmp_path: Path) -> None:
    (tmp_path / "excluded.txt").write_text("Beba\nBebo,male\n\n")
    out = tmp_path / "new.safetensors"
    arguments = ["--exclude", str(tmp_path / "excluded.txt"), "--preset", "tiny", "--epochs", "1"]
    main(["fit", str(names), *arguments, "--out", str(out)])
    assert sum(read_card(out.read_bytes())["data"]["names"].values()) == 400 - 2


def test_evaluate_scores_every_row_of_a_file(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "known.csv"
    path.write_text("Elizabeth,female\nThomas,male\nThomas,female\n")
    assert main(["evaluate", str(path), "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)["known.csv"]
    assert (scores["n"], scores["tp"], scores["tn"], scores["fn"]) == (3, 1, 1, 1)


def test_evaluate_prints_a_table(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "known.csv"
    path.write_text("Elizabeth,female\n")
    main(["evaluate", str(path)])
    head, row = capsys.readouterr().out.splitlines()
    assert head.split()[:2] == ["n", "accuracy"]
    assert row.split()[:3] == ["known.csv", "1", "1.0000"]


def test_the_corpus_is_described_and_written(names: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["corpus", str(names)]) == 0
    assert "all" in capsys.readouterr().out
    assert main(["corpus", str(names), "--write", str(tmp_path / "corpus.db")]) == 0
    assert len(read_corpus(tmp_path / "corpus.db")) == 400


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate", "missing.csv"], "missing.csv"),
        (["guess", "--artifact", "missing", "Ann"], "missing"),
        (["guess", "--artifact", "pyproject.toml", "Ann"], "safetensors"),
        (["fit", "--preset", "tiny", "--width", "0", "--epochs", "1"], "width"),
        (["corpus", "--download", "http://example.org/names.zip"], "Only https"),
        (["corpus", "pyproject.toml"], "line 1"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_status_1(
    arguments: list[str], message: str, capsys: Captured
) -> None:
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error and "Traceback" not in error and error.count("\n") == 1


def test_an_unknown_option_is_status_2() -> None:
    with pytest.raises(SystemExit) as end:
        main(["guess", "--unknown"])
    assert end.value.code == 2


def test_another_artifact_guesses_instead_of_the_shipped_one(tmp_path: Path, capsys: Captured) -> None:
    network = Network(NetworkSettings("gru", 8)).eval()
    network.readout.bias.data[:] = torch.tensor([9.0, -9.0])
    (tmp_path / "yes.safetensors").write_bytes(dump(network, {}))
    main(["guess", "--artifact", str(tmp_path / "yes.safetensors"), "Thomas"])
    assert "female" in capsys.readouterr().out


@pytest.mark.training
def test_the_shipped_card_says_what_evaluate_finds(
    capsys: Captured, base_corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.model.artifact import SHIPPED

    # The command reads the same half a million names, for some seconds, once more.
    monkeypatch.setattr(corpus, "read_base_corpus", lambda: base_corpus)
    main(["evaluate", "--json"])
    found, told = json.loads(capsys.readouterr().out), read_card(SHIPPED.read_bytes())["holdout"]
    for group in ("all", "hundred", "not_unisex", "famous"):
        assert found[group]["accuracy"] == pytest.approx(told[group]["accuracy"], abs=5e-4)


def test_the_page_about_settings_is_as_the_settings_are(capsys: Captured) -> None:
    assert main(["settings"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "settings.md").read_text()


def test_doctor_prints_a_table_and_says_by_its_status_whether_all_is_well(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Check("type", True, "float32"), Check("speed", False, "slower than the CPU")]
    monkeypatch.setattr(doctor, "check_device", lambda device: iter(found))
    assert main(["doctor", "--device", "cpu"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("Nomen ") and "PyTorch" in shown
    assert "type                        well      float32" in shown and "NOT WELL  slower" in shown
    monkeypatch.setattr(doctor, "check_device", lambda device: iter(found[:1]))
    assert main(["doctor", "--device", "cpu"]) == 0


def test_device_says_what_a_run_would_take(capsys: Captured) -> None:
    assert main(["device"]) == main(["device", "--json"]) == 0
    words, told = capsys.readouterr().out.splitlines()
    assert set(json.loads(told)) == {"gpu", "gpu_memory"}
    assert words.startswith("CPU") is (json.loads(told)["gpu"] == "")


def test_compare_refuses_what_one_of_its_cells_cannot_have(names: Path, capsys: Captured) -> None:
    assert main(["compare", str(names), "--readout", "4"]) == 1
    assert "course's neuron" in capsys.readouterr().err


def test_guess_reads_a_country_behind_each_name(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    network = load(letters_artifact())
    (tmp_path / "with.safetensors").write_bytes(dump(network.network, network.card, small_readers()))
    monkeypatch.setattr("sys.stdin", io.StringIO("Andrea\tItaly\nAndrea\tDEU\nAndrea\t\nAndrea\n"))
    more = ["--artifact", str(tmp_path / "with.safetensors"), "--with-countries"]
    main(["guess", "--jsonl", "--country", "IT", *more])
    labels = [json.loads(line)["label"] for line in capsys.readouterr().out.splitlines()]
    assert labels == ["male", "female", "male", "male"]
