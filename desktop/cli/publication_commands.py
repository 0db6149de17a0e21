"""What the network says of the institution's own instruments, beside what the ledger has. Read with each sync, shown without a line."""

from __future__ import annotations

import argparse
from typing import Any

from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.ledger.publication import Publication
from desktop.words import tr


def register(published: Any, add: Any) -> None:
    """Add this command to those of what is published."""
    add(published, "instruments", tr("本单位仪器在网络上的编号、公布状态和评价，与台账对照")).set_defaults(run=_instruments)


def _instruments(args: argparse.Namespace) -> Answer:
    from desktop.actions import publications
    from desktop.actions.day import day_of

    with opened(args) as workspace:
        found = publications.overview(workspace)
    if not found.known:
        return Answer({"known": False, "instruments": [], "findings": []}, [tr("网络还没有告知本单位仪器的公布情况；每次同步时读取（yixiang sync）。")])
    shown = [line for line in found.lines if line.told is not None or line.findings]
    rows = [
        [
            line.instrument.asset_number, line.instrument.name, line.instrument.network_number, line.told.network_number if line.told else "",
            publications.state_words(line.told), line.told.since_on.isoformat() if line.told and line.told.since_on else "",
            publications.grade_words(line.told),
        ]
        for line in shown
    ]  # fmt: skip
    counted = tr("，").join(f"{publications.state_name(state)} {n}" for state, n in found.counts.items())
    lines = [tr("截至 {at} 同步：", at=day_of(found.as_of) if found.as_of else "—") + counted]
    heads = [tr("资产编号"), tr("名称"), tr("登记的编号"), tr("网络编号"), tr("公布状态"), tr("起始日"), tr("最近评价")]
    lines += table(heads, rows)
    lines += [told(each) for each in found.findings]
    content = [_told_as(line.instrument.asset_number, line.instrument.network_number, line.standing, line.told) for line in shown]
    told_all = {"known": True, "as_of": found.as_of, "counts": found.counts, "instruments": content}
    return Answer(told_all | {"findings": [as_json(each) for each in found.findings]}, lines)


def _told_as(asset_number: str, number: str, standing: str, told_of: Publication | None) -> dict[str, Any]:
    plain: dict[str, Any] = {"asset_number": asset_number, "number_here": number, "standing": standing, "told": None}
    if told_of is not None:
        graded = [
            {
                "year": one.year, "grade": one.grade, "score": None if one.score is None else str(one.score),
                "evaluated_on": one.evaluated_on.isoformat() if one.evaluated_on else None,
            }
            for one in told_of.evaluations
        ]  # fmt: skip
        since = told_of.since_on.isoformat() if told_of.since_on else None
        plain["told"] = {
            "network_number": told_of.network_number, "state": told_of.state, "since_on": since, "reason": told_of.reason, "evaluations": graded,
        }  # fmt: skip
    return plain
