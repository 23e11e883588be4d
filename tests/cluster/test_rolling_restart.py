"""Two machines behind nginx are restarted one after the other under load: nobody is refused."""

import http.client
import ssl
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from tests.deploy.test_nginx import HOST, SAMPLE, in_front, is_up
from tests.deploy.test_nginx import nginx as nginx  # a fixture
from tests.support import sites
from tests.support.processes import GUNICORN, Process
from tests.support.repeating import Repeating
from tests.support.waiting import eventually

pytestmark = pytest.mark.process
KEY = "two machines 0123456789 abcdefghijk"


class Askers(Repeating):
    """Three visitors who ask for guesses, and count what they are answered."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.codes: Counter[str] = Counter()
        for vowel in "aei":
            self.add(partial(self._ask, vowel, count()))

    def _ask(self, vowel: str, numbers: Iterator[int]) -> None:
        n = next(numbers)
        name = f"Ann{vowel}{'lmnrst'[n % 6]}{'aeiou'[n % 5]}"
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
        with Askers(port) as askers:
            for machine, address, instance in zip(machines, addresses, instances, strict=True):
                assert askers.asks_on()
                machine.end()
                assert askers.asks_on()
                again = Process(GUNICORN, instance, own | {"PORT": address.rpartition(":")[2]})
                ends.callback(again.end)
                again.address = f"http://{address}"
                again.wait_until_ready()
                assert askers.asks_on()
        assert askers.codes.total() > 100 and set(askers.codes) == {"200"}


def test_the_sample_leaves_no_machine_out_for_being_busy() -> None:
    [said] = [line for line in SAMPLE.splitlines() if line.strip().startswith("proxy_next_upstream ")]
    assert said.split() == ["proxy_next_upstream", "error", "timeout;"]
