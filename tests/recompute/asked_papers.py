"""What the program says on papers whose figures no other question asks for, and beside them: the quarterly sheet and that of fees as printed, prices beside
their cost, management documents, the network's word, and what is due to the national platform.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from desktop.actions import fee_building, management, national_due, publications, reporting, rules_in_force
from desktop.actions.workspace import Workspace
from desktop.reports.content import KeyValues, Paragraph, Table
from desktop.store import fees

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


def fee_checks(workspace: Workspace) -> Told:
    """How every version's prices stand to its cost, as ``fee check`` and the page of fees say it of one."""
    known, told = rules_in_force.of(workspace), Told()
    with workspace.read() as connection:
        lines, parts = (_of_versions(codec.find(connection, order=order)) for codec, order in ((fees.LINES, "position"), (fees.COMPONENTS, "rowid")))
        versions = [one.id for one in fees.SCHEDULES.find(connection)]
    for version in versions:
        live = fee_building.live(parts.get(version, ()), lines.get(version, ()), known)
        said = tuple((one.item, one.customer_class, _millionths(one.hourly_fen), one.state) for one in live.checks)
        unusual = [_millionths(dict(one.params)["share"].removesuffix("%"), 4) for one in live.cost.findings if one.code == "fee.management_unusual"]
        told[version] = (live.cost.fen, live.state, said, *(unusual or [None]))
    return told


def _of_versions(found: list[Any]) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = {}
    for one in found:
        told.setdefault(one.schedule_id, []).append(one)
    return told


def _millionths(value: int | Decimal | str | None, places: int = 6) -> int | None:
    return None if value is None else int(Decimal(value).scaleb(places).to_integral_value(ROUND_HALF_UP))


def fee_sheet(workspace: Workspace, day: date) -> Told:
    """The sheet of fees of a day as it goes to paper; a price that is told in words is told as ``words``."""
    found = reporting.content(workspace, "fees", str(day.year), on=day)
    table, texts = next(block for block in found.blocks if isinstance(block, Table)), [one.text for one in found.blocks if isinstance(one, Paragraph)]
    told: Told = {}
    for row in table.rows:
        item, inside, outside, span = row[3], row[5], row[6], str(row[-1]).replace("\n至 ", " ").removesuffix(" 起").split()
        of_set = told.setdefault(row[0], (span[0], span[1] if len(span) > 1 else None, ()))
        told[row[0]] = (*of_set[:2], (*of_set[2], (item, _price(inside), _price(outside))))
    whole = "\n".join(texts)
    bare = {each.rpartition("（")[2].removesuffix("）") for text in texts if text.startswith("尚未制定") for each in text.partition("：")[2].split("、")}
    counted = (*(int(each) for each in re.findall(r"\d+", found.subtitle)), found.withheld)
    return told | {"counted": counted, "without prices": bare, "papers": frozenset(re.findall(r"（(校发〔\d+〕\d+号)）", whole))}


def _price(cell: Any) -> Any:
    return cell if isinstance(cell, int) or cell == "" else "unsettled" if cell == "未定" else "words"


def checklist(workspace: Workspace, day: date) -> Told:
    """Management documents on a day."""
    found = management.checklist(workspace, day)
    told: Told = {
        f"{one.kind} {one.document.party if one.document else ''}": (one.state, one.document.number if one.document else None, wanted)
        for some, wanted in ((found.required or (), True), (found.others, False), (found.agreements, False))
        for one in some
    }
    states = {"management.missing": "missing", "management.over": "over", "management.not_yet": "not_yet", "management.ends": "ends_soon"}
    counted = Counter(states[one.code] for one in found.findings if one.code in states)
    asked = (found.figure.value, None if found.required is None else len(found.required))
    return told | {"of those asked for": asked, "told": counted}


def published(workspace: Workspace, day: date) -> Told:
    """What the network says of the sets, beside the ledger."""
    found = publications.overview(workspace, day)
    told: Told = {one.instrument.asset_number: one.standing for one in found.lines}
    return told | {"published": found.counts, "of none here": len(found.elsewhere), "secret": found.n_confidential}


def rectification(workspace: Workspace, name: str, day: date) -> Told:
    """整改报告 as it goes to paper: what it counts, how each notice stands, and each check by how its findings stand."""
    found = reporting.content(workspace, "rectification", name, on=day)
    (pairs,) = (block.pairs for block in found.blocks if isinstance(block, KeyValues))
    told: Told = {said: int(text.split(" ")[0].replace(",", "")) for said, text in pairs}
    for tree in found.figures:
        of = {part.code: part.value for part in tree.inputs}
        if tree.code == "notice.standing":
            told[f"notice {dict(tree.params)['title']}"] = (tree.value, of.get("notice.workdays"), of.get("notice.provisional"))
        elif tree.code.startswith("integrity."):
            told[f"check {tree.code.removeprefix('integrity.')}"] = (
                tree.value, *(of[f"integrity.n_{state}"] for state in ("explained", "corrected", "accepted", "open")),
            )  # fmt: skip
    return told
