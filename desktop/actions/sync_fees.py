"""Two approved fee versions of one instrument from two seats: ours gives way to the one that was sent first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from desktop.ledger.problem import Refused
from desktop.store import fee_rivals
from desktop.store.database import Connection, quick
from desktop.store.fees import SCHEDULES, is_used

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.actions.sync_storage import LedgerStep
    from desktop.sync.ports import Conflict


def is_rival(found: Conflict) -> bool:
    """Whether a conflict is between a version of ours and another one, not between two states of one."""
    return found.kind == "fee_schedule" and found.theirs is not None and found.theirs.get("id") != found.id


def disputed(step: LedgerStep, connection: Connection, remote: str) -> Sequence[Conflict]:
    """Our versions that cannot stand beside one that came."""
    from desktop.sync.canonical import decode
    from desktop.sync.merge import WHOLE_ROW
    from desktop.sync.ports import Conflict

    run = quick(connection)
    found: dict[str, Conflict] = {}
    for key, text, device, at in fee_rivals.waiting(run, remote):
        body = decode(text)
        ours = fee_rivals.against(run, key, dict(body), remote)
        own = None if ours is None else step.own_body("fee_schedule", ours)
        if ours is not None and own is not None and ours not in found:
            found[ours] = Conflict("fee_schedule", ours, (WHOLE_ROW,), None, own, body, device, at)
    return list(found.values())


def give_way(connection: Connection, found: Conflict, sides: set[str]) -> None:
    """Make room for theirs, which comes in with the next sync: ours is a draft again, or ends the day theirs begins when it has priced.

    Raises Refused when ours was chosen, and when ours has priced services of days that theirs has.
    """
    start = str(dict(found.theirs or {}).get("from_on"))
    if sides != {"theirs"}:
        raise Refused("sync.approved_first", day=start)
    own = SCHEDULES.one(connection, "id = ?", (found.id,))
    if own is None:
        raise AssertionError(f"fee version {found.id} is gone")
    if not is_used(connection, own.id):
        SCHEDULES.update(connection, [replace(own, state="draft", approved_by=None)])
        return
    last = connection.exec_driver_sql("SELECT max(ended_on) FROM posting WHERE schedule_id = ?", (own.id,)).scalar()
    if own.from_on.isoformat() >= start or str(last) >= start:
        raise Refused("sync.fee_priced", day=start, last=str(last))
    SCHEDULES.update(connection, [replace(own, to_on=date.fromisoformat(start))])
