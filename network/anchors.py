"""Countersigning the head of a ledger's chain: append-only receipts, each bound to the one before, signed with the service's key.

A ledger that goes back or forks is recorded as it is; refusing it would lose the witness.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, select

from network import keys, schema
from network.canonical import encode, sha256
from network.database import Database
from network.forms import MAX_INTEGER, SHA256, UUID
from network.identity import Caller
from network.messages import Head
from network.problems import Refusal

_CURSOR = re.compile(r"[0-9]{1,18}")


def is_sound(head: Head) -> bool:
    """Whether this can be the head of a ledger."""
    known = UUID.fullmatch(head.ledger_id) and SHA256.fullmatch(head.head)
    return bool(known) and 0 <= head.n_operations <= MAX_INTEGER


def countersign(db: Database, connection: Connection, caller: Caller, head: Head) -> bytes:
    """The signed receipt for a head; the one given before when nothing else came in between. Raises Refusal."""
    if not is_sound(head):
        raise Refusal("body.malformed", "ledger_id, head or n_operations")
    anchor = schema.anchor
    epoch = db.confirm(connection, caller.epoch)
    # One at a time for an institution: the number of the next receipt hangs on it.
    connection.execute(
        select(schema.institution.c.id).where(schema.institution.c.id == caller.institution_id).with_for_update()
    ).one()
    own = anchor.c.institution_id == caller.institution_id
    last = connection.execute(
        select(anchor).where(own, anchor.c.ledger_id == head.ledger_id).order_by(anchor.c.number.desc()).limit(1)
    ).one_or_none()
    if last is not None and (last.head, last.n_operations, last.device_id) == (head.head, head.n_operations, caller.device_id):
        return bytes(last.receipt)
    signer = keys.signer(connection)
    told: dict[str, object] = {
        "server_id": db.server_id,
        "epoch": str(epoch),
        "institution_id": caller.institution_id,
        "device_id": caller.device_id,
        "ledger_id": head.ledger_id,
        "head": head.head,
        "n_operations": head.n_operations,
        "order": _order(last, head),
        "received_at": db.moment(),
        "previous": last.text_sha256 if last is not None else None,
        "key_id": signer.key_id,
    }
    text = encode(told)
    receipt = encode(told | {"signature": signer.sign(keys.ANCHOR, text)})
    number = connection.execute(select(func.max(anchor.c.number)).where(own)).scalar() or 0
    connection.execute(
        insert(anchor).values(
            institution_id=caller.institution_id,
            number=number + 1,
            ledger_id=head.ledger_id,
            device_id=caller.device_id,
            head=head.head,
            n_operations=head.n_operations,
            text_sha256=sha256(keys.ANCHOR + text),
            receipt=receipt,
        )
    )
    return receipt


def _order(last: Row[Any] | None, head: Head) -> str:
    if last is None:
        return "first"
    if head.n_operations == last.n_operations:
        return "same" if head.head == last.head else "forked"
    return "forward" if head.n_operations > last.n_operations else "behind"


def page(connection: Connection, institution_id: str, cursor: str, limit: int) -> dict[str, object]:
    """Receipts after the cursor, oldest first. Raises Refusal for a cursor that is none."""
    after = plain_cursor(cursor)
    anchor = schema.anchor
    rows = connection.execute(
        select(anchor.c.number, anchor.c.receipt)
        .where(anchor.c.institution_id == institution_id, anchor.c.number > after)
        .order_by(anchor.c.number)
        .limit(limit + 1)
    ).all()
    shown = rows[:limit]
    return {
        "items": [msgspec.Raw(row.receipt) for row in shown],
        "cursor": str(shown[-1].number if shown else after),
        "more": len(rows) > limit,
    }


def plain_cursor(cursor: str) -> int:
    """The number a page goes on after; "" is the beginning. Raises Refusal for a cursor that is none."""
    if cursor and not _CURSOR.fullmatch(cursor):
        raise Refusal("cursor.invalid")
    return int(cursor or "0")
