"""The remote over HTTP. ``Client._exchange`` is the one function of the program that opens a socket.

TLS except on loopback, no proxies from the environment, no redirects, certificates always checked. Every body passes the
egress gate as the exact bytes that leave. Waiting is bounded by silence, not by duration: a slow line that still moves is
left to work.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import random
import time
import zlib
from collections.abc import Callable
from typing import Any, TypeVar, cast, get_args
from urllib.parse import quote, urlsplit

import msgspec
import requests
import tenacity

from desktop.sync import messages
from desktop.sync.canonical import encode
from desktop.sync.egress import Gate
from desktop.sync.outcome import Action, RemoteProblem, refused
from desktop.sync.ports import Credentials

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
CONNECT_SECONDS = 10
SILENCE_SECONDS = 30
N_TRIES = 5
LONGEST_WAIT_SECONDS = 60
MAX_RECEIVED = 32 * 1024 * 1024
MAX_DECODED = 64 * 1024 * 1024
_GZIP_FROM = 1024
_PART = 65_536
_PASSING = frozenset({429, 502, 503, 504})

Shape = TypeVar("Shape")


def check_address(address: str) -> str:
    """The address without a trailing slash. Raises RemoteProblem unless it is https, or http on loopback, without user or
    query."""
    parts = urlsplit(address)
    plain = parts.username is None and not parts.query and not parts.fragment
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (parts.hostname and plain and secure):
        raise RemoteProblem("sync.bad_address", "stop", address=address)
    return address.rstrip("/")


def content_digest(content: bytes) -> str:
    """The Content-Digest header of these bytes (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


class Client:
    """A remote at an address. ``gate`` gives the egress gate of the moment; ``pause`` and ``draw`` are replaced in tests."""

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        gate: Callable[[], Gate],
        *,
        pause: Callable[[float], None] = time.sleep,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.address = check_address(address)
        self.n_requests = 0
        self._credentials = credentials
        self._gate = gate
        self._draw = draw
        self._epoch = ""
        self._access = ""
        self._session = requests.Session()
        self._session.trust_env = False
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(self._again),
            wait=self._wait,
            stop=tenacity.stop_after_attempt(N_TRIES),
            sleep=pause,
            reraise=True,
        )

    def enrol(self, code: str, device_id: str, name: str) -> messages.Enrolled:
        """Turn an enrolment code into this device; its refresh token is kept. The same call again is safe when the answer
        was lost."""
        body = encode({"code": code, "device_id": device_id, "name": name})
        enrolled = self._ask("POST", "/v1/devices", messages.Enrolled, body, signed=False)
        self._credentials.save(enrolled.refresh_token)
        self._access, self._epoch = enrolled.access_token, enrolled.epoch
        return enrolled

    def revoke(self, device_id: str) -> None:
        """End this device at the remote."""
        self._ask("DELETE", f"/v1/devices/{quote(device_id, safe='')}", dict[str, Any])

    def capabilities(self) -> messages.Capabilities:
        """Who the remote is; its epoch is named in what follows."""
        told = self._ask("GET", "/v1/capabilities", messages.Capabilities, signed=False)
        self._epoch = told.epoch
        return told

    def send(self, content: bytes) -> messages.Receipt:
        """Send a sealed batch."""
        return self._ask("POST", "/v1/batches", messages.Receipt, content)

    def validate(self, content: bytes) -> messages.Receipt:
        """What a batch would get; nothing is kept there."""
        return self._ask("POST", "/v1/validate", messages.Receipt, content)

    def receipt(self, key: str) -> messages.Receipt | None:
        """The receipt of a batch sent before, None when the remote does not know it."""
        return self._unless("batch.unknown", f"/v1/batches/{quote(key, safe='')}", messages.Receipt)

    def changes(self, cursor: str) -> messages.Page:
        """The page after the cursor."""
        return self._ask("GET", f"/v1/changes?cursor={quote(cursor, safe='')}", messages.Page)

    def entity(self, kind: str, key: str) -> messages.Item | None:
        """One entity, None when the remote has none."""
        return self._unless("entity.unknown", f"/v1/entities/{quote(kind, safe='')}/{quote(key, safe='')}", messages.Item)

    def digest(self) -> messages.Digest:
        """The digest of what the remote holds."""
        return self._ask("GET", "/v1/digest", messages.Digest)

    def recover(self, content: bytes) -> messages.Recovered:
        """Hand back a tail after a restore of the remote."""
        return self._ask("POST", "/v1/recover", messages.Recovered, content)

    def codebook(self, name: str) -> dict[str, Any]:
        """A code book: ``name``, ``version``, ``content``."""
        return self._ask("GET", f"/v1/reference/{quote(name, safe='')}", dict[str, Any])

    def catalogue(self, cursor: str) -> dict[str, Any]:
        """A page of other institutions' instruments: ``items``, ``cursor``, ``more``."""
        return self._ask("GET", f"/v1/catalogue?cursor={quote(cursor, safe='')}", dict[str, Any])

    def notices(self, after: str = "0") -> dict[str, Any]:
        """Notices to the institution after a cursor: ``items``, ``cursor``, ``more``."""
        return self._ask("GET", f"/v1/notices?cursor={quote(after, safe='')}", dict[str, Any])

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def _unless(self, remote_code: str, path: str, shape: type[Shape]) -> Shape | None:
        try:
            return self._ask("GET", path, shape)
        except RemoteProblem as problem:
            if problem.remote_code == remote_code:
                return None
            raise

    def _ask(self, method: str, path: str, shape: type[Shape], content: bytes = b"", *, signed: bool = True) -> Shape:
        """One request with its retries; an expired access token is renewed once."""
        if signed and not self._access:
            self._renew()
        try:
            raw = self._retrying(self._exchange, method, path, content, signed)
        except RemoteProblem as problem:
            if not signed or problem.remote_code not in ("auth.expired", "auth.missing"):
                raise
            self._renew()
            raw = self._retrying(self._exchange, method, path, content, signed)
        return _decoded(raw, shape)

    def _renew(self) -> None:
        kept = self._credentials.load()
        if kept is None:
            raise RemoteProblem("sync.reauth", "reauth")
        body = encode({"refresh_token": kept})
        tokens = _decoded(self._retrying(self._exchange, "POST", "/v1/token", body, False), messages.Tokens)
        self._credentials.save(tokens.refresh_token)
        self._access = tokens.access_token

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

    def _exchange(self, method: str, path: str, content: bytes, signed: bool) -> bytes:
        """Send one request and read its answer, decoded and checked. Raises RemoteProblem, or Withheld before anything
        leaves."""
        self._gate().check(content, path)
        headers = {"Accept": "application/json, application/problem+json", "Accept-Encoding": "gzip", "User-Agent": "yixiang"}
        sent = content
        if content:
            headers["Content-Type"] = "application/json"
            if len(content) >= _GZIP_FROM:
                sent = gzip.compress(content, compresslevel=3, mtime=0)
                headers["Content-Encoding"] = "gzip"
            headers["Content-Digest"] = content_digest(sent)
        if signed:
            headers |= {"Authorization": f"Bearer {self._access}", "Yixiang-Epoch": self._epoch}
        self.n_requests += 1
        try:
            with self._session.request(
                method,
                self.address + path,
                data=sent or None,
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
            ) as reply:
                coding = reply.raw.headers.pop("content-encoding", "identity").lower()
                received = _received(reply)
        except requests.exceptions.SSLError as error:
            raise RemoteProblem("sync.tls", "stop") from error
        except requests.exceptions.ConnectTimeout as error:
            raise RemoteProblem("sync.offline", "retry") from error
        except requests.exceptions.Timeout as error:
            raise RemoteProblem("sync.stalled", "retry") from error
        except requests.exceptions.RequestException as error:
            raise RemoteProblem("sync.offline", "retry") from error
        return _answer(reply, received, coding)


