"""Commands about innovation vouchers: what each use of a year gets and why, what a person says of a use, papers, claims and their steps."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from desktop.cli import voucher_outside_commands
from desktop.cli.record_corrections import yuan
from desktop.cli.register_commands import day
from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.cli.voucher_outside_commands import SAID
from desktop.ledger import money
from desktop.ledger.voucher import EVIDENCE, ClaimVerb
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.voucher_city_meters import CityMeter
    from desktop.actions.voucher_overview import Meter


def register(commands: Any, add: Any) -> None:
    """Add these commands."""
    group = add(commands, "voucher", tr("创新券")).add_subparsers(dest="voucher_verb", required=True, metavar=tr("命令"))
    voucher_outside_commands.register(group, add)
    one = add(group, "year", tr("一年里每项服务的创新券金额"))
    one.add_argument("year", type=int, metavar="YEAR", help=tr("自然年，例如 2025"))
    one.set_defaults(run=_year)
    one = add(group, "mark", tr("注明一条服务记录是否通过网络、开票金额和不计入的金额"))
    one.add_argument("number", metavar="NUMBER", help=tr("记录编号"))
    one.add_argument("--network", choices=tuple(SAID), required=True, help=tr("是否通过开放共享服务网络：yes 是，no 否，unknown 未知"))
    one.add_argument("--order", default="", metavar="N", help=tr("网络订单号"))
    one.add_argument("--invoiced", type=yuan, metavar="YUAN", help=tr("已开票金额（元），不写则未知"))
    one.add_argument("--excluded", type=yuan, default=0, metavar="YUAN", help=tr("不计入补助的金额（元）"))
    one.add_argument("--why", default="", metavar="TEXT", help=tr("不计入的理由"))
    one.set_defaults(run=_mark)
    one = add(group, "paper", tr("登记一项证据材料：附件，编号，或不需要的理由"))
    one.add_argument("number", metavar="NUMBER", help=tr("记录编号"))
    one.add_argument("item", choices=EVIDENCE, help=tr("材料：commission 委托书，contract 合同，report 报告，usage 使用记录，invoice 发票，acceptance 验收单"))
    one.add_argument("--attachment", metavar="KEY", help=tr("附件的键，见 evidence list（record:编号 或 outside:编号）"))
    one.add_argument("--number", dest="given", default="", metavar="N", help=tr("材料的编号"))
    one.add_argument("--waived", default="", metavar="TEXT", help=tr("不需要的理由"))
    one.set_defaults(run=_paper)
    one = add(group, "claim", tr("起草一份兑付申请：一家企业、一个自然年"))
    one.add_argument("claim", metavar="CLAIM", help=tr("申请编号"))
    one.add_argument("uses", nargs="+", metavar="NUMBER", help=tr("记录编号"))
    one.set_defaults(run=_claim)
    one = add(group, "renumber", tr("换编号：别的电脑的一份申请或一次省外使用用了同一编号"))
    one.add_argument("number", metavar="NUMBER", help=tr("申请编号或省外使用的编号"))
    one.add_argument("new", nargs="?", metavar="NEW", help=tr("新编号；不写则取下一个空着的"))
    one.add_argument("--outside", action="store_true", help=tr("是省外使用的编号，不写则为申请"))
    one.add_argument("--reason", required=True, metavar="TEXT", help=tr("原因"))
    one.set_defaults(run=_renumber)
    one = add(group, "show", tr("一份申请的状态、金额、材料和还缺什么"))
    one.add_argument("claim", metavar="CLAIM", help=tr("申请编号"))
    one.set_defaults(run=_show)
    one = add(group, "report", tr("写成供签章的兑付申请表"))
    one.add_argument("claim", metavar="CLAIM", help=tr("申请编号"))
    one.add_argument("--out", required=True, metavar="FILE", help=tr("写成 PDF 或 XLSX（按文件后缀）"))
    one.set_defaults(run=_report)
    one = add(group, "collect", tr("把一份申请的材料文件汇成一个压缩包，附材料清单"))
    one.add_argument("claim", metavar="CLAIM", help=tr("申请编号"))
    one.add_argument("--out", required=True, metavar="FILE", help=tr("写到哪个 .zip 文件"))
    one.set_defaults(run=_collect)
    one = add(group, "step", tr("办理一份申请：提交、退回补正、通过、不通过、兑付、撤回、追回"))
    one.add_argument("claim", metavar="CLAIM", help=tr("申请编号"))
    one.add_argument("verb", choices=get_args(ClaimVerb), help=tr("办理：submit、send_back、accept、refuse、pay、withdraw、recover"))
    one.add_argument("--on", type=day, metavar="DATE", help=tr("办理日期，不写则为今天"))
    one.add_argument("--amount", type=yuan, metavar="YUAN", help=tr("通过或兑付的金额（元）"))
    one.add_argument("--document", default="", metavar="N", help=tr("文号"))
    one.add_argument("--reason", default="", metavar="TEXT", help=tr("理由"))
    one.set_defaults(run=_step)


def _yuan(fen: int | None) -> str:
    return tr("未知") if fen is None else money.text(fen)


def _year(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_overview, vouchers

    with opened(args) as workspace:
        found = vouchers.year(workspace, args.year)
        caps = voucher_overview.caps(workspace, found)
    content = [
        {
            "number": one.use.number,
            "customer": one.use.enterprise.name,
            "ended_on": one.use.ended_on.isoformat(),
            "fee_fen": one.use.fee_fen,
            "eligible": one.eligible,
            "fen": one.amount_fen,
            "top_up_fen": one.top_up_fen,
            "least": one.least,
            "held": one.use.held,
            "findings": [as_json(each) for each in one.findings],
        }
        for one in found.grants
    ]
    rows = [
        [
            one.use.number, one.use.enterprise.name, one.use.ended_on.isoformat(), _yuan(one.use.fee_fen), _yuan(one.amount_fen),
            _yuan(one.top_up_fen), tr("已申报") if one.use.held else "",
        ]
        for one in found.grants
    ]  # fmt: skip
    lines = table([tr("编号"), tr("使用单位"), tr("结束日"), tr("费用（元）"), tr("省（元）"), tr("市（元）"), tr("状态")], rows)
    lines += _caps(*caps)
    lines += [told(each) for one in found.grants for each in one.findings]
    if found.n_withheld:
        lines.append(tr("另有涉密 {n} 项未列。", n=found.n_withheld))
    return Answer({"year": args.year, "uses": content, "caps": _cap_facts(*caps), "withheld": found.n_withheld}, lines)


def _caps(own: Sequence[Meter], of_cities: Sequence[CityMeter]) -> list[str]:
    """The yearly caps: of each enterprise by the province, then by the rule of its city, for a controlling group together where it says so."""
    rows = [[one.name, tr("省"), *_cap_cells(one)] for one in own]
    for each in of_cities:
        name = tr("实际控制人 {name}（{names}）", name=each.name, names=tr("、").join(each.members)) if each.per_group else each.name
        rows.append([name, tr("省市合计（{city}）", city=each.city), *_cap_cells(each)])
    return table([tr("按谁计"), tr("哪个上限"), tr("上限（元）"), tr("已用（元）"), tr("剩余（元）")], rows) if rows else []


def _cap_cells(one: Meter | CityMeter) -> list[str]:
    used = tr("至少 {fen}", fen=money.text(one.used_fen)) if one.n_open else money.text(one.used_fen)
    return [_yuan(one.cap_fen), used, _yuan(one.left_fen)]


def _cap_facts(own: Sequence[Meter], of_cities: Sequence[CityMeter]) -> list[dict[str, Any]]:
    every: list[Meter | CityMeter] = [*own, *of_cities]
    return [
        {"name": one.name, "city": getattr(one, "city", None), "per_group": getattr(one, "per_group", False), "cap_fen": one.cap_fen,
         "used_fen": one.used_fen, "left_fen": one.left_fen, "open": one.n_open}
        for one in every
    ]  # fmt: skip


def _mark(args: argparse.Namespace) -> Answer:
    from desktop.actions import vouchers

    with opened(args) as workspace:
        vouchers.mark(
            workspace, args.number, SAID[args.network], args.order,
            invoiced_fen=args.invoiced, excluded_fen=args.excluded, excluded_why=args.why,
        )  # fmt: skip
    return Answer({"number": args.number}, [tr("已注明 {number}，可以撤销（undo）。", number=args.number)])


def _paper(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_claims

    with opened(args) as workspace:
        voucher_claims.paper(workspace, args.number, args.item, attachment_id=args.attachment, given=args.given, waived_why=args.waived)
    item = say(f"voucher.paper.{args.item}")
    return Answer({"number": args.number, "item": args.item}, [tr("已登记 {number} 的{item}。", number=args.number, item=item)])


def _claim(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_claims

    with opened(args) as workspace:
        voucher_claims.draft(workspace, args.claim, args.uses)
    return _show(args)


def _renumber(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_renumbering

    work = voucher_renumbering.outside if args.outside else voucher_renumbering.claim
    with opened(args) as workspace:
        new = work(workspace, args.number, args.new, args.reason)
    said = tr("{number} 的编号已改为 {new}，下次同步时报送。", number=args.number, new=new)
    return Answer({"voucher": args.number, "number": new}, [said])


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_claims

    with opened(args) as workspace:
        found = voucher_claims.show(workspace, args.claim)
    stands = found.stands
    content = {
        "number": found.claim.number,
        "customer": found.customer,
        "year": found.claim.year,
        "state": stands.state,
        "claimed_fen": stands.claimed_fen,
        "n_unknown": stands.n_unknown,
        "accepted_fen": stands.accepted_fen,
        "paid_fen": stands.paid_fen,
        "lines": [{"number": number, "fen": fen, "top_up_fen": top_up} for number, fen, top_up in found.amounts],
        "papers": [
            {"number": one.use.number, "item": item, "state": state}
            for one, checked in zip(found.grants, found.papers, strict=True) for item, state in checked.papers
        ],
        "findings": [as_json(each) for each in found.findings],
        "told": [as_json(each) for each in found.told],
        "elsewhere": found.elsewhere,
    }
    lines = [
        tr("申请 {number}：{customer} {year} 年，{state}。", number=found.claim.number, customer=found.customer, year=found.claim.year,
           state=say(f"voucher.claim.{stands.state}"))
    ]  # fmt: skip
    lines += table(
        [tr("编号"), tr("省（元）"), tr("市（元）")],
        [[number, _yuan(fen), _yuan(top_up)] for number, fen, top_up in found.amounts],
    )
    if stands.n_unknown and stands.state != "draft":
        lines.append(tr("申报的已知部分 {yuan} 元；{n} 项的市级部分未知，由市级核定。", yuan=_yuan(stands.claimed_fen), n=stands.n_unknown))
    if stands.accepted_fen is not None:
        lines.append(tr("省市合计通过 {yuan} 元。", yuan=_yuan(stands.accepted_fen)))
    if stands.paid_fen is not None:
        lines.append(tr("省市合计兑付 {yuan} 元。", yuan=_yuan(stands.paid_fen)))
    lines += table(
        [tr("编号"), tr("材料"), tr("情况")],
        [
            [one.use.number, say(f"voucher.paper.{item}"), say(f"voucher.state.{state}")]
            for one, checked in zip(found.grants, found.papers, strict=True) for item, state in checked.papers
        ],
    )
    if found.elsewhere:
        lines.append(tr("{n} 项金额的计算过程留在提交申请的那台电脑上。", n=found.elsewhere))
    return Answer(content, [*lines, *(told(each) for each in (*found.told, *found.findings))])


def _collect(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_files

    with opened(args) as workspace:
        done = voucher_files.collect(workspace, args.claim, Path(args.out).expanduser())
    lines = [tr("已汇成 {path}：{n} 个文件，另附清单。", path=done.path, n=done.n_files)]
    if done.n_elsewhere:
        lines.append(tr("另有 {n} 个文件在别的席位，本机未取回，只列在清单里（evidence fetch）。", n=done.n_elsewhere))
    if done.n_bare:
        lines.append(tr("有 {n} 项材料没有文件，情况写在清单里。", n=done.n_bare))
    if done.n_withheld:
        lines.append(tr("另有涉密 {n} 项未列。", n=done.n_withheld))
    told = {"path": str(done.path), "files": done.n_files, "elsewhere": done.n_elsewhere, "bare": done.n_bare, "withheld": done.n_withheld}
    return Answer(told, lines)


def _step(args: argparse.Namespace) -> Answer:
    from desktop.actions import voucher_claims

    with opened(args) as workspace:
        voucher_claims.step(workspace, args.claim, args.verb, args.on, fen=args.amount, document=args.document, reason=args.reason)
    return _show(args)


def _report(args: argparse.Namespace) -> Answer:
    from desktop.actions import reporting

    with opened(args) as workspace:
        made = reporting.make_claim(workspace, args.claim, out=Path(args.out).absolute())
    content = {"number": args.claim, "file": str(made.path), "pages": made.n_pages, "digest": made.digest}
    return Answer(content, [tr("兑付申请表已写好：{path}", path=made.path), *(told(one) for one in made.findings)])
