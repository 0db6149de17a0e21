"""The national platform's messages: SOAP 1.1 envelopes of ``instruInfo``, and what its answers say.

Names and codes are from public descriptions, of which two differ: an answer keeps its code and text as they came, whatever they mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape

from desktop.formats.xml_text import FORBIDDEN
from desktop.ledger.finding import Finding
from desktop.words import known

NAMESPACE = "http://instru.server.ws.com/"
CENTRE, FACILITY, INSTRUMENT, CUSTOMS, SERVICE, EFFECT = "1", "2", "4", "5", "6", "7"
"""instruType: what the rows of a message are."""

LARGEST_ANSWER = 1 << 20
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_CODE = re.compile(r"(?<!\d)(\d{3})(?!\d)")
_SHORT = 500
_TOLD = re.compile(rb"""\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_CHINESE = frozenset({b"gbk", b"gb2312", b"gb18030", b"cp936"})


def rows_text(rows: Sequence[Mapping[str, str]]) -> str:
    """``instruList``: the rows as one JSON array, each on a line of its own, what XML cannot hold said as JSON says it."""
    lines = (json.dumps(dict(row), ensure_ascii=False, separators=(",", ":")) for row in rows)
    return "[" + ",\n".join(FORBIDDEN.sub(lambda odd: f"\\u{ord(odd[0]):04x}", line) for line in lines) + "]"


def envelope(unit_code: str, kind: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The message that reports rows of one kind (``instruType``), UTF-8; the same rows give the same bytes."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns:ser="{NAMESPACE}">\n'
        "<soapenv:Body>\n<ser:instruInfo>\n"
        f"<insCode>{escape(unit_code)}</insCode>\n<instruType>{escape(kind)}</instruType>\n<instruList>{escape(rows_text(rows))}</instruList>\n"
        "</ser:instruInfo>\n</soapenv:Body>\n</soapenv:Envelope>\n"
    ).encode()


def rows_in(content: bytes) -> list[dict[str, str]]:
    """The rows of a message, read back from its bytes. Raises ValueError for what is none."""
    try:
        found: list[dict[str, str]] = json.loads(_texts(content)["instruList"])
    except (expat.ExpatError, _Doctype, KeyError) as error:
        raise ValueError("no message of the platform's") from error
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform answered: ``raw`` is the text as it came, ``code`` the code in it ("" when there is none).

    ``accepted`` only for code 100; a fault of the service or an answer nobody understands is not accepted. ``loose`` is a published code in what
    is no message of the platform's: it is explained, and accepts and refuses nothing.
    """

    code: str
    raw: str
    fault: bool = False
    loose: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the platform took the rows."""
        return self.code == "100" and not self.fault

    @property
    def published(self) -> bool:
        """Whether the code stands in a published list."""
        return bool(self.code) and known(f"national_answer.c{self.code}")

    @property
    def finding(self) -> Finding:
        """The answer explained, with its raw code and text."""
        told = (("code", self.code or "—"), ("text", self.raw[:_SHORT] or "—"))
        if self.fault:
            return Finding("national_answer.fault", "error", told)
        if self.loose:
            return Finding("national_answer.loose", "error", (("code", self.loose), ("means", f"national_answer.m{self.loose}"), told[1]))
        if not self.published:
            return Finding("national_answer.unknown", "error", told)
        return Finding(f"national_answer.c{self.code}", "note" if self.accepted else "error", told)


def read_answer(content: bytes) -> Answer:
    """Read an answer: a SOAP message whose ``return`` is a code, a JSON object with one, or words with one in them.

    Whatever cannot be read is an answer without a code, with its text kept. A document type is refused: entities could make much of little.
    """
    if len(content) > LARGEST_ANSWER:
        return Answer("", content[:_SHORT].decode("utf-8", "replace"))
    try:
        texts = _texts(content)
    except (expat.ExpatError, _Doctype, LookupError, ValueError):  # the last two: an encoding the reader does not know, or cannot read
        raw = _as_words(content)
        return Answer("", raw, loose=loose_code(raw))
    if "faultstring" in texts:
        return Answer("", texts["faultstring"].strip(), fault=True)
    raw = next((texts[name].strip() for name in ("return", "instruInfoReturn", "out") if name in texts), "")
    return Answer(_code_in(raw), raw)


def loose_code(raw: str) -> str:
    """The published code in a JSON object that came in the place of a message; "" for anything else."""
    code = _code_in(raw) if raw.lstrip().startswith("{") and raw.rstrip().endswith("}") else ""
    return code if code and known(f"national_answer.m{code}") else ""


def _as_words(content: bytes) -> str:
    """What cannot be read as XML, as words a person may understand."""
    try:
        return content.decode("utf-8").strip()
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace").strip()


class _Doctype(Exception):
    """The answer declares a document type."""


def _texts(content: bytes) -> dict[str, str]:
    """Local name of each element -> the text in it; the first of a name counts.

    Raises ExpatError, _Doctype, and LookupError or ValueError for an encoding that is not read.
    """
    told = _TOLD.match(content)
    chinese = told is not None and told[1].lower() in _CHINESE  # the XML reader knows no Chinese encoding
    found: dict[str, str] = {}
    stack: list[tuple[str, list[str]]] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        stack.append((name.rpartition(":")[2], []))

    def text(data: str) -> None:
        if stack:
            stack[-1][1].append(data)

    def end(_name: str) -> None:
        name, parts = stack.pop()
        found.setdefault(name, "".join(parts))

    def doctype(*_: object) -> None:
        raise _Doctype

    parser = expat.ParserCreate("utf-8" if chinese else None)
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(content.decode("gb18030").encode() if chinese else content, True)
    return found


def _code_in(raw: str) -> str:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):  # the latter: brackets in brackets without end
        match = _CODE.search(raw)
        return match[1] if match else ""
    if isinstance(told, dict):
        told = next((told[name] for name in ("code", "returnCode", "resultCode", "status") if name in told), "")
    return FORBIDDEN.sub("\ufffd", str(told)) if isinstance(told, (str, int)) and not isinstance(told, bool) else ""
