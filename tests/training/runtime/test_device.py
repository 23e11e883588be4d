"""What a run asks of its machine: memory that ran out in any of its names, equal bits, two works at once."""

from collections.abc import Generator

import pytest
import torch

from tests.support.generators import last_of
from training.__main__ import main
from training.commands import guess
from training.runtime.at_once import at_once, one_after_another
from training.runtime.device import (
    NO_MEMORY,
    deterministic,
    full_precision,
    is_out_of_memory,
    mixed_precision,
    resolve_device,
)

FULL = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    torch.AcceleratorError("CUDA error: out of memory"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
    MemoryError(),
]


@pytest.mark.parametrize("error", FULL, ids=lambda error: type(error).__name__)
def test_a_memory_that_is_full_is_told_as_such(error: Exception) -> None:
    assert is_out_of_memory(error)


@pytest.mark.parametrize("error", [RuntimeError("shapes differ"), ValueError("out of memory")])
def test_other_errors_are_not(error: Exception) -> None:
    assert not is_out_of_memory(error)


def test_a_command_that_runs_out_of_memory_says_so_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fill(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(guess, "do", fill)
    assert main(["guess", "maria"]) == 1
    assert NO_MEMORY in capsys.readouterr().err


def test_equal_bits_are_asked_for_and_no_longer_than_needed() -> None:
    def asked() -> tuple[bool, bool, bool]:
        cudnn = torch.backends.cudnn
        return torch.are_deterministic_algorithms_enabled(), cudnn.deterministic, cudnn.benchmark

    before = asked()
    with deterministic(True):
        assert asked() == (True, True, False)
    assert asked() == before
    with deterministic(False):
        assert asked() == before


def test_a_device_is_taken_as_it_is() -> None:
    assert resolve_device(torch.device("meta")).type == "meta"


def test_a_gpu_is_never_asked_for_half_precision() -> None:
    with mixed_precision(torch.device("cuda")):
        assert not torch.is_autocast_enabled("cuda")


def test_full_precision_undoes_the_mixed_one_on_a_cpu() -> None:
    with torch.autocast("cpu", torch.bfloat16), full_precision(torch.device("cpu")):
        assert not torch.is_autocast_enabled("cpu")


def counting(words: str, result: int) -> Generator[str, None, int]:
    yield from words
    return result


@pytest.mark.parametrize("in_order", [one_after_another, at_once])
def test_two_works_tell_all_they_do_and_both_give_their_results(in_order) -> None:
    events, results = last_of(in_order(counting("abc", 1), counting("xyz", 2)))
    assert results == (1, 2) and sorted(events) == list("abcxyz")
    assert [event for event in events if event in "abc"] == list("abc")


def test_what_fails_beside_fails_the_whole() -> None:
    def failing() -> Generator[str, None, int]:
        yield "a"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        last_of(at_once(failing(), counting("xyz", 2)))
