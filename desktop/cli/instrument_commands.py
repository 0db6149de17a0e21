"""Commands about one instrument: everything the register has of it, entering and correcting it, taking it out of service."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.cli.register_commands import day
from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.ledger import money
from desktop.ledger.finding import Cell, Finding
from desktop.ledger.problem import Refused
from desktop.words import known, say, tr

if TYPE_CHECKING:
    from desktop.actions.workspace import Workspace
    from desktop.ledger.instrument import Instrument

# The five groups of facts that the network publishes (clause 1), and what the register has besides.
_GROUPS: dict[str, tuple[str, ...]] = {
    "basic": (
        "asset_number", "name", "english_name", "class_code", "category", "model", "manufacturer", "country", "value_fen", "booked_on", "accepted_on",
        "retired_on", "technical", "functions", "subjects", "image",
    ),
    "ownership": (
        "department", "carrier_type", "carrier_number", "source", "funds", "fiscal", "confidential", "secrecy_level", "filing_number", "filed_on",
    ),
    "place": ("province", "city", "county", "street", "address", "postcode", "contact", "phone", "email"),
    "use": ("yearly_hours", "external_hours"),
    "sharing": ("network_number", "joined_on", "service_content", "user_notes", "fee_text", "booking_url"),
    "evaluation": (),
    "customs": ("customs_supervised", "declaration_number", "declaration_item", "released_on", "declared_name"),
}  # fmt: skip
_ASKED = ("value_fen", "fiscal", "confidential", "accepted_on", "customs_supervised")
"""What is shown as unknown where nobody stated it: a duty hangs on it."""


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(tr("要写成 名称=内容，如 型号=S5 或 原值（元）=300000：{text}", text=text))
    return name.strip(), value


def register(instrument: Any, add: Any) -> None:
    """Add these commands beside joining and filing."""
    one = add(instrument, "show", tr("一台仪器的全部事实：权属、分布、使用、共享、评价"))
    one.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    one.add_argument("--period", metavar="YEAR", help=tr("使用和评价看哪一年：自然年 2025 或学年 2024-2025，不写则按评价周期取上一年"))
    one.set_defaults(run=_show)
    one = add(instrument, "enter", tr("登记一台仪器，或更正已有的；只写要改的项，可以撤销"))
    one.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    one.add_argument(
        "facts", nargs="+", type=_pair, metavar="NAME=VALUE", help=tr("名称照仪器表的列名，如 仪器设备名称=扫描电镜 原值（元）=300000；写成“名称=”就去掉")
    )
    one.add_argument("--reason", default="", metavar="TEXT", help=tr("理由，写入操作日志"))
    one.set_defaults(run=_enter)
    one = add(instrument, "retire", tr("登记退役：不再计义务、不再报送，记录都保留，不删除；可以撤销"))
    one.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    which = one.add_mutually_exclusive_group()
    which.add_argument("--on", type=day, metavar="DATE", help=tr("退役日期，不写则为今天"))
    which.add_argument("--back", action="store_true", help=tr("改回在用"))
    one.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    one.set_defaults(run=_retire)


def _enter(args: argparse.Namespace) -> Answer:
    from desktop.actions import instrument_entry
    from desktop.actions.workspace import today

    with opened(args) as workspace:
        try:
            typed = instrument_entry.enter(workspace, args.asset_number, args.facts, today(), args.reason)
        except Refused as refused:
            # A line on the screen stands beside no field: it names the one it is of.
            refused.findings = tuple(map(_placed, refused.findings))
            raise
    seq = typed.changes.operation
    if typed.new:
        said = tr("{asset} 是新登记的一台，可以撤销（undo）。", asset=args.asset_number)
    else:
        said = tr("{asset} 已保存，可以撤销（undo）。", asset=args.asset_number) if seq else tr("台账里已经是这些内容，没有改动。")
    content = {"asset_number": args.asset_number, "new": typed.new, "operation": seq or None, "findings": [as_json(one) for one in typed.findings]}
    return Answer(content, [said, *(told(one) for one in typed.findings)])


def _placed(one: Finding) -> Finding:
    """A finding with the name of its field, where it has one."""
    name = f"instrument_field.{one.field}"
    return replace(one, cell=Cell(column=say(name))) if one.cell is None and one.field and known(name) else one


def _retire(args: argparse.Namespace) -> Answer:
    from desktop.actions import instrument_entry
    from desktop.actions.workspace import today

    on = None if args.back else args.on or today()
    with opened(args) as workspace:
        retired = instrument_entry.retire(workspace, args.asset_number, on, today(), args.reason)
    if on is None:
        said = tr("{asset} 改回在用，可以撤销（undo）。", asset=args.asset_number)
    else:
        said = tr("{asset} 于 {on} 退役，可以撤销（undo）。它和它的记录都留在台账里。", asset=args.asset_number, on=on)
    content = {"asset_number": args.asset_number, "retired_on": on.isoformat() if on else None, "findings": [as_json(one) for one in retired.findings]}
    return Answer(content, [said, *(told(one) for one in retired.findings)])


def _plain(value: object) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else None if value == "" else value


def _said(name: str, value: object) -> str:
    if value is None or value == "":
        return tr("未知") if name in _ASKED else ""
    if name == "secrecy_level":
        return say(f"secrecy.{value}")
    if isinstance(value, bool):
        return tr("是") if value else tr("否")
    if name == "value_fen" and isinstance(value, int):
        return tr("{yuan} 元", yuan=money.text(value))
    return tr("{hours} 小时", hours=f"{value:f}") if isinstance(value, Decimal) else str(value)


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import instruments

    with opened(args) as workspace:
        one = instruments.get(workspace, args.asset_number)
        more, content = _looked_up(workspace, one, args.period)
    facts = {name: _plain(value) for name, value in asdict(one).items() if name not in ("id", "imported")}
    lines: list[str] = []
    for group, names in _GROUPS.items():
        rows = [[say(f"instrument_field.{name}"), said] for name in names if (said := _said(name, getattr(one, name)))] + more.get(group, [])
        if rows:
            lines += [say(f"instrument_group.{group}"), *(f"  {line}" for line in table(["", ""], rows)[2:])]
    return Answer(facts | content, lines)


def _looked_up(workspace: Workspace, one: Instrument, asked: str | None) -> tuple[dict[str, list[list[str]]], dict[str, Any]]:
    """What other tables say of the set by group, and the same as plain values: use and ratings of a year, duty, network, files."""
    from desktop.actions import duties, evaluations, evidence, explaining, instrument_view, performance, publications

    period = performance.span(workspace, asked or performance.evaluated(workspace))
    use = instrument_view.used(workspace, one.id, period)
    told = publications.of_one(workspace, one)
    rated = evaluations.ratings(workspace, period.name, one.asset_number)
    n_files = len(evidence.listing(workspace, "instrument", one.id).items)
    share = explaining.value_text(rated.satisfied.value, "ratio")
    more = {
        "basic": [[tr("附件"), tr("{n} 个", n=n_files)]],
        "use": [
            [tr("{period} 服务", period=period.name), tr("已记账 {n} 次，{time}", n=use.n, time=explaining.value_text(use.minutes, "minutes"))],
            [tr("其中对外"), f"{explaining.value_text(use.external_minutes, 'minutes')} · {explaining.value_text(use.external_fen, 'fen')}"],
        ],
        "sharing": [],
        "evaluation": [[tr("用户满意率"), share]],
    }
    content: dict[str, Any] = {
        "n_files": n_files,
        "use": {"period": period.name, "n": use.n, "minutes": use.minutes, "external_minutes": use.external_minutes, "external_fen": use.external_fen},
        "ratings": rated.n_of, "satisfied": None if rated.satisfied.value is None else share, "duty": None, "published": None,
        "network_evaluation": None,
    }  # fmt: skip
    if one.retired_on is None:
        duty, _ = duties.one(workspace, one.asset_number)
        more["sharing"].append([tr("入网义务"), say(f"duty.state.{duty.state}")])
        content["duty"] = duty.state
    if told is not None:
        state, grade = publications.state_words(told.told), publications.grade_words(told.told)
        more["sharing"].append([say("publication_state.state"), state])
        more["evaluation"].insert(0, [tr("网络评价"), grade or tr("没有")])
        content |= {"published": state, "network_evaluation": grade or None}
    return more, content
