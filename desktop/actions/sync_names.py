"""What people call the rows that are about to leave or are contested, and the rows these refer to; on the wire there are keys alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.actions.sync_storage import LedgerStep
from desktop.store import sync_rows
from desktop.store.database import Connection

if TYPE_CHECKING:
    from desktop.sync.canonical import Body
    from desktop.sync.preview import Preview

_CALLED = ("number", "record_number", "asset_number", "staff_number", "name")
Row = tuple[str, str, "Body | None"]
"""Kind, key and body."""


def called(body: Mapping[str, object] | None) -> str:
    """What a row is called by its body alone, for one that is not in the ledger."""
    return str(next((body[name] for name in _CALLED if body.get(name)), "")) if body else ""


def names(connection: Connection, rows: Iterable[Row], remote: str) -> dict[str, str]:
    """Key -> number and name, for these rows and for all they refer to; one that is not here is called as the remote has it, or left out."""
    wanted: dict[str, set[str]] = {}
    found: dict[str, str] = {}
    for kind, key, told in rows:
        body = dict(told or {})
        wanted.setdefault(kind, set()).add(key)
        if body.get("run_number"):
            found[str(body.get("run_id"))] = str(body["run_number"])  # a mark names a run that may be on another seat
        for _, target, linked in sync_rows.links_of(kind, body, remote):
            wanted.setdefault(target, set()).add(linked)
        for listed in sync_rows.listed_in(kind, body):
            wanted.setdefault("instrument", set()).add(listed)
    step = LedgerStep(connection, remote)
    for kind, keys in wanted.items():
        here = sync_rows.labels(connection, kind, sorted(keys))
        for key in keys:
            base = None if here.get(key) else step.base(kind, key)
            said = here.get(key) or called(dict(base.body or {}) if base else None)
            if said:
                found[key] = said
    return found


def named(connection: Connection, shown: Preview, remote: str) -> Preview:
    """A preview with the names of its rows and of those they refer to. What is sent stays as it was read from the sealed bytes."""
    told = names(connection, ((line.kind, line.id, line.body) for line in shown.lines), remote)
    lines = tuple(replace(line, label=told.get(line.id, line.label)) for line in shown.lines)
    return replace(shown, lines=lines, names=told)
