"""What programs in processes of their own send to a service and are answered, held against the contract on the line between them."""

from __future__ import annotations

import http.client
import io
import socket
import socketserver
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple

from tests.network.contract import Broken, Route
from tests.network.recorder import Recorder

_PIECE = 1 << 16
_END = b"\r\n\r\n"


class Message(NamedTuple):
    """A request or an answer that is there as a whole; ``first`` is its first line, ``n_bytes`` the whole of it."""

    first: list[str]
    headers: Mapping[str, str]
    body: bytes
    n_bytes: int


def message(content: bytes) -> Message | None:
    """The message with which the bytes begin; None as long as some of it is missing. Raises ValueError for a length that is none."""
    head, found, _ = content.partition(_END)
    if not found:
        return None
    first, _, rest = head.partition(b"\r\n")
    headers = dict(http.client.parse_headers(io.BytesIO(rest + _END)))
    length = next((int(value) for name, value in headers.items() if name.lower() == "content-length"), 0)
    start = len(head) + len(_END)
    if len(content) < start + length:
        return None
    return Message(first.decode("latin-1").split(" ", 2), headers, content[start : start + length], start + length)


class Overhearing(socketserver.ThreadingTCPServer):
    """A line to the service on which every byte passes as it comes, also of a request that breaks off, and connections live as long as without it.

    What is whole is held against the contract before its last byte passes, so that who has an answer knows it was heard; it passes be it as
    it may. What broke off is not looked at: its sender was killed.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: str) -> None:
        self.recorder = Recorder()
        self.target = int(address.rpartition(":")[2])
        self._one = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Passing)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def hear(self, check: Callable[[Message], object], content: bytes) -> bytes:
        """Check every message that is whole; the rest of the bytes."""
        with self._one:
            try:
                while found := message(content):
                    content = content[found.n_bytes :]
                    with suppress(Broken):  # it is in the list of the recorder
                        check(found)
            except (ValueError, LookupError) as error:
                self.recorder.broken.append(f"no message of HTTP, or none that can be held against the contract: {error!r}")
                return b""
        return content

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Passing(socketserver.BaseRequestHandler):
    server: Overhearing

    def handle(self) -> None:
        routes: deque[Route | None] = deque()
        recorder = self.server.recorder

        def asked(one: Message) -> None:
            routes.append(None)
            routes[-1] = recorder.asked(one.first[0], one.first[1], one.headers, one.body)

        def answered(one: Message) -> None:
            # A request that broke off may be answered before the service hears that nobody is there any more: it was none.
            route = routes.popleft() if routes else None
            if route is not None:
                recorder.answered(route, int(one.first[1]), one.headers, one.body)

        with suppress(OSError), socket.create_connection(("127.0.0.1", self.server.target)) as beyond:
            for end in (self.request, beyond):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._pass, args=(beyond, self.request, answered), daemon=True)
            back.start()
            self._pass(self.request, beyond, asked)
            back.join()

    def _pass(self, source: socket.socket, target: socket.socket, check: Callable[[Message], object]) -> None:
        waiting = b""
        with suppress(OSError):  # one of the two has gone
            while piece := source.recv(_PIECE):
                waiting = self.server.hear(check, waiting + piece)
                target.sendall(piece)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


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
