"""The worker's process: it takes runs from the queue, one at a time, and keeps house between them."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence

from huey.consumer import Consumer

from webapp.runs import lifecycle, queue
from webapp.runs.worker import status as worker_status
from webapp.runs.worker import supervisor

log = logging.getLogger(__name__)
TICK = 1.0  # seconds between two looks at what has gone dead
_troubles: dict[Callable[[], None], str] = {}
"""What went wrong with each chore at the last tick, so that a long outage is told once."""
LONGEST_NAP = 0.5  # seconds the worker may sleep while the queue is empty


def work(chores: Sequence[Callable[[], None]] = ()) -> None:
    """Be the worker until SIGTERM or SIGINT; a run that is going then is ended and says so.

    `chores` are done at every tick, for rooms that runs know nothing of.
    """
    stopping = threading.Event()
    queue.on_run(lambda run_id: supervisor.supervise(run_id, stopping))
    # Before the first message is taken: pages say on what a run will be done.
    machine = worker_status.look()
    worker_status.write(machine)
    consumers = [_start_consumer(stopping)]
    log.info("the worker waits for runs on %s", machine)
    # A wait and not a sleep, so that SIGTERM ends it at once.
    listener = lifecycle.Listener()
    each_tick = (worker_status.still_here, lifecycle.sweep, listener.sweep, _ask_again, *chores)
    while not stopping.wait(TICK):
        for chore in each_tick:
            _guarded(chore)
        if queue.is_lost():
            log.error("the queue's file is gone: a new one is made, and waiting runs are put into it")
            consumers[-1].stop()  # it ends the run that it is at
            consumers.append(_start_consumer(stopping))
    # The old ones too: each may still be ending a run.
    for consumer in consumers:
        consumer.stop(graceful=True)
    worker_status.gone()


def _guarded(chore: Callable[[], None]) -> None:
    # Whatever it is, a database that is away or a full disk: worker and run go on, and the next tick tries.
    try:
        chore()
    except Exception as error:
        if str(error) != _troubles.get(chore):
            log.exception("the worker could not do one of its chores; it tries again each second")
        _troubles[chore] = str(error)
    else:
        _troubles.pop(chore, None)


def _ask_again() -> None:
    # A message is lost with a worker that took it and died, or with a Redis that keeps nothing.
    waiting = lifecycle.waiting()
    if waiting and not queue.queue().pending_count():
        for run_id in waiting:
            queue.enqueue(run_id)


def _start_consumer(stopping: threading.Event) -> Consumer:
    consumer = queue.queue().create_consumer(workers=1, periodic=False, max_delay=LONGEST_NAP)
    consumer.start()
    # Each consumer takes the signals for itself as it starts, and nobody would look at what it was told.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return consumer
