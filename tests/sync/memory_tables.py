"""What the storage in memory keeps, and what the ledger's own database insists on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from desktop.sync.ports import BaseRow, Conflict, Parked, Place, RemoteState, Sealed

LOCAL_ONLY = frozenset({"contact", "note", "confidential"})
# What the ledger's own database insists on: numbers that no two rows share, rows that others refer to.
UNIQUE = {"instrument": "asset_number", "customer": "name", "service_record": "number"}
# What agrees when two rows that were entered apart are one thing (decision 0033).
SAME = {"instrument": ("asset_number", "name"), "customer": ("name",), "service_record": ("number", "instrument_id", "started_at")}
LINKS = {
    "service_record": {"instrument_id": "instrument", "customer_id": "customer"},
    "posting": {"record_id": "service_record", "reverses": "posting"},
    "attachment": {"of_id": "instrument"},
}
TEXTS = frozenset({"name", "technical", "functions", "power", "rating", "contact", "note"})


@dataclass
class Tables:
    """Everything that one transaction keeps or gives back. ``rows`` hold more than the wire: LOCAL_ONLY fields stay here.

    ``tombstones`` are deletions by a person, ``gone`` what the remote deleted, ``past`` what rows have been (where that is asked for).
    """

    rows: dict[Place, dict[str, Any]] = field(default_factory=dict)
    tombstones: dict[Place, None] = field(default_factory=dict)
    gone: dict[Place, None] = field(default_factory=dict)
    remote: RemoteState | None = None
    bases: dict[Place, BaseRow] = field(default_factory=dict)
    batches: dict[str, Sealed] = field(default_factory=dict)
    open: dict[Place, Conflict] = field(default_factory=dict)
    refused: dict[Place, Parked] = field(default_factory=dict)
    past: dict[Place, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    owed: dict[str, None] = field(default_factory=dict)

    def copy(self) -> Tables:
        """The same content, independent of this one."""
        return Tables(
            dict(self.rows),
            dict(self.tombstones),
            dict(self.gone),
            self.remote,
            dict(self.bases),
            dict(self.batches),
            dict(self.open),
            dict(self.refused),
            dict(self.past),
            dict(self.owed),
        )


class Killed(BaseException):
    """The process ended here."""
