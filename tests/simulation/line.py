"""A seat's way to the service: the network port, with everything that can happen on the way.

A request may be lost before or after its effect, stay on the way and take effect much later (in any order), arrive twice,
arrive torn, be put off or fail, or be the last thing the process did. What a process may not do is recorded here: every
byte that leaves is searched for what is confidential at its seat.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from desktop.sync.egress import Gate
from desktop.sync.messages import Capabilities, Digest, FileState, Item, Page, Receipt, Recovered
from desktop.sync.outcome import Action, RemoteProblem, refused
from tests.simulation.service import Refused
from tests.sync.memory_tables import Killed

if TYPE_CHECKING:
    from tests.simulation.history import History
    from tests.simulation.seat import Seat

Answer = TypeVar("Answer")
FAULTS = (
    "lost before",
    "lost after",
    "delayed",
    "twice",
    "429",
    "500 before",
    "502 after",
    "request torn",
    "answer torn",
    "not the service",
    "killed before",
    "killed after",
)


class Line:
    """The port of one seat."""

    def __init__(self, history: History, seat: Seat) -> None:
        self.history = history
        self.seat = seat
        self.epoch = ""

    def capabilities(self) -> Capabilities:
        told = self._ask("capabilities", self.seat.service.capabilities)
        self.epoch = told.epoch
        return told

    def send(self, content: bytes) -> Receipt:
        device = self.seat.device_id
        return self._ask("send", self._named(lambda: self.seat.service.send(device, content)), content)

    def receipt(self, key: str) -> Receipt | None:
        return self._ask("receipt", self._named(lambda: self.seat.service.receipt(key)), b"", key)

    def changes(self, cursor: str) -> Page:
        return self.history.sizes.take(self._ask("changes", self._named(lambda: self.seat.service.changes(cursor))))

    def entity(self, kind: str, key: str) -> Item | None:
        return self._ask("entity", self._named(lambda: self.seat.service.entity(kind, key)), b"", f"{kind}/{key}")

    def digest(self) -> Digest:
        return self._ask("digest", self._named(self.seat.service.digest))

    def recover(self, content: bytes) -> Recovered:
        return self._ask("recover", self._named(lambda: self.seat.service.recover(content)), content)

    def declare_file(self, sha256: str, n_bytes: int) -> FileState:
        return self._ask("declare", self._named(lambda: self.seat.service.declare_file(sha256, n_bytes)), b"", sha256)

    def send_part(self, sha256: str, number: int, content: bytes) -> FileState:
        return self._ask("part", self._named(lambda: self.seat.service.send_part(sha256, number, content)), b"", sha256)

    def _named(self, effect: Callable[[], Answer]) -> Callable[[], Answer]:
        epoch, service = self.epoch, self.seat.service

        def entered() -> Answer:
            service.enter(epoch)
            return effect()

        return entered

    def _ask(self, name: str, effect: Callable[[], Answer], content: bytes = b"", address: str = "") -> Answer:
        history = self.history
        history.meanwhile(self.seat)
        if content or address:
            Gate(self.seat.memory.markers()).check(content, address)
            history.watch.leaves(self.seat, content, address)
        fault = history.draw_fault()
        if fault is not None:
            history.note("fault", self.seat, fault, name)
            return self._faulty(fault, effect)
        history.note("asked", self.seat, name)
        answer = _told(effect)
        history.meanwhile(self.seat)
        return answer

    def _faulty(self, fault: str, effect: Callable[[], Answer]) -> Answer:
        if fault == "lost before":
            raise RemoteProblem("sync.offline", "retry")
        if fault == "delayed":
            self.history.mischance.under_way.append(effect)
            raise RemoteProblem("sync.stalled", "retry")
        if fault == "429":
            raise RemoteProblem("sync.busy", "retry", remote_code="rate.limited", retry_after=7)
        if fault == "500 before":
            raise RemoteProblem("sync.busy", "retry", remote_code="service.failed")
        if fault == "request torn":
            raise RemoteProblem("sync.busy", "retry", remote_code="body.digest")
        if fault == "not the service":
            raise RemoteProblem("sync.not_service", "stop")
        if fault == "killed before":
            raise Killed("before a request")
        if fault == "twice":
            _told(effect)
            return _told(effect)
        _told(effect)
        if fault == "lost after":
            raise RemoteProblem("sync.offline", "retry")
        if fault == "502 after":
            raise RemoteProblem("sync.busy", "retry")
        if fault == "answer torn":
            raise RemoteProblem("sync.damaged", "retry")
        raise Killed("after a request")


def _told(effect: Callable[[], Answer]) -> Answer:
    try:
        return effect()
    except Refused as refusal:
        raise refused(refusal.code, cast(Action, refusal.action)) from refusal
