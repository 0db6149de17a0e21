"""Duties (义务): which instruments must join or be filed, by when, how they stand; and calendars the user imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.actions import rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger.calendar import CalendarDay
from desktop.ledger.document_number import distinct
from desktop.ledger.duty import Duty, DutyFacts
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Refused
from desktop.rules import duties, duty_figures, parameters, workdays
from desktop.rules.figure import Figure
from desktop.rules.workdays import Calendar, Deadline
from desktop.store import instrument_views as views
from desktop.store.facts import INSTRUMENTS

__all__ = ["Duty", "calendar_of", "deadline", "every", "explain", "facts_of", "one"]


def calendar_of(workspace: Workspace | None = None) -> Calendar:
    """The packaged calendar, with the years a ledger's user has imported on top."""
    packaged = workdays.packaged()
    if workspace is None:
        return packaged
    with workspace.read() as connection:
        rows = connection.exec_driver_sql("SELECT day, kind, document FROM calendar_day ORDER BY day").all()
    own = [CalendarDay(date.fromisoformat(day), kind, document) for day, kind, document in rows]
    return packaged.merged(workdays.from_days(own)) if own else packaged


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year whose exceptions to Monday–Friday are known; ``imported``: from the ledger, not from the program."""

    year: int
    n_off: int
    n_worked: int
    documents: tuple[str, ...]
    imported: bool


def calendar_years(workspace: Workspace) -> list[CalendarYear]:
    """The years deadlines can be counted in without being provisional, newest first."""
    with workspace.read() as connection:
        own = {
            row[0] for row in connection.exec_driver_sql("SELECT DISTINCT CAST(substr(day, 1, 4) AS INTEGER) FROM calendar_day")
        }
    days = calendar_of(workspace).days
    found = []
    for year in sorted({one.day.year for one in days}, reverse=True):
        of_year = [one for one in days if one.day.year == year]
        n_off = sum(one.kind == "weekday_off" for one in of_year)
        documents = distinct(one.document for one in of_year)
        found.append(CalendarYear(year, n_off, len(of_year) - n_off, documents, year in own))
    return found


def deadline(day: date, workspace: Workspace | None = None) -> Deadline:
    """The last day to join for a set accepted on a day: the 30th working day after it. Needs no ledger."""
    known = parameters.packaged() if workspace is None else rules_in_force.of(workspace)
    return duties.deadline_after(day, known, calendar_of(workspace))


def facts_of(instrument: Instrument) -> DutyFacts:
    """What an instrument's duty hangs on."""
    return DutyFacts(
        instrument.asset_number, instrument.value_fen, instrument.fiscal, instrument.confidential, instrument.accepted_on,
        instrument.joined_on, instrument.network_number, instrument.filed_on, instrument.filing_number,
        instrument.booked_on, instrument.retired_on,
    )  # fmt: skip


def every(workspace: Workspace, on: date | None = None) -> list[Duty]:
    """The duty of every instrument not retired by a day (today when not given), by asset number.

    A day is judged by what had happened by then: acceptance, joining, filing and retirement dated later had not.
    """
    calendar, day = calendar_of(workspace), on or today()
    with workspace.read() as connection:
        facts = [fact for _, fact in views.duty_facts(connection) if views.serving(fact, day)]
    facts.sort(key=lambda fact: fact.asset_number)
    return duties.assess_all(facts, day, rules_in_force.of(workspace), calendar)


def one(workspace: Workspace, asset_number: str, on: date | None = None) -> tuple[Duty, Figure]:
    """One instrument's duty and why. Raises Refused for an unknown asset number."""
    with workspace.read() as connection:
        instrument = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
    if instrument is None:
        raise Refused("instrument.unknown", asset_number=asset_number)
    facts, day, calendar = facts_of(instrument), on or today(), calendar_of(workspace)
    known = rules_in_force.of(workspace)
    return duties.assess(facts, day, known, calendar), duty_figures.explain(facts, day, known, calendar)


def explain(workspace: Workspace, asset_number: str, on: date | None = None) -> Figure:
    """Why an instrument's duty is what it is."""
    return one(workspace, asset_number, on)[1]
