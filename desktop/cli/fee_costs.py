"""Commands about the cost build-up: components of an hour, suggestions from the original value, a calculation without a ledger."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.cli.fee_told import cost_json, version_answer
from desktop.cli.record_corrections import yuan
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, told
from desktop.ledger import money
from desktop.ledger.fees import COMPONENT_KINDS, ComponentKind, CostComponent
from desktop.words import say, say_in, tr

if TYPE_CHECKING:
    from desktop.actions.workspace import Workspace

_HUNDRED = Decimal(100)


def rate(text: str) -> Decimal:
    """A rate written ``15%`` or ``0.15``; anything else is a usage error: a bare 15 could mean either."""
    plain = text.strip().replace("％", "%")
    try:
        found = money.number(plain.removesuffix("%")) / (_HUNDRED if plain.endswith("%") else 1)
    except ValueError:
        found = Decimal(-1)
    if not 0 <= found <= 1:
        raise argparse.ArgumentTypeError(tr("比例要写成 15% 或 0.15：{text}", text=text))
    return found


def kind(text: str) -> ComponentKind:
    """A cost component by its code or its word in either language; another one is a usage error."""
    for code in COMPONENT_KINDS:
        if text.strip().lower() in (code, say_in("zh", f"fee.{code}"), say_in("en", f"fee.{code}").lower()):
            return code
    known = "|".join(COMPONENT_KINDS)
    raise argparse.ArgumentTypeError(tr("不认识成本项 {text}，可用：{known}", text=text, known=known))


def _evidence(text: str) -> tuple[ComponentKind, str]:
    name, equals, document = text.partition("=")
    if not equals or not document.strip():
        raise argparse.ArgumentTypeError(tr("依据要写成 成本项=文件，如 折旧=资产卡片：{text}", text=text))
    return kind(name), document.strip()


def cost_options(parser: argparse.ArgumentParser) -> None:
    """The components of an hour as options; what is not given is not entered, which is not zero."""
    group = parser.add_argument_group(tr("成本构成（每小时，元）"))
    for name in COMPONENT_KINDS:
        if name != "management":
            group.add_argument(f"--{name}", type=yuan, metavar="YUAN", help=say(f"fee.{name}"))
    either = group.add_mutually_exclusive_group()
    either.add_argument("--management", type=yuan, metavar="YUAN", help=say("fee.management"))
    either.add_argument("--management-rate", type=rate, metavar="RATE", help=tr("管理费比例，按其余各项之和计，如 15% 或 0.15").replace("%", "%%"))
    group.add_argument(
        "--evidence", type=_evidence, action="append", default=[], metavar="KIND=TEXT", help=tr("某项的依据文件，可写多次，如 折旧=资产卡片")
    )


def merged(args: argparse.Namespace, base: Sequence[CostComponent]) -> list[CostComponent]:
    """The components of ``base`` with what the options give in their place. Raises Refused for evidence of nothing."""
    from desktop.ledger.problem import Refused

    parts: dict[ComponentKind, CostComponent] = {part.kind: part for part in base}
    for name in COMPONENT_KINDS:
        amount = getattr(args, name)
        if amount is not None:
            parts[name] = replace(parts.get(name) or CostComponent("", "", name), amount_fen=amount, rate=None)
    if args.management_rate is not None:
        old = parts.get("management") or CostComponent("", "", "management")
        parts["management"] = replace(old, amount_fen=None, rate=args.management_rate)
    for name, document in args.evidence:
        if name not in parts:
            raise Refused("fee.evidence_alone", component=f"fee.{name}")
        parts[name] = replace(parts[name], evidence=document)
    for name in getattr(args, "remove", []):
        parts.pop(name, None)
    return [parts[name] for name in COMPONENT_KINDS if name in parts]


def register(fee: Any, add: Any, pick: Any) -> None:
    """Add these commands to the grammar; ``pick`` adds the options that name a version."""
    cost = add(fee, "cost", tr("录入或查看一版的成本构成，得出每小时成本价（只写要改的项）"))
    pick(cost)
    cost_options(cost)
    cost.add_argument("--suggested", action="store_true", help=tr("折旧和维护取按原值算出的建议值（另写的以另写的为准）"))
    cost.add_argument("--remove", type=kind, action="append", default=[], metavar="KIND", help=tr("去掉这一项，可写多次"))
    cost.set_defaults(run=_cost)
    suggest = add(fee, "suggest", tr("按仪器原值和现行参数算出的折旧与维护，供核对"))
    suggest.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    suggest.set_defaults(run=_suggest)
    calculate = add(fee, "calculate", tr("只算成本价，不写入（不需要台账）"))
    cost_options(calculate)
    calculate.set_defaults(run=_calculate)


def suggested(workspace: Workspace, asset_number: str) -> list[CostComponent]:
    """The suggested components. Raises Refused when the original value is unknown."""
    from desktop.actions import fee_building, instruments
    from desktop.ledger.problem import Refused

    one = instruments.get(workspace, asset_number)
    found = [part for part, _ in fee_building.suggestions(workspace, one.asset_number)]
    if not found:
        raise Refused("fee.nothing_suggested", asset_number=one.asset_number)
    return found


def _cost(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key)
        base = {part.kind: replace(part, id="", schedule_id="") for part in version.components}
        old = list(base.values())
        if args.suggested:
            base |= {part.kind: part for part in suggested(workspace, args.asset_number)}
        parts = merged(args, list(base.values()))
        words = ""
        if sorted(parts, key=repr) != sorted(old, key=repr):
            fee_versions.set_costs(workspace, version.schedule.id, parts)
            words = tr("已保存成本构成。")
        return version_answer(workspace, version.schedule.id, words)


def _suggest(args: argparse.Namespace) -> Answer:
    from desktop.actions import explaining, fee_building

    with opened(args) as workspace:
        suggested(workspace, args.asset_number)
        found = fee_building.suggestions(workspace, args.asset_number)
    content = {
        "asset_number": args.asset_number,
        "suggested": [
            {"kind": part.kind, "amount_fen": part.amount_fen, "evidence": part.evidence, "figure": explaining.as_json(figure)}
            for part, figure in found
        ],
    }
    lines = [line for _, figure in found for line in explaining.as_lines(figure)]
    return Answer(content, [*lines, tr("请核对后再用：fee cost {asset} --suggested", asset=args.asset_number)])


def _calculate(args: argparse.Namespace) -> Answer:
    from desktop.actions import explaining, fee_building, fee_versions

    parts = merged(args, ())
    fee_versions.refuse_costs(parts)
    cost = fee_building.live(parts, ()).cost
    # Nothing is stored, so nothing needs evidence.
    findings = [f for f in cost.findings if f.code != "fee.cost_evidence"]
    content = {**cost_json(parts), "findings": [as_json(f) for f in findings]}
    lines = [*explaining.as_lines(cost.figure), *(told(f) for f in findings)]
    return Answer(content, lines, OK if cost.fen is not None else FINDINGS)
