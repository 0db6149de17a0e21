"""What the page of compliance shows beside duties: problems grouped by kind, calendars known, a deadline worked out with why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from desktop.actions import duties, rules_in_force
from desktop.actions.workspace import Workspace
from desktop.ledger.document_number import distinct
from desktop.ledger.finding import SEVERITIES, Finding
from desktop.rules import duty_figures, workdays
from desktop.rules.figure import Figure
from desktop.store import records as record_rows

__all__ = ["CalendarYear", "Calendars", "ProblemGroup", "calendars", "deadline_figure", "problem_groups"]


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """All problems of one kind on drafts: how many records carry it, the worst severity, one of them as an example."""

    code: str
    severity: str
    n_records: int
    example: Finding
    example_number: str


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year's published days: how many weekdays are off and weekend days worked, the notice, and whether a user imported it."""

    year: int
    n_off: int
    n_worked: int
    document: str
    certainty: str
    imported: bool


@dataclass(frozen=True, slots=True)
class Calendars:
    """``n_provisional`` open deadlines were counted through a year that is not known; ``next_year`` is the first such year."""

    years: tuple[CalendarYear, ...]
    next_year: int
    n_provisional: int


def problem_groups(workspace: Workspace) -> list[ProblemGroup]:
    """The record problems by kind: what stops posting first, then the most frequent."""
    with workspace.read() as connection:
        found = record_rows.problems(connection)
    records: dict[str, set[str]] = {}
    example: dict[str, tuple[str, Finding]] = {}
    for number, told in found:
        records.setdefault(told.code, set()).add(number)
        example.setdefault(told.code, (number, told))  # the list is sorted: the first is the worst
    groups = [ProblemGroup(code, told.severity, len(records[code]), told, number) for code, (number, told) in example.items()]
    return sorted(groups, key=lambda one: (SEVERITIES.index(one.example.severity), -one.n_records, one.code))


def calendars(workspace: Workspace, on: date) -> Calendars:
    """The years whose days off are known, newest first, and how many open deadlines are provisional."""
    with workspace.read() as connection:
        own = {date.fromisoformat(row[0]).year for row in connection.exec_driver_sql("SELECT DISTINCT day FROM calendar_day")}
    calendar = duties.calendar_of(workspace)
    off: Counter[int] = Counter(one.day.year for one in calendar.days if one.kind == "weekday_off")
    worked: Counter[int] = Counter(one.day.year for one in calendar.days if one.kind == "makeup_workday")
    packaged = workdays.packaged()
    years = []
    for year in sorted(calendar.years, reverse=True):
        days = [one for one in calendar.days if one.day.year == year]
        documents = distinct(one.document for one in days)
        certainty = max((one.certainty for one in days), default="")
        imported = year in own and year not in packaged.years
        years.append(CalendarYear(year, off[year], worked[year], " / ".join(documents), certainty, imported))
    open_ones = [duty for duty in duties.every(workspace, on) if duty.days_left is not None and duty.provisional]
    return Calendars(tuple(years), max(calendar.years) + 1, len(open_ones))


def deadline_figure(workspace: Workspace, accepted_on: date) -> Figure:
    """The last day to join of a set accepted on a day, with why."""
    return duty_figures.deadline_figure(accepted_on, rules_in_force.of(workspace), duties.calendar_of(workspace))
