"""Gathers what the universities' sharing system (CERS) would get, for its paper."""

from __future__ import annotations

from datetime import date

from desktop.actions import cers, fault_lines
from desktop.actions.cers import Listed
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.reports import cers as paper
from desktop.reports.cers import CersFacts, CersLine
from desktop.reports.content import Content, Letterhead


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """The check of a file of ``as_of``; the period says nothing about it, the sharing system holds sets as they are."""
    found = cers.judge(workspace, as_of)
    facts = CersFacts(
        as_of, found.school, tuple(_line(one) for one in found.sets), fault_lines.by_kind(cers.told(found)), found.unstated, found.withheld
    )
    return paper.report(facts, head)


def _line(one: Listed) -> CersLine:
    return CersLine(one.instrument.asset_number, one.instrument.name, one.instrument.value_fen, one.row.cells, one.row.sound)
