"""Two processes under torchrun learn what one would have learned, and go on from what one has left."""

import os
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import torch
from safetensors.torch import load

from training.__main__ import main
from webapp.config import ROOT

pytestmark = [pytest.mark.process, pytest.mark.training]
SETTINGS = (
    *("--preset", "tiny", "--device", "cpu", "--epochs", "3", "--batch-size", "64", "--dropout", "0"),
    *("--teacher", "none", "--patience", "0"),
)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of 392 names."""
    letters = "bcdfgklmnprstv"
    stems = [f"{one}e{two}" for one in letters for two in letters]
    lines = [f"{stem}a,f,9\n{stem}o,m,9\n" for stem in stems]
    path = tmp_path_factory.mktemp("several") / "names.csv"
    path.write_text("name,label,count\n" + "".join(lines))
    return path


def fit(names: Path, out: Path, *more: str) -> dict[str, torch.Tensor]:
    """Teach a network in this process; return its weights."""
    torch.set_num_threads(1)
    assert main(["fit", str(names), *SETTINGS, *more, "--out", str(out)]) == 0
    return load(out.read_bytes())


def under_torchrun(*what: str | Path) -> CompletedProcess[str]:
    """Run a script, or `-m` and a module with its arguments, in two processes."""
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone", *what]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MASTER_ADDR": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def together(names: Path) -> Path:
    """A folder in which two processes have taught a network, with a checkpoint on the way."""
    folder = names.parent
    files = ("--out", folder / "two.safetensors", "--checkpoint", folder / "left.pt")
    done = under_torchrun("-m", "training", "fit", names, *SETTINGS, *files)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr.count(" names; CPU") == 1  # the first process tells it, for all
    return folder


def differ(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
    """Return the largest difference between two networks' weights."""
    return max((one[name] - other[name]).abs().max().item() for name in one)


GRADIENTS = """
import numpy, torch
from training.data.minibatches import Batches, Examples
from training.fitting import loss_and_optimizer
from training.fitting.loss_and_optimizer import Backward, SharedBackward
from training.fitting.presets import preset
from training.model.network import Network
from training.runtime import several

# In whole precision: what differs then is the order of a sum.
loss_and_optimizer.mixed_precision = lambda device: torch.autocast("cpu", enabled=False)
names = ["anna", "kimi", "noel", "ruth", "omar", "jane", "lars"]
examples = Examples(names, numpy.linspace(0, 1, 7), numpy.linspace(1, 3, 7))
with several.joined("cpu"):
    torch.manual_seed(0)
    network = Network(preset("tiny", dropout=0.0).network())
    alone = Backward(network, preset("tiny"), 2.0)
    for size in (7, 1):  # one name for two processes, too
        batch = next(Batches(examples, torch.device("cpu")).in_order(size))
        loss = alone(batch, (1, 3))
        wanted = [weights.grad.clone() for weights in network.parameters()]
        together = SharedBackward(alone)(batch, (1, 3))
        found = [weights.grad for weights in network.parameters()]
        far = max((one - other).abs().max().item() for one, other in zip(wanted, found, strict=True))
        assert several.n_processes() == 2 and far < 1e-6 and abs(loss - together) < 1e-6, far
"""


def test_two_processes_have_the_gradients_of_one(tmp_path: Path) -> None:
    script = tmp_path / "gradients.py"
    script.write_text(GRADIENTS)
    done = under_torchrun(script)
    assert done.returncode == 0, done.stderr[-3000:]


ENDS = """
from pathlib import Path
import torch
from training.runtime import several

with several.joined("cpu"):
    several.wait_for_all()
    weights = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.AdamW([weights])
    weights.sum().backward()
    optimizer.step()
names = [task.read_text().strip() for task in Path("/proc/self/task").glob("*/comm")]
assert not [name for name in names if "gloo" in name], names
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux names its threads there")
def test_what_joins_processes_ends_with_the_training(tmp_path: Path) -> None:
    # Its threads aborted the process, once in some fifty trainings, when the interpreter ended before them.
    script = tmp_path / "ends.py"
    script.write_text(ENDS)
    done = under_torchrun(script)
    assert done.returncode == 0, done.stderr[-3000:]


def test_two_processes_learn_what_one_does(names: Path, together: Path, tmp_path: Path) -> None:
    alone = fit(names, tmp_path / "one.safetensors")
    # Rounding differs by 1e-7 a step; the optimizer divides by gradients that are hardly larger.
    assert differ(alone, load((together / "two.safetensors").read_bytes())) < 5e-3
    assert differ(alone, fit(names, tmp_path / "other.safetensors", "--seed", "9")) > 5e-2


def test_they_leave_no_checkpoint_behind(together: Path) -> None:
    assert (together / "two.safetensors").exists()
    assert not (together / "left.pt").exists()  # written by one of them, read by both, cleared at the end
