"""Commands about what a university reports each year: the school's code, what it states of a set, a year's use, checking and writing the tables."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.ledger.money import half_up
from desktop.ledger.university import HOURS, ITEMS, STATED, STATES, USES
from desktop.words import say, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.actions.university_year import Line, Written, Year
    from desktop.ledger.finding import Finding

_SHOWN = 20


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    group = add(commands, "university", tr("高校年报：教育部 SJ1、SJ2、SJ3 和共享成效")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    one = add(group, "school", tr("填写或查看学校代码（五位）"))
    one.add_argument("code", nargs="?", metavar="CODE", help=tr("教育部的五位学校代码；写成空的就去掉"))
    one.set_defaults(run=_school)
    one = add(group, "state", tr("填写一台仪器在教育部报表里的编号、分类号、使用方向、单位编号、现状、名称和规格；只写要改的，写成空的就去掉"))
    one.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    one.add_argument("--number", metavar="TEXT", help=tr("报表里的仪器编号，最多 8 位；不写则用资产编号"))
    one.add_argument("--class", dest="class_code", metavar="CODE", help=tr("教育部的八位分类号"))
    one.add_argument("--use", choices=("", *USES), help=_listed("use", USES))
    one.add_argument("--department", dest="department_code", metavar="CODE", help=tr("单位编号，最多 10 位"))
    one.add_argument("--state", dest="state", choices=("", *STATES), help=_listed("state", STATES))
    one.add_argument("--name", metavar="TEXT", help=tr("报表里的仪器名称，最多 30 位；不写则用台账的名称"))
    one.add_argument("--specification", metavar="TEXT", help=tr("规格，最多 30 位，* 为不明；不写则用台账的技术指标"))
    one.set_defaults(run=_state)
    one = add(group, "use", tr("录入一台仪器一个学年的机时、测样、培训、项目和成果；没有录入的，能由记账得出的按记账"))
    one.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    one.add_argument("year", metavar="YEAR", help=tr("学年，如 2024-2025"))
    for item in ITEMS:
        kind, shown = (_hours, "HOURS") if item in HOURS else (int, "N")
        one.add_argument(f"--{_option(item)}", dest=item, type=kind, metavar=shown, help=say(f"moe.use.{item}"))
    one.add_argument("--clear", action="append", default=[], choices=[_option(item) for item in ITEMS], metavar="NAME", help=tr("把录入的这一项去掉，可多次"))
    one.add_argument("--ground", metavar="TEXT", help=tr("依据：名单、证书、文号"))
    one.set_defaults(run=_use)
    one = add(group, "list", tr("列出录入的学年使用情况"))
    one.add_argument("--year", metavar="YEAR", help=tr("学年，如 2024-2025"))
    one.set_defaults(run=_list)
    for name, run, words in (
        ("check", _check, tr("只核对：哪些仪器可以写进报表，哪些要先补什么；不写文件")),
        ("tables", _tables, tr("写出 SJ1、SJ2、SJ3 和问题清单（一个 .xlsx）")),
        ("xml", _xml, tr("写出共享成效 XML（ShareEffect）")),
    ):
        one = add(group, name, words)
        one.add_argument("year", metavar="YEAR", help=tr("学年，如 2024-2025"))
        if name != "check":
            one.add_argument("file", metavar="FILE", help=tr("写到这个文件"))
        one.set_defaults(run=run)


def _option(item: str) -> str:
    return item.replace("_minutes", "_hours").replace("_", "-")


def _listed(name: str, codes: Sequence[str]) -> str:
    return "、".join(f"{code} {say(f'university.{name}_{code}')}" for code in codes)


def _hours(text: str) -> int:
    """Hours as minutes."""
    try:
        return half_up(Decimal(text) * 60)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(tr("小时要写成数字，如 120 或 12.5：{text}", text=text)) from error


def _school(args: argparse.Namespace) -> Answer:
    from desktop.actions import university

    with opened(args) as workspace:
        found = university.school_code(workspace) if args.code is None else university.set_school_code(workspace, args.code)
    return Answer({"school": found or None}, [tr("学校代码：{code}", code=found or tr("没有填写"))])


def _state(args: argparse.Namespace) -> Answer:
    from desktop.actions import university

    given = {name: value for name in STATED if (value := getattr(args, name)) is not None}
    with opened(args) as workspace:
        university.state(workspace, args.asset_number, given)
        kept = university.stated(workspace, args.asset_number)
    content = {"asset_number": args.asset_number} | {name: (getattr(kept, name) if kept else "") or None for name in STATED}
    return Answer(content, [tr("{asset} 的 {n} 项已保存，可以撤销（undo）。", asset=args.asset_number, n=len(given))])


def _use(args: argparse.Namespace) -> Answer:
    from desktop.actions import university

    amounts: dict[str, int | None] = {item: value for item in ITEMS if (value := getattr(args, item)) is not None}
    amounts |= {item: None for item in ITEMS if _option(item) in args.clear}
    with opened(args) as workspace:
        university.enter(workspace, args.asset_number, args.year, amounts, args.ground)
    said = tr("{asset} {year} 录入 {n} 项，可以撤销（undo）。", asset=args.asset_number, year=args.year, n=len(amounts))
    return Answer({"asset_number": args.asset_number, "year": args.year, "amounts": amounts}, [said])


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import university

    with opened(args) as workspace:
        found = university.every(workspace, args.year)
    content = [
        {"asset_number": one.asset_number, "year": one.fact.year, "item": one.fact.item, "amount": one.fact.amount, "ground": one.fact.ground,
         "noted_on": one.fact.noted_on.isoformat()}
        for one in found
    ]  # fmt: skip
    lines = [
        [one.asset_number, one.fact.year, say(f"moe.use.{one.fact.item}"), _amount(one.fact.item, one.fact.amount), one.fact.ground,
         one.fact.noted_on.isoformat()]
        for one in found
    ]  # fmt: skip
    heads = [tr("资产编号"), tr("学年"), tr("项目"), tr("数量"), tr("录入依据"), tr("录入日")]
    return Answer({"facts": content}, table(heads, lines) if lines else [tr("还没有录入。")])


def _amount(item: str, amount: int) -> str:
    return say("explain.minutes", n=amount) if item in HOURS else str(amount)


def _line(one: Line) -> dict[str, Any]:
    stated = one.stated
    return {
        "asset_number": one.instrument.asset_number, "name": one.instrument.name, "value_fen": one.instrument.value_fen,
        "stated": {name: (getattr(stated, name) if stated else "") or None for name in STATED},
        "sj1": one.first.sound, "sj3": one.in_sj3, "valuable": one.valuable,
        "use": {item.item: {"reported": item.reported, "origin": item.origin} for item in one.settled},
        "findings": _objects(one.findings),
    }  # fmt: skip


def _check(args: argparse.Namespace) -> Answer:
    from desktop.actions import explaining, university, university_year

    with opened(args) as workspace:
        found = university_year.judge(workspace, university.year(workspace, args.year))
    changes = found.changes
    content = {
        "year": found.period.name, "school": found.school or None, "withheld": found.n_withheld, "sets": [_line(one) for one in found.lines],
        "sj2": {name: {"n": stock.n, "fen": stock.fen} for name in ("last", "increase", "decrease", "now") for stock in [getattr(changes, name)]},
        "figure": explaining.as_json(found.figure), "findings": _objects(found.general),
    }  # fmt: skip
    bad = any(one.severity == "error" for one in found.findings)
    return Answer(content, [*_summary(found), *_lines(found.findings)], FINDINGS if bad else OK)


def _summary(found: Year) -> list[str]:
    stock = found.changes
    n_sj3 = sum(one.in_sj3 for one in found.lines)
    return [
        tr("{year} 学年：SJ1 {n} 台（套）可写，{wrong} 台（套）有错误；SJ3 应有 {all}，可写 {sound}；涉密 {withheld} 台（套）不列。",
           year=found.period.name, n=len(found.sound), wrong=len(found.lines) - len(found.sound), all=len(found.valuable), sound=n_sj3,
           withheld=found.n_withheld),
        tr("SJ2：上学年末 {last}，增加 {came}，减少 {gone}，本学年末 {now} 台（套）。",
           last=stock.last.n, came=stock.increase.n, gone=stock.decrease.n, now=stock.now.n),
    ]  # fmt: skip


def _tables(args: argparse.Namespace) -> Answer:
    from desktop.actions import university, university_year

    with opened(args) as workspace:
        done = university_year.tables(workspace, university.year(workspace, args.year), Path(args.file).absolute())
    return _written(done)


def _xml(args: argparse.Namespace) -> Answer:
    from desktop.actions import university, university_year

    with opened(args) as workspace:
        done = university_year.xml(workspace, university.year(workspace, args.year), Path(args.file).absolute())
    return _written(done)


def _written(done: Written) -> Answer:
    content = {
        "file": str(done.path), "rows": done.rows, "left_out": done.left_out, "withheld": done.n_withheld, "findings": _objects(done.findings),
    }
    rows = say("report.list").join(f"{name} {n}" for name, n in done.rows.items())
    head = tr("已写出 {path}：{rows} 行。", path=done.path, rows=rows)
    rest = tr("有错误没有写全的 {wrong} 台（套）；涉密 {withheld} 台（套）不列。", wrong=done.left_out, withheld=done.n_withheld)
    return Answer(content, [head, rest, *_lines(done.findings)], FINDINGS if done.left_out else OK)


def _objects(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [as_json(one) for one in findings]


def _lines(findings: Sequence[Finding]) -> list[str]:
    """Errors first; of the others a few, and how many more there are."""
    errors = [told(one) for one in findings if one.severity == "error"]
    others = [told(one) for one in findings if one.severity != "error"]
    more = [tr("……另有 {n} 条提醒和说明，见 --json。", n=len(others) - _SHOWN)] if len(others) > _SHOWN else []
    return [*errors, *others[:_SHOWN], *more]
