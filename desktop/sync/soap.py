"""One SOAP message to the address of the national platform, and whatever answers there.

TLS except on loopback, certificates always checked, no proxies from the environment, no redirects, no second try: what a broken line left
behind is told by ``Broken.left``. The exact bytes are read back and pass the egress gate before anything is opened. Size, silence and the whole
time are bounded; a person who cancels does not wait: the exchange runs on a thread of its own, which is left behind.
"""

from __future__ import annotations

import io
import json
import re
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from ssl import SSLCertVerificationError
from typing import Any
from xml.parsers import expat

import requests
import urllib3

from desktop.ledger.problem import Cancelled, Problem
from desktop.sync.canonical import encode
from desktop.sync.egress import Gate
from desktop.sync.outcome import Withheld
from desktop.sync.wire import CONNECT_SECONDS, Vouched, check_address

SILENCE_SECONDS = 120
"""A platform that checks 500 rows is given more patience than a service that answers at once."""
WHOLE_SECONDS = 300
MAX_ANSWER = 1 << 20
NUMBER = "Yixiang-Message"
"""The header that tells two arrivals of one message from two messages."""

_LOOK_SECONDS = 0.1
_PART = 65_536
_OUT_OF_DATE = frozenset({9, 10})
_OTHER_NAME = frozenset({62, 64})
_ROWS = "instruList"
_KIND = "instruType"
# Amounts, counts and codes of the exchange, which writes them as text: that one has the digits of a confidential number is no leak.
_FIGURES = frozenset(
    {
        "worth", "runMachine", "serviceMachine", "funds", "instrBelongsType", "instrCategory", "amounts", "serviceAmount", "serviceType",
        "serviceDirection", "adressType", "signAgreement", "billNum", "billWorth", "billWorthInstr", "instrNum", "instrWorth", "itemNumber",
    }
)  # fmt: skip
_FIGURE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")


class Broken(Problem):
    """The line broke. ``left``: something of the message had left, so that the platform may have it."""

    def __init__(self, code: str, *, left: bool) -> None:
        super().__init__(code)
        self.left = left


@dataclass(frozen=True, slots=True)
class Reply:
    """What answered: HTTP status, type of the body without parameters, and the body, at most MAX_ANSWER bytes."""

    status: int
    media: str
    content: bytes


