"""How large a batch in an offline package may be. No answer names the limits of the service: they are the contract's until it refuses a batch for
its size, and smaller from then on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from desktop.store.database import Connection

if TYPE_CHECKING:
    from desktop.sync.messages import Limits
    from desktop.sync.ports import Sealed, Step

TOO_LARGE = frozenset({"body.too_large", "batch.too_many"})
"""What the service says to a whole batch that another one, of the same changes, would not be refused for."""


def assumed(connection: Connection, remote: str) -> Limits:
    """The limits a package keeps to: changes and bytes of a batch."""
    from desktop.sync.messages import Limits
    from desktop.sync.seal import N_BYTES, N_CHANGES

    kept = connection.exec_driver_sql("SELECT value FROM setting WHERE name = ?", (_name(remote),)).scalar()
    n_changes, n_bytes = json.loads(kept) if kept else (N_CHANGES, N_BYTES)
    return Limits(n_changes, n_bytes, N_CHANGES)


def learn(connection: Connection, step: Step, remote: str, refused: Iterable[Sealed]) -> int:
    """Take apart the batches that were refused for their size, so that their changes go in smaller ones; how many there were.

    Half as many changes each time; a single change that is too large is the bound for bytes, and such a row is shown as too large to be sent.
    """
    from desktop.sync.preview import preview

    known, n = assumed(connection, remote), 0
    n_changes, n_bytes = known.n_changes, known.n_bytes
    for batch in refused:
        n += 1
        n_inside = preview([batch], 0).n_changes
        if n_inside > 1:
            n_changes = min(n_changes, n_inside // 2)
        else:
            n_bytes = min(n_bytes, len(batch.content) - 1)
        step.drop_sealed(batch.key)
    if n:
        sql = "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        connection.exec_driver_sql(sql, (_name(remote), json.dumps([n_changes, n_bytes])))
    return n


def _name(remote: str) -> str:
    return f"package.limits.{remote}"
