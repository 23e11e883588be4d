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


BUILT = """
import gc, sys
from webapp.server import memory

class Loop:
    def __init__(self): self.me = self
    def __del__(self): print("gone")

found = []
gc.callbacks.append(lambda phase, info: found.append(phase))
with memory.looking_for_no_garbage():
    kept = [[] for _ in range(100_000)]
    Loop()
print(len(found), gc.isenabled(), gc.get_freeze_count() > 100_000)
gc.collect()
print("now")
memory.share_with_forks()
print(gc.get_freeze_count() > 100_000)
"""


@pytest.mark.process
def test_what_is_built_is_never_searched_until_it_is_shared() -> None:
    done = subprocess.run([sys.executable, "-c", BUILT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:4] == ["0 True True", "now", "gone", "True"]


@pytest.mark.process
def test_a_site_without_a_bucket_does_not_load_what_speaks_to_one() -> None:
    code = "import sys, wsgi; print('boto3' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
