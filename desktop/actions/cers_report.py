"""Gathers what the universities' sharing system (CERS) would get, for its paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop.actions import cers, fault_lines
from desktop.actions.cers import Listed
from desktop.actions.printed_figures import of_set
from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding
from desktop.ledger.period import Period
from desktop.reports import cers as paper
from desktop.reports.cers import CersFacts, CersLine
from desktop.reports.content import Content, Letterhead
from desktop.rules.figure import Figure
from desktop.words import say


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """The check of a file of ``as_of``; the period says nothing about it, the sharing system holds sets as they are."""
    found = cers.judge(workspace, as_of)
    facts = CersFacts(
        as_of, found.school, tuple(_line(one) for one in found.sets), fault_lines.by_kind(cers.told(found)), found.unstated, found.withheld
    )
    said = paper.report(facts, head)
    left_out = (one for one in found.sets if not one.row.sound)
    wrong = (of_set(one.instrument.asset_number, one.instrument.name, *(_told(each) for each in one.row.findings)) for one in left_out)
    return replace(said, figures=(*said.figures, *wrong))


def _told(one: Finding) -> Figure:
    return Figure("cers.told", say(one.code, **dict(one.params)), "text")


def _line(one: Listed) -> CersLine:
    return CersLine(one.instrument.asset_number, one.instrument.name, one.instrument.value_fen, one.row.cells, one.row.sound)
