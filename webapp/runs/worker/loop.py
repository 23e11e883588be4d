"""The worker's process: it takes runs from the queue, one at a time, and keeps house between them."""

import logging
import signal
import threading
from collections.abc import Sequence

from huey.consumer import Consumer

from webapp.runs import lifecycle, queue
from webapp.runs.worker import status as worker_status
from webapp.runs.worker import supervisor
from webapp.runs.worker.chores import Chore, Chores

log = logging.getLogger(__name__)
TICK = 1.0  # seconds between two looks at what has gone dead
LONGEST_NAP = 0.5  # seconds the worker may sleep while the queue is empty


def work(chores: Sequence[Chore] = ()) -> None:
    """Be the worker until SIGTERM or SIGINT; a run that is going then is ended and says so.

    `chores` are done at every tick, for rooms that runs know nothing of.
    """
    stopping = threading.Event()
    queue.on_run(lambda run_id: supervisor.supervise(run_id, stopping))
    machine = worker_status.look()
    consumers = _Consumers(stopping)
    # Presence comes first, before the first message is taken: pages say on what a run will be done.
    presence, listener = worker_status.Presence(machine), lifecycle.Listener()
    all_chores = Chores([presence.show, consumers.keep, lifecycle.sweep, listener.sweep, _ask_again, *chores])
    log.info("the worker waits for runs on %s", machine)
    all_chores.do()
    # A wait and not a sleep, so that SIGTERM ends it at once.
    while not stopping.wait(TICK):
        all_chores.do()
    consumers.stop()
    presence.end()


def _ask_again() -> None:
    # A message is lost with a worker that took it and died, or with a Redis that keeps nothing.
    waiting = lifecycle.waiting()
    if waiting and not queue.queue().pending_count():
        for run_id in waiting:
            queue.enqueue(run_id)


class _Consumers:
    """Those who take runs from the queue: one, and the old ones of queues that were deleted."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._started: list[Consumer] = []
        self._take_signals()

    def keep(self) -> None:
        """See to it that one takes runs from the queue that is there."""
        if not self._started:
            self._start()
        elif queue.is_lost():
            log.error("the queue's file is gone: a new one is made, and waiting runs are put into it")
            self._started[-1].stop()  # it ends the run that it is at
            self._start()

    def stop(self) -> None:
        """Let all end; the old ones too, for each may still be ending a run."""
        for consumer in self._started:
            consumer.stop(graceful=True)

    def _start(self) -> None:
        consumer = queue.queue().create_consumer(workers=1, periodic=False, max_delay=LONGEST_NAP)
        consumer.start()
        self._started.append(consumer)
        self._take_signals()

    def _take_signals(self) -> None:
        # Each consumer takes the signals for itself as it starts, and nobody would look at what it was told.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
