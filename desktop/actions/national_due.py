"""What is still to be told the national platform: sets by their day, and the service records of each span of a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date

from desktop.actions import national_messages, national_outgoing, rules_in_force
from desktop.actions.duties import calendar_of
from desktop.actions.national_sent import stands
from desktop.actions.workspace import SHANGHAI, Workspace, today
from desktop.formats import national_soap
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.rules import national_due as rules
from desktop.rules.national_due import Report, ReportFacts
from desktop.store import national_messages as rows
from desktop.store.facts import INSTRUMENTS


@dataclass(frozen=True, slots=True)
class Line:
    """A set and how reporting it stands."""

    instrument: Instrument
    report: Report


@dataclass(frozen=True, slots=True)
class Span:
    """The services of a span: ``n_sound`` may be sent, ``n_taken`` of them the platform took as they are or were, ``n_wrong`` have an error.

    ``over``: the span has ended.
    """

    period: Period
    n_sound: int
    n_taken: int
    n_wrong: int
    over: bool


def _taken(workspace: Workspace, kind: str) -> dict[str, date]:
    """Key -> the day the platform, at the address in use, first took the row."""
    to = national_outgoing.target(workspace)
    found: dict[str, date] = {}
    with workspace.read() as connection:
        for one in rows.every(connection, "kind = ? AND address = ? AND unit = ?", (kind, to.address, to.unit)):
            if stands(one) != "accepted":
                continue
            day = one.events[-1].at.replace(tzinfo=UTC).astimezone(SHANGHAI).date()
            for key in rows.held(connection, [one.message]):
                found[key] = min(day, found.get(key, day))
    return found


def sets(workspace: Workspace, on: date | None = None) -> list[Line]:
    """Every set on a day (today when not given), those first that are over their day, then by it."""
    day, known, calendar = on or today(), rules_in_force.of(workspace), calendar_of(workspace)
    taken = _taken(workspace, national_soap.INSTRUMENT)
    with workspace.read() as connection:
        found = INSTRUMENTS.find(connection, order="asset_number")
    lines = []
    for one in found:
        facts = ReportFacts(one.asset_number, one.value_fen, one.confidential, one.accepted_on, one.retired_on, taken.get(one.asset_number))
        lines.append(Line(one, rules.assess(facts, day, known, calendar)))
    order = rules.REPORT_STATES
    return sorted(lines, key=lambda line: (order.index(line.report.state), line.report.deadline.day if line.report.deadline else date.max))


def records(workspace: Workspace, year: int, on: date | None = None) -> list[Span]:
    """The spans of a calendar year, by the rule of its last day; empty where no rule says how often. Confidential services count nowhere."""
    day, taken = on or today(), _taken(workspace, national_soap.SERVICE)
    unit = national_outgoing.target(workspace).unit
    told = []
    for span in rules.spans(year, rules_in_force.of(workspace)):
        forms, _ = national_messages.services(workspace, span, unit)
        sound = [one for one in forms if one.sound]
        told.append(Span(span, len(sound), sum(one.values["recordInnerId"] in taken for one in sound), len(forms) - len(sound), span.last_day < day))
    return told