class _Outgoing(io.BytesIO):
    """The message on its way: knows whether it has begun to leave, and stops when it is dropped."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._lock = threading.Lock()
        self._dropped = False
        self.left = False

    def read(self, size: int | None = -1, /) -> bytes:
        with self._lock:
            if self._dropped:
                raise Cancelled
            self.left = True
        return super().read(size)

    def drop(self) -> bool:
        """Let nothing more of it leave. Whether something had."""
        with self._lock:
            self._dropped = True
            return self.left


def post(
    address: str, content: bytes, number: str, gate: Gate, cancelled: Callable[[], bool] | None = None, authorities: str = ""
) -> Reply:
    """Send a message once and wait for what answers. ``number`` names the message, however often it is sent.

    ``authorities``: certificates (PEM) of those who alone may vouch for the address, in place of the usual ones.
    ``cancelled`` is asked ten times a second. Raises Withheld before anything leaves; RemoteProblem for an address that cannot be used;
    Broken (``national_line.…``) when the line broke or the person cancelled.
    """
    check_address(address)
    gate.check(read_back(content), address)
    body = _Outgoing(content)
    answers: SimpleQueue[Reply | Exception] = SimpleQueue()

    def work() -> None:
        try:
            answers.put(_ask(address, body, number, authorities))
        except Exception as error:  # noqa: BLE001 - carried to the thread that waits
            answers.put(error)

    until = time.monotonic() + WHOLE_SECONDS
    threading.Thread(target=work, name="soap", daemon=True).start()
    while True:
        try:
            answer = answers.get(timeout=_LOOK_SECONDS)
        except Empty:
            if cancelled is not None and cancelled():
                raise Broken("national_line.cancelled", left=body.drop()) from None
            if time.monotonic() > until:
                raise Broken("national_line.too_long", left=body.drop()) from None
            continue
        if isinstance(answer, Exception):
            raise answer
        return answer


def read_back(content: bytes) -> bytes:
    """What an envelope says, as JSON the gate reads: every text in it, and its rows one by one with their figures as numbers.

    Raises Withheld ``sync.gate_unreadable`` for what cannot be taken apart.
    """
    texts: list[str] = []
    stack: list[tuple[str, list[str]]] = []
    rows: list[dict[str, Any]] = []
    kind = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        stack.append((name.rpartition(":")[2], []))
        texts.extend(attributes.values())

    def text(data: str) -> None:
        stack[-1][1].append(data)

    def end(_name: str) -> None:
        nonlocal kind
        name, parts = stack.pop()
        said = "".join(parts)
        if name == _ROWS:
            rows.extend(json.loads(said))
        elif name == _KIND and said.isdigit():
            kind = said
        elif said.strip():
            texts.append(said)

    def stop(*_: object) -> None:
        raise ValueError("more than elements and text")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.StartDoctypeDeclHandler = parser.CommentHandler = parser.ProcessingInstructionHandler = stop
    try:
        parser.Parse(content, True)
        items = [{"kind": f"national_{kind}", "id": _named(row)} | {name: _plain(name, value) for name, value in row.items()} for row in rows]
        return encode({"items": items, "texts": texts})
    except (expat.ExpatError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise Withheld("sync.gate_unreadable") from error


def _plain(name: str, value: object) -> object:
    """A figure that is written as text, as a number: whole ones as they are, others in their ten-thousandths."""
    if name in _FIGURES and isinstance(value, str) and _FIGURE.fullmatch(value):
        whole, _, rest = value.partition(".")
        return int(whole) if not rest else int(f"{whole}{rest:0<4}")
    return value


def _named(row: dict[str, Any]) -> str:
    return str(row.get("recordInnerId") or row.get("innerId") or "")


def _ask(address: str, body: _Outgoing, number: str, authorities: str) -> Reply:
    try:
        with requests.Session() as session:
            session.trust_env = False
            if authorities:
                session.mount("https://", Vouched(authorities))
            with session.post(
                address,
                data=body,
                headers={
                    "Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""', "Accept": "text/xml", "Accept-Encoding": "identity",
                    "User-Agent": "yixiang-soap", NUMBER: number,
                },
                stream=True,
                allow_redirects=False,
                timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
            ) as reply:  # fmt: skip
                coding = reply.raw.headers.pop("content-encoding", "identity").lower()
                media = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
                return Reply(reply.status_code, media, _opened(_received(reply, body), coding))
    except requests.exceptions.SSLError as error:
        raise Broken("national_line.damaged" if body.left else _certificate(error), left=body.left) from error
    except (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError) as error:
        raise Broken("national_line.stalled", left=body.left) from error
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise Broken("national_line.damaged" if body.left else "national_line.offline", left=body.left) from error


def _received(reply: requests.Response, body: _Outgoing) -> bytes:
    received = bytearray()
    while part := reply.raw.read1(_PART, decode_content=False):
        received += part
        if len(received) > MAX_ANSWER:
            raise Broken("national_line.too_much", left=body.left)
    return bytes(received)


def _opened(received: bytes, coding: str) -> bytes:
    """The body as it was before it was packed. It was asked for unpacked; some pack all the same."""
    if coding == "identity":
        return received
    decoder = zlib.decompressobj(wbits=31)
    try:
        if coding not in ("gzip", "x-gzip"):
            raise Broken("national_line.damaged", left=True)
        plain = decoder.decompress(received, MAX_ANSWER)
    except zlib.error as error:
        raise Broken("national_line.damaged", left=True) from error
    if decoder.unconsumed_tail or not decoder.eof:
        raise Broken("national_line.too_much", left=True)
    return plain


def _certificate(error: BaseException) -> str:
    """What is wrong with the certificate, as the code of its words."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, SSLCertVerificationError):
        inner = [one for one in (*cause.args, getattr(cause, "reason", None)) if isinstance(one, BaseException)]
        cause = inner[0] if inner else cause.__cause__ or cause.__context__
    number = cause.verify_code if cause is not None else 0
    if number in _OUT_OF_DATE:
        return "national_line.tls_date"
    return "national_line.tls_name" if number in _OTHER_NAME else "national_line.tls"
