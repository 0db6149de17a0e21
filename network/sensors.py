"""What sensors on instruments saw: sessions with their power band, given by the operator, read by the institution they belong to."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from io import StringIO

import msgspec
from sqlalchemy import Connection, func, insert, select

from network import canonical, schema
from network.anchors import plain_cursor
from network.forms import UUID
from network.judging import number_as_kept
from network.problems import Refusal

BANDS = ("idle", "working")
COLUMNS = ("asset_number", "sensor", "started_at", "ended_at", "band", "n_watt_hours")


def page(connection: Connection, institution_id: str, instrument_id: str, cursor: str, limit: int) -> dict[str, object]:
    """Sessions on one instrument after the cursor. Raises Refusal when the institution has no such instrument."""
    after = plain_cursor(cursor)
    entity, session = schema.entity, schema.sensor_session
    own = (entity.c.institution_id == institution_id, entity.c.kind == "instrument", entity.c.id == instrument_id)
    if not UUID.fullmatch(instrument_id) or connection.execute(select(entity.c.id).where(*own)).first() is None:
        raise Refusal("entity.unknown")
    rows = connection.execute(
        select(session.c.number, session.c.body)
        .where(session.c.institution_id == institution_id, session.c.instrument_id == instrument_id, session.c.number > after)
        .order_by(session.c.number)
        .limit(limit + 1)
    ).all()
    shown = rows[:limit]
    return {
        "items": [msgspec.Raw(row.body) for row in shown],
        "cursor": str(shown[-1].number if shown else after),
        "more": len(rows) > limit,
    }


def put(connection: Connection, institution_id: str, rows: Iterable[Mapping[str, str]]) -> int:
    """Keep sessions that are not there yet; how many were new. Raises ValueError that names the line (the first is 2).

    The number of an instrument is compared as when it was reported: neither the width of its signs nor spaces make another one of it.
    A session is known by sensor and start, so that the same file again changes nothing. Moments need a time zone.
    """
    session, unique = schema.sensor_session, schema.unique_key
    numbers = select(unique.c.value, unique.c.id).where(
        unique.c.institution_id == institution_id, unique.c.kind == "instrument", unique.c.field == "asset_number"
    )
    instruments = {row.value: row.id for row in connection.execute(numbers)}
    made = {}
    for line, row in enumerate(rows, 2):
        try:
            instrument_id, body = instruments[number_as_kept(row["asset_number"])], _body(institution_id, row)
        except (KeyError, ValueError) as error:
            raise ValueError(f"line {line}: {error}") from error
        made[body["id"]] = {"id": body["id"], "instrument_id": instrument_id, "body": canonical.encode(body)}
    known = set(connection.execute(select(session.c.id).where(session.c.institution_id == institution_id)).scalars())
    fresh = [each for key, each in made.items() if key not in known]
    last = connection.execute(select(func.max(session.c.number)).where(session.c.institution_id == institution_id)).scalar() or 0
    if fresh:
        numbered = [each | {"institution_id": institution_id, "number": last + n} for n, each in enumerate(fresh, 1)]
        connection.execute(insert(session), numbered)
    return len(fresh)


def read_csv(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file with the columns of ``COLUMNS``. Raises ValueError when one is missing."""
    reader = csv.DictReader(StringIO(text))
    missing = set(COLUMNS[:-1]) - set(reader.fieldnames or ())
    if missing:
        raise ValueError(f"columns are missing: {', '.join(sorted(missing))}")
    return [{name: value or "" for name, value in row.items() if name is not None} for row in reader]


def _body(institution_id: str, row: Mapping[str, str]) -> dict[str, object]:
    start, end = (datetime.fromisoformat(row[name].strip()) for name in ("started_at", "ended_at"))
    if start.tzinfo is None or end.tzinfo is None or end <= start:
        raise ValueError("the end must come after the start, both with a time zone")
    if row["band"].strip() not in BANDS:
        raise ValueError(f"band is one of {', '.join(BANDS)}")
    energy = row.get("n_watt_hours", "").strip()
    first, last = (moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") for moment in (start, end))
    return {
        "id": str(uuid.uuid5(uuid.UUID(institution_id), f"{row['sensor'].strip()}\n{first}")),
        "sensor": row["sensor"].strip(),
        "started_at": first,
        "ended_at": last,
        "band": row["band"].strip(),
        "n_watt_hours": int(energy) if energy else None,
    }
