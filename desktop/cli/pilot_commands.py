"""Commands about pilot bases and equipment: entered, opened and closed, checked against the conditions, their services, their papers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop.cli.pilot_told import answer, of_base, of_equipment, of_services
from desktop.cli.record_corrections import yuan
from desktop.cli.register_commands import day
from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.ledger.pilot import OPENNESS, PARTNER_KINDS, PilotBase, PilotEquipment, PilotPartner
from desktop.words import say, tr

_YES = {"yes": True, "no": False}
_BASE = ("name", "fields", "process", "capacity", "services", "site", "market_how", "contact", "phone")
_PIECE = ("name", "model", "process", "capacity", "services")
_FACTS = ("started_on", "retired_on", "value_fen", "accepted_on")
_PAPERS = ("catalogue", "award", "performance")


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    verbs = add(commands, "pilot", tr("中试：基地、设备、开放状态、服务和材料")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    listed = add(verbs, "list", tr("全部基地和设备，和现在的开放状态"))
    listed.set_defaults(run=_list)
    show = add(verbs, "show", tr("一个基地：登记的内容、设备、共建方、条件是否符合"))
    _number(show, tr("基地编号，见 pilot list"))
    show.add_argument("--on", type=day, metavar="DATE", help=tr("按哪一天判断（默认今天）"))
    show.set_defaults(run=_show)
    base = add(verbs, "base", tr("登记一个中试基地，已有的则修改（只改写出的各项）"))
    _number(base, tr("编号，由本单位编"))
    _base_options(base)
    base.set_defaults(run=_base)
    piece = add(verbs, "equipment", tr("登记一件中试设备，已有的则修改（只改写出的各项）"))
    _number(piece, tr("编号，由本单位编"))
    _equipment_options(piece)
    piece.set_defaults(run=_equipment)
    partner = add(verbs, "partner", tr("登记或移除基地的共建方"))
    _number(partner, tr("基地编号，见 pilot list"))
    partner.add_argument("name", metavar="NAME", help=tr("共建方名称"))
    partner.add_argument("--kind", choices=PARTNER_KINDS, default="other", help=tr("park 园区，college 高校，institute 科研院所，company 企业，other 其他"))
    partner.add_argument("--part", default="", metavar="TEXT", help=tr("共建内容"))
    partner.add_argument("--document", default="", metavar="N", help=tr("共建协议编号"))
    partner.add_argument("--remove", action="store_true", help=tr("移除这个共建方"))
    partner.set_defaults(run=_partner)
    state = add(verbs, "open", tr("登记基地或设备的开放状态，历史都保留"))
    _number(state, tr("基地或设备的编号"))
    state.add_argument("state", choices=OPENNESS, help=tr("open 开放，limited 限制开放，paused 暂停，closed 关闭"))
    state.add_argument("--reason", required=True, metavar="TEXT", help=tr("原因，会印在目录里，也写入操作日志"))
    state.add_argument("--from", dest="from_on", type=day, metavar="DATE", help=tr("从哪一天起（默认今天）"))
    state.set_defaults(run=_open)
    serve = add(verbs, "serve", tr("把服务记录登记为基地的中试服务"))
    _number(serve, tr("基地编号，见 pilot list"))
    serve.add_argument("record", nargs="+", metavar="RECORD", help=tr("服务记录编号，可以有多个"))
    serve.add_argument("--equipment", default="", metavar="N", help=tr("哪件中试设备；不写则按记录的仪器找"))
    serve.add_argument("--what", default="", metavar="TEXT", help=tr("中试服务内容"))
    serve.set_defaults(run=_serve)
    unserve = add(verbs, "unserve", tr("取消一条记录的中试服务登记"))
    unserve.add_argument("record", metavar="RECORD", help=tr("服务记录编号"))
    unserve.set_defaults(run=_unserve)
    year = add(verbs, "services", tr("一年的中试服务，和基地仪器上还没有登记的记录"))
    year.add_argument("--year", metavar="YEAR", help=tr("自然年（默认上年）"))
    year.set_defaults(run=_services)
    paper = add(verbs, "paper", tr("中试目录、奖补申报材料、服务业绩材料（按文件后缀出 PDF 或 XLSX）"))
    paper.add_argument("kind", choices=_PAPERS, help=tr("catalogue 目录，award 奖补申报材料，performance 服务业绩材料"))
    paper.add_argument("--base", default="", metavar="N", help=tr("只印这个基地"))
    paper.add_argument("--year", metavar="YEAR", help=tr("自然年（目录默认今年，其他默认上年）"))
    paper.add_argument("--out", required=True, metavar="FILE", help=tr("写到这个文件（.pdf、.xlsx）"))
    paper.set_defaults(run=_paper)


def _number(parser: argparse.ArgumentParser, words: str) -> None:
    parser.add_argument("number", metavar="N", help=words)


def _base_options(one: argparse.ArgumentParser) -> None:
    for name, words in (
        ("name", tr("名称")), ("fields", tr("行业领域")), ("process", tr("工艺")), ("capacity", tr("中试能力")), ("services", tr("服务内容")),
        ("site", tr("地点")), ("market-how", tr("怎样以市场化方式建设")), ("contact", tr("联系人")), ("phone", tr("电话")),
    ):  # fmt: skip
        one.add_argument(f"--{name}", metavar="TEXT", help=words)
    one.add_argument("--started", dest="started_on", type=_blank(day), metavar="DATE", help=tr("开始运行日期；写空则未知"))
    one.add_argument("--market", choices=tuple(_YES), help=tr("是否以市场化方式建设"))
    one.add_argument("--ended", dest="retired_on", type=_blank(day), metavar="DATE", help=tr("从这一天起不再是基地；写空则仍是"))


def _equipment_options(one: argparse.ArgumentParser) -> None:
    for name, words in (
        ("name", tr("名称")), ("model", tr("规格型号")), ("process", tr("工艺")), ("capacity", tr("中试能力")), ("services", tr("服务内容")),
    ):  # fmt: skip
        one.add_argument(f"--{name}", metavar="TEXT", help=words)
    one.add_argument("--base", metavar="N", help=tr("所属基地的编号；写空则不属于基地"))
    one.add_argument("--asset", metavar="ASSET", help=tr("关联仪器台账的资产编号；型号、原值、验收日期、是否涉密以台账为准"))
    one.add_argument("--value", dest="value_fen", type=_blank(yuan), metavar="YUAN", help=tr("原值（元）；写空则未知"))
    one.add_argument("--accepted", dest="accepted_on", type=_blank(day), metavar="DATE", help=tr("验收日期；写空则未知"))
    one.add_argument("--confidential", choices=tuple(_YES), help=tr("是否涉密"))
    one.add_argument("--ended", dest="retired_on", type=_blank(day), metavar="DATE", help=tr("从这一天起退役；写空则没有退役"))


def _blank(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """A reader to which nothing written is nothing there; what is not given at all stays as it is."""
    return lambda text: read(text) if text.strip() else ""


def _given(args: argparse.Namespace, names: tuple[str, ...]) -> dict[str, Any]:
    given = {name: value for name in names if (value := getattr(args, name)) is not None}
    return given | {name: None for name in _FACTS if given.get(name) == ""}


def _base(args: argparse.Namespace) -> Answer:
    from desktop.actions import pilot, pilot_view

    with opened(args) as workspace:
        before = next((one.base for one in pilot_view.bases(workspace) if one.base.number == args.number.strip()), None)
        given = _given(args, (*_BASE, "started_on", "retired_on")) | ({"market": _YES[args.market]} if args.market else {})
        base = replace(before or PilotBase("", args.number, ""), **given)
        done = pilot.change_base(workspace, args.number, base) if before else pilot.add_base(workspace, base)
    return answer(tr("中试基地 {number} 已存下，可以撤销。", number=args.number), done, number=args.number)


def _equipment(args: argparse.Namespace) -> Answer:
    from desktop.actions import pilot, pilot_view

    with opened(args) as workspace:
        seen = next((one for one in pilot_view.equipment(workspace) if one.equipped.equipment.number == args.number.strip()), None)
        before = seen.equipped.equipment if seen else PilotEquipment("", args.number, "")
        given = _given(args, (*_PIECE, "value_fen", "accepted_on", "retired_on"))
        if args.confidential:
            given["confidential"] = _YES[args.confidential]
        piece = replace(before, **given)
        base = args.base if args.base is not None else seen.base if seen else ""
        asset = args.asset if args.asset is not None else seen.equipped.asset_number if seen else ""
        done = (
            pilot.change_equipment(workspace, args.number, piece, base, asset) if seen else pilot.add_equipment(workspace, piece, base, asset)
        )
    return answer(tr("中试设备 {number} 已存下，可以撤销。", number=args.number), done, number=args.number)


def _partner(args: argparse.Namespace) -> Answer:
    from desktop.actions import pilot

    with opened(args) as workspace:
        if args.remove:
            pilot.remove_partner(workspace, args.number, args.name)
            return Answer({"number": args.number, "removed": args.name}, [tr("共建方「{name}」已移除，可以撤销。", name=args.name)])
        done = pilot.add_partner(workspace, args.number, PilotPartner("", "", args.name, args.kind, args.part, args.document))
    return answer(tr("共建方「{name}」已存下，可以撤销。", name=args.name), done, number=args.number)


def _open(args: argparse.Namespace) -> Answer:
    from desktop.actions import pilot

    with opened(args) as workspace:
        done = pilot.say_open(workspace, args.number, args.state, args.reason, args.from_on)
    line = tr("{number} 的开放状态已登记：{state}。", number=args.number, state=say(f"pilot.state.{args.state}"))
    return answer(line, done, number=args.number, state=args.state)


def _serve(args: argparse.Namespace) -> Answer:
    from desktop.actions import pilot

    with opened(args) as workspace:
        done = pilot.serve(workspace, args.record, args.number, args.equipment, args.what)
    return answer(tr("{n} 条记录已登记为基地 {number} 的中试服务。", n=len(args.record), number=args.number), done, number=args.number)


def _unserve(args: argparse.Namespace) -> Answer:
    from desktop.actions import pilot

    with opened(args) as workspace:
        pilot.serve_not(workspace, args.record)
    return Answer({"record": args.record}, [tr("记录 {record} 不再是中试服务，可以撤销。", record=args.record)])


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import pilot_doubts, pilot_view

    with opened(args) as workspace:
        bases, pieces = pilot_view.bases(workspace), pilot_view.equipment(workspace)
    doubts = pilot_doubts.doubts(bases, pieces)
    unsaid = tr("未知")
    rows = [
        [one.base.number, tr("基地"), one.base.name, "", say(f"pilot.state.{one.openness.state}") if one.openness else unsaid] for one in bases
    ] + [
        [
            one.equipped.equipment.number, tr("设备"), one.equipped.equipment.name, one.base,
            say(f"pilot.state.{one.openness.state}") if one.openness else unsaid,
        ]
        for one in pieces
    ]  # fmt: skip
    content = {
        "bases": [of_base(one) for one in bases], "equipment": [of_equipment(one) for one in pieces], "findings": [as_json(one) for one in doubts]
    }  # fmt: skip
    heads = [tr("编号"), tr("类别"), tr("名称"), tr("所属基地"), tr("开放状态")]
    return Answer(content, [*table(heads, rows), *(told(one) for one in doubts)] if rows else [tr("还没有登记中试基地和设备。")])


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import pilot_doubts, pilot_report, pilot_view
    from desktop.ledger.problem import Refused

    with opened(args) as workspace:
        seen = next((one for one in pilot_view.bases(workspace, args.on) if one.base.number == args.number.strip()), None)
        own = [one for one in pilot_view.equipment(workspace, args.on) if one.base == args.number.strip()]
    if seen is None:
        raise Refused("pilot.unknown_base", number=args.number)
    lines = [pilot_report.condition_line(one) for one in seen.judged.conditions]
    rows = [[one.name, one.verdict, one.there or tr("未知"), one.asked or tr("未知"), one.source, one.certainty] for one in lines]
    verdicts = (
        tr("省级中试示范基地的条件：{state}", state=say(f"pilot.state.{seen.judged.demonstration}")),
        tr("开放型中试基地的条件：{state}", state=say(f"pilot.state.{seen.judged.open_base}")),
    )
    heads = [tr("条件"), tr("判断"), tr("现有"), tr("要求"), tr("依据"), tr("确定性")]
    said = [f"{one.from_on.isoformat()} {say(f'pilot.state.{one.state}')} {one.reason} ({one.said_by})" for one in seen.history]
    withheld = [tr("另有涉密 {n} 项未列。", n=seen.n_withheld)] if seen.n_withheld else []
    doubts = pilot_doubts.doubts([seen], own)
    content = of_base(seen) | {"findings": [as_json(one) for one in doubts]}
    shown = [f"{seen.base.number} {seen.base.name}", *verdicts, *table(heads, rows), *said, *withheld]
    return Answer(content, [*shown, *(told(one) for one in doubts)])


def _services(args: argparse.Namespace) -> Answer:
    from desktop.actions import pilot_view

    with opened(args) as workspace:
        year = pilot_view.year_of(args.year)
        found, waiting = pilot_view.services(workspace, year), pilot_view.candidates(workspace, year)
    return of_services(year, found, waiting)


def _paper(args: argparse.Namespace) -> Answer:
    from desktop.actions import reporting

    with opened(args) as workspace:
        made = reporting.make(workspace, f"pilot_{args.kind}", period=args.year, out=Path(args.out).absolute(), run=args.base or None)
    content = {"file": str(made.path), "pages": made.n_pages, "digest": made.digest, "findings": [as_json(each) for each in made.findings]}
    return Answer(content, [tr("材料已写好：{path}", path=made.path), *(told(one) for one in made.findings)])
