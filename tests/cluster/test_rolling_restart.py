"""Two machines behind nginx are restarted one after the other under load: nobody is refused."""

import http.client
import ssl
import threading
import urllib.parse
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.deploy.test_nginx import HOST, SAMPLE, in_front, is_up
from tests.deploy.test_nginx import nginx as nginx  # a fixture
from tests.support import sites
from tests.support.processes import GUNICORN, Process
from tests.support.waiting import eventually

pytestmark = pytest.mark.process
KEY = "two machines 0123456789 abcdefghijk"


class Load:
    """Visitors who ask without end, and count what they are answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.codes: Counter[str] = Counter()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(3)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, me: int) -> None:
        n = 0
        while not self._stop.is_set():
            n += 1
            name = f"Ann{'aei'[me]}{'lmnrst'[n % 6]}{'aeiou'[n % 5]}"
            path = "/?" + urllib.parse.urlencode({"name": name})
            self.codes[_code(self.port, path)] += 1

    def asks_on(self) -> bool:
        """Say whether some more were answered by now."""
        before = self.codes.total()
        return eventually(lambda: self.codes.total() > before + 20)


def _code(port: int, path: str) -> str:
    context = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)
    try:
        connection.request("GET", path, headers={"Host": HOST})
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


@pytest.fixture
def instances(blank_instance: Path, postgresql: str, blank_database: str, tmp_path: Path) -> list[Path]:
    return [sites.copy_instance(blank_instance, tmp_path / name) for name in ("one", "other")]


def test_machines_are_restarted_in_turn_without_a_failed_request(
    nginx: str, instances: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "nginx").mkdir()
    own = {"SECRET_KEY": KEY, "PROXIES": "1", "WEB_WORKERS": "1", "WEB_DRAIN_SECONDS": "30"}
    with ExitStack() as ends:
        machines = []
        for instance in instances:
            machines.append(Process(GUNICORN, instance, own))
            ends.callback(machines[-1].end)
            machines[-1].wait_until_ready()
        addresses = [machine.address.removeprefix("http://") for machine in machines]
        port = ends.enter_context(in_front(nginx, tmp_path / "nginx", " ".join(addresses)))
        assert eventually(lambda: is_up(port))
        with Load(port) as load:
            for machine, address, instance in zip(machines, addresses, instances, strict=True):
                assert load.asks_on()
                machine.end()
                assert load.asks_on()
                again = Process(GUNICORN, instance, own | {"PORT": address.rpartition(":")[2]})
                ends.callback(again.end)
                again.address = f"http://{address}"
                again.wait_until_ready()
                assert load.asks_on()
        assert load.codes.total() > 100 and set(load.codes) == {"200"}


def test_the_sample_leaves_no_machine_out_for_being_busy() -> None:
    [said] = [line for line in SAMPLE.splitlines() if line.strip().startswith("proxy_next_upstream ")]
    assert said.split() == ["proxy_next_upstream", "error", "timeout;"]
