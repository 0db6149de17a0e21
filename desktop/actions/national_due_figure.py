"""Why something is to be told the national platform: a set by its asset number, a service by its record number, the services of a span."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop.actions import national_messages, national_outgoing, national_taken, rules_in_force
from desktop.actions.duties import calendar_of
from desktop.actions.national_due import facts_of, is_refused, records
from desktop.actions.national_taken import Taken
from desktop.actions.national_there import set_facts
from desktop.actions.workspace import Workspace, today
from desktop.formats import national_soap
from desktop.ledger import period as periods
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import national_due_figures as figures
from desktop.rules.figure import Figure
from desktop.rules.national_there import RowFacts
from desktop.store import national_there as rows
from desktop.store.facts import INSTRUMENTS
from desktop.store.integrity_answers import Named, named


def explain(workspace: Workspace, key: str, on: date | None = None) -> Figure:
    """The tree behind a set's day, a service's place on the platform, or a span (``2025Q3``).

    Raises Refused ``national.due_unknown``, ``national.due_not_taken`` for a service the platform did not take from here.
    """
    day, wanted = on or today(), key.strip()
    with workspace.read() as connection:
        one = INSTRUMENTS.one(connection, "asset_number = ?", (wanted,))
        record = None if one is not None else named(connection, wanted)
    if one is not None:
        return _set(workspace, one, day)
    return _span(workspace, wanted, day) if record is None else _service(workspace, record, day)


def _taken(workspace: Workspace, kind: str) -> dict[str, Taken]:
    """What the platform took at the address in use."""
    to = national_outgoing.target(workspace)
    with workspace.read() as connection:
        return national_taken.of(connection, to.address, to.unit, kind)


def _anywhere(workspace: Workspace, kind: str) -> dict[str, Taken]:
    with workspace.read() as connection:
        return national_taken.anywhere(connection, kind)


def _set(workspace: Workspace, one: Instrument, day: date) -> Figure:
    there = _anywhere(workspace, national_soap.INSTRUMENT).get(one.asset_number)
    here = _taken(workspace, national_soap.INSTRUMENT).get(one.asset_number)
    here = None if here is None or here.removed_by(day) else here
    known, calendar = rules_in_force.of(workspace), calendar_of(workspace)
    away = ""
    if here is None and there is not None and there.had_on(day):
        # The tree says only what the address in use has: that another has it is told, or it would read as never reported.
        away = f"{there.message.number} · {there.message.address}"
    tree = figures.of_set(facts_of(one, here, day), day, known, calendar, here.message.number if here else "", away)
    if there is None:
        return tree
    tree = _with_audit(tree, there, day)
    row = figures.of_row(set_facts(one, there), day, there.message.number, reason=there.removed.reason if there.removed else "")
    return tree if row.value == "stands" else replace(tree, inputs=(*tree.inputs, row))


def _service(workspace: Workspace, record: Named, day: date) -> Figure:
    there = _anywhere(workspace, national_soap.SERVICE).get(record.id)
    if there is None:
        raise Refused("national.due_not_taken", number=record.number)
    with workspace.read() as connection:
        changed = next(iter(rows.otherwise(connection, [record.id])), None)
    facts = RowFacts(
        there.first_on, True, record.confidential, changed.reversed_on if changed else None, changed.successor if changed else "",
        removed_on=there.removed_on,
    )  # fmt: skip
    tree = figures.of_row(facts, day, there.message.number, record=record.number, reason=there.removed.reason if there.removed else "")
    return _with_audit(tree, there, day)


def _with_audit(tree: Figure, there: Taken, day: date) -> Figure:
    """The tree with what the platform said of the row last."""
    audit = there.audit(day)
    return tree if audit is None else replace(tree, inputs=(*tree.inputs, figures.of_audit(audit)))


def _span(workspace: Workspace, wanted: str, day: date) -> Figure:
    try:
        asked = periods.parse(wanted)
    except ValueError as error:
        raise Refused("national.due_unknown", key=wanted) from error
    found = next((one for one in records(workspace, asked.start.year, day) if one.period == asked), None)
    if found is None:
        raise Refused("national.due_unknown", key=wanted)
    return figures.of_span(found.state, asked.last_day, rules_in_force.of(workspace), *_numbers(workspace, asked, day))


def _numbers(workspace: Workspace, span: Period, day: date) -> tuple[tuple[str, ...], ...]:
    forms, _ = national_messages.services(workspace, span, national_outgoing.target(workspace).unit)
    taken = {key: one for key, one in _taken(workspace, national_soap.SERVICE).items() if one.had_on(day)}
    told = [(one.number, one.sound, taken.get(one.values["recordInnerId"])) for one in forms]
    return (
        tuple(number for number, sound, there in told if sound and there is None),
        tuple(number for number, sound, there in told if sound and there is not None and not is_refused(there, day)),
        tuple(number for number, sound, _ in told if not sound),
        tuple(number for number, sound, there in told if sound and there is not None and is_refused(there, day)),
    )
