"""Another number for a record whose number another seat's record has too (换编号), also when it is posted."""

from __future__ import annotations

from desktop.actions import judging
from desktop.actions.workspace import Workspace
from desktop.formats.cell_codes import same_code
from desktop.ledger.problem import Refused
from desktop.ledger.service_record import ServiceRecord
from desktop.store import records as rows
from desktop.store import renumbering
from desktop.store.database import Connection
from desktop.store.facts import RECORDS


def suggestion(connection: Connection, number: str) -> str:
    """A free number like this one: ``R7-R1`` becomes ``R7-R2``, ``R7`` becomes ``R7-2``."""
    head, mark, tail = number.rpartition("-R")
    if mark and tail.isdigit():
        return rows.successor_number(connection, head, (number,))
    serial = 2
    while rows.by_numbers(connection, [f"{number}-{serial}"]):
        serial += 1
    return f"{number}-{serial}"


def offered(connection: Connection, record: ServiceRecord) -> str:
    """A number to take instead, of a record whose number another seat's record has, as a sync has told; "" for any other."""
    if not renumbering.is_asked(connection, record.id, record.number) or renumbering.is_known(connection, record.id):
        return ""
    return suggestion(connection, record.number)


def renumber(workspace: Workspace, number: str, new: str | None, reason: str) -> str:
    """Give a record another number (None: the next free one like it), its postings with it; returns it.

    Only of a record that no remote holds, so that nobody else has it under the old one; amounts, days and keys stay as they are. Undo takes it
    back until the record is sent. Raises Refused without a reason, for an unknown record, one that was sent or may be under way, and a
    number that another record has.
    """
    if not reason.strip():
        raise Refused("record.no_reason")
    with workspace.write("record renumber", reason=reason.strip()) as operation:
        connection = operation.connection
        record = RECORDS.one(connection, "number = ?", (number.strip(),))
        if record is None:
            raise Refused("record.unknown", number=number)
        wanted = suggestion(connection, record.number) if new is None else same_code(new)
        if not wanted:
            raise Refused("record.no_number")
        if renumbering.is_known(connection, record.id):
            raise Refused("record.number_sent", number=record.number)
        if rows.by_numbers(connection, [wanted]):
            raise Refused("record.taken", number=wanted)
        if not record.confidential:
            operation.params = {**operation.params, "number": record.number, "new": wanted}
        around = judging.neighbours(connection, [record.id])
        renumbering.renumber(operation, record.id, wanted)
        judging.recheck(operation, around)
    return wanted
