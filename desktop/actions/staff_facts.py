"""Dated facts about technicians as a person enters them, each with its ground; who holds what on a day, and what runs out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from desktop.actions import rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.keys import new_key
from desktop.ledger.people import Technician
from desktop.ledger.problem import Refused
from desktop.ledger.staff_fact import StaffFact
from desktop.rules import staff as rules
from desktop.rules.figure import Figure
from desktop.store import attachments
from desktop.store import staff as rows
from desktop.store.database import Connection
from desktop.store.facts import TECHNICIANS

__all__ = ["Holds", "correct", "end", "enter", "evaluations", "every", "explain", "withdraw"]


@dataclass(frozen=True, slots=True)
class Holds:
    """One technician on a day: what is in force, what is good, every fact with how it stands (``rules.staff.STATES``), and what runs out."""

    person: Technician
    post: StaffFact | None
    title: StaffFact | None
    evaluation: StaffFact | None
    certificates: tuple[StaffFact, ...]
    recognitions: tuple[StaffFact, ...]
    facts: tuple[StaffFact, ...]
    states: tuple[str, ...]
    findings: tuple[Finding, ...]


def every(workspace: Workspace, on: date | None = None, staff_number: str | None = None) -> list[Holds]:
    """Every technician in service, by staff number, with what they hold on a day (today when None); ``staff_number``: that one alone.

    Raises Refused for an unknown staff number.
    """
    day, known = on or today(), rules_in_force.of(workspace)
    with workspace.read() as connection:
        people = [_named(connection, staff_number)] if staff_number is not None else TECHNICIANS.find(connection, "active = 1", (), "staff_number")
        facts = rows.facts(connection)
    told = []
    for person in people:
        own = tuple(facts.get(person.id, ()))
        post, title, evaluation = (rules.held(own, kind, day) for kind in ("post", "title", "evaluation"))
        certificates, recognitions = (rules.beside(own, kind, day) for kind in ("certificate", "recognition"))
        states = tuple(rules.state(one, own, known, day) for one in own)
        told.append(Holds(person, post, title, evaluation, certificates, recognitions, own, states, rules.running_out(person, own, known, day)))
    return told


def _named(connection: Connection, staff_number: str) -> Technician:
    found = TECHNICIANS.one(connection, "staff_number = ?", (staff_number.strip(),))
    if found is None:
        raise Refused("payout.no_such_technician", staff_number=staff_number.strip())
    return found


def enter(workspace: Workspace, staff_number: str, given: StaffFact) -> Changes:
    """Enter a fact; ``id``, ``technician_id`` and ``noted_by`` of it are not read. Raises Refused for an unknown technician, what is no fact, and what
    is there already (``_refuse_twice``).

    A post, title or evaluation in force does not end an earlier one by force: the one that began last counts.
    """
    told = _sound(given)
    with workspace.write("staff enter", params={"staff_number": staff_number.strip(), "kind": f"staff.kinds.{given.kind}"}) as operation:
        person = _named(operation.connection, staff_number)
        made = replace(told, id=new_key(), technician_id=person.id, noted_by=workspace.who)
        _refuse_twice(operation.connection, made)
        rows.STAFF_FACTS.insert(operation.connection, [made])
    return operation.changes


def correct(workspace: Workspace, key: str, given: StaffFact) -> Changes:
    """Write a fact anew that was entered wrongly; the journal keeps what stood there. Raises Refused for an unknown fact or what is none."""
    told = _sound(given)
    with workspace.write("staff correct", params={"kind": f"staff.kinds.{given.kind}"}) as operation:
        found = _fact(operation.connection, key)
        made = replace(told, id=found.id, technician_id=found.technician_id, noted_by=workspace.who)
        if _place(made) != _place(found):
            _refuse_twice(operation.connection, made)
        rows.STAFF_FACTS.update(operation.connection, [made])
    return operation.changes


def _place(one: StaffFact) -> tuple[str, date, str]:
    """What there is one of for each person: an evaluation begun on a day, or a fact of one kind and content begun on it."""
    return one.kind, one.from_on, "" if one.kind == "evaluation" else one.value


def _refuse_twice(connection: Connection, made: StaffFact) -> None:
    """Two evaluations from one day on: which one weighs a payout nobody could say; a certificate entered twice would count twice."""
    for other in rows.facts(connection, made.technician_id).get(made.technician_id, ()):
        if other.id != made.id and _place(other) == _place(made):
            raise Refused("staff.there", kind=f"staff.kinds.{other.kind}", value=other.value, day=other.from_on)


def _sound(given: StaffFact) -> StaffFact:
    """The fact without blanks around its texts. Raises Refused for what is none."""
    fault = rules.faults(given)
    if fault:
        raise Refused(fault, value=given.value.strip())
    texts = {name: getattr(given, name).strip() for name in ("value", "issuer", "number", "ground")}
    return replace(given, **texts)


def end(workspace: Workspace, key: str, last_on: date) -> Changes:
    """Say on which day a fact was last in force. Raises Refused for an unknown fact or a day before its first."""
    with workspace.write("staff end", params={"day": last_on.isoformat()}) as operation:
        found = _fact(operation.connection, key)
        if last_on < found.from_on:
            raise Refused("staff.days", value=found.value)
        rows.STAFF_FACTS.update(operation.connection, [replace(found, last_on=last_on)])
    return operation.changes


def withdraw(workspace: Workspace, key: str, reason: str) -> Changes:
    """Take a fact out that should not be there, with its files; the journal keeps it with the reason. Raises Refused without a reason or such a fact."""
    if not reason.strip():
        raise Refused("staff.no_reason")
    with workspace.write("staff withdraw", reason=reason.strip()) as operation:
        found = _fact(operation.connection, key)
        attachments.drop_of(operation.connection, "staff_fact", [found.id])
        rows.STAFF_FACTS.delete(operation.connection, [found.id])
    return operation.changes


def _fact(connection: Connection, key: str) -> StaffFact:
    found = rows.STAFF_FACTS.get(connection, key)
    if found is None:
        raise Refused("staff.unknown")
    return found


def evaluations(workspace: Workspace, on: date) -> tuple[tuple[str, Decimal], ...]:
    """Staff number and factor of every evaluation in force on a day that has one: what a scheme of that day would weigh by."""
    return tuple(
        (one.person.staff_number, one.evaluation.factor)
        for one in every(workspace, on)
        if one.evaluation is not None and one.evaluation.factor is not None
    )


def explain(workspace: Workspace, staff_number: str, on: date | None = None) -> Figure:
    """What a technician holds on a day, as a tree. Raises Refused for an unknown staff number."""
    day = on or today()
    return rules.figure(every(workspace, day, staff_number)[0].facts, day)
