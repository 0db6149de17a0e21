"""Every request that ``requests`` sends to a service on loopback, checked against the contract before it leaves.

The fixture ``contract_kept`` of ``tests/conftest.py`` does so in every test for what the program's own client sends. A request the
contract does not allow raises ``tests.network.contract.Broken`` (an AssertionError, which no client catches) out of the call that
sent it; ``recorder.sent`` counts what was sent by operation (``"POST /v1/batches"``). Requests to paths outside ``/v1/`` are left
alone: tests of bad lines talk to servers that are no service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from tests.network.contract import Broken, check_request


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
        if not parts.path.startswith("/v1/") or self.sender not in (None, request.headers.get("User-Agent")):
            return
        raw = _bytes(request.body)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            route = check_request(str(request.method), target, request.headers, raw)
        except Broken as broken:
            self.broken.append(str(broken))
            raise
        self.sent[f"{route.method} {route.template}"] += 1


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
