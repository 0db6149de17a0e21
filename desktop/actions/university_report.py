"""Gathers a university's academic year for its paper."""

from __future__ import annotations

from datetime import date

from desktop.actions import rules_in_force, university_year
from desktop.actions.university_year import Line, Year
from desktop.actions.workspace import Workspace
from desktop.formats import moe_workbook
from desktop.ledger.finding import SEVERITIES, Finding
from desktop.ledger.period import Period
from desktop.reports import university as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.reports.university import FaultLine, SetLine, UniversityFacts
from desktop.rules.university_use import DEFINITION
from desktop.words import say


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """The check of an academic year."""
    found = university_year.judge(workspace, period)
    rule = rules_in_force.of(workspace).in_force(DEFINITION, as_of)
    shape = university_year.sj2(found)
    amounts = dict(zip(("last", "increase", "decrease", "now"), moe_workbook.amounts(shape), strict=True))
    facts = UniversityFacts(
        period_words(period),
        found.school,
        len(found.lines),
        len(found.sound),
        {name: (getattr(found.changes, name).n, amount) for name, amount in amounts.items()},
        tuple(_line(one) for one in found.valuable),
        _faults(found),
        found.n_withheld,
        as_of < period.last_day,
        rule.certainty if rule else "",
    )
    return paper.report(facts, head)


def _line(one: Line) -> SetLine:
    number = one.stated.number if one.stated else ""
    cells = {item.item: (item.reported, item.origin) for item in one.settled}
    return SetLine(one.instrument.asset_number, number, one.instrument.name, one.instrument.value_fen or 0, cells, one.in_sj3)


def _faults(found: Year) -> tuple[FaultLine, ...]:
    """What was told by kind, the worst first, in the order in which it was told."""
    first: dict[tuple[str, str], Finding] = {}
    named: dict[tuple[str, str], dict[str, None]] = {}
    for number, one in university_year.told(found):
        kind = (one.code, one.field)
        first.setdefault(kind, one)
        named.setdefault(kind, {})
        if number:
            named[kind][number] = None
    kinds = sorted(first, key=lambda kind: SEVERITIES.index(first[kind].severity))
    return tuple(FaultLine(first[kind].severity, say(first[kind].code, **dict(first[kind].params)), tuple(named[kind])) for kind in kinds)