def _received(reply: requests.Response) -> bytes:
    received = bytearray()
    for part in reply.iter_content(_PART):
        received += part
        if len(received) > MAX_RECEIVED:
            raise RemoteProblem("sync.not_service", "stop")
    return bytes(received)


def _answer(reply: requests.Response, received: bytes, coding: str) -> bytes:
    media = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    retry_after = _seconds(reply.headers.get("retry-after"))
    named = reply.headers.get("content-digest")
    if media == "application/problem+json":
        try:
            document = msgspec.json.decode(_plain(received, coding), type=messages.ProblemDocument)
        except msgspec.DecodeError as error:
            raise RemoteProblem("sync.not_service", "stop") from error
        if document.action not in get_args(Action):
            raise RemoteProblem("sync.upgrade", "upgrade", remote_code=document.code)
        raise refused(document.code, cast(Action, document.action), retry_after)
    if reply.status_code in _PASSING:
        raise RemoteProblem("sync.busy", "retry", retry_after=retry_after)
    if reply.status_code not in (200, 201) or media != "application/json" or named is None:
        # A login page of the local network, a proxy, another program: whatever it is, it is not the service.
        raise RemoteProblem("sync.not_service", "stop")
    if named != content_digest(received):
        raise RemoteProblem("sync.damaged", "retry")
    return _plain(received, coding)


def _plain(received: bytes, coding: str) -> bytes:
    if coding == "identity":
        return received
    if coding != "gzip":
        raise RemoteProblem("sync.not_service", "stop")
    decoder = zlib.decompressobj(wbits=31)
    try:
        plain = decoder.decompress(received, MAX_DECODED)
    except zlib.error as error:
        raise RemoteProblem("sync.damaged", "retry") from error
    if decoder.unconsumed_tail or not decoder.eof:
        raise RemoteProblem("sync.not_service", "stop")
    return plain


def _seconds(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 6 else None


def _decoded(raw: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, RecursionError) as error:
        raise RemoteProblem("sync.not_service", "stop") from error
