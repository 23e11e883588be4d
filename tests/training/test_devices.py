"""Every stage of a training on another device than the CPU: one without numbers, and a real GPU."""

from pathlib import Path

import pytest
import torch

from tests.support.meta_device import META, ReadsAsZeros
from training.data.corpus import TRAIN
from training.data.minibatches import Batches
from training.evaluation.device_checks.checks import check_device
from training.evaluation.device_checks.stages import STAGES, WHOLE, Stage, fit_whole, small_examples
from training.fitting.loss_and_optimizer import Backward
from training.fitting.trainer import Trainer
from training.model.network import Network
from training.runtime.device import use_tf32

pytestmark = [pytest.mark.training, pytest.mark.xdist_group("devices")]

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here that PyTorch could use")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all stages: what one has left, a stage that begins with it need not do again."""
    return tmp_path_factory.mktemp("stages")


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_every_stage_keeps_its_tensors_on_its_device(stage: Stage, kept: Path) -> None:
    with ReadsAsZeros():
        stage(META, kept)


def test_a_tensor_that_was_left_behind_is_noticed() -> None:
    batch = next(Batches(small_examples(TRAIN), torch.device("cpu")).in_order(8))
    with ReadsAsZeros(), pytest.raises((RuntimeError, NotImplementedError)):
        Backward(Network(WHOLE.network()).to(META), WHOLE, 1.0)(batch, (0, 3))


def on_meta() -> Trainer:
    batches = Batches(small_examples(TRAIN), META)
    return Trainer(WHOLE, batches, batches, META)


def test_no_step_waits_for_its_device() -> None:
    trainer = on_meta()
    with ReadsAsZeros() as reads:
        batches = list(trainer.train.shuffled(8, seed=0))
        before = reads.brought
        for batch in batches[:5]:
            trainer._step(batch)
        assert reads.brought == before


def test_after_a_resume_no_step_counter_lies_on_the_device(tmp_path: Path) -> None:
    with ReadsAsZeros():
        list(on_meta().run(tmp_path / "run"))
        again = on_meta()
        next(again.run(tmp_path / "run"))
        assert {state["step"].device.type for state in again.optimizer.state.values()} == {"cpu"}


def test_the_order_of_names_is_the_same_on_every_device() -> None:
    examples = small_examples(TRAIN)
    with ReadsAsZeros():
        lengths = [
            [batch.letters.shape for batch in Batches(examples, device).shuffled(64, seed=3)]
            for device in (META, torch.device("cpu"))
        ]
    assert lengths[0] == lengths[1]


def test_the_doctor_finds_a_cpu_well() -> None:
    found = list(check_device(torch.device("cpu")))
    assert [check.name for check in found][: len(STAGES)] == [f"stage: {name}" for name in STAGES]
    assert [check for check in found if not check.is_well and check.name != "speed"] == []


def test_the_doctor_says_what_a_device_cannot_do() -> None:
    check = next(check_device(META))
    assert check.name == "stage: fit, all stages" and not check.is_well
    assert "meta" in check.found


@pytest.mark.cuda
@needs_cuda
@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_every_stage_runs_on_a_gpu(stage: Stage, tmp_path: Path) -> None:
    use_tf32(torch.device("cuda"))
    stage(torch.device("cuda"), tmp_path)


@pytest.mark.cuda
@needs_cuda
def test_the_doctor_finds_the_gpu_well() -> None:
    assert [check for check in check_device(torch.device("cuda")) if not check.is_well] == []


@pytest.mark.cuda
@needs_cuda
def test_a_gpu_learns_what_a_cpu_learns(tmp_path: Path) -> None:
    networks = [fit_whole(torch.device(device), tmp_path, checkpoint=device) for device in ("cuda", "cpu")]
    accuracies = [fitted.history[-1].validation_accuracy or 0 for fitted in networks]
    assert accuracies[0] == pytest.approx(accuracies[1], abs=0.1)
