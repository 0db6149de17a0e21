"""What the program says on papers whose figures no other question asks for: the quarterly sheet as printed, and what is due to the national platform."""

from __future__ import annotations

from datetime import date
from typing import Any

from desktop.actions import national_due, reporting
from desktop.actions.workspace import Workspace
from desktop.reports.content import Table

Told = dict[Any, Any]


def quarterly(workspace: Workspace, name: str, day: date) -> Told:
    """The cells of 季度共享情况 as they go to paper: by department, by set, and both sums."""
    found = reporting.content(workspace, "quarterly", name, on=day)
    by_department, by_set = (block for block in found.blocks if isinstance(block, Table))
    told: Told = {f"department {row[0]}": row[1:] for row in by_department.rows} | {f"set {row[0]}": row[3:] for row in by_set.rows}
    for word, table, first in (("departments", by_department, 1), ("sets", by_set, 3)):
        told[f"sum of {word}"] = None if table.total is None else table.total[first:]
    return told | {"withheld": found.withheld}


def national_reports(workspace: Workspace, day: date) -> Told:
    """How reporting each set stands on a day."""
    return {
        line.instrument.asset_number: (line.report.state, line.report.deadline and line.report.deadline.day, line.report.days_left)
        for line in national_due.sets(workspace, day)
    }
