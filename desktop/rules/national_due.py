"""What the national platform is to be told by when: each set after its acceptance, service records so many times a year.

Sources: national.report_days (working days after acceptance), national.records_per_year, national.threshold_fen, each as in force on the day it is
asked of. Of a set the ledger knows only what the platform took from here: what was entered there by hand is not known to it. The text gives no day
by which the records of a quarter must be there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, date
from typing import Literal

from desktop.ledger.period import Period, parse
from desktop.rules.national_effect import THRESHOLD
from desktop.rules.parameters import Parameters
from desktop.rules.workdays import Calendar, Deadline, nth_workday_after, workdays_between

REPORT_DAYS, RECORDS_PER_YEAR = "national.report_days", "national.records_per_year"
ReportState = Literal["overdue", "refused", "due", "unknown", "late", "reported", "before_rule", "not_obliged"]
REPORT_STATES: tuple[ReportState, ...] = ("overdue", "refused", "due", "unknown", "late", "reported", "before_rule", "not_obliged")
_SPANS = {1: ("",), 4: ("Q1", "Q2", "Q3", "Q4"), 12: tuple(f"-{n:02}" for n in range(1, 13))}


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What reporting a set hangs on: value in fen, days in Asia/Shanghai; ``taken_on`` the day the platform first took it from here. None: unknown.

    ``refused_on``: the day on which it was seen that the platform's audit refused the row it has; None: nobody saw that.
    """

    asset_number: str
    value_fen: int | None
    confidential: bool | None
    accepted_on: date | None
    retired_on: date | None = None
    taken_on: date | None = None
    refused_on: date | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """How reporting a set stands; ``days_left`` working days, negative when over; both None where no day is known or nothing is due."""

    asset_number: str
    state: ReportState
    deadline: Deadline | None = None
    days_left: int | None = None


def assess(facts: ReportFacts, on: date, known: Parameters, calendar: Calendar) -> Report:
    """How reporting a set stands on a day. Whether it is confidential must be known before it may leave: until then it is unknown."""
    retired = facts.retired_on is not None and facts.retired_on <= on
    if facts.confidential or retired or (facts.accepted_on is not None and facts.accepted_on > on):
        return Report(facts.asset_number, "not_obliged")
    threshold = known.in_force(THRESHOLD, facts.accepted_on or on)
    if threshold is not None and facts.value_fen is not None and facts.value_fen < threshold.integer:
        return Report(facts.asset_number, "not_obliged")
    days = None if facts.accepted_on is None else known.in_force(REPORT_DAYS, facts.accepted_on)
    deadline = None if facts.accepted_on is None or days is None else nth_workday_after(facts.accepted_on, days.integer, calendar)
    if facts.taken_on is not None and facts.taken_on <= on:
        if facts.refused_on is not None and facts.refused_on <= on:
            # What was refused is to be told again. The text says by when a set is told, and nothing of the second time: the day stays the first one.
            return Report(facts.asset_number, "refused", deadline, None if deadline is None else _left(on, deadline, calendar))
        return Report(facts.asset_number, "late" if deadline is not None and facts.taken_on > deadline.day else "reported", deadline)
    if facts.accepted_on is not None and (threshold is None or days is None):
        return Report(facts.asset_number, "before_rule")
    if facts.value_fen is None or facts.confidential is None or deadline is None:
        return Report(facts.asset_number, "unknown", deadline)
    return Report(facts.asset_number, "due" if on <= deadline.day else "overdue", deadline, _left(on, deadline, calendar))


def _left(on: date, deadline: Deadline, calendar: Calendar) -> int:
    return workdays_between(on, deadline.day, calendar) if on <= deadline.day else -workdays_between(deadline.day, on, calendar)


def spans(year: int, known: Parameters) -> tuple[Period, ...]:
    """The spans of a calendar year of which records are to be told, by the rule of its last day; none where the rule is unknown or makes no usual spans."""
    times = known.in_force(RECORDS_PER_YEAR, date(year, 12, 31))
    if times is None or year == MAXYEAR:  # a span ends before the day after it, and no year comes after that one
        return ()
    return tuple(parse(f"{year}{part}") for part in _SPANS.get(times.integer, ()))
