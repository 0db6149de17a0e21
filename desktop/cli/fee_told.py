"""How a fee version is told: its lines as read, its costs, the cost price with its tree, and prices against cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.cli.session import Answer, as_json, table, told
from desktop.ledger import money
from desktop.words import known, say, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.actions.fees import Version
    from desktop.actions.workspace import Workspace
    from desktop.ledger.fees import CostComponent, FeeLine
    from desktop.ledger.finding import Finding


def span(from_on: object, to_on: object) -> str:
    """``[from, to)`` as people say it."""
    return tr("{day} 起", day=from_on) + (tr("，至 {day} 前一日", day=to_on) if to_on else "")


def line_json(line: FeeLine) -> dict[str, Any]:
    """One line: as published, as understood, whether a person has to settle it."""
    from desktop.actions import fee_building

    understood = {name: text for name, text in fee_building.told(line).items() if text} if not line.to_confirm else {}
    return {
        "item": line.item,
        **fee_building.cells_of(line),
        "source_text": line.source_text,
        "to_confirm": line.to_confirm,
        "understood": understood,
    }


def understood(line: FeeLine) -> str:
    """What a line means in words; one that nobody has settled says so."""
    from desktop.actions import fee_building
    from desktop.actions.fee_words import CELLS, published

    if line.to_confirm:
        return tr("待确认：{text}", text=published(line.source_text))
    meant = fee_building.told(line)
    # A price says whose it is; what a person settled otherwise stands in the note as a whole.
    classes = ("internal", "external")
    told_cells = (
        tr("{name}：{value}", name=class_words(name), value=meant[name]) if name in classes else meant[name]
        for name in CELLS
        if meant.get(name)
    )
    return say("fee.joiner").join(told_cells)


def parts_lines(parts: Sequence[CostComponent]) -> list[str]:
    """The cost price of components with its tree."""
    from desktop.actions import explaining, fee_building

    return explaining.as_lines(fee_building.live(parts, ()).cost.figure)


def cost_json(parts: Sequence[CostComponent]) -> dict[str, Any]:
    """Components, cost price in fen per hour (None: unknown) and its tree."""
    from desktop.actions import explaining, fee_building

    cost = fee_building.live(parts, ()).cost
    return {
        "components": [
            {"kind": c.kind, "amount_fen": c.amount_fen, "rate": None if c.rate is None else str(c.rate), "evidence": c.evidence}
            for c in parts
        ],
        "cost_price_fen": cost.fen,
        "figure": explaining.as_json(cost.figure),
    }


def class_words(code: str) -> str:
    """A customer class in words."""
    name = f"fee.class.{code}"
    return say(name) if known(name) else code


def check_lines(version: Version) -> list[str]:
    """Each price against the cost price, in a table, and what that comes to."""
    from desktop.actions import explaining, fee_building

    live = fee_building.live(version.components, version.lines)
    if not version.lines:
        return []
    rows = [
        [
            check.item,
            class_words(check.customer_class) if check.customer_class else "—",
            "—" if check.hourly_fen is None else explaining.value_text(check.hourly_fen, "fen"),
            say(f"fee.compared.{check.state}"),
        ]
        for check in live.checks
    ]
    price = tr("未知") if live.cost.fen is None else tr("{yuan} 元", yuan=money.text(live.cost.fen))
    lines = [tr("非盈利核对（每小时成本价 {price}）：{state}", price=price, state=say(f"fee.compared.{live.state}"))]
    return [*lines, *table([tr("收费项目"), tr("用户类别"), tr("折合每小时"), tr("与成本价相比")], rows)]


def check_json(version: Version) -> dict[str, Any]:
    """The comparison as ``--json`` prints it; ``hourly_fen`` is text when it is no whole fen."""
    from desktop.actions import fee_building

    live = fee_building.live(version.components, version.lines)
    return {
        "state": live.state,
        "checks": [
            {
                "item": check.item,
                "class": check.customer_class or None,
                "hourly_fen": str(check.hourly_fen) if isinstance(check.hourly_fen, Decimal) else check.hourly_fen,
                "state": check.state,
                "words": say(f"fee.compared.{check.state}"),
            }
            for check in live.checks
        ],
    }


def findings_of(workspace: Workspace, version: Version) -> list[Finding]:
    """What stands against approving a draft, what is doubtful of the cost price, which prices are above it."""
    from desktop.actions import fee_building, fees, rules_in_force

    live = fee_building.live(version.components, version.lines, rules_in_force.of(workspace))
    found = [*fees.findings_of(version)] if version.schedule.state == "draft" else []
    return [*found, *live.cost.findings, *(f for check in live.checks for f in check.findings)]


def version_json(workspace: Workspace, version: Version) -> dict[str, Any]:
    """A version whole."""
    from desktop.actions import people

    schedule = version.schedule
    names = {person.id: person.name for person in people.everyone(workspace)}
    return {
        "version": schedule.id,
        "asset_number": version.instrument.asset_number,
        "instrument": version.instrument.name,
        "from": schedule.from_on.isoformat(),
        "to": schedule.to_on.isoformat() if schedule.to_on else None,
        "state": schedule.state,
        "title": schedule.title,
        "document": schedule.document,
        "prepared_by": names.get(schedule.prepared_by or ""),
        "approved_by": names.get(schedule.approved_by or ""),
        "used": version.used,
        "lines": [line_json(line) for line in version.lines],
        **cost_json(version.components),
        "non_profit": check_json(version),
        "findings": [as_json(f) for f in findings_of(workspace, version)],
    }


def version_answer(workspace: Workspace, key: str, words: str = "", status: int = 0) -> Answer:
    """A version read anew, told whole; ``words`` first: what was done to it."""
    from desktop.actions import fees

    version = fees.version(workspace, key)
    content = version_json(workspace, version)
    schedule = version.schedule
    about = [
        say(f"fee.state.{schedule.state}"),
        schedule.title,
        schedule.document,
        tr("编制人 {name}", name=content["prepared_by"]) if content["prepared_by"] else "",
        tr("审批人 {name}", name=content["approved_by"]) if content["approved_by"] else "",
        tr("已用来计价") if version.used else "",
    ]
    lines = [words] if words else []
    lines.append(
        f"{version.instrument.asset_number} {version.instrument.name}  {span(schedule.from_on, schedule.to_on)}  "
        + " · ".join(part for part in about if part)
    )
    lines.append(tr("版本键：{key}", key=schedule.id))
    lines += ["", *table([tr("收费项目"), tr("这样理解")], [[line.item, understood(line)] for line in version.lines])]
    lines += ["", *parts_lines(version.components), "", *check_lines(version)]
    lines += [told(f) for f in findings_of(workspace, version)]
    return Answer(content, lines, status)
