"""Another number for a claim or a use elsewhere of vouchers (换编号): two seats each used one, and both rows are to stand.

Two claims with one number are two claims, never one: nothing joins them, and the second takes another number.
"""

from __future__ import annotations

from desktop.actions import vouchers
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.store import reach, records, renumbering
from desktop.store import vouchers as rows
from desktop.store.database import Connection

CLAIM, OUTSIDE = "voucher_claim", "outside_use"


def claim(workspace: Workspace, number: str, new: str | None, reason: str) -> str:
    """Give a claim another number (None: the next free one like it); returns it. Undo takes it back.

    A draft takes any; one that was submitted only while a sync says that another claim has its number, for it is on paper with it.
    Raises Refused without a reason, for an unknown claim, one that was submitted, an empty number or one that is taken.
    """
    with workspace.read() as connection:
        found = rows.CLAIMS.one(connection, "number = ?", (number.strip(),))
        if found is None:
            raise Refused("voucher.no_claim", number=number.strip())
        state = vouchers.standing(connection, found.id)[0].state
        if state != "draft" and not renumbering.is_asked(connection, found.id, found.number, CLAIM):
            raise Refused("voucher.number_submitted", number=found.number, state=f"voucher.claim.{state}")
    return _renumber(workspace, CLAIM, found.id, found.number, new, reason)


def outside(workspace: Workspace, number: str, new: str | None, reason: str) -> str:
    """The same of a use elsewhere. Raises Refused also while a claim that was handed in rests on it, unless a sync says that its number is another's."""
    with workspace.read() as connection:
        found = rows.OUTSIDE.one(connection, "number = ?", (number.strip(),))
        if found is None:
            raise Refused("voucher.no_outside", number=number.strip())
        if not renumbering.is_asked(connection, found.id, found.number, OUTSIDE):
            vouchers.changeable(connection, found.id, found.number)
    return _renumber(workspace, OUTSIDE, found.id, found.number, new, reason)


def offered(connection: Connection, kind: str, key: str, number: str) -> str:
    """A number to take instead, of a row (``CLAIM`` or ``OUTSIDE``) whose number another seat's row has, as a sync has told; "" for any other."""
    return suggestion(connection, kind, number) if renumbering.is_asked(connection, key, number, kind) else ""


def offer(workspace: Workspace, kind: str, key: str, number: str) -> str:
    """The same, of a ledger that is not being read."""
    with workspace.read() as connection:
        return offered(connection, kind, key, number)


def suggestion(connection: Connection, kind: str, number: str) -> str:
    """A free number like this one: ``C7`` becomes ``C7-2``."""
    serial = 2
    while _is_taken(connection, kind, f"{number}-{serial}"):
        serial += 1
    return f"{number}-{serial}"


def _renumber(workspace: Workspace, kind: str, key: str, number: str, new: str | None, reason: str) -> str:
    if not reason.strip():
        raise Refused("record.no_reason")
    with workspace.write("voucher renumber", reason=reason.strip()) as operation:
        connection = operation.connection
        wanted = suggestion(connection, kind, number) if new is None else new.strip()
        if not wanted:
            raise Refused("voucher.claim_number" if kind == CLAIM else "voucher.outside_empty")
        if _is_taken(connection, kind, wanted):
            raise Refused("voucher.claim_taken" if kind == CLAIM else "voucher.number_taken", number=wanted)
        if not _is_secret(connection, kind, key):
            operation.params = {**operation.params, "number": number, "new": wanted}
        renumbering.renumber_plain(operation, kind, key, wanted)
    return wanted


def _is_secret(connection: Connection, kind: str, key: str) -> bool:
    return bool(connection.exec_driver_sql(f"SELECT {reach.secret_one(kind)} FROM {kind} WHERE id = ?", (key,)).scalar_one())


def _is_taken(connection: Connection, kind: str, number: str) -> bool:
    if kind == CLAIM:
        return rows.CLAIMS.one(connection, "number = ?", (number,)) is not None
    # A use is asked for by its number, whatever kind of row it is.
    return rows.OUTSIDE.one(connection, "number = ?", (number,)) is not None or bool(records.by_numbers(connection, [number]))
