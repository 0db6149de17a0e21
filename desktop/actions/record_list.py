"""The list of service records: what it shows, sorts, filters and finds. It stays apart from all that judges and posts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.store import record_views as rows
from desktop.store.last_posted import LAST_POSTED
from desktop.store.lists import Listing

if TYPE_CHECKING:
    from desktop.ledger.service_record import ServiceRecord

# The tables an operation on records may touch: posting, reversal and receipts do not return them.
KINDS = frozenset({"service_record", "posting", "receipt", "record_problem"})

LISTING = Listing(
    "service_record",
    {
        "number": "service_record.number",
        "asset_number": "instrument.asset_number",
        "instrument": "instrument.name",
        "customer": "service_record.customer_name",
        "started_at": "service_record.started_at",
        "ended_at": "service_record.ended_at",
        "minutes": "service_record.minutes",
        "item": "service_record.item",
        "quantity": "service_record.quantity",
        "operator": "service_record.operator_name",
        "amount_fen": "posting.amount_fen",
        "state": "service_record.state",
        "n_problems": "(SELECT count(*) FROM record_problem p WHERE p.record_id = service_record.id AND +p.severity = 'error')",
        "confidential": "service_record.confidential",
        "id": "service_record.id",
    },
    joins="JOIN instrument ON instrument.id = service_record.instrument_id "
    f"LEFT JOIN posting ON posting.record_id = service_record.id AND {LAST_POSTED.format('posting')}",
    filters={
        "draft": "service_record.state = 'draft'",
        "posted": "service_record.state = 'posted'",
        "reversed": "service_record.state = 'reversed'",
        "problem": "service_record.id IN (SELECT record_id FROM record_problem WHERE severity = 'error')",
        "problem_code": "service_record.id IN (SELECT record_id FROM record_problem WHERE code = ?)",
        "confidential": "service_record.confidential = 1",
        "instrument": "service_record.instrument_id = ?",
        "customer": "service_record.customer_id = ?",
        "operator": "service_record.operator_id = ?",
        "from": "service_record.ended_at >= ?",
        "before": "service_record.ended_at < ?",
    },
    search=(
        "service_record.number",
        "service_record.customer_name",
        "service_record.operator_name",
        "service_record.item",
        "service_record.contract",
        "instrument.asset_number",
        "instrument.name",
    ),
    order="ended_at",
)


def counts(workspace: Workspace, period: Period) -> dict[str, int]:
    """Records of a period: ``draft``, ``posted``, ``reversed``, ``problem`` (blocking), ``confidential``."""
    with workspace.read() as connection:
        return rows.counts(connection, period.start.isoformat(), period.end.isoformat())


def found(workspace: Workspace, keys: Sequence[int]) -> list[ServiceRecord]:
    """The records behind keys of the list, by number."""
    from desktop.store import records  # the facts themselves: the list shows without them

    with workspace.read() as connection:
        return records.by_rowids(connection, keys)


def keys_of(workspace: Workspace, named: Sequence[str]) -> list[int]:
    """Keys of the list for records named by number, key, posting or receipt."""
    with workspace.read() as connection:
        return rows.rowids_of(connection, named)
