"""Commands about the enterprise of a voucher and about instruments of other provinces: place, controller, searches, uses elsewhere."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.cli.record_corrections import yuan
from desktop.cli.register_commands import day
from desktop.cli.session import Answer, opened, table
from desktop.ledger import money
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.voucher_outside import Kept

SAID = {"yes": True, "no": False, "unknown": None}


def register(group: Any, add: Any) -> None:
    """Add these commands to those of vouchers."""
    one = add(group, "enterprise", tr("登记使用单位的所在地（到区县）、规模证明、行业、人数、收入和资产；不写的不变"))
    one.add_argument("name", metavar="NAME", help=tr("使用单位名称"))
    one.add_argument("--place", metavar="TEXT", help=tr("所在地，如 山东省青岛市即墨区"))
    one.add_argument("--assets", type=_wan, metavar="WAN", help=tr("资产总额（万元）"))
    one.add_argument("--size", metavar="TEXT", help=tr("规模证明上的规模：大型、中型、小型、微型"))
    one.add_argument("--size-on", type=day, metavar="DATE", help=tr("规模证明的认定日期"))
    one.add_argument("--industry", metavar="TEXT", help=tr("行业，按划型标准的名称"))
    one.add_argument("--staff", type=int, metavar="N", help=tr("从业人数"))
    one.add_argument("--revenue", type=_wan, metavar="WAN", help=tr("营业收入（万元）"))
    one.set_defaults(run=_enterprise)
    one = add(group, "group", tr("登记使用单位的实际控制人：自某日起，凭材料"))
    one.add_argument("name", metavar="NAME", help=tr("使用单位名称"))
    one.add_argument("--controller", required=True, metavar="TEXT", help=tr("实际控制人"))
    one.add_argument("--from", dest="from_on", required=True, type=day, metavar="DATE", help=tr("自这一天起"))
    one.add_argument("--document", required=True, metavar="TEXT", help=tr("依据的材料"))
    one.set_defaults(run=_group)
    one = add(group, "search", tr("检索省内目录并留作证据：用省外仪器之前"))
    one.add_argument("words", nargs="+", metavar="WORD", help=tr("检索词"))
    one.add_argument("--reason", default="", metavar="TEXT", help=tr("为什么用省外仪器"))
    one.set_defaults(run=_search)
    add(group, "searches", tr("列出留存的省内检索")).set_defaults(run=_searches)
    one = add(group, "answer", tr("写明检索到的省内仪器为什么不能用"))
    one.add_argument("search", type=int, metavar="N", help=tr("检索的序号"))
    one.add_argument("hits", nargs="*", type=int, metavar="HIT", help=tr("检索到的仪器的序号"))
    one.add_argument("--why", default="", metavar="TEXT", help=tr("不能用的原因"))
    one.add_argument("--reason", default="", metavar="TEXT", help=tr("为什么用省外仪器"))
    one.set_defaults(run=_answer)
    one = add(group, "outside", tr("登记一次省外仪器的使用；编号已有的重新登记"))
    one.add_argument("number", metavar="NUMBER", help=tr("编号，不与服务记录相同"))
    one.add_argument("--customer", required=True, metavar="NAME", help=tr("使用单位名称"))
    one.add_argument("--instrument", required=True, metavar="NAME", help=tr("仪器名称"))
    one.add_argument("--institution", required=True, metavar="NAME", help=tr("仪器所在单位"))
    one.add_argument("--province", required=True, metavar="TEXT", help=tr("仪器所在省"))
    one.add_argument("--from", dest="started_on", required=True, type=day, metavar="DATE", help=tr("服务开始日"))
    one.add_argument("--to", dest="ended_on", required=True, type=day, metavar="DATE", help=tr("服务结束日"))
    one.add_argument("--fee", type=yuan, metavar="YUAN", help=tr("费用（元），不写则未知"))
    one.add_argument("--invoiced", type=yuan, metavar="YUAN", help=tr("已开票金额（元），不写则未知"))
    one.add_argument("--excluded", type=yuan, default=0, metavar="YUAN", help=tr("不计入补助的金额（元）"))
    one.add_argument("--why", default="", metavar="TEXT", help=tr("不计入的理由"))
    one.add_argument("--network", choices=tuple(SAID), default="unknown", help=tr("是否通过开放共享服务网络：yes 是，no 否，unknown 未知"))
    one.add_argument("--order", default="", metavar="N", help=tr("网络订单号"))
    one.add_argument("--contract", default="", metavar="N", help=tr("合同编号"))
    one.add_argument("--search", type=int, metavar="N", help=tr("检索的序号"))
    one.set_defaults(run=_outside)
    one = add(group, "outside-drop", tr("作废一次登记错的省外使用"))
    one.add_argument("number", metavar="NUMBER", help=tr("编号"))
    one.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    one.set_defaults(run=_outside_drop)


def _wan(text: str) -> Decimal:
    try:
        return money.number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("不是数：{text}", text=text)) from error


def _enterprise(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_enterprises

    given = {
        "size_class": args.size, "size_on": args.size_on, "industry": args.industry, "n_staff": args.staff, "revenue_wan": args.revenue,
    }  # fmt: skip
    with opened(args) as workspace:
        have = voucher_enterprises.profile(workspace, args.name)
        said = replace(have.said, **{name: value for name, value in given.items() if value is not None})
        place = have.place if args.place is None else args.place
        voucher_enterprises.describe(workspace, args.name, place, have.assets_wan if args.assets is None else args.assets, said)
        kept = voucher_enterprises.profile(workspace, args.name)
    size = kept.said.size_class or tr("未知")
    since = kept.said.size_on.isoformat() if kept.said.size_on else "—"
    lines = [
        tr("已登记 {name} 的所在地：{place}。", name=kept.name, place=kept.place),
        tr("规模证明：{size}，认定日期 {day}。", size=size, day=since),
    ]
    return Answer({"name": kept.name, "place": kept.place, "size": kept.said.size_class, "size_on": kept.said.size_on and since}, lines)


def _group(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_enterprises

    with opened(args) as workspace:
        voucher_enterprises.group(workspace, args.name, args.controller, args.from_on, args.document)
    said = tr("已登记 {name} 自 {day} 起的实际控制人：{who}。", name=args.name, day=args.from_on.isoformat(), who=args.controller)
    return Answer({"name": args.name, "controller": args.controller}, [said])


def _search(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_outside

    with opened(args) as workspace:
        kept, _ = voucher_outside.search(workspace, " ".join(args.words), args.reason)
    return Answer(_facts(kept), _lines(kept))


def _answer(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_outside

    with opened(args) as workspace:
        kept, _ = voucher_outside.answer(workspace, args.search, args.hits, args.why, args.reason)
    return Answer(_facts(kept), _lines(kept))


def _searches(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_outside

    with opened(args) as workspace:
        found = voucher_outside.searches(workspace)
    lines = [line for kept in found for line in _lines(kept)] or [tr("还没有留存的检索。")]
    return Answer({"searches": [_facts(kept) for kept in found]}, lines)


def _outside(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_outside
    from desktop.ledger.voucher_rows import OutsideUse

    # The hour of a service elsewhere is not asked: it takes its place under the cap at the end of its day.
    use = OutsideUse(
        "", args.number, "", args.instrument, args.institution, args.province, args.started_on, datetime.combine(args.ended_on, time(23, 59)),
        args.fee, args.invoiced, args.excluded, args.why, SAID[args.network], args.order, args.contract,
    )  # fmt: skip
    with opened(args) as workspace:
        voucher_outside.enter(workspace, use, args.customer, args.search)
    return Answer({"number": args.number}, [tr("省外使用 {number} 已登记，可以撤销（undo）。", number=args.number)])


def _outside_drop(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_outside

    with opened(args) as workspace:
        voucher_outside.drop(workspace, args.number, args.reason)
    return Answer({"number": args.number}, [tr("省外使用 {number} 已作废，可以撤销（undo）。", number=args.number)])


def _facts(kept: Kept) -> dict[str, Any]:
    row = kept.search
    return {
        "search": kept.place, "asked": row.asked, "searched_on": row.searched_on.isoformat(),
        "catalogue_on": None if row.catalogue_on is None else row.catalogue_on.isoformat(), "reason": row.reason,
        "hits": [{"name": hit.name, "institution": hit.institution, "why_not": hit.why_not} for hit in kept.hits],
    }  # fmt: skip


def _lines(kept: Kept) -> list[str]:
    row = kept.search
    read = "—" if row.catalogue_on is None else row.catalogue_on.isoformat()
    lines = [
        tr("检索 {n}：{asked}，{day}，目录 {read} 读取，找到 {m} 台。", n=kept.place, asked=row.asked, day=row.searched_on.isoformat(), read=read,
           m=len(kept.hits))
    ]  # fmt: skip
    if row.reason:
        lines.append(tr("用省外仪器的理由：{reason}", reason=row.reason))
    if kept.hits:
        rows = [[str(n), hit.name, hit.institution, hit.why_not or tr("未写")] for n, hit in enumerate(kept.hits, 1)]
        lines += table([tr("序号"), tr("名称"), tr("单位"), tr("不能用的原因")], rows)
    return lines
