"""Every request that ``requests`` sends to a service on loopback, checked against the contract before it leaves.

The fixture ``contract_kept`` of ``tests/conftest.py`` does so in every test for what the program's own client sends. A request the
contract does not allow raises ``tests.network.contract.Broken`` (an AssertionError, which no client catches) out of the call that
sent it; ``recorder.sent`` counts what was sent by operation (``"POST /v1/batches"``). The program's own client asks for nothing outside
``/v1/``; of other senders such requests are left alone: tests of bad lines talk to servers that are no service.

What programs in processes of their own send is heard on the line to the service (``tests.network.overhearing``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from tests.network.contract import Broken, Route, check_answer, check_request

CLIENT = "yixiang"
"""What the program's client calls itself in User-Agent."""


@dataclass
class Recorder:
    """What was sent, by operation; ``broken`` are the requests that were stopped, so that a test can ask for none at its end.

    ``sender``: only requests whose User-Agent is this one are looked at; None looks at all.
    """

    sender: str | None = None
    sent: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def check(self, request: requests.PreparedRequest) -> None:
        """Raises Broken for a request that is outside the contract."""
        parts = urlsplit(request.url or "")
        agent = request.headers.get("User-Agent")
        if self.sender in (None, agent) and (agent == CLIENT or parts.path.startswith("/v1/")):
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            self.asked(str(request.method), target, request.headers, _bytes(request.body))

    def asked(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Route:
        """Count a request by its operation. Raises Broken for one that is outside the contract."""
        with self._noting():
            route = check_request(method, target, headers, body)
        self.sent[f"{route.method} {route.template}"] += 1
        return route

    def answered(self, route: Route, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Raises Broken for an answer that is outside the contract."""
        with self._noting():
            check_answer(route, status, headers, body)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except Broken as broken:
            self.broken.append(str(broken))
            raise


def _bytes(body: Any) -> bytes:
    """The body as it will leave; a file is read and put back to where it was."""
    if hasattr(body, "read"):
        start = body.tell()
        content: bytes = body.read()
        body.seek(start)
        return content
    return body.encode() if isinstance(body, str) else bytes(body or b"")


@contextmanager
def recording(sender: str | None = None) -> Iterator[Recorder]:
    """Check everything ``requests`` sends inside the block, whichever session sends it; with ``sender`` only what that program sends."""
    recorder, send = Recorder(sender), HTTPAdapter.send

    def checked(adapter: HTTPAdapter, request: requests.PreparedRequest, *given: Any, **named: Any) -> requests.Response:
        recorder.check(request)
        return send(adapter, request, *given, **named)

    HTTPAdapter.send = checked  # type: ignore[method-assign]
    try:
        yield recorder
    finally:
        HTTPAdapter.send = send  # type: ignore[method-assign]
