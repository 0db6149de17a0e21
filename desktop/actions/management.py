"""Management documents as a person enters them, and the checklist of a day. They stay on this machine, as their files do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop.actions import rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger.changes import Changes
from desktop.ledger.document_number import compared, picked
from desktop.ledger.keys import new_key
from desktop.ledger.management import ManagementDocument
from desktop.ledger.problem import Refused
from desktop.rules import management as rules
from desktop.rules.figure import Figure
from desktop.rules.management import Checklist
from desktop.store.database import Connection
from desktop.store.management import DOCUMENTS

__all__ = ["Checklist", "change", "checklist", "end", "enter", "every", "explain", "one", "withdraw"]

_TEXTS = ("number", "title", "issuer", "party", "note")


def every(workspace: Workspace) -> list[ManagementDocument]:
    """All papers, by kind and first day."""
    with workspace.read() as connection:
        return DOCUMENTS.find(connection, order="kind, from_on, number")


def one(workspace: Workspace, number: str) -> ManagementDocument:
    """The paper of a number, however its brackets and widths are written. Raises Refused for an unknown one."""
    with workspace.read() as connection:
        return _named(connection, number)


def checklist(workspace: Workspace, on: date | None = None) -> Checklist:
    """The checklist of a day (today when None)."""
    return rules.checklist(every(workspace), rules_in_force.of(workspace), on or today())


def explain(workspace: Workspace, on: date | None = None) -> Figure:
    """How many of the required kinds are in force on a day, as a tree."""
    return checklist(workspace, on).figure


def enter(workspace: Workspace, given: ManagementDocument) -> Changes:
    """Enter a paper; ``id`` and ``noted_by`` of it are not read. Raises Refused for what is no such paper, or a number that is taken."""
    made = replace(_plain(given), id=new_key(), noted_by=workspace.who)
    with workspace.write("management enter", params={"number": made.number}) as operation:
        _refuse_taken(operation.connection, made.number)
        DOCUMENTS.insert(operation.connection, [made])
    return operation.changes


def change(workspace: Workspace, number: str, given: ManagementDocument) -> Changes:
    """Correct a paper whole; its ``id`` stays. Raises Refused as ``enter``, and for an unknown number."""
    plain = _plain(given)
    with workspace.write("management change", params={"number": number.strip()}) as operation:
        old = _named(operation.connection, number)
        made = replace(plain, id=old.id, noted_by=workspace.who)
        if compared(made.number) != compared(old.number):
            _refuse_taken(operation.connection, made.number)
        DOCUMENTS.update(operation.connection, [made])
    return operation.changes


def end(workspace: Workspace, number: str, last_on: date) -> Changes:
    """Say on which day a paper is last in force. Raises Refused for an unknown number or a day before its first."""
    with workspace.write("management end", params={"number": number.strip(), "day": last_on.isoformat()}) as operation:
        found = _named(operation.connection, number)
        if last_on < found.from_on:
            raise Refused("management.days", title=found.title)
        DOCUMENTS.update(operation.connection, [replace(found, last_on=last_on)])
    return operation.changes


def withdraw(workspace: Workspace, number: str, reason: str) -> Changes:
    """Take a paper out that should not be there, with its files; undo brings it back. Raises Refused without a reason or such a number."""
    from desktop.store import attachments

    if not reason.strip():
        raise Refused("management.no_reason")
    with workspace.write("management withdraw", reason=reason.strip(), params={"number": number.strip()}) as operation:
        found = _named(operation.connection, number)
        attachments.drop_of(operation.connection, "management_document", [found.id])
        DOCUMENTS.delete(operation.connection, [found.id])
    return operation.changes


def _plain(given: ManagementDocument) -> ManagementDocument:
    fault = rules.faults(given, today())
    if fault:
        raise Refused(fault, title=given.title.strip(), day=given.issued_on.isoformat())
    return replace(given, **{name: getattr(given, name).strip() for name in _TEXTS})


def _named(connection: Connection, number: str) -> ManagementDocument:
    found = picked(DOCUMENTS.find(connection, order="from_on, number"), number, lambda one: one.number)
    if found is None:
        raise Refused("management.unknown", number=number.strip())
    return found


def _refuse_taken(connection: Connection, number: str) -> None:
    there = picked(DOCUMENTS.find(connection), number, lambda one: one.number)
    if there is not None:
        raise Refused("management.number_taken", number=there.number)
