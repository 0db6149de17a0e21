"""The remote's endpoints, tokens and patience, over ``wire``: which request, when again, how long to wait."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
import tenacity

from desktop.ledger.problem import Cancelled
from desktop.sync import messages, skew
from desktop.sync.canonical import encode
from desktop.sync.egress import Gate
from desktop.sync.outcome import RemoteProblem, Withheld
from desktop.sync.ports import Credentials
from desktop.sync.wire import JSON, OCTETS, Wire

N_TRIES = 5
LONGEST_WAIT_SECONDS = 60
_LOOK_SECONDS = 0.1

Shape = TypeVar("Shape")


def clock() -> datetime:
    """The moment by this computer's clock."""
    return datetime.now(UTC)


class Client:
    """A remote at an address. ``gate`` and what is optional are those of ``Wire``; ``pause`` and ``draw`` are replaced in tests.

    ``role``: what the remote is kept for, network or hub; "" to be told by it.
    """

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        gate: Callable[[], Gate],
        *,
        address_gate: Callable[[], Gate] | None = None,
        cancelled: Callable[[], bool] | None = None,
        authorities: str = "",
        role: str = "",
        pause: Callable[[float], None] | None = None,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.wire = Wire(address, gate, cancelled, authorities, address_gate)
        self._credentials = credentials
        self._role = role
        self._cancelled = cancelled
        self._draw = draw
        self._epoch = ""
        self._access = ""
        self.keys: list[messages.ServiceKey] = []
        self.books: dict[str, str] = {}
        self.newest_notice = ""
        self.newest_publication = ""
        self.ahead: timedelta | None = None
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(self._again),
            wait=self._wait,
            stop=tenacity.stop_after_attempt(N_TRIES),
            sleep=pause or self._rest,
            reraise=True,
        )

    @property
    def epoch(self) -> str:
        """The remote's epoch, as it was told last."""
        return self._epoch

    @property
    def n_requests(self) -> int:
        """How many requests were sent, each try counted."""
        return self.wire.n_requests

    def enrol(self, code: str, device_id: str, name: str, public_key: str | None = None) -> messages.Enrolled:
        """Turn an enrolment code into this device; its refresh token is kept. The same call again is safe when the answer
        was lost. ``public_key`` is what its offline packages are signed with."""
        told = {"code": code, "device_id": device_id, "name": name}
        body = encode(told if public_key is None else told | {"public_key": public_key})
        enrolled = self._ask("POST", "/v1/devices", messages.Enrolled, body, signed=False)
        self._credentials.save(enrolled.refresh_token)
        self._access, self._epoch = enrolled.access_token, enrolled.epoch
        return enrolled

    def revoke(self, device_id: str) -> None:
        """End this device at the remote."""
        self._ask("DELETE", f"/v1/devices/{quote(device_id, safe='')}", dict[str, Any])

    def capabilities(self) -> messages.Capabilities:
        """Who the remote is; its epoch is named in what follows. ``ahead``: by how much the clock here is ahead of its (``skew.ahead``).

        Raises RemoteProblem ``sync.role_changed`` for a service of another role than it is kept for: nothing is asked of it or told to it.
        """
        asked = clock()
        told = self._ask("GET", "/v1/capabilities", messages.Capabilities, signed=False)
        if self._role not in ("", told.role):
            raise RemoteProblem("sync.role_changed", "stop", remote=f"sync.remote.{self._role}")
        self._epoch, self.keys, self.books = told.epoch, told.keys, told.books
        self.ahead = skew.ahead(told.now, asked, clock())
        return told

    def send(self, content: bytes) -> messages.Receipt:
        """Send a sealed batch."""
        return self._ask("POST", "/v1/batches", messages.Receipt, content)

    def receipt(self, key: str) -> messages.Receipt | None:
        """The receipt of a batch sent before, None when the remote does not know it."""
        return self._unless("batch.unknown", f"/v1/batches/{quote(key, safe='')}", messages.Receipt)

    def changes(self, cursor: str) -> messages.Page:
        """The page after the cursor, the last one with the digest if the remote tells it there.

        The page after it is asked for already, so that the remote reads it while this one is taken in; whoever asks otherwise is
        answered as if it had not been.
        """
        page = self._ask("GET", _changes(cursor), messages.Page)
        self.newest_notice, self.newest_publication = page.notices, page.publications
        if page.more:
            with suppress(Withheld):  # whoever asks for it is told
                self.wire.ahead(_changes(page.cursor), self._signature())
        return page

    def entity(self, kind: str, key: str) -> messages.Item | None:
        """One entity, None when the remote has none."""
        return self._unless("entity.unknown", f"/v1/entities/{quote(kind, safe='')}/{quote(key, safe='')}", messages.Item)

    def digest(self) -> messages.Digest:
        """The digest of what the remote holds."""
        return self._ask("GET", "/v1/digest", messages.Digest)

    def recover(self, content: bytes) -> messages.Recovered:
        """Hand back a tail after a restore of the remote."""
        return self._ask("POST", "/v1/recover", messages.Recovered, content)

    def anchor(self, ledger_id: str, head: str, n_operations: int) -> dict[str, Any]:
        """Have the head of the ledger's chain signed; the receipt as it came."""
        return self._ask("POST", "/v1/anchors", dict[str, Any], encode({"head": head, "ledger_id": ledger_id, "n_operations": n_operations}))

    def declare_file(self, sha256: str, n_bytes: int) -> messages.FileState:
        """Announce a file of evidence, or ask again what is there of it."""
        return self._ask("PUT", f"/v1/blobs/{quote(sha256, safe='')}", messages.FileState, encode({"n_bytes": n_bytes}))

    def send_part(self, sha256: str, number: int, content: bytes) -> messages.FileState:
        """Send one part of it."""
        path = f"/v1/blobs/{quote(sha256, safe='')}/parts/{number}"
        return _decoded(self._signed("PUT", path, content, gives=OCTETS), messages.FileState)

    def file(self, sha256: str) -> messages.FileState | None:
        """What is there of a file, None when nothing is."""
        return self._unless("blob.unknown", f"/v1/blobs/{quote(sha256, safe='')}", messages.FileState)

    def part(self, sha256: str, number: int) -> bytes:
        """One part of a file that is there whole."""
        return self._signed("GET", f"/v1/blobs/{quote(sha256, safe='')}/parts/{number}", takes=OCTETS)

    def codebook(self, name: str) -> messages.Codebook:
        """A code book."""
        return self._ask("GET", f"/v1/reference/{quote(name, safe='')}", messages.Codebook)

    def catalogue(self, cursor: str) -> messages.Catalogue:
        """A page of other institutions' instruments."""
        return self._ask("GET", f"/v1/catalogue?cursor={quote(cursor, safe='')}", messages.Catalogue)

    def sessions(self, key: str, cursor: str) -> messages.Sessions | None:
        """A page of what sensors saw on an own instrument; None when the remote has no such instrument."""
        path = f"/v1/sensors/{quote(key, safe='')}/sessions?cursor={quote(cursor, safe='')}"
        return self._unless("entity.unknown", path, messages.Sessions)

    def notices(self, after: str = "") -> messages.Notices:
        """Notices to the institution after a cursor."""
        return self._ask("GET", f"/v1/notices?cursor={quote(after, safe='')}", messages.Notices)

    def publications(self, after: str = "") -> messages.Publications:
        """What the remote says of the institution's own instruments, after a cursor."""
        return self._ask("GET", f"/v1/publications?cursor={quote(after, safe='')}", messages.Publications)

    def close(self) -> None:
        """Let go of the connection."""
        self.wire.close()

    def _unless(self, remote_code: str, path: str, shape: type[Shape]) -> Shape | None:
        try:
            return self._ask("GET", path, shape)
        except RemoteProblem as problem:
            if problem.remote_code == remote_code:
                return None
            raise

    def _ask(self, method: str, path: str, shape: type[Shape], content: bytes = b"", *, signed: bool = True) -> Shape:
        """One request with its retries."""
        if signed:
            return _decoded(self._signed(method, path, content), shape)
        return _decoded(self._retrying(self._exchange, method, path, content, False), shape)

    def _signed(self, method: str, path: str, content: bytes = b"", *, gives: str = JSON, takes: str = JSON) -> bytes:
        """A request of this device, with its retries; an expired access token is renewed once."""
        if not self._access:
            self._renew()
        try:
            return self._retrying(self._exchange, method, path, content, True, gives, takes)
        except RemoteProblem as problem:
            if problem.remote_code not in ("auth.expired", "auth.missing"):
                raise
            self._renew()
            return self._retrying(self._exchange, method, path, content, True, gives, takes)

    def _renew(self) -> None:
        kept = self._credentials.load()
        if kept is None:
            raise RemoteProblem("sync.reauth", "reauth")
        body = encode({"refresh_token": kept})
        tokens = _decoded(self._retrying(self._exchange, "POST", "/v1/token", body, False), messages.Tokens)
        self._credentials.save(tokens.refresh_token)
        self._access = tokens.access_token

    def _exchange(self, method: str, path: str, content: bytes, signed: bool, gives: str = JSON, takes: str = JSON) -> bytes:
        return self.wire.exchange(method, path, content, self._signature() if signed else {}, gives=gives, takes=takes)

    def _signature(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._access}", "Yixiang-Epoch": self._epoch}

    def _rest(self, seconds: float) -> None:
        """Wait before the next try, but not longer than the person at the desk wants to."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._cancelled is not None and self._cancelled():
                raise Cancelled
            time.sleep(min(left, _LOOK_SECONDS))

    @staticmethod
    def _again(error: BaseException) -> bool:
        if not isinstance(error, RemoteProblem) or error.action != "retry" or error.remote_code == "batch.unknown":
            return False
        return error.retry_after is None or error.retry_after <= LONGEST_WAIT_SECONDS

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """What the service asked for, else full jitter under a doubling ceiling."""
        error = state.outcome.exception() if state.outcome is not None else None
        if isinstance(error, RemoteProblem) and error.retry_after is not None:
            return error.retry_after + self._draw(0, 1)
        return self._draw(0, min(30.0, 0.5 * 2**state.attempt_number))


def _changes(cursor: str) -> str:
    return f"/v1/changes?digest=true&cursor={quote(cursor, safe='')}"


def _decoded(raw: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, RecursionError) as error:
        raise RemoteProblem("sync.not_service", "stop") from error
