"""What programs in processes of their own send to a service and are answered, held against the contract on the line between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler

from tests.network.contract import Broken
from tests.network.recorder import Recorder
from tests.sync.faulty import Answer, Line


class Overhearing(Line):
    """A line to the service on which every exchange is held against the contract; it passes on what it hears, be it as it may."""

    def __init__(self, address: str) -> None:
        self.recorder = Recorder()
        super().__init__(int(address.rpartition(":")[2]))

    def exchanged(self, request: BaseHTTPRequestHandler, body: bytes, answer: Answer) -> None:
        with suppress(Broken):  # it is in the list of the recorder
            route = self.recorder.asked(request.command, request.path, dict(request.headers), body)
            self.recorder.answered(route, answer.status, answer.headers, answer.raw)


@contextmanager
def overheard(address: str) -> Iterator[tuple[str, Recorder]]:
    """Another address of the service, on which it is heard what any program sends and is answered. Raises Broken at the end for what
    lay outside the contract."""
    line = Overhearing(address)
    try:
        yield line.address, line.recorder
    finally:
        line.close()
    if line.recorder.broken:
        raise Broken("\n".join(line.recorder.broken))
