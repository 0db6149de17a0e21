"""What the computers of an institution are called at a remote: each by the name it gave when it was enrolled.

A remote tells with each page who changed what is in it, by name once a computer, so that no row carries one.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping

from desktop.store.database import Connection, quick
from desktop.store.sync_rows import Run
from desktop.words import say

_LONGEST = 60
_TAIL = 8


def own() -> str:
    """What this computer calls itself where it is enrolled."""
    return platform.node() or "yixiang"


def keep(run: Run, remote: str, names: Mapping[str, str]) -> None:
    """Remember names by device; a later one takes the place of an earlier. They come from elsewhere: signs that do not print are left out."""
    sql = (
        "INSERT INTO sync_device (remote, device_id, name) VALUES (?, ?, ?) "
        "ON CONFLICT (remote, device_id) DO UPDATE SET name = excluded.name WHERE name <> excluded.name"
    )
    for device, name in names.items():
        told = "".join(sign for sign in name if sign.isprintable()).strip()[:_LONGEST]
        if told:
            run(sql, (remote, device, told))


def own_at(connection: Connection, remote: str) -> str:
    """What this computer is called at a remote, as the other ones read it beside what came from it; "" where it is not enrolled."""
    row = quick(connection)("SELECT device_id FROM remote WHERE role = ?", (remote,)).fetchone()
    return "" if row is None else called(connection, remote, row[0])


def called(connection: Connection, remote: str, device_id: str) -> str:
    """The name of a device with the end of its id, for two may have the same name; the end alone of one that gave none. "" for no device."""
    row = quick(connection)("SELECT name FROM sync_device WHERE remote = ? AND device_id = ?", (remote, device_id)).fetchone()
    tail = device_id[-_TAIL:]
    return tail if row is None else say("sync.device", name=row[0], tail=tail)
