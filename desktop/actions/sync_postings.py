"""One record posted at two seats: the posting of this one gives way to the one that was sent first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.actions import posting
from desktop.ledger import money
from desktop.ledger.finding import Finding, finding
from desktop.ledger.problem import Refused
from desktop.store import records, sync_rows
from desktop.store.database import Connection, Operation, quick
from desktop.store.facts import POSTINGS, RECORDS
from desktop.store.payouts import COUNTS
from desktop.words import say

if TYPE_CHECKING:
    from desktop.actions.sync_storage import LedgerStep
    from desktop.sync.ports import Conflict

_NAMED = 5


def is_rival(found: Conflict) -> bool:
    """Whether a conflict is between two postings of one record, not two states of one."""
    return found.kind == "posting" and found.mine is not None and found.mine.get("id") != found.id


def give_way(operation: Operation, step: LedgerStep, found: Conflict, sides: set[str], reason: str) -> None:
    """Reverse our posting and take in theirs, in one operation: the record stays posted, once.

    Raises Refused when ours was chosen, for what was sent first is a fact everywhere by now; when money received still stands against
    ours; when a payout that counts has settled it.
    """
    if sides != {"theirs"} or found.theirs is None:
        raise Refused("sync.posted_first")
    connection = operation.connection
    key = sync_rows.standing_posting(quick(connection), str(found.theirs["record_id"]))
    if key is not None:
        own = POSTINGS.one(connection, "id = ?", (key,))
        if own is None:
            raise AssertionError(f"posting {key} is gone")
        got = records.received_fen(connection, own.id)
        if got:
            raise Refused("record.receipts_stand", number=own.record_number, yuan=money.text(got))
        run = _settled_in(connection, own.id)
        if run is not None:
            raise Refused("sync.posted_settled", number=own.record_number, run=run)
        POSTINGS.insert(connection, [posting.mirror(connection, own, reason)])
    step.put_local(found.kind, found.id, found.theirs)


def check_state(connection: Connection, record_id: str) -> None:
    """Raises Refused when a record would be reversed though a posting of it stands, which another seat made."""
    record = RECORDS.one(connection, "id = ?", (record_id,))
    if record is not None and record.state == "reversed" and sync_rows.standing_posting(quick(connection), record_id) is not None:
        raise Refused("sync.posting_stands", number=record.number)


def without_posting(connection: Connection) -> tuple[Finding, ...]:
    """Posted records of which no posting stands any more: each seat took back its own for the other's, each by another remote."""
    found = records.posted_nowhere(connection)
    if not found:
        return ()
    return (finding("sync.posted_nowhere", "warning", n=len(found), numbers=say("report.list").join(found[:_NAMED])),)


def _settled_in(connection: Connection, key: str) -> str | None:
    sql = f"SELECT r.number FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE l.posting_id = ? AND {COUNTS} LIMIT 1"
    number = connection.exec_driver_sql(sql, (key,)).scalar()
    return None if number is None else str(number)
