"""What is stated for the national platform and stands in no record: of a posted service its project and the like, of a set why it is not open.

Nothing is stated of what is confidential: it is never told there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop.actions.instruments import named
from desktop.actions.records import named as record_named
from desktop.actions.workspace import Workspace, today
from desktop.formats import national_services as shape
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.national_closed import CLOSED_REASONS, NationalClosed
from desktop.ledger.national_service import NationalService
from desktop.ledger.problem import Refused
from desktop.ledger.service_record import ServiceRecord
from desktop.store import national_stated as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS

__all__ = ["Closed", "closed", "entry_findings", "entry_refusal", "incomes", "refusal", "say_closed", "say_open", "service", "state_service"]


def incomes() -> tuple[str, ...]:
    """The platform's words for where the money of a project comes from."""
    from desktop.formats.national import words

    return words("income")


def service(workspace: Workspace, number: str) -> NationalService | None:
    """What is stated of a record, or of the one it replaces; None when nothing is. Raises Refused for an unknown number."""
    with workspace.read() as connection:
        record = record_named(connection, number.strip())
        return rows.of_records(connection, [record.id]).get(record.id)


def entry_refusal(given: Mapping[str, str]) -> tuple[str, dict[str, Any]] | None:
    """Why values of STATED cannot be kept, as a code and its parameters; None when they can."""
    fault = next((found for name, text in given.items() if (found := shape.entry_fault(name, text)) is not None), None)
    return None if fault is None else (fault[0], dict(fault[1]))


def entry_findings(given: Mapping[str, str]) -> list[Finding]:
    """Every value of STATED that cannot be kept, each a finding about its field."""
    faults = ((name, shape.entry_fault(name, text)) for name, text in given.items())
    return [Finding(fault[0], "error", fault[1], field=name) for name, fault in faults if fault is not None]


def refusal(connection: Connection, record: ServiceRecord) -> str | None:
    """The code of why nothing can be stated of a record; None when it can."""
    if record.state != "posted":
        return "national_service.not_posted"
    one = INSTRUMENTS.get(connection, record.instrument_id)
    return "national_service.confidential" if record.confidential or one is None or one.confidential else None


def state_service(workspace: Workspace, number: str, given: Mapping[str, str]) -> Changes:
    """State something of a posted service; names of STATED that are not given stay as they are, "" (or 无) makes one unknown again. Undo takes it back.

    Raises Refused for nothing given, an unknown, not posted or confidential record, and a value the platform does not take.
    """
    told = {name: shape.stated_text(name, text) for name, text in given.items()}
    if not told:
        raise Refused("national_service.nothing_said")
    wrong = entry_refusal(told)
    if wrong is not None:
        raise Refused(wrong[0], **wrong[1])
    with workspace.write("national service", params={"number": number.strip()}) as operation:
        connection = operation.connection
        record = record_named(connection, number.strip())
        fault = refusal(connection, record)
        if fault is not None:
            raise Refused(fault, number=record.number)
        known = rows.of_records(connection, [record.id]).get(record.id)
        own = known is not None and known.record_id == record.id
        made = replace(known or NationalService("", record.id), **told, noted_by=workspace.who)
        if own:
            rows.SERVICES.update(connection, [made])
        else:
            rows.SERVICES.insert(connection, [replace(made, id=new_key(), record_id=record.id)])
    return operation.changes


@dataclass(frozen=True, slots=True)
class Closed:
    """A set that is not open, and why."""

    instrument: Instrument
    why: NationalClosed


def closed(workspace: Workspace) -> list[Closed]:
    """The sets that were said not to be open, by asset number; one that became confidential since is left out."""
    with workspace.read() as connection:
        known = rows.closed(connection)
        sets = INSTRUMENTS.find(connection, "id IN (SELECT instrument_id FROM national_closed) AND NOT coalesce(confidential, 0)", order="asset_number")
    return [Closed(one, known[one.id]) for one in sets]


def say_closed(workspace: Workspace, asset_number: str, reason: str, note: str = "") -> Changes:
    """Say why a set is not open, or say it anew; it stands in the annex of the yearly effect. Undo takes it back.

    Raises Refused for an unknown or confidential set, a reason that is none of CLOSED_REASONS, or a note of more than 100 characters.
    """
    told = " ".join(note.split())
    if reason not in CLOSED_REASONS:
        raise Refused("national_closed.reason", shown=reason, known=" ".join(CLOSED_REASONS))
    if len(told) > _NOTE:
        raise Refused("national_closed.too_long", n=len(told), limit=_NOTE)
    with workspace.write("national closed", params={"asset_number": asset_number.strip()}) as operation:
        connection = operation.connection
        one = named(connection, asset_number)
        if one.confidential:
            raise Refused("national_closed.confidential", asset_number=one.asset_number)
        old = rows.CLOSED.one(connection, "instrument_id = ?", (one.id,))
        made = NationalClosed(old.id if old else new_key(), one.id, reason, told, today(), workspace.who)
        (rows.CLOSED.update if old else rows.CLOSED.insert)(connection, [made])
    return operation.changes


def say_open(workspace: Workspace, asset_number: str) -> Changes:
    """Take back that a set is not open. Raises Refused for an unknown set, or one of which nobody said so."""
    with workspace.write("national open", params={"asset_number": asset_number.strip()}) as operation:
        old = rows.CLOSED.one(operation.connection, "instrument_id = ?", (named(operation.connection, asset_number).id,))
        if old is None:
            raise Refused("national_closed.not_said", asset_number=asset_number.strip())
        rows.CLOSED.delete(operation.connection, [old.id])
    return operation.changes


_NOTE = 100
