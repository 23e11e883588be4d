"""What the worker says it runs on: the GPU that PyTorch would take, and none that only the driver knows."""

import sys
from pathlib import Path

import pytest
import torch

from webapp.runs.worker import status as worker_status


@pytest.fixture
def a_driver_with_a_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which `nvidia-smi` tells of a GPU."""
    command = tmp_path / "nvidia-smi"
    command.write_text("#!/bin/sh\necho 'NVIDIA H100, 81559'\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")


@pytest.mark.process
@pytest.mark.skipif(torch.cuda.is_available(), reason="here PyTorch can use a GPU")
def test_a_gpu_that_pytorch_cannot_use_is_not_told_of(a_driver_with_a_gpu: None) -> None:
    machine = worker_status.look()
    assert (machine.gpu, machine.gpu_memory, machine.processor) == ("", 0, "CPU")


def answering(text: str) -> tuple[str, ...]:
    return sys.executable, "-c", f"print({text!r})"


@pytest.mark.process
def test_the_gpu_that_a_run_would_take_is_told_of() -> None:
    machine = worker_status.look(answering('{"gpu": "NVIDIA H100", "gpu_memory": 81559}'))
    assert str(machine) == "NVIDIA H100, 80 GB"


@pytest.mark.process
@pytest.mark.parametrize("answer", ["", "a warning", '{"gpu": 3}', '{"gpu": "a", "gpu_memory": -1}'])
def test_an_answer_that_is_none_is_no_gpu(answer: str) -> None:
    assert worker_status.look(answering(answer)).gpu == ""
