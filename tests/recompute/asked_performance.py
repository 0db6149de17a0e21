"""What the program prints of a year's performance: counts, figures beside those of the year before, groups, pictures."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from desktop.actions import reporting
from desktop.actions.workspace import Workspace
from desktop.ledger import period as periods
from desktop.reports.content import Bars, Content, KeyValues, Table
from desktop.store import reporting as rows
from tests.recompute.asked_sums import number

Told = dict[Any, Any]
_LEFT_OUT = re.compile(r"本期另有 ([0-9]+) 条记录")


def printed(workspace: Workspace, year: int, day: date) -> Told:
    """绩效情况 as it goes to paper; and what is not posted of the year after."""
    found = reporting.content(workspace, "performance", str(year), on=day)
    (pairs,) = (block.pairs for block in found.blocks if isinstance(block, KeyValues))
    figures, departments, platforms, *_ = (block for block in found.blocks if isinstance(block, Table))
    told: Told = {name: int(number(text)) for name, text in pairs}
    told |= {f"figure {place}": tuple(None if text == "没有记账" else number(str(text)) for text in row[1:3]) for place, row in enumerate(figures.rows)}
    for kind, table in (("department", departments), ("platform", platforms)):
        told |= {f"{kind} {row[0]}": row[1:3] for row in table.rows}
    for place, bars in enumerate(block for block in found.blocks if isinstance(block, Bars)):
        count = re.search(r"共 ([0-9]+) 项", bars.caption)
        told[f"bars {place}"] = (int(count[1]) if count else len(bars.bars), *((one.label, one.value) for one in bars.bars))
    with workspace.read() as connection:
        later = rows.n_unposted(connection, periods.parse(str(year + 1)))
    return told | {"unposted": _unposted(found), "unposted of the year after": later}


def _unposted(found: Content) -> int:
    return next((int(told[1]) for note in found.notes if (told := _LEFT_OUT.match(note))), 0)
