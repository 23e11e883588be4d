"""What one thread has freed, the others use; what processes share, they go on sharing."""

import subprocess
import sys

import pytest

from webapp.config import ROOT

FREED_BY_EIGHT_THREADS = """
import gc, re, threading
from pathlib import Path
from webapp.server import memory

{settle}
room = threading.Barrier(8)

def use():
    room.wait()
    kept = [bytes(1000) for _ in range(20_000)]  # 20 MB
    room.wait()

threads = [threading.Thread(target=use) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
maps = Path("/proc/self/maps").read_text()
print(len(re.findall("rw-p 00000000 00:00 0 *$", maps, re.M)), gc.get_freeze_count())
"""


def run(settle: str) -> tuple[int, int]:
    code = FREED_BY_EIGHT_THREADS.format(settle=settle)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    heaps, frozen = done.stdout.split()
    return int(heaps), int(frozen)


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="It looks at /proc.")
def test_threads_share_few_heaps_and_what_is_there_is_frozen() -> None:
    own, frozen_before = run("")
    shared, frozen = run("memory.use_few_arenas(); memory.share_with_forks()")
    assert shared < own and frozen > 1_000 and frozen_before == 0
