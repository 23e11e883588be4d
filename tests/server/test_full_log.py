"""A log that takes no line, on a disk that is full: what keeps the site running goes on."""

import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path

import pytest

from tests.support.full_disk import filled, small_disk
from tests.support.processes import Visitor
from tests.support.sites import copy_instance
from tests.support.waiting import eventually
from tests.support.whole_site import Site
from webapp.config import ROOT
from webapp.server.supervisor import Part, Supervisor

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="This system has no device that is always full.")


@needs_full
@pytest.mark.process
def test_a_part_is_started_again_though_nobody_can_be_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "started"
    part = Part("short", f"echo once >> {note}", ROOT, os.environ, os.getpid())
    supervisor = Supervisor([part], has_answered=lambda: True)

    def wait(_seconds: float) -> bool:
        return note.exists() and note.read_text().count("once") == 2

    monkeypatch.setattr(supervisor.stopping, "wait", wait)
    with FULL.open("wb", buffering=0) as full:
        monkeypatch.setattr(sys, "stderr", TextIOWrapper(full, write_through=True))
        assert supervisor.run() == 0
    assert note.read_text() == "once\nonce\n"


@pytest.mark.process
def test_parts_that_die_on_a_full_disk_are_started_again_there(tmp_path: Path, blank_instance: Path) -> None:
    with small_disk(tmp_path / "disk", 300) as disk:
        if disk is None:
            pytest.skip("This user may not mount a disk of its own, so none can be filled.")
        site = Site(copy_instance(blank_instance, disk / "instance"))
        try:
            with filled(disk):
                [worker], [master] = site.pids("wsgi worker"), site.masters()
                for pid in (worker, master):
                    os.kill(pid, signal.SIGKILL)
                assert eventually(lambda: {worker, master}.isdisjoint(site.pids("")) and site.is_whole())
                assert "Giovanna" in Visitor(site.address).get("/?name=Giovanna")
            assert eventually(lambda: Visitor(site.address).answer("Zuleika", "both"))
        finally:
            site.end()
