"""One exchange over HTTP. ``Wire`` is the one class of the program that opens a socket.

TLS except on loopback, no proxies from the environment, no redirects, certificates always checked. Every body passes the egress
gate as the exact bytes that leave. Waiting is bounded by silence, not by duration: a slow line that still moves is left to work,
and a person who cancels does not wait for it: the exchange runs on a thread of its own, which is left behind. What will be asked for
next can be on its way while the last answer is worked on.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ssl import SSLCertVerificationError, create_default_context
from typing import Any, cast, get_args
from urllib.parse import urlsplit

import msgspec
import requests
import urllib3
from requests.adapters import HTTPAdapter

from desktop.ledger.problem import Cancelled
from desktop.sync import messages
from desktop.sync.egress import Gate
from desktop.sync.outcome import Action, RemoteProblem, refused
from desktop.sync.underway import Underway

JSON, OCTETS = "application/json", "application/octet-stream"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
CONNECT_SECONDS = 10
SILENCE_SECONDS = 30
MAX_RECEIVED = 32 * 1024 * 1024
MAX_DECODED = 64 * 1024 * 1024
_GZIP_FROM = 1024
_PART = 65_536
_PASSING = frozenset({429, 502, 503, 504})
# X509_V_ERR_* of OpenSSL: not yet valid, expired; another host name or address.
_OUT_OF_DATE = frozenset({9, 10})
_OTHER_NAME = frozenset({62, 64})


def check_address(address: str) -> str:
    """The address without a trailing slash. Raises RemoteProblem unless it is https, or http on loopback, without user or query."""
    parts = urlsplit(address)
    plain = parts.username is None and not parts.query and not parts.fragment
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (parts.hostname and plain and secure):
        raise RemoteProblem("sync.bad_address", "stop", address=address)
    return address.rstrip("/")


def content_digest(content: bytes) -> str:
    """The Content-Digest header of these bytes (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


_Asked = tuple[str, str, bytes, dict[str, str], str]


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked; ``dropped`` is set when nobody waits for the answer any more."""

    method: str
    path: str
    headers: Mapping[str, str]
    sent: bytes
    takes: str
    dropped: threading.Event


class _Outgoing(io.BytesIO):
    """A body that leaves in small parts, so that each has the whole patience for silence, and that stops when it is dropped."""

    def __init__(self, content: bytes, dropped: threading.Event) -> None:
        super().__init__(content)
        self._dropped = dropped

    def read(self, size: int | None = -1, /) -> bytes:
        if self._dropped.is_set():
            raise Cancelled
        return super().read(size)


class Vouched(HTTPAdapter):
    """TLS that trusts those who are named (PEM) and nobody else; dates and names are checked as ever."""

    def __init__(self, authorities: str) -> None:
        self._context = create_default_context(cadata=authorities)
        super().__init__()

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Every connection gets this context."""
        super().init_poolmanager(*given, ssl_context=self._context, **named)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The library would add the usual authorities to those of the context."""
        conn.cert_reqs, conn.ca_certs, conn.ca_cert_dir = "CERT_REQUIRED", None, None


class Wire:
    """The way to one address. ``gate`` gives the egress gate of the moment; ``address_gate`` the one for requests that carry nothing but their address.

    ``cancelled`` is asked ten times a second while an exchange runs. ``authorities``: certificates (PEM) of those who may vouch for the remote,
    in place of the usual ones (an institution that vouches for its own hub).
    """

    def __init__(
        self,
        address: str,
        gate: Callable[[], Gate],
        cancelled: Callable[[], bool] | None = None,
        authorities: str = "",
        address_gate: Callable[[], Gate] | None = None,
    ) -> None:
        self.address = check_address(address)
        self.n_requests = 0
        self._gate = gate
        self._address_gate = address_gate or gate
        self._cancelled = cancelled
        self._authorities = authorities
        self._session = self._new_session()
        self._ahead: tuple[_Asked, Underway] | None = None

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        if self._authorities:
            session.mount("https://", Vouched(self._authorities))
        return session

    def close(self) -> None:
        """Let go of the connection, and of what was asked ahead."""
        self._drop_ahead()
        self._session.close()

    def exchange(self, method: str, path: str, content: bytes, more: Mapping[str, str], *, gives: str = JSON, takes: str = JSON) -> bytes:
        """Send one request and read its answer, decoded and checked; ``more`` are further headers.

        ``gives`` and ``takes`` are the types of what is sent and of the answer wanted: JSON, or the plain bytes of a part of a file.
        What was asked ahead in the same words is not asked again: its answer, or its failure, is that of this request.

        Raises RemoteProblem; Withheld before anything leaves; Cancelled within a second of the wish.
        """
        if self._ahead is not None:
            asked, underway = self._ahead
            if asked == (method, path, content, dict(more), takes):
                self._ahead = None
                return self._watched(underway)
            self._drop_ahead()
        question = self._question(method, path, content, more, gives, takes)
        if self._cancelled is None:
            return self._ask(self._session, question)
        return self._watched(self._begin(question))

    def ahead(self, path: str, more: Mapping[str, str]) -> None:
        """Send a GET whose answer ``exchange`` will be asked for next, while the caller works on what it has. The gate is passed here.

        Raises Withheld before anything leaves; what the exchange raises is raised by ``exchange``.
        """
        self._drop_ahead()
        question = self._question("GET", path, b"", more, JSON, JSON)
        self._ahead = ("GET", path, b"", dict(more), JSON), self._begin(question)

    def _question(self, method: str, path: str, content: bytes, more: Mapping[str, str], gives: str, takes: str) -> _Question:
        gate = (self._gate if content else self._address_gate)()
        if gives == OCTETS:
            gate.check_file(content, path)
        else:
            gate.check(content, path)
        headers = {"Accept": f"{takes}, application/problem+json", "Accept-Encoding": "gzip", "User-Agent": "yixiang"}
        sent = content
        if content:
            headers["Content-Type"] = gives
            if gives == JSON and len(content) >= _GZIP_FROM:
                sent = gzip.compress(content, compresslevel=3, mtime=0)
                headers["Content-Encoding"] = "gzip"
            headers["Content-Digest"] = content_digest(sent)
        self.n_requests += 1
        return _Question(method, path, headers | dict(more), sent, takes, threading.Event())

    def _begin(self, question: _Question) -> Underway:
        session = self._session

        def ask() -> bytes:
            try:
                return self._ask(session, question)
            finally:
                if question.dropped.is_set():
                    session.close()  # it is this thread's alone by now

        return Underway(ask, question.dropped)

    def _watched(self, underway: Underway) -> bytes:
        try:
            return underway.answer(self._cancelled or _never)
        except Cancelled:
            self._session = self._new_session()  # the old one belongs to the thread that is left behind
            raise

    def _drop_ahead(self) -> None:
        if self._ahead is not None:
            self._ahead[1].dropped.set()
            self._ahead, self._session = None, self._new_session()

    def _ask(self, session: requests.Session, question: _Question) -> bytes:
        try:
            with session.request(
                question.method,
                self.address + question.path,
                data=_Outgoing(question.sent, question.dropped) if question.sent else None,
                headers=question.headers,
                stream=True,
                allow_redirects=False,
                timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
            ) as reply:
                coding = reply.raw.headers.pop("content-encoding", "identity").lower()
                received = _received(reply, question.dropped)
        except requests.exceptions.SSLError as error:
            raise _certificate(error) from error
        except requests.exceptions.ConnectTimeout as error:
            raise RemoteProblem("sync.offline", "retry") from error
        except (requests.exceptions.Timeout, urllib3.exceptions.ReadTimeoutError) as error:
            raise RemoteProblem("sync.stalled", "retry") from error
        except (urllib3.exceptions.ProtocolError, urllib3.exceptions.SSLError) as error:
            raise RemoteProblem("sync.damaged", "retry") from error
        except requests.exceptions.RequestException as error:
            raise RemoteProblem("sync.offline", "retry") from error
        return _answer(reply, received, coding, question.takes)


def _never() -> bool:
    return False


def _certificate(error: BaseException) -> RemoteProblem:
    """What is wrong with the remote's certificate, in words that say what to do."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, SSLCertVerificationError):
        inner = [one for one in (*cause.args, getattr(cause, "reason", None)) if isinstance(one, BaseException)]
        cause = inner[0] if inner else cause.__cause__ or cause.__context__
    number = cause.verify_code if cause is not None else 0
    if number in _OUT_OF_DATE:
        return RemoteProblem("sync.tls_date", "stop")
    return RemoteProblem("sync.tls_name" if number in _OTHER_NAME else "sync.tls", "stop")


def _received(reply: requests.Response, dropped: threading.Event) -> bytes:
    """The body as it came; each part that arrives shows that the line moves."""
    received = bytearray()
    while part := reply.raw.read1(_PART, decode_content=False):
        received += part
        if len(received) > MAX_RECEIVED:
            raise RemoteProblem("sync.not_service", "stop")
        if dropped.is_set():
            raise Cancelled
    return bytes(received)


def _answer(reply: requests.Response, received: bytes, coding: str, takes: str) -> bytes:
    media = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    retry_after = _seconds(reply.headers.get("retry-after"))
    named = reply.headers.get("content-digest")
    damaged = named is not None and named != content_digest(received)
    if media == "application/problem+json":
        if damaged:  # nothing in it is believed, its action least of all
            raise RemoteProblem("sync.damaged", "retry")
        try:
            document = msgspec.json.decode(_plain(received, coding), type=messages.ProblemDocument)
        except msgspec.DecodeError as error:
            raise RemoteProblem("sync.not_service", "stop") from error
        if document.action not in get_args(Action):
            raise RemoteProblem("sync.upgrade", "upgrade", remote_code=document.code)
        raise refused(document.code, cast(Action, document.action), retry_after)
    if reply.status_code in _PASSING:
        raise RemoteProblem("sync.busy", "retry", retry_after=retry_after)
    if reply.status_code not in (200, 201) or media != takes or named is None:
        # A login page of the local network, a proxy, another program: whatever it is, it is not the service.
        raise RemoteProblem("sync.not_service", "stop")
    if damaged:
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
