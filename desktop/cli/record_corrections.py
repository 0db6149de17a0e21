"""Commands that complete a draft, or replace a record that was posted or reversed by its corrected successor."""

from __future__ import annotations

import argparse
from datetime import datetime
from decimal import Decimal
from typing import Any

from desktop.cli.grammar import UsageError
from desktop.cli.session import Answer, as_json, opened, told
from desktop.ledger import money
from desktop.words import tr


def yuan(text: str) -> int:
    """An amount in yuan as fen; a wrong one is a usage error."""
    try:
        return money.from_yuan(money.number(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("金额要写成元，最多两位小数：{text}", text=text)) from error


def _quantity(text: str) -> Decimal:
    try:
        return money.number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("不是数：{text}", text=text)) from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("时间要写成 2026-01-15 09:30：{text}", text=text)) from error
    if moment.tzinfo is not None or moment.second or len(text.strip()) < len("2026-01-15 09:30"):
        raise argparse.ArgumentTypeError(tr("时间要写成 2026-01-15 09:30：{text}", text=text))
    return moment


def register(record: Any, add: Any) -> None:
    """Add these commands to the grammar of ``record``."""
    answer = add(record, "answer", tr("补充一条记录缺的内容"))
    answer.add_argument("number", metavar="NUMBER", help=tr("服务记录编号"))
    _common(answer)
    answer.add_argument("--reason", dest="long_reason", metavar="TEXT", help=tr("超过 24 小时的原因"))
    answer.set_defaults(run=_answer)
    new = add(record, "replace", tr("更正已记账或已冲销的记录：原记录冲销并留作历史，另立一条替换记录（草稿）"))
    new.add_argument("number", metavar="NUMBER", help=tr("服务记录编号"))
    new.add_argument("--reason", required=True, metavar="TEXT", help=tr("更正的原因"))
    new.add_argument("--start", dest="started_at", type=_moment, metavar="TIME", help=tr("开始时间，如 \"2026-01-15 09:30\""))
    new.add_argument("--end", dest="ended_at", type=_moment, metavar="TIME", help=tr("结束时间"))
    new.add_argument("--asset", dest="asset_number", metavar="ASSET", help=tr("资产编号"))
    new.add_argument("--item", metavar="NAME", help=tr("服务项目"))
    _common(new)
    new.add_argument("--long-reason", metavar="TEXT", help=tr("超过 24 小时的原因"))
    new.set_defaults(run=_replace)
    other = add(record, "renumber", tr("换编号：别的电脑的一条用了同一编号，已记账的也可以；报送过的不行"))
    other.add_argument("number", metavar="NUMBER", help=tr("服务记录编号"))
    other.add_argument("new", nargs="?", metavar="NEW", help=tr("新编号；不写则取下一个空着的"))
    other.add_argument("--reason", required=True, metavar="TEXT", help=tr("原因"))
    other.set_defaults(run=_renumber)


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--operator", metavar="STAFF", help=tr("操作人工号或姓名"))
    command.add_argument("--customer", metavar="NAME", help=tr("使用单位"))
    command.add_argument("--contract", metavar="N", help=tr("合同编号"))
    command.add_argument("--quantity", type=_quantity, metavar="N", help=tr("数量"))
    command.add_argument("--agreed-price", dest="agreed_price_fen", type=yuan, metavar="YUAN", help=tr("商定的单价（议价项目）"))
    command.add_argument("--consumables", dest="consumables_fen", type=yuan, metavar="YUAN", help=tr("耗材费（耗材另计的收费项目）"))
    command.add_argument("--urgent", choices=("yes", "no"), help=tr("是否加急"))


def _given(args: argparse.Namespace) -> Any:
    from desktop.actions.records import Given

    values = {name: getattr(args, name, None) for name in Given.__slots__}
    return Given(**{**values, "urgent": None if args.urgent is None else args.urgent == "yes"})


def _answer(args: argparse.Namespace) -> Answer:
    from desktop.actions import records

    given = _given(args)
    if given == records.Given():
        raise UsageError(tr("没有写要补充什么，请至少写一项。"))
    with opened(args) as workspace:
        records.answer(workspace, args.number, given)
        left = [f for _, f in records.problems(workspace, args.number)]
    lines = [tr("已补充 {number}。", number=args.number), *(told(f) for f in left)]
    return Answer({"record": args.number, "problems": [as_json(f) for f in left]}, lines)


def _replace(args: argparse.Namespace) -> Answer:
    from desktop.actions import records

    with opened(args) as workspace:
        new = records.correct(workspace, args.number, args.reason, _given(args))
        left = [f for _, f in records.problems(workspace, new)]
    lines = [
        tr("{number} 已冲销，编号留作历史；替换它的是草稿 {by}，记账后生效：yixiang post {by}", number=args.number, by=new),
        *(told(f) for f in left),
    ]
    return Answer({"record": args.number, "replaced_by": new, "problems": [as_json(f) for f in left]}, lines)


def _renumber(args: argparse.Namespace) -> Answer:
    from desktop.actions import renumbering

    with opened(args) as workspace:
        new = renumbering.renumber(workspace, args.number, args.new, args.reason)
    return Answer({"record": args.number, "number": new}, [tr("{number} 的编号已改为 {new}，下次同步时报送。", number=args.number, new=new)])
