"""An exchange on a thread of its own, which is left behind when nobody waits for its answer any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from desktop.ledger.problem import Cancelled

_LOOK_SECONDS = 0.1


class Underway:
    """``ask`` runs at once; ``dropped`` is set when its answer is wanted no more."""

    def __init__(self, ask: Callable[[], bytes], dropped: threading.Event) -> None:
        self._answers: SimpleQueue[bytes | Exception] = SimpleQueue()
        self._ask = ask
        self.dropped = dropped
        threading.Thread(target=self._work, name="exchange", daemon=True).start()

    def _work(self) -> None:
        try:
            self._answers.put(self._ask())
        except Exception as error:  # noqa: BLE001 - carried to the thread that waits
            self._answers.put(error)

    def answer(self, cancelled: Callable[[], bool]) -> bytes:
        """Wait for it. ``cancelled`` is asked ten times a second: raises Cancelled then, and whatever the exchange raised."""
        while True:
            try:
                answer = self._answers.get(timeout=_LOOK_SECONDS)
            except Empty:
                if cancelled():
                    self.dropped.set()
                    raise Cancelled from None
                continue
            if isinstance(answer, Exception):
                raise answer
            return answer
