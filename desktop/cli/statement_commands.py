"""One technician's statement of a payout: every line behind the sum, on the screen, as an object, or on paper."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from desktop.cli.session import FINDINGS, OK, Answer, opened, table, told
from desktop.ledger import money
from desktop.ledger.problem import Refused
from desktop.words import say, tr


def register(payout: Any, add: Any) -> None:
    """Add this command below ``payout``."""
    own = add(payout, "statement", tr("一名技术人员在一次分配里的明细：金额背后的每一行"))
    own.add_argument("payout_run", metavar="RUN", help=tr("分配编号，见 payout list"))
    own.add_argument("--technician", required=True, metavar="STAFF", help=tr("工号或姓名"))
    own.add_argument("--out", metavar="FILE", help=tr("另写成 PDF 或 XLSX（按文件后缀），供本人签字"))
    own.set_defaults(run=_statement)


def _statement(args: argparse.Namespace) -> Answer:
    from desktop.actions import payout_views, payouts, reporting

    with opened(args) as workspace:
        staff_number = payout_views.staff_number_of(workspace, args.technician)
        run, technician, found = payouts.statement(workspace, args.payout_run, staff_number)
        share = next((s for s in run.shares if s.technician_id == technician.id), None)
        if share is None:
            paid = say("report.list").join(s.staff_number for s in run.shares if s.technician_id) or "—"
            raise Refused("payout.no_share", run=run.number, staff_number=staff_number, known=paid)
        made = reporting.make_statement(workspace, run.number, staff_number, out=Path(args.out).absolute()) if args.out else None
    total = sum(one.line.fen for one in found)
    content = {
        "run": run.number, "state": run.state, "to": run.to_on.isoformat(), "technician": share.name, "staff_number": staff_number,
        "department": share.department, "weight": share.weight, "fen": share.fen, "lines_fen": total, "remainder": share.remainder,
        "lines": [
            {
                "record": one.record_number, "asset_number": one.asset_number, "instrument": one.instrument_name,
                "customer": one.customer_name, "month": one.line.service_month, "minutes": one.line.minutes,
                "amount_fen": one.line.amount_fen, "fen": one.line.fen, "late": one.line.late,
                "taken_back": one.line.reverses is not None, "confidential": one.confidential,
            }
            for one in found
        ],
    }  # fmt: skip
    rows = [
        [
            one.record_number, one.line.service_month, one.asset_number, one.instrument_name, one.customer_name, str(one.line.minutes),
            money.text(one.line.amount_fen), money.text(one.line.fen), _marks(one.line.late, one.line.reverses is not None, one.confidential),
        ]
        for one in found
    ]  # fmt: skip
    state = say(f"payout.state.{run.state}")
    head = tr("{name}（{staff_number}）在分配 {run}（{state}）中应发 {yuan} 元。",
              name=share.name, staff_number=staff_number, run=run.number, state=state, yuan=money.text(share.fen))  # fmt: skip
    heads = [
        tr("记录编号"), tr("服务月份"), tr("资产编号"), tr("仪器名称"), tr("使用单位"), tr("分钟"), tr("收入（元）"), tr("应发（元）"), tr("标记"),
    ]  # fmt: skip
    agrees = total == share.fen
    sums = {"n": len(found), "sum": money.text(total)}
    closing = tr("{n} 行合计 {sum} 元，与应发金额一致。", **sums) if agrees else tr("{n} 行合计 {sum} 元，与应发金额不符！请运行 verify。", **sums)
    lines = [head, tr("大写：{capital}", capital=money.capital(share.fen)), *table(heads, rows), closing]
    if made is not None:
        content |= {"file": str(made.path), "pages": made.n_pages, "digest": made.digest}
        lines += [tr("明细已写好：{path}", path=made.path), *(told(f) for f in made.findings)]
    return Answer(content, lines, OK if agrees else FINDINGS)


def _marks(late: bool, back: bool, secret: bool) -> str:
    marks = [word for word, true in ((tr("补记"), late), (tr("扣回"), back), (tr("涉密"), secret)) if true]
    return say("report.list").join(marks)
