"""Messages to the national platform as rows: their exact bytes, what became of each, and which rows the platform has."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop.ledger.national_audit import NationalAudit
from desktop.ledger.national_message import MessageEvent, NationalMessage, NationalRemoval
from desktop.ledger.problem import Problem
from desktop.store import schema_national
from desktop.store.database import Connection
from desktop.store.rows import Codec

MESSAGES = Codec(NationalMessage, schema_national.national_message)
EVENTS = Codec(MessageEvent, schema_national.national_event)
REMOVALS = Codec(NationalRemoval, schema_national.national_removal)
AUDITS = Codec(NationalAudit, schema_national.national_audit)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message with what became of it, the oldest first."""

    message: NationalMessage
    events: tuple[MessageEvent, ...]


def keep(connection: Connection, message: NationalMessage, content: bytes, rows: Mapping[str, str]) -> None:
    """Keep a message with its bytes; ``rows``: key of each row -> digest of it."""
    MESSAGES.insert(connection, [message])
    connection.exec_driver_sql("INSERT INTO national_content VALUES (?, ?)", (message.id, zlib.compress(content, 6)))
    connection.exec_driver_sql("INSERT INTO national_row VALUES (?, ?, ?)", [(message.id, key, digest) for key, digest in rows.items()])


def content(connection: Connection, message: NationalMessage) -> bytes:
    """The bytes that were kept. Raises Problem ``store.damaged`` when they are not those of the digest."""
    packed = connection.exec_driver_sql("SELECT content FROM national_content WHERE message_id = ?", (message.id,)).scalar_one()
    decoder = zlib.decompressobj()
    try:
        found = decoder.decompress(packed, message.n_bytes + 1)
    except zlib.error as error:
        raise Problem("store.damaged") from error
    if hashlib.sha256(found).hexdigest() != message.sha256:
        raise Problem("store.damaged")
    return found


def every(connection: Connection, where: str = "1", params: tuple[str, ...] = ()) -> list[Kept]:
    """Messages in the order in which they were written; ``where`` speaks of columns of ``national_message``."""
    events: dict[str, list[MessageEvent]] = {}
    for one in EVENTS.find(connection, f"message_id IN (SELECT id FROM national_message WHERE {where})", params, "rowid"):
        events.setdefault(one.message_id, []).append(one)
    return [Kept(one, tuple(events.get(one.id, ()))) for one in MESSAGES.find(connection, where, params, "rowid")]


def by_number(connection: Connection, number: str) -> Kept | None:
    """The message of a number."""
    found = every(connection, "number = ?", (number.strip(),))
    return found[0] if found else None


def next_numbers(connection: Connection, year: int, n: int) -> list[str]:
    """``BW2026-001`` and on: a number is never given twice."""
    like = f"BW{year}-%"
    used = (row[0].rpartition("-")[2] for row in connection.exec_driver_sql("SELECT number FROM national_message WHERE number LIKE ?", (like,)))
    first = max((int(one) for one in used if one.isdigit()), default=0) + 1
    return [f"BW{year}-{first + place:03d}" for place in range(n)]


def audits(connection: Connection, kind: str) -> dict[tuple[str, str], list[NationalAudit]]:
    """Message and row -> what the platform said of it, by the day it was seen; what was kept later counts after what was seen the same day."""
    found: dict[tuple[str, str], list[NationalAudit]] = {}
    for one in AUDITS.find(connection, "message_id IN (SELECT id FROM national_message WHERE kind = ?)", (kind,), "seen_on, rowid"):
        found.setdefault((one.message_id, one.row_key), []).append(one)
    return found


def held(connection: Connection, messages: Iterable[NationalMessage]) -> dict[str, str]:
    """Key -> digest of the rows in these messages; of a row that stands in several, as the last of them has it."""
    found: dict[str, str] = {}
    for one in messages:
        told = connection.exec_driver_sql("SELECT row_key, sha256 FROM national_row WHERE message_id = ?", (one.id,))
        found.update((row[0], row[1]) for row in told)
    return found
