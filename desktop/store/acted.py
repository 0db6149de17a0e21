"""Who acted in the ledger: the keys of people that prepared, approved, closed or reopened something."""

from __future__ import annotations

from desktop.store.database import Connection

_ACTED = (
    "SELECT number AS what, prepared_by AS person FROM payout_run UNION ALL SELECT number, approved_by FROM payout_run "
    "UNION ALL SELECT number, closed_by FROM payout_run UNION ALL SELECT month, person FROM month_event UNION ALL SELECT month, prepared_by FROM month_event "
    "UNION ALL SELECT reason, prepared_by FROM reclassification UNION ALL SELECT reason, decided_by FROM reclassification "
    "UNION ALL SELECT reason, asked_by FROM take_back "
    "UNION ALL SELECT number, prepared_by FROM purchase_proposal UNION ALL SELECT text, reviewed_by FROM purchase_review "
    "UNION ALL SELECT number, prepared_by FROM transfer UNION ALL SELECT number, decided_by FROM transfer "
    "UNION ALL SELECT title, prepared_by FROM fee_schedule UNION ALL SELECT title, approved_by FROM fee_schedule"
)


def by_people_of(connection: Connection, operation: int) -> str | None:
    """Something that was done by a person whom this operation added; None when nothing was."""
    added = "SELECT key FROM journal WHERE operation = ? AND kind = 'person' AND verb = 'insert'"
    found = connection.exec_driver_sql(f"SELECT what FROM ({_ACTED}) WHERE person IN ({added}) LIMIT 1", (operation,)).scalar()
    return None if found is None else str(found)
