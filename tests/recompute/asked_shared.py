"""What the program says of the universities' sharing system, and the statement of filed sets as it goes to paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from desktop.actions import cers, reporting
from desktop.actions.workspace import Workspace
from desktop.reports.content import KeyValues, Table

Told = dict[Any, Any]


def sharing(workspace: Workspace, day: date) -> Told:
    """Every set of which something is stated, and how many are written, left out, withheld and not stated."""
    found = cers.judge(workspace, day)
    told: Told = {
        one.row.asset_number: (
            "written" if one.row.sound else "left_out", frozenset((each.code.removeprefix("cers."), each.field) for each in one.row.findings)
        )
        for one in found.sets
    }  # fmt: skip
    counted = {"written": len(found.sound), "left_out": len(found.sets) - len(found.sound), "withheld": found.withheld, "unstated": found.unstated}
    return told | {f"n {state}": n for state, n in counted.items()}


def filed(workspace: Workspace, day: date) -> Told:
    """涉密大型科研仪器报备说明: its rows and its counts."""
    found = reporting._filing(workspace, day, False)
    (pairs,), (table,) = ([block for block in found.blocks if isinstance(block, kind)] for kind in (KeyValues, Table))
    told: Told = {
        row[0]: (row[2] and str(row[2]), "" if row[3] == "—" else row[3], None if row[4] == "—" else str(row[4])) for row in table.rows
    }  # fmt: skip
    return told | {"counted": tuple(int(text.split()[0].replace(",", "")) for _, text in pairs.pairs)}
