"""Trainings as a person enters them: the course, then who took part; listed by period, stated by subject, explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.changes import Changes
from desktop.ledger.keys import new_key
from desktop.ledger.people import Technician
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.ledger.training import OUTCOMES, Attendance, Training
from desktop.rules import trainings as rules
from desktop.rules.figure import Figure
from desktop.rules.trainings import Course, Statement
from desktop.store import attachments
from desktop.store import staff as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTITUTIONS, TECHNICIANS
from desktop.words import say_in

__all__ = [
    "Course", "Given", "Statement", "attend", "correct", "drop", "enter", "every", "explain", "leave_out", "leave_out_named", "one", "span", "statement",
    "technicians",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """One who took part as a person names them: a technician by staff number, else by name and organisation."""

    staff_number: str = ""
    name: str = ""
    organisation: str = ""
    outcome: str = "attended"
    certificate: str = ""


def span(text: str | None) -> Period:
    """A year, quarter or month; this year when none is named. Raises Refused for what is none."""
    try:
        return periods.parse(text or str(today().year))
    except ValueError as error:
        raise Refused("report.period", period=text) from error


def every(workspace: Workspace, period: Period | None = None) -> list[Course]:
    """The trainings that ended in a period (all when None) with those who took part, by their last day."""
    with workspace.read() as connection:
        people = rows.attended(connection)
        return [Course(each, tuple(people.get(each.id, ()))) for each in rows.ended_in(connection, period)]


def technicians(workspace: Workspace) -> list[Technician]:
    """Every technician by staff number, also those out of service: who may have taken part."""
    with workspace.read() as connection:
        return TECHNICIANS.find(connection, order="staff_number")


def one(workspace: Workspace, number: str) -> Course:
    """One training by its number. Raises Refused when there is none."""
    with workspace.read() as connection:
        found = _numbered(connection, number)
        return Course(found, tuple(rows.attended(connection, found.id).get(found.id, ())))


def _numbered(connection: Connection, number: str) -> Training:
    found = rows.TRAININGS.one(connection, "number = ?", (number.strip(),))
    if found is None:
        raise Refused("training.unknown", number=number.strip())
    return found


def enter(workspace: Workspace, given: Training, *, anew: bool = True) -> Changes:
    """Enter a training or, by its number, enter it anew; its ``id`` is not read. Raises Refused for what is none, a last day to come, or without
    ``anew`` a number that is there already.
    """
    fault = rules.faults(given)
    if fault:
        raise Refused(fault, number=given.number.strip())
    if given.ends_on > today():
        raise Refused("training.to_come", number=given.number.strip(), day=given.ends_on.isoformat())
    number = given.number.strip()
    with workspace.write("training enter", params={"number": number}) as operation:
        before = rows.TRAININGS.one(operation.connection, "number = ?", (number,))
        if before is not None and not anew:
            raise Refused("training.number_taken", number=number, name=before.name)
        texts = {name: getattr(given, name).strip() for name in ("name", "organiser", "place", "document")}
        row = replace(given, id=before.id if before else new_key(), number=number, **texts)
        (rows.TRAININGS.update if before else rows.TRAININGS.insert)(operation.connection, [row])
    return operation.changes


def drop(workspace: Workspace, number: str, reason: str) -> Changes:
    """Take a training out with all who took part and its files; the journal keeps it with the reason. Raises Refused without a reason or such a one."""
    if not reason.strip():
        raise Refused("training.no_reason")
    with workspace.write("training drop", reason=reason.strip(), params={"number": number.strip()}) as operation:
        found = _numbered(operation.connection, number)
        people = rows.attended(operation.connection, found.id).get(found.id, [])
        rows.ATTENDANCES.delete(operation.connection, [each.id for each in people])
        attachments.drop_of(operation.connection, "training", [found.id])
        rows.TRAININGS.delete(operation.connection, [found.id])
    return operation.changes


def attend(workspace: Workspace, number: str, people: Sequence[Given]) -> Changes:
    """Enter who took part, or enter them anew: whoever is there already is changed, nobody is taken out. All of them or none.

    Raises Refused for an unknown training or staff number, nobody, an outcome that is none, or someone named twice.
    """
    if not people:
        raise Refused("training.nobody_given")
    with workspace.write("training attend", params={"number": number.strip(), "n": str(len(people))}) as operation:
        connection = operation.connection
        training = _numbered(connection, number)
        known = {rules.who(each): each for each in rows.attended(connection, training.id).get(training.id, ())}
        made: dict[str, Attendance] = {}
        for given in people:
            row = _row(connection, training, given)
            person = rules.who(row)
            if person in made:
                raise Refused("training.named_twice", name=row.name)
            made[person] = replace(row, id=known[person].id) if person in known else row
        rows.ATTENDANCES.insert(connection, [row for person, row in made.items() if person not in known])
        rows.ATTENDANCES.update(connection, [row for person, row in made.items() if person in known])
    return operation.changes


def correct(workspace: Workspace, number: str, key: str, outcome: str, certificate: str = "") -> Changes:
    """Write outcome and certificate of one who took part anew, by the key of the row. Raises Refused when there is none, or for no outcome."""
    with workspace.write("training correct", params={"number": number.strip()}) as operation:
        training = _numbered(operation.connection, number)
        found = _came(operation.connection, training, key)
        if outcome not in OUTCOMES:
            raise Refused("training.outcome", outcome=outcome)
        rows.ATTENDANCES.update(operation.connection, [replace(found, outcome=outcome, certificate=certificate.strip())])
    return operation.changes


def leave_out(workspace: Workspace, number: str, key: str) -> Changes:
    """Take one who took part out again, by the key of the row. Raises Refused when there is none."""
    with workspace.write("training leave out", params={"number": number.strip()}) as operation:
        training = _numbered(operation.connection, number)
        rows.ATTENDANCES.delete(operation.connection, [_came(operation.connection, training, key).id])
    return operation.changes


def _came(connection: Connection, training: Training, key: str) -> Attendance:
    found = rows.ATTENDANCES.get(connection, key)
    if found is None or found.training_id != training.id:
        raise Refused("training.not_there", number=training.number)
    return found


def leave_out_named(workspace: Workspace, number: str, name: str, organisation: str = "") -> Changes:
    """The same by name and, of those who are no technicians, organisation. Raises Refused when none or several are meant."""
    found = [
        each for each in one(workspace, number).people
        if each.name == name.strip() and (not organisation.strip() or each.organisation == organisation.strip())
    ]  # fmt: skip
    if len(found) > 1:
        raise Refused("training.named_twice", name=name.strip())
    if not found:
        raise Refused("training.not_there", number=number.strip())
    return leave_out(workspace, number, found[0].id)


def _row(connection: Connection, training: Training, given: Given) -> Attendance:
    if given.outcome not in OUTCOMES:
        raise Refused("training.outcome", outcome=given.outcome)
    person = _technician(connection, given.staff_number)
    name = person.name if person else given.name.strip()
    if not name:
        raise Refused("training.nobody_given")
    organisation = "" if person else given.organisation.strip()
    return Attendance(new_key(), training.id, person.id if person else None, name, organisation, given.outcome, given.certificate.strip())


def _technician(connection: Connection, staff_number: str) -> Technician | None:
    if not staff_number.strip():
        return None
    found = TECHNICIANS.one(connection, "staff_number = ?", (staff_number.strip(),))
    if found is None:
        raise Refused("payout.no_such_technician", staff_number=staff_number.strip())
    return found


def statement(workspace: Workspace, period: Period, on: date | None = None) -> Statement:
    """The trainings of a period by subject, by the definition in force on a day (today when None)."""
    with workspace.read() as connection:
        own = (*(one.name for one in INSTITUTIONS.find(connection)), *(say_in(language, "training.own") for language in ("zh", "en")))
    return rules.statement(every(workspace, period), period, rules_in_force.of(workspace), on or today(), own)


def explain(workspace: Workspace, year: str) -> Figure:
    """People trained in the pilot subjects in a period, with those of all trainings beside them. Raises Refused for what is no period."""
    found = statement(workspace, span(year))
    return Figure("training.both", found.pilot.value, "count", "fact", inputs=(found.pilot, found.all))
