"""Reading what an institution has reported: pages from a cursor, one entity, the digest of everything live.

A page shows each entity once, as it is now, in the order of its last change; superseded entries stay in the feed table only. So a
reader never sees a state older than one it was already told of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, func, select

from network import canonical, pages, publications, schema
from network.database import Database
from network.forms import NAME, UUID
from network.identity import Caller
from network.messages import DeviceName, Item, Page
from network.problems import Refusal

_ROWS = 1_000
_CURSOR = re.compile(r"([0-9]{1,12})\.([0-9]{1,19})")


def cursor_text(epoch: int, position: int) -> str:
    """The opaque cursor after a position."""
    return f"{epoch}.{position}"


def page(db: Database, connection: Connection, caller: Caller, cursor: str, limit: int, *, digested: bool = False) -> Page:
    """Up to ``limit`` entities changed after the cursor ("" is the beginning), of about ``pages.N_BYTES`` together; the last page with
    the digest if ``digested``.

    Raises Refusal for a foreign cursor.
    """
    epoch = db.confirm(connection, caller.epoch)
    position = 0
    if cursor:
        match = _CURSOR.fullmatch(cursor)
        if not match or int(match[2]) >= 2**63:
            raise Refusal("cursor.invalid")
        if int(match[1]) != epoch:
            raise Refusal("epoch.changed", extra={"epoch": str(epoch)})
        position = int(match[2])
    entity, feed = schema.entity, schema.feed
    later = (
        select(feed)
        .join(entity, and_(entity.c.institution_id == feed.c.institution_id, entity.c.position == feed.c.position))
        .where(entity.c.institution_id == caller.institution_id, entity.c.position > position)
        .order_by(entity.c.position)
    )
    shown, more = pages.page(connection, later, limit, lambda row: len(row.body or b""))
    last = shown[-1].position if shown else position
    told = digest(db, connection, caller) if digested and not more else None
    notices, devices = _newest_notice(connection, caller), _devices(connection, caller, shown)
    published = publications.newest(connection, caller.institution_id)
    items = [_item(row) for row in shown]
    return Page(db.server_id, str(epoch), items, cursor_text(epoch, last), more, told, notices, devices, published)


def _devices(connection: Connection, caller: Caller, shown: Sequence[Row[Any]]) -> list[DeviceName]:
    """The names of those that changed these entities, each once: a name with each entity would be sent a million times."""
    device, ids = schema.device, {row.device_id for row in shown if row.device_id is not None}
    if not ids:
        return []
    own = (device.c.institution_id == caller.institution_id, device.c.id.in_(sorted(ids)), device.c.name != "")
    return [DeviceName(row.id, row.name) for row in connection.execute(select(device.c.id, device.c.name).where(*own).order_by(device.c.id))]


def _newest_notice(connection: Connection, caller: Caller) -> str:
    notice = schema.notice
    last = connection.execute(select(func.max(notice.c.number)).where(notice.c.institution_id == caller.institution_id)).scalar()
    return str(last or 0)


def one(connection: Connection, institution_id: str, kind: str, key: str) -> Item:
    """The entity as it is now, a tombstone included. Raises Refusal when there is none."""
    if not (NAME.fullmatch(kind) and UUID.fullmatch(key)):
        raise Refusal("entity.unknown")
    entity, feed = schema.entity, schema.feed
    row = connection.execute(
        select(feed)
        .join(entity, and_(entity.c.institution_id == feed.c.institution_id, entity.c.position == feed.c.position))
        .where(entity.c.institution_id == institution_id, entity.c.kind == kind, entity.c.id == key)
    ).one_or_none()
    if row is None:
        raise Refusal("entity.unknown")
    return _item(row)


def digest(db: Database, connection: Connection, caller: Caller) -> dict[str, object]:
    """SHA-256 over one line for each live entity (contract, "Digest"), in total and by kind, with the cursor it holds for."""
    entity, institution_id = schema.entity, caller.institution_id
    columns = (entity.c.kind, entity.c.id, entity.c.token, entity.c.body_sha256)
    epoch = db.confirm(connection, caller.epoch)
    head = connection.execute(select(schema.institution.c.head).where(schema.institution.c.id == institution_id)).scalar_one()
    rows = connection.execute(
        select(*columns)
        .where(entity.c.institution_id == institution_id, entity.c.deleted.is_(False))
        .order_by(entity.c.kind, entity.c.id),
        execution_options={"yield_per": _ROWS},
    )
    total = canonical.Digest()
    kinds: dict[str, canonical.Digest] = {}
    for kind, key, token, body_sha256 in rows:
        line = canonical.line(kind, key, token, body_sha256)
        total.add(line)
        kinds.setdefault(kind, canonical.Digest()).add(line)
    return {
        "server_id": db.server_id,
        "epoch": str(epoch),
        "cursor": cursor_text(epoch, head),
        "n_entities": total.n_lines,
        "digest": total.text,
        "kinds": {kind: {"n_entities": each.n_lines, "digest": each.text} for kind, each in kinds.items()},
    }


def _item(row: Row[Any]) -> Item:
    return Item(
        row.kind,
        row.id,
        row.token,
        row.parent,
        row.action,
        row.op_id,
        msgspec.Raw(b"null" if row.body is None else row.body),
        row.device_id,
        row.received_at,
    )
