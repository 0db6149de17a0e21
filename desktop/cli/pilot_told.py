"""What the commands of pilot bases say: a base, a piece of equipment, the services of a year, as plain values and as lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from desktop.cli.session import Answer, as_json, table, told
from desktop.ledger import money
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.pilot import Entered
    from desktop.actions.pilot_view import BaseSeen, Candidate, EquipmentSeen, Served


def answer(line: str, done: Entered, **content: Any) -> Answer:
    """What was kept, with what is doubtful about it."""
    return Answer({**content, "findings": [as_json(one) for one in done.findings]}, [line, *dict.fromkeys(told(one) for one in done.findings)])


def of_base(one: BaseSeen) -> dict[str, Any]:
    """A base as plain values."""
    base = one.base
    return {
        "number": base.number, "name": base.name, "fields": base.fields, "process": base.process, "capacity": base.capacity, "services": base.services,
        "site": base.site, "started_on": base.started_on.isoformat() if base.started_on else None, "market": base.market, "market_how": base.market_how,
        "contact": base.contact, "phone": base.phone, "retired_on": base.retired_on.isoformat() if base.retired_on else None,
        "partners": [{"name": each.name, "kind": each.kind, "part": each.part, "document": each.document} for each in one.partners],
        "equipment": [each.equipment.number for each in one.equipment], "withheld": one.n_withheld,
        "openness": one.openness.state if one.openness else None,
        "history": [{"state": each.state, "from": each.from_on.isoformat(), "reason": each.reason, "by": each.said_by} for each in one.history],
        "demonstration": one.judged.demonstration, "open_base": one.judged.open_base,
        "conditions": {each.code: each.verdict for each in one.judged.conditions},
    }  # fmt: skip


def of_equipment(one: EquipmentSeen) -> dict[str, Any]:
    """A piece of equipment as plain values."""
    piece, found = one.equipped.equipment, one.equipped
    return {
        "number": piece.number, "name": piece.name, "base": one.base, "asset_number": found.asset_number, "model": found.model,
        "value_fen": found.value_fen, "accepted_on": found.accepted_on.isoformat() if found.accepted_on else None, "process": piece.process,
        "capacity": piece.capacity, "services": piece.services, "confidential": found.confidential,
        "retired_on": found.retired_on.isoformat() if found.retired_on else None, "openness": one.openness.state if one.openness else None,
    }  # fmt: skip


def of_services(year: int, found: Sequence[Served], waiting: Sequence[Candidate]) -> Answer:
    """The services of a year by base, and the records on sets of a base that nobody has entered."""
    rows = []
    content = []
    for one in found:
        estimate = one.estimate.value
        rows.append([
            one.base.number, one.base.name, str(len(one.lines)), str(one.evidenced.n), money.text(one.evidenced.fen), str(one.evidenced.n_wanting),
            money.text(estimate) if isinstance(estimate, int) else tr("未知"),
        ])  # fmt: skip
        content.append({
            "number": one.base.number, "records": [each.line.record_number for each in one.lines], "external": one.evidenced.n,
            "amount_fen": one.evidenced.fen, "wanting": one.evidenced.n_wanting, "estimate_fen": estimate, "withheld": one.n_withheld,
        })  # fmt: skip
    heads = [tr("编号"), tr("基地名称"), tr("记录"), tr("对外"), tr("交易额（元）"), tr("缺凭据"), tr("奖补估算（元）")]
    lines = [tr("{year} 年中试服务", year=year), *(table(heads, rows) if rows else [tr("还没有登记中试基地。")])]
    if waiting:
        lines.append(tr("基地仪器上还有 {n} 条记录没有登记为中试服务：", n=len(waiting)))
        lines += table(
            [tr("记录编号"), tr("基地"), tr("设备"), tr("使用单位"), tr("结束日")],
            [[one.number, one.base, one.equipment, one.customer, one.ended_on.isoformat()] for one in waiting[:50]],
        )
    candidates = [{"record": one.number, "base": one.base, "equipment": one.equipment, "customer": one.customer} for one in waiting]
    return Answer({"year": year, "bases": content, "candidates": candidates}, [*lines, *_withheld(found)])


def _withheld(found: Sequence[Served]) -> list[str]:
    n = sum(one.n_withheld for one in found)
    return [tr("另有涉密 {n} 项未列。", n=n)] if n else []
