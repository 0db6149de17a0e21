"""Commands about service records: what one costs, posting, problems, reversal, money received."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from desktop.cli import problem_lines, record_corrections
from desktop.cli.grammar import UsageError
from desktop.cli.problem_lines import ACCEPTABLE
from desktop.cli.record_corrections import yuan
from desktop.cli.register_commands import day
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.ledger import money
from desktop.words import tr


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    price = add(commands, "price", tr("一条服务记录应收多少"))
    price.add_argument("--record", required=True, metavar="NUMBER", help=tr("服务记录编号"))
    price.set_defaults(run=_price)

    post = add(commands, "post", tr("记账：把价格固定在记录上（不可撤销，只能冲销）"))
    post.add_argument("numbers", nargs="*", metavar="NUMBER", help=tr("要记账的服务记录编号；或用 --to"))
    post.add_argument("--to", type=day, metavar="DATE", help=tr("服务结束日在此日及以前的全部记录"))
    post.set_defaults(run=_post)

    problem_lines.register(commands, add)

    record = add(commands, "record", tr("服务记录")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    record_corrections.register(record, add)
    accept = add(record, "accept", tr("问题属实、照原样记账，写明理由"))
    accept.add_argument("number", metavar="NUMBER", help=tr("服务记录编号"))
    accept.add_argument("--problem", required=True, choices=tuple(ACCEPTABLE), help=tr("时间重叠、机时不符、早于验收、数量异常"))
    accept.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由"))
    accept.set_defaults(run=_accept)
    reverse = add(record, "reverse", tr("冲销一条已记账的记录"))
    reverse.add_argument("number", metavar="NUMBER", help=tr("服务记录编号"))
    reverse.add_argument("--reason", required=True, metavar="TEXT", help=tr("原因"))
    reverse.set_defaults(run=_reverse)
    receive = add(record, "receive", tr("登记到账"))
    receive.add_argument("number", metavar="NUMBER", help=tr("服务记录编号"))
    receive.add_argument("--on", type=day, required=True, metavar="DATE", help=tr("到账日期"))
    receive.add_argument("--amount", type=yuan, required=True, metavar="YUAN", help=tr("金额（元）"))
    receive.add_argument("--invoice", required=True, metavar="N", help=tr("发票号"))
    receive.set_defaults(run=_receive)
    money_list = add(record, "receipts", tr("列出一条记录的到账"))
    money_list.add_argument("number", metavar="NUMBER", help=tr("服务记录编号"))
    money_list.set_defaults(run=_receipts)
    back = add(record, "receive-back", tr("冲销一笔到账（登错或退款）"))
    back.add_argument("number", metavar="NUMBER", help=tr("服务记录编号"))
    back.add_argument("receipt", metavar="RECEIPT", help=tr("到账的键，见 record receipts"))
    back.add_argument("--on", type=day, metavar="DATE", help=tr("退款日期；不写则视为登错，按原到账日冲销"))
    back.add_argument("--reason", required=True, metavar="TEXT", help=tr("原因"))
    back.set_defaults(run=_receive_back)

    report = add(commands, "report", tr("报表（按文件后缀出 PDF 或 XLSX）"))
    report.add_argument(
        "kind",
        choices=(
            "joining", "fees", "quarterly", "transactions", "performance", "benefit", "balance", "transfers", "award", "integrity",
            "rectification", "national_income", "national_assets", "national_audit", "pilot_catalogue", "pilot_award", "pilot_performance", "trainings",
            "management", "sensors", "university", "cers", "payout",
        ),
        help=tr("入网情况、收费标准公示、季度共享情况、年度服务交易额、绩效情况、年度效益评价、收支对照、调配候选、奖励申报材料、诚信自查、国家平台的服务收入汇总表、大型仪器明细表和审核情况表、中试目录、中试基地奖补申报材料、中试服务业绩材料、整改报告、培训情况表、管理制度清单、传感器核对情况、高校年报核对表、高校共享系统报送核对表、分配表"),
    )
    report.add_argument("--period", metavar="2025|2025Q3", help=tr("期间；绩效情况、年度效益评价、收支对照、调配候选和高校年报核对表也可按学年，如 2024-2025"))
    report.add_argument("--run", dest="payout_run", metavar="RUN", help=tr("分配表对应的分配编号；中试材料只印这个编号的基地"))
    report.add_argument("--out", required=True, metavar="FILE", help=tr("写到这个文件（.pdf、.xlsx）"))
    report.set_defaults(run=_report)

    explain = add(commands, "explain", tr("为什么：一个数怎么来的"))
    explain.add_argument(
        "kind",
        choices=(
            "duty", "fee", "price", "record", "payout", "performance", "balance", "purchase", "transfer", "award", "effect", "voucher", "pilot",
            "integrity", "training", "staff", "repricing", "message", "management", "sensor", "university", "cers", "due", "publication",
            "notice", "paper",
        ),
        help=tr("义务、收费标准、试算的价格、服务记录、分配、绩效、收支对照、查重评议、调配候选、奖补估算、国家平台年度成效、创新券、中试基地、诚信自查、培训人数、技术人员的证书和认定、按某天价格重算的一条服务、国家平台报文、国家平台还要报的、管理制度清单、传感器核对和覆盖率、高校年报、高校共享系统报送、网络公布的仪器情况、通知的答复期限、打印过的报表"),
    )
    explain.add_argument(
        "id",
        metavar="ID",
        help=tr(
            "资产编号、服务记录编号、分配编号、申购编号、中试基地编号、报文编号、工号或年度；"
            "调配写资产编号，或调配编号（编制时所见）；"
            "国家平台写资产、记录编号或 2025Q3；"
            "绩效写资产编号、institution、department:部门 或 platform:平台；"
            "诚信自查写核对，或 核对:记录编号；传感器写资产编号，或 coverage；"
            "收支写资产编号，或 whole（全单位）；高校年报写学年，或资产编号；通知写它的键；打印过的报表写它的文件，或文件摘要（SHA-256，至少前 8 位）"
        ),
    )
    explain.add_argument("--on", type=day, metavar="DATE", help=tr("义务、中试基地条件、通知按哪一天判断，重算按哪一天执行的价格（默认今天）"))
    explain.add_argument(
        "--period",
        metavar="2025|2024-2025",
        help=tr("绩效、收支对照（默认今年）或调配候选（默认上年）的年度或学年；中试服务的自然年（默认上年）；高校年报的学年（默认上一学年）"),
    )
    explain.set_defaults(run=_explain)


def _price(args: argparse.Namespace) -> Answer:
    from desktop.actions import records

    with opened(args) as workspace:
        found = records.price(workspace, args.record)
    priced = found.priced
    content: dict[str, Any] = {
        "record": args.record,
        "amount_fen": priced.amount_fen if priced else None,
        "unit_price_fen": priced.unit_price_fen if priced else None,
        "quantity": str(priced.quantity) if priced else None,
        "unit": priced.unit if priced else None,
        "rule": priced.rule_text if priced else None,
        "state": found.record.state,
        "posted": found.record.state == "posted",
        "replaced_by": found.replaced_by or None,
        "findings": [as_json(f) for f in found.findings],
    }
    lines = [told(f) for f in found.findings]
    if priced:
        lines.insert(
            0,
            tr("{number}：{amount} 元。{rule}", number=args.record, amount=money.text(priced.amount_fen), rule=priced.rule_text),
        )
    else:
        lines.insert(0, tr("{number}：现在还不能计价。", number=args.record))
    lines.insert(0, _standing(found, args.record))
    # A price that was computed beside an error is not one to rely on: the record could not be posted.
    sound = priced is not None and all(f.severity != "error" for f in found.findings)
    return Answer(content, lines, OK if sound else FINDINGS)


def _standing(found: Any, number: str) -> str:
    """What the price stands for: still to be posted, posted, or taken back."""
    if found.record.state == "posted":
        return tr("{number} 已记账，价格不再变。", number=number)
    if found.record.state == "draft":
        return tr("{number} 还没有记账，以下为试算。", number=number)
    if found.replaced_by:
        return tr("{number} 已冲销，由 {by} 替换；以下为当时记账的价格。", number=number, by=found.replaced_by)
    return tr("{number} 已冲销，还没有替换的记录；以下为当时记账的价格。", number=number)


def _post(args: argparse.Namespace) -> Answer:
    from desktop.actions import records

    if bool(args.numbers) == bool(args.to):
        raise UsageError(tr("要么写出要记账的记录编号，要么用 --to 写截止日期。"))
    with opened(args) as workspace:
        outcome = records.post(workspace, args.numbers or None, args.to)
    refused = [{"record": number, "findings": [as_json(f) for f in findings]} for number, findings in outcome.refused]
    content = {
        "posted": outcome.posted, "amount_fen": outcome.amount_fen, "refused": len(refused), "problems": refused, "operation": outcome.operation or None,
        "late": outcome.n_late,
    }  # fmt: skip
    lines = [
        tr(
            "已记账 {n} 条，合计 {amount} 元；{r} 条有问题，没有记账。",
            n=outcome.posted,
            amount=money.text(outcome.amount_fen),
            r=len(refused),
        )
    ]
    if outcome.n_late:
        lines.append(tr("其中 {n} 条属于已结账的月份，标为补记，随以后的分配结算。", n=outcome.n_late))
    lines += [f"{number}  {told(f)}" for number, findings in outcome.refused for f in findings if f.severity == "error"]
    return Answer(content, lines, FINDINGS if refused else OK)


def _accept(args: argparse.Namespace) -> Answer:
    from desktop.actions import records

    with opened(args) as workspace:
        records.accept(workspace, args.number, ACCEPTABLE[args.problem], args.reason)
        left = [f for _, f in records.problems(workspace, args.number)]
    lines = [tr("已按原样认可 {number}。", number=args.number), *(told(f) for f in left)]
    return Answer({"record": args.number, "problems": [as_json(f) for f in left]}, lines)


def _reverse(args: argparse.Namespace) -> Answer:
    from desktop.actions import records

    with opened(args) as workspace:
        fen = records.reverse(workspace, args.number, args.reason)
    return Answer(
        {"record": args.number, "amount_fen": fen},
        [tr("已冲销 {number}：{amount} 元。", number=args.number, amount=money.text(fen))],
    )


def _receive(args: argparse.Namespace) -> Answer:
    from desktop.actions import records

    with opened(args) as workspace:
        records.receive(workspace, args.number, args.on, args.amount, args.invoice)
    content = {"record": args.number, "fen": args.amount, "on": args.on.isoformat(), "invoice": args.invoice}
    return Answer(content, [tr("已登记 {number} 到账 {amount} 元。", number=args.number, amount=money.text(args.amount))])


def _receipts(args: argparse.Namespace) -> Answer:
    from desktop.actions import records

    with opened(args) as workspace:
        found = records.receipts(workspace, args.number)
    content = [
        {"id": r.id, "on": r.received_on.isoformat(), "fen": r.fen, "invoice": r.invoice_number, "reverses": r.reverses} for r in found
    ]
    rows = [[r.received_on.isoformat(), money.text(r.fen), r.invoice_number, r.id] for r in found]
    return Answer({"record": args.number, "receipts": content}, table([tr("到账日期"), tr("金额（元）"), tr("发票号"), tr("键")], rows))


def _receive_back(args: argparse.Namespace) -> Answer:
    from desktop.actions import records

    with opened(args) as workspace:
        left = records.receive_back(workspace, args.number, args.receipt, args.on, args.reason)
    return Answer({"record": args.number, "open_fen": left}, [tr("已冲销到账；{number} 未收 {amount} 元。", number=args.number, amount=money.text(left))])


def _report(args: argparse.Namespace) -> Answer:
    from desktop.actions import reporting

    with opened(args) as workspace:
        made = reporting.make(workspace, args.kind, period=args.period, out=Path(args.out), run=args.payout_run)
    content = {
        "file": str(made.path),
        "pages": made.n_pages,
        "digest": made.digest,
        "findings": [as_json(f) for f in made.findings],
    }
    return Answer(content, [tr("报表已写好：{path}", path=made.path), *(told(f) for f in made.findings)])


def _explain(args: argparse.Namespace) -> Answer:
    from desktop.actions import explaining

    with opened(args) as workspace:
        figure = explaining.explain(workspace, args.kind, args.id, args.on, args.period)
    return Answer({"figure": explaining.as_json(figure)}, explaining.as_lines(figure))
