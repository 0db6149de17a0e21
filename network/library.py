"""What the province gives: code books, the catalogue of other institutions' instruments, notices to one institution."""

from __future__ import annotations

import heapq
import json
import re
import uuid

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from network import canonical, pages, schema
from network.anchors import plain_cursor
from network.forms import UUID
from network.problems import Refusal

_BOOK = re.compile(r"[a-z][a-z0-9_-]{0,63}")
NOTICE_KINDS = ("rectification", "warning", "circular", "information")
CATALOGUE_FIELDS = (
    "name",
    "english_name",
    "class_code",
    "category",
    "model",
    "manufacturer",
    "technical",
    "functions",
    "subjects",
    "service_content",
    "fee_text",
    "booking_url",
    "province",
    "city",
    "county",
    "network_number",
)


def institution(connection: Connection, institution_id: str) -> dict[str, str]:
    """Who an institution is."""
    row = connection.execute(select(schema.institution).where(schema.institution.c.id == institution_id)).one()
    return {"id": row.id, "uscc": row.uscc, "name": row.name}


def codebooks(connection: Connection) -> list[dict[str, str]]:
    """Name and version of each code book."""
    rows = connection.execute(select(schema.codebook.c.name, schema.codebook.c.version).order_by(schema.codebook.c.name))
    return [{"name": row.name, "version": row.version} for row in rows]


def codebook(connection: Connection, name: str) -> dict[str, object]:
    """One code book whole. Raises Refusal when there is none."""
    if not _BOOK.fullmatch(name):
        raise Refusal("reference.unknown_book")
    row = connection.execute(select(schema.codebook).where(schema.codebook.c.name == name)).one_or_none()
    if row is None:
        raise Refusal("reference.unknown_book")
    return {"name": row.name, "version": row.version, "content": msgspec.Raw(row.content)}


def put_codebook(connection: Connection, name: str, content: object) -> str:
    """Store a code book; its version is the digest of what it holds. Raises ValueError for a name that is none, or a number that is none."""
    if not _BOOK.fullmatch(name):
        raise ValueError(f"not a name of a code book: {name}")
    json.dumps(content, allow_nan=False)
    written = canonical.encode(content)
    version = canonical.sha256(written)[:16]
    connection.execute(delete(schema.codebook).where(schema.codebook.c.name == name))
    connection.execute(insert(schema.codebook).values(name=name, version=version, content=written))
    return version


def catalogue(connection: Connection, own_id: str, after: str, limit: int) -> dict[str, object]:
    """Instruments of other institutions by id, ``limit`` a page, public fields only; about ``pages.N_BYTES`` at most."""
    if after and not UUID.fullmatch(after):
        raise Refusal("cursor.invalid")
    entity, institution, seeded = schema.entity, schema.institution, schema.catalogue
    reported = (
        select(entity.c.id, entity.c.body, institution.c.name.label("institution_name"))
        .join(institution, institution.c.id == entity.c.institution_id)
        .where(entity.c.kind == "instrument", entity.c.deleted.is_(False), entity.c.institution_id != own_id, entity.c.id > after)
        .order_by(entity.c.id)
        .limit(limit + 1)
    )
    others = (
        select(seeded.c.id, seeded.c.body, seeded.c.institution_name)
        .where(seeded.c.id > after)
        .order_by(seeded.c.id)
        .limit(limit + 1)
    )
    items: list[dict[str, object]] = []
    n_bytes, last, more = 0, after, False
    with pages.rows(connection, reported) as here, pages.rows(connection, others) as elsewhere:
        for row in heapq.merge(here, elsewhere, key=lambda row: str(row.id)):
            # Two institutions may report the same key: a page never ends between such rows, because the next begins after the key.
            if row.id != last and (len(items) >= limit or n_bytes >= pages.N_BYTES):
                more = True
                break
            body = msgspec.json.decode(row.body)
            public = {name: body[name] for name in CATALOGUE_FIELDS if body.get(name) not in (None, "")}
            items.append({"id": row.id, "institution_name": row.institution_name} | public)
            n_bytes += len(canonical.encode(public)) + pages.AROUND
            last = row.id
    return {"items": items, "cursor": last, "more": more}


def catalogue_row(entry: dict[str, object]) -> dict[str, object]:
    """An instrument of an institution that does not report here, as a row. It needs id, institution_name and name."""
    return {
        "id": entry["id"],
        "institution_id": None,
        "institution_name": entry["institution_name"],
        "name": entry["name"],
        "body": canonical.encode({name: entry[name] for name in CATALOGUE_FIELDS if name in entry}),
    }


def notices(connection: Connection, institution_id: str, cursor: str, limit: int) -> dict[str, object]:
    """Notices after the cursor, oldest first. Raises Refusal for a cursor that is none."""
    after, notice = plain_cursor(cursor), schema.notice
    later = select(notice).where(notice.c.institution_id == institution_id, notice.c.number > after).order_by(notice.c.number)
    shown, more = pages.page(connection, later, limit, lambda row: len(row.body))
    return {
        "items": [msgspec.Raw(row.body) for row in shown],
        "cursor": str(shown[-1].number if shown else after),
        "more": more,
    }


def send_notice(
    connection: Connection, institution_id: str, kind: str, title: str, text: str, issued_on: str, due_on: str | None
) -> str:
    """Put a notice before an institution; gives its id. Raises ValueError for an unknown kind."""
    if kind not in NOTICE_KINDS:
        raise ValueError(f"not a kind of notice: {kind}")
    notice, key = schema.notice, str(uuid.uuid4())
    last = connection.execute(select(func.max(notice.c.number)).where(notice.c.institution_id == institution_id)).scalar() or 0
    body = {"id": key, "kind": kind, "title": title, "text": text, "issued_on": issued_on, "due_on": due_on}
    connection.execute(insert(notice).values(institution_id=institution_id, number=last + 1, id=key, body=canonical.encode(body)))
    return key
