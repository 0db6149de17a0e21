"""Gathers a university's academic year for its paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop.actions import fault_lines, rules_in_force, university_year
from desktop.actions.printed_figures import of_set
from desktop.actions.university_year import Line
from desktop.actions.workspace import Workspace
from desktop.formats import moe_workbook
from desktop.ledger.period import Period
from desktop.reports import university as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.reports.university import SetLine, UniversityFacts
from desktop.rules.university_use import DEFINITION


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """The check of an academic year."""
    found = university_year.judge(workspace, period)
    rule = rules_in_force.of(workspace).in_force(DEFINITION, as_of)
    shape = university_year.sj2(found)
    amounts = dict(zip(("last", "increase", "decrease", "now"), moe_workbook.amounts(shape), strict=True))
    stated = [one for one in found.lines if one.instrument.confidential is not None]
    valuable = [one for one in stated if one.valuable]
    facts = UniversityFacts(
        period_words(period),
        found.school,
        len(stated),
        len(found.sound),
        {name: (getattr(found.changes, name).n, amount) for name, amount in amounts.items()},
        tuple(_line(one) for one in valuable),
        fault_lines.by_kind(university_year.told(found)),
        found.n_withheld,
        as_of < period.last_day,
        rule.certainty if rule else "",
        len(found.lines) - len(stated),
        len(found.valuable) - len(valuable),
    )
    trees = (of_set(one.instrument.asset_number, one.instrument.name, university_year.of_line(workspace, found, one)) for one in valuable)
    said = paper.report(facts, head)
    return replace(said, figures=(found.figure, *said.figures, *trees))


def _line(one: Line) -> SetLine:
    number = one.stated.number if one.stated else ""
    cells = {item.item: (item.reported, item.origin) for item in one.settled}
    return SetLine(one.instrument.asset_number, number, one.instrument.name, one.instrument.value_fen or 0, cells, one.in_sj3)
