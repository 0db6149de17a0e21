"""Commands about the declared cost statement: rows by kind, instrument or whole unit, and the payout that deducted each."""

from __future__ import annotations

import argparse
from typing import Any

from desktop.cli.record_corrections import yuan
from desktop.cli.register_commands import day, map_option
from desktop.cli.session import Answer, opened, table
from desktop.ledger import money
from desktop.words import known, say, tr


def register(payout: Any, add: Any) -> None:
    """Add these commands below ``payout``."""
    cost = add(payout, "cost", tr("成本申报表")).add_subparsers(dest="cost_verb", required=True, metavar=tr("命令"))
    one = add(cost, "add", tr("申报一行成本（没有成本也要申报 0）"))
    one.add_argument("--kind", required=True, metavar="KIND", help=tr("成本类别：折旧、维护维修、耗材、水电气、人工、房屋、管理、税费、其他、无"))
    one.add_argument("--instrument", metavar="ASSET", help=tr("不写则为全单位"))
    one.add_argument("--from", dest="period_from", type=day, required=True, metavar="DATE", help=tr("成本期间的首日"))
    one.add_argument("--to", dest="period_to", type=day, required=True, metavar="DATE", help=tr("成本期间的末日（含）"))
    one.add_argument("--amount", type=yuan, required=True, metavar="YUAN", help=tr("金额（元）"))
    one.add_argument("--document", default="", metavar="N", help=tr("凭证号"))
    one.set_defaults(run=_cost_add)
    many = add(cost, "import", tr("从表格导入成本申报表"))
    many.add_argument("file", metavar="FILE", help=tr("表格文件"))
    many.add_argument("--dry-run", action="store_true", help=tr("只检查，不写入"))
    many.add_argument("--rejects", metavar="FILE", help=tr("把退回的行连同原因存到这个文件"))
    map_option(many)
    many.set_defaults(run=_cost_import)
    add(cost, "list", tr("列出申报的成本，以及由哪次分配扣除")).set_defaults(run=_cost_list)
    gone = add(cost, "remove", tr("撤掉一行还没有扣除的成本"))
    gone.add_argument("key", metavar="KEY", help=tr("这一行的键，见 payout cost list"))
    gone.set_defaults(run=_cost_remove)


def _cost_add(args: argparse.Namespace) -> Answer:
    from desktop.actions import costs, payouts

    with opened(args) as workspace:
        payouts.cost_add(workspace, args.kind, args.instrument, args.period_from, args.period_to, args.amount, args.document)
    kind = costs.kind_code(args.kind)
    words = say(f"payout.cost_kinds.{kind}") if known(f"payout.cost_kinds.{kind}") else args.kind
    return Answer(
        {"kind": args.kind, "fen": args.amount},
        [tr("已申报成本：{kind} {amount} 元。", kind=words, amount=money.text(args.amount))],
    )


def _cost_import(args: argparse.Namespace) -> Answer:
    from desktop.cli import register_commands

    args.kind, args.from_on = "costs", None
    return register_commands.import_answer(args)


def _cost_list(args: argparse.Namespace) -> Answer:
    from desktop.actions import payout_views

    with opened(args) as workspace:
        found = payout_views.declared_costs(workspace)
    content = [
        {
            "id": c.row.id,
            "kind": c.row.kind,
            "instrument_id": c.row.instrument_id,
            "asset_number": c.asset_number or None,
            "from": c.row.period_from.isoformat(),
            "to": c.row.period_to.isoformat(),
            "fen": c.row.fen,
            "document": c.row.document,
            "run": " ".join(c.run_numbers) or None,
            "state": c.state,
            "deducted_fen": c.used_fen,
            "runs": [
                {
                    "run": use.run_number,
                    "state": use.state,
                    "counts": use.counts,
                    "fen": use.fen,
                    "days": use.days,
                    "spans": [[start.isoformat(), end.isoformat()] for start, end in use.spans],
                }
                for use in c.uses
            ],
        }
        for c in found
    ]
    rows = [
        [
            say(f"payout.cost_kinds.{c.row.kind}"), c.asset_number or tr("全单位"), f"{c.row.period_from}—{c.row.period_to}",
            money.text(c.row.fen), money.text(c.used_fen), c.row.document, say(f"payout.cost_state.{c.state}"),
            tr("、").join(f"{use.run_number} {money.text(use.fen)}" for use in c.uses if use.counts), c.row.id,
        ]
        for c in found
    ]  # fmt: skip
    heads = [tr("类别"), tr("仪器"), tr("期间"), tr("金额（元）"), tr("已扣除（元）"), tr("凭证"), tr("状态"), tr("扣除于"), tr("键")]
    return Answer({"costs": content}, table(heads, rows))


def _cost_remove(args: argparse.Namespace) -> Answer:
    from desktop.actions import costs

    with opened(args) as workspace:
        costs.cost_remove(workspace, args.key)
    return Answer({"id": args.key, "removed": True}, [tr("已撤掉这一行成本申报，可以撤销（undo）。")])
