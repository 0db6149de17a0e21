"""What a restore of the same service does not take back: who may ask. Devices, tokens, codes, stops and keys stay as they are.

Otherwise a device revoked since the backup would be free again, a spent code would enrol once more, and whoever renewed a token
since would be locked out.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, select, update

from network import schema

Rows = list[dict[str, Any]]
_KEPT = (schema.institution, schema.device, schema.enrolment_code, schema.service_key, schema.token)


def read(connection: Connection) -> dict[str, Rows]:
    """Everything that stays, by table, before the tables are emptied."""
    return {table.name: [dict(row._mapping) for row in connection.execute(select(table))] for table in _KEPT}


def put_back(connection: Connection, kept: dict[str, Rows], moment: str) -> dict[str, int]:
    """Put it over what the backup brought; how many devices stayed and how many institutions the backup does not know.

    An institution that came since stays, without entities: its devices hand them back. What only the backup knows is kept beside.
    """
    institution, device, token, key = schema.institution, schema.device, schema.token, schema.service_key
    known = set(connection.execute(select(institution.c.id)).scalars())
    _over(connection, institution, [row for row in kept["institution"] if row["id"] in known], ("frozen",))
    new = [row | {"head": 0} for row in kept["institution"] if row["id"] not in known]
    if new:
        connection.execute(insert(institution), new)
    if kept["service_key"]:
        connection.execute(update(key).where(key.c.to_at.is_(None)).values(to_at=moment))
    for table in (device, schema.enrolment_code, key):
        _replace(connection, table, kept[table.name])
    ours = [row["id"] for row in kept["device"]]
    if ours:
        connection.execute(delete(token).where(token.c.device_id == bindparam("b_device")), [{"b_device": each} for each in ours])
    if kept["token"]:
        connection.execute(insert(token), kept["token"])
    return {"n_devices": len(ours), "n_new_institutions": len(new)}


def _replace(connection: Connection, table: Table, rows: Rows) -> None:
    """Bring the rows in, over those of the same key."""
    (name,) = (column.name for column in table.primary_key.columns)
    known = set(connection.execute(select(table.c[name])).scalars())
    _over(connection, table, [row for row in rows if row[name] in known], tuple(table.c.keys()))
    new = [row for row in rows if row[name] not in known]
    if new:
        connection.execute(insert(table), new)


def _over(connection: Connection, table: Table, rows: Rows, names: tuple[str, ...]) -> None:
    keys = [column.name for column in table.primary_key.columns]
    if rows:
        connection.execute(
            update(table)
            .where(and_(*(table.c[name] == bindparam(f"b_{name}") for name in keys)))
            .values({name: bindparam(f"v_{name}") for name in names if name not in keys}),
            [
                {f"b_{name}": row[name] for name in keys} | {f"v_{name}": row[name] for name in names if name not in keys}
                for row in rows
            ],
        )
