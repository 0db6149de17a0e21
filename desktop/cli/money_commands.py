"""Commands about payouts: schemes, declared costs, runs, months."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from desktop.cli.record_commands import yuan
from desktop.cli.register_commands import day
from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.ledger import money
from desktop.words import say, tr


def _acting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="acting", required=True, metavar="NAME", help=tr("由谁来做"))
    parser.add_argument("--pin", default="", help=tr("此人的 PIN"))


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    payout = add(commands, "payout", tr("分配与发放")).add_subparsers(dest="verb", required=True)

    cost = add(payout, "cost", tr("成本申报表")).add_subparsers(dest="cost_verb", required=True)
    one = add(cost, "add", tr("申报一行成本（没有成本也要申报 0）"))
    one.add_argument("--kind", required=True, help=tr("成本类别，如 耗材、维护、无"))
    one.add_argument("--instrument", metavar="ASSET", help=tr("不写则为全单位"))
    one.add_argument("--from", dest="period_from", type=day, required=True, metavar="DATE")
    one.add_argument("--to", dest="period_to", type=day, required=True, metavar="DATE")
    one.add_argument("--amount", type=yuan, required=True, metavar="YUAN")
    one.add_argument("--document", default="", metavar="N", help=tr("凭证号"))
    one.set_defaults(run=_cost_add)
    many = add(cost, "import", tr("从表格导入成本申报表"))
    many.add_argument("file")
    many.add_argument("--dry-run", action="store_true")
    many.add_argument("--rejects", metavar="FILE")
    many.add_argument("--map", action="append", default=[], metavar="NAME=COLUMN")
    many.set_defaults(run=_cost_import)
    add(cost, "list", tr("列出申报的成本")).set_defaults(run=_cost_list)

    add(payout, "schemes", tr("列出分配方案")).set_defaults(run=_schemes)
    scheme = add(payout, "scheme", tr("采用一个分配方案（按示例）"))
    scheme.add_argument("example", metavar="EXAMPLE", help="enterprise-80|university-school|university-fund|analysis-centre")
    scheme.add_argument("--name", required=True)
    scheme.add_argument("--from", dest="from_on", type=day, required=True, metavar="DATE")
    scheme.add_argument("--document", required=True, metavar="N", help=tr("制定方案的文号"))
    scheme.add_argument("--remainder-to", required=True, metavar="STAFF", help=tr("尾差归谁（工号）"))
    scheme.add_argument("--basis", choices=("posted", "received"), help=tr("收入口径：记账或到账"))
    scheme.set_defaults(run=_scheme)
    prepare = add(payout, "prepare", tr("编制一次分配：到某日为止所有未结算的记录"))
    prepare.add_argument("--to", type=day, required=True, metavar="DATE")
    prepare.add_argument("--scheme", required=True, metavar="NAME")
    _acting(prepare)
    prepare.set_defaults(run=_prepare)
    for name, help_text, call in (
        ("approve", tr("审批（须由另一人）"), _approve),
        ("close", tr("结清：已发放"), _close),
        ("withdraw", tr("撤回未审批的分配"), _withdraw),
    ):
        verb = add(payout, name, help_text)
        verb.add_argument("payout_run", metavar="RUN")
        _acting(verb)
        verb.set_defaults(run=call)
    reverse = add(payout, "reverse", tr("冲销整次分配（按原比例）"))
    reverse.add_argument("payout_run", metavar="RUN")
    reverse.add_argument("--reason", required=True)
    _acting(reverse)
    reverse.set_defaults(run=_reverse)
    show = add(payout, "show", tr("查看一次分配"))
    show.add_argument("payout_run", metavar="RUN")
    show.set_defaults(run=_show)
    add(payout, "list", tr("列出各次分配")).set_defaults(run=_list)
    export = add(payout, "export", tr("导出工资发放表（xlsx、csv）"))
    export.add_argument("payout_run", metavar="RUN")
    export.add_argument("--out", required=True, metavar="FILE")
    export.set_defaults(run=_export)

    month = add(commands, "month", tr("结账月份")).add_subparsers(dest="verb", required=True)
    shut = add(month, "close", tr("结账"))
    shut.add_argument("month", metavar="2025-07")
    shut.add_argument("--reason", default="")
    _acting(shut)
    shut.set_defaults(run=_month_close)
    reopen = add(month, "reopen", tr("重新打开已结账的月份（须说明原因）"))
    reopen.add_argument("month", metavar="2025-07")
    reopen.add_argument("--reason", required=True)
    _acting(reopen)
    reopen.set_defaults(run=_month_reopen)
    add(month, "list", tr("列出月份")).set_defaults(run=_months)


def _cost_add(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        payouts.cost_add(workspace, args.kind, args.instrument, args.period_from, args.period_to, args.amount, args.document)
    return Answer(
        {"kind": args.kind, "fen": args.amount},
        [tr("已申报成本：{kind} {amount} 元。", kind=args.kind, amount=money.text(args.amount))],
    )


def _cost_import(args: argparse.Namespace) -> Answer:
    from desktop.cli import register_commands

    args.kind, args.from_on = "costs", None
    return register_commands.import_answer(args)


def _cost_list(args: argparse.Namespace) -> Answer:
    from desktop.actions import instruments, payouts

    with opened(args) as workspace:
        found = payouts.costs(workspace)
        assets = {each.id: each.asset_number for each in instruments.every(workspace)}
    content = [
        {
            "kind": c.kind,
            "instrument_id": c.instrument_id,
            "asset_number": assets.get(c.instrument_id or ""),
            "from": c.period_from.isoformat(),
            "to": c.period_to.isoformat(),
            "fen": c.fen,
            "document": c.document,
        }
        for c in found
    ]
    rows = [
        [
            say(f"payout.cost_kinds.{c.kind}"), assets.get(c.instrument_id or "", tr("全单位")), f"{c.period_from}—{c.period_to}",
            money.text(c.fen), c.document,
        ]
        for c in found
    ]  # fmt: skip
    return Answer({"costs": content}, table([tr("类别"), tr("仪器"), tr("期间"), tr("金额（元）"), tr("凭证")], rows))


def _schemes(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        found = payouts.schemes(workspace)
    return Answer(
        {"schemes": [{"name": s.name, "from": s.from_on.isoformat(), "basis": s.basis, "document": s.document} for s in found]},
        table(
            [tr("方案"), tr("自"), tr("收入口径"), tr("依据")],
            [[s.name, s.from_on.isoformat(), say(f"payout.basis.{s.basis}"), s.document] for s in found],
        ),
    )


def _scheme(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        payouts.adopt_example(
            workspace,
            args.example,
            name=args.name,
            from_on=args.from_on,
            document=args.document,
            remainder_to=args.remainder_to,
            basis=args.basis,
        )
    return Answer({"scheme": args.name}, [tr("已采用分配方案 {name}。", name=args.name)])


def _run_answer(run: Any, words: str) -> Answer:
    content = {
        "run": run.number,
        "state": run.state,
        "to": run.to_on.isoformat(),
        "scheme": run.scheme_name,
        "income_fen": run.income_fen,
        "cost_fen": run.cost_fen,
        "pool_fen": run.pool_fen,
        "prepared_by": run.prepared_by,
        "approved_by": run.approved_by,
        "shares": [
            {
                "technician": share.name,
                "staff_number": share.staff_number,
                "fen": share.fen,
                "weight": share.weight,
                "remainder": share.remainder,
                "lines": share.n_lines,
            }
            for share in run.shares
            if share.technician_id
        ],
        "others": [
            {"receiver": share.receiver, "name": share.name, "fen": share.fen} for share in run.shares if not share.technician_id
        ],
        "findings": [as_json(f) for f in run.findings],
    }
    lines = [
        words,
        tr(
            "收入 {i} 元 − 成本 {c} 元；技术人员分配 {p} 元。",
            i=money.text(run.income_fen),
            c=money.text(run.cost_fen),
            p=money.text(run.pool_fen),
        ),
        tr("大写：{capital}", capital=money.capital(run.pool_fen)),
    ]
    rows = [
        [share.staff_number, share.name, money.text(share.fen), str(share.n_lines)] for share in run.shares if share.technician_id
    ]
    lines += table([tr("工号"), tr("姓名"), tr("金额（元）"), tr("明细行")], rows)
    others = [
        [share.name or say("payout.receiver.kept"), money.text(share.fen)]
        for share in run.shares
        if not share.technician_id and (share.name or share.fen)
    ]
    if others:
        lines += ["", *table([tr("其他接收方"), tr("金额（元）")], others)]
    return Answer(content, lines + [told(f) for f in run.findings])


def _prepare(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        run = payouts.prepare(workspace, args.to, args.scheme, args.acting, args.pin)
    return _run_answer(run, tr("已编制分配 {run}（待另一人审批）。", run=run.number))


def _approve(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        run = payouts.approve(workspace, args.payout_run, args.acting, args.pin)
    return _run_answer(run, tr("分配 {run} 已审批。", run=run.number))


def _close(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        run = payouts.close(workspace, args.payout_run, args.acting, args.pin)
    return _run_answer(run, tr("分配 {run} 已结清。", run=run.number))


def _withdraw(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        run = payouts.withdraw(workspace, args.payout_run, args.acting, args.pin)
    return _run_answer(run, tr("分配 {run} 已撤回，其中的记录可以重新分配。", run=run.number))


def _reverse(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        run = payouts.reverse(workspace, args.payout_run, args.acting, args.pin, args.reason)
    return _run_answer(run, tr("已编制冲销分配 {run}（按原比例冲销 {old}），待另一人审批后生效。", old=args.payout_run, run=run.number))


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        run = payouts.show(workspace, args.payout_run)
    return _run_answer(run, tr("分配 {run}：{state}", run=run.number, state=say(f"payout.state.{run.state}")))


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        found = payouts.every(workspace)
    content = [{"run": r.number, "state": r.state, "to": r.to_on.isoformat(), "pool_fen": r.pool_fen} for r in found]
    rows = [[r.number, say(f"payout.state.{r.state}"), r.to_on.isoformat(), money.text(r.pool_fen)] for r in found]
    return Answer({"runs": content}, table([tr("分配"), tr("状态"), tr("截至"), tr("技术人员分配（元）")], rows))


def _export(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        path = payouts.export_payroll(workspace, args.payout_run, Path(args.out))
    return Answer({"file": str(path)}, [tr("发放表已写好：{path}", path=path)])


def _month_close(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        step = payouts.close_month(workspace, args.month, args.acting, args.pin, args.reason)
    content = {"month": args.month, "state": "closed", "findings": [as_json(f) for f in step.findings]}
    return Answer(content, [tr("{month} 已结账。", month=args.month), *(told(f) for f in step.findings)])


def _month_reopen(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        payouts.reopen_month(workspace, args.month, args.acting, args.pin, args.reason)
    return Answer({"month": args.month, "state": "open"}, [tr("{month} 已重新打开。", month=args.month)])


def _months(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        found = payouts.months(workspace)
    content = [{"month": m.month, "closed": m.closed, "by": m.person, "reason": m.reason} for m in found]
    rows = [[m.month, tr("已结账") if m.closed else tr("未结账"), m.person, m.reason] for m in found]
    return Answer({"months": content}, table([tr("月份"), tr("状态"), tr("谁"), tr("原因")], rows))
