"""Commands about payouts: runs, payroll files, months."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from desktop.cli import cost_commands, lost_run_commands, payout_compare_commands, scheme_commands, statement_commands
from desktop.cli.register_commands import acting, day
from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.ledger import money
from desktop.words import say, tr


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    payout = add(commands, "payout", tr("分配与发放")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))

    cost_commands.register(payout, add)
    scheme_commands.register(payout, add)
    prepare = add(payout, "prepare", tr("编制一次分配：到某日为止所有未结算的记录"))
    prepare.add_argument("--to", type=day, required=True, metavar="DATE", help=tr("截止日期（含）"))
    prepare.add_argument("--scheme", required=True, metavar="NAME", help=tr("分配方案的名称，见 payout scheme list"))
    acting(prepare)
    prepare.set_defaults(run=_prepare)
    for name, help_text, call in (
        ("approve", tr("审批（须由另一人）"), _approve),
        ("close", tr("结清：已发放"), _close),
        ("withdraw", tr("撤回未审批的分配"), _withdraw),
    ):
        verb = add(payout, name, help_text)
        verb.add_argument("payout_run", metavar="RUN", help=tr("分配编号，见 payout list"))
        acting(verb)
        verb.set_defaults(run=call)
    reverse = add(payout, "reverse", tr("冲销整次分配（按原比例）"))
    reverse.add_argument("payout_run", metavar="RUN", help=tr("分配编号，见 payout list"))
    reverse.add_argument("--reason", required=True, metavar="TEXT", help=tr("原因"))
    acting(reverse)
    reverse.set_defaults(run=_reverse)
    show = add(payout, "show", tr("查看一次分配"))
    show.add_argument("payout_run", metavar="RUN", help=tr("分配编号，见 payout list"))
    show.set_defaults(run=_show)
    statement_commands.register(payout, add)
    payout_compare_commands.register(payout, add)
    lost_run_commands.register(payout, add)
    add(payout, "list", tr("列出各次分配")).set_defaults(run=_list)
    export = add(payout, "export", tr("导出工资发放表（xlsx、csv）"))
    export.add_argument("payout_run", metavar="RUN", help=tr("分配编号，见 payout list"))
    export.add_argument("--out", required=True, metavar="FILE", help=tr("写到这个文件（.xlsx、.csv）"))
    export.set_defaults(run=_export)

    month = add(commands, "month", tr("结账月份")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    for name, help_text, call in (
        ("prepare", tr("编制月结：月份过完后由一人编制，另一人结账"), _month_prepare),
        ("close", tr("结账（须由编制人以外的另一人）"), _month_close),
        ("withdraw", tr("撤回月结的编制"), _month_withdraw),
    ):
        verb = add(month, name, help_text)
        verb.add_argument("month", metavar="2025-07", help=tr("月份"))
        verb.add_argument("--reason", default="", metavar="TEXT", help=tr("说明"))
        acting(verb)
        verb.set_defaults(run=call)
    reopen = add(month, "reopen", tr("重新打开已结账的月份（须说明原因）"))
    reopen.add_argument("month", metavar="2025-07", help=tr("月份"))
    reopen.add_argument("--reason", required=True, metavar="TEXT", help=tr("原因"))
    acting(reopen)
    reopen.set_defaults(run=_month_reopen)
    add(month, "list", tr("列出月份")).set_defaults(run=_months)


def _run_answer(run: Any, words: str) -> Answer:
    from desktop.actions import payout_words

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
            {"receiver": share.receiver, "name": share.name, "fen": share.fen, "how": share.how}
            for share in run.shares
            if not share.technician_id
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
        [share.name or payout_words.unit(share.fen), money.text(share.fen), share.how]
        for share in run.shares
        if not share.technician_id and (share.name or share.fen)
    ]
    if others:
        lines += ["", *table([tr("其他接收方"), tr("金额（元）"), tr("分配依据")], others)]
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


def _month_prepare(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        step = payouts.prepare_month(workspace, args.month, args.acting, args.pin, args.reason)
    words = tr("{month} 的结账已编制，待另一人结账：yixiang month close {month} --as 姓名", month=args.month)
    return _month_step(args.month, "prepared", words, step)


def _month_close(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        step = payouts.close_month(workspace, args.month, args.acting, args.pin, args.reason)
    return _month_step(args.month, "closed", tr("{month} 已结账。", month=args.month), step)


def _month_withdraw(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        step = payouts.withdraw_month(workspace, args.month, args.acting, args.pin, args.reason)
    return _month_step(args.month, "open", tr("{month} 结账的编制已撤回。", month=args.month), step)


def _month_reopen(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        step = payouts.reopen_month(workspace, args.month, args.acting, args.pin, args.reason)
    return _month_step(args.month, "open", tr("{month} 已重新打开。", month=args.month), step)


def _month_step(month: str, state: str, words: str, step: Any) -> Answer:
    content = {"month": month, "state": state, "findings": [as_json(f) for f in step.findings]}
    return Answer(content, [words, *(told(f) for f in step.findings)])


def _months(args: argparse.Namespace) -> Answer:
    from desktop.actions import payouts

    with opened(args) as workspace:
        found = payouts.months(workspace)
    content = [
        {"month": m.month, "state": m.state, "closed": m.closed, "prepared_by": m.prepared_by or None, "by": m.person, "reason": m.reason}
        for m in found
    ]
    rows = [[m.month, say(f"payout.month_state.{m.state}"), m.prepared_by, m.person, m.reason] for m in found]
    return Answer({"months": content}, table([tr("月份"), tr("状态"), tr("编制"), tr("最近办理"), tr("原因")], rows))
