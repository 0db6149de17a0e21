"""Commands about the registers and the duties: import, instruments, deadlines."""

from __future__ import annotations

import argparse
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

from desktop.cli.session import FINDINGS, OK, Answer, as_finding, as_json, failed, opened, table, told
from desktop.ledger import money
from desktop.ledger.instrument import SECRECY_LEVELS
from desktop.ledger.problem import Problem
from desktop.words import say, tr

KINDS = (
    "instruments", "fees", "technicians", "customers", "records", "costs", "receipts", "evaluations", "pilot_bases", "pilot_equipment",
    "sensor_bindings", "power_bands", "sensor_sessions", "trainings", "staff_facts", "management", "university_sets", "university_use", "cers_sets",
    "purchase_results", "national_services", "national_audits",
)  # fmt: skip
_EARLIEST = date(1900, 1, 1)


def day(text: str) -> date:
    """An ISO day, full-width digits too; a wrong one, or one of another age (a slip of the keys), is a usage error."""
    try:
        found = date.fromisoformat(unicodedata.normalize("NFKC", text).strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("日期要写成 2026-01-15 的样子：{text}", text=text)) from error
    if found < _EARLIEST:
        raise argparse.ArgumentTypeError(tr("日期太早，请核对年份：{text}", text=text))
    return found


def _pair(text: str) -> tuple[str, str]:
    name, equals, column = text.partition("=")
    if not equals or not name.strip() or not column.strip():
        raise argparse.ArgumentTypeError(tr("要写成 名称=列，如 原值=K 或 原值=资产原值：{text}", text=text))
    return name.strip(), column.strip()


def map_option(parser: argparse.ArgumentParser) -> None:
    """Columns of a file named by hand; ``dict(args.map)`` is field -> column."""
    parser.add_argument("--map", type=_pair, action="append", default=[], metavar="NAME=COLUMN", help=tr("指定某个字段对应的列，可写多次"))


def acting(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Who does it: four-eyes actions ask for a person and their PIN."""
    parser.add_argument("--as", dest="acting", required=required, default="", metavar="NAME", help=tr("由谁来做"))
    parser.add_argument("--pin", default="", metavar="PIN", help=tr("此人的 PIN"))


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    from desktop.cli import instrument_commands, reclassify_commands

    imported = add(commands, "import", tr("导入表格（xlsx、xls、ods、csv）"))
    imported.add_argument(
        "kind", choices=KINDS,
        help=tr("仪器、收费标准、技术人员、使用单位、服务记录、成本、到账、评价数据、中试基地、中试设备、传感器安装、功率段、开机时段、培训、岗位职称考核证书认定、管理文件、教育部报表各项、学年使用情况、共享系统信息、国家平台查重结果、国家平台服务信息"),
    )  # fmt: skip
    imported.add_argument("file", metavar="FILE", help=tr("表格文件"))
    imported.add_argument("--dry-run", action="store_true", help=tr("只检查，不写入"))
    imported.add_argument("--rejects", metavar="FILE", help=tr("把退回的行连同原因存到这个文件"))
    map_option(imported)
    imported.add_argument("--from", dest="from_on", type=day, metavar="DATE", help=tr("收费标准的执行日期"))
    imported.epilog = tr(
        "结束状态：0 全部接受或未变；1 有行被退回，或文件没有读入；2 命令写得不对。同一文件再导入一次，没有改好的退回行仍会退回，状态仍是 1。"
    )
    imported.set_defaults(run=import_answer)

    instrument = add(commands, "instrument", tr("仪器")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    join = add(instrument, "join", tr("登记入网"))
    join.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    join.add_argument("--on", type=day, required=True, metavar="DATE", help=tr("入网日期"))
    join.add_argument("--number", required=True, metavar="N", help=tr("网络给的仪器编号"))
    join.add_argument("--correct", default="", metavar="REASON", help=tr("已经登记过：照这次的更正，并写明原因"))
    join.set_defaults(run=_join)
    file = add(instrument, "file", tr("登记报备（涉密仪器）"))
    file.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    file.add_argument("--number", required=True, metavar="N", help=tr("报备文号"))
    file.add_argument("--on", type=day, metavar="DATE", help=tr("报备日期，不写则为今天"))
    file.add_argument("--correct", default="", metavar="REASON", help=tr("已经登记过：照这次的更正，并写明原因"))
    levels = tr("；").join(f"{one} {say(f'secrecy.{one}')}" for one in SECRECY_LEVELS)
    file.add_argument("--level", choices=SECRECY_LEVELS, default="", help=tr("密级：{levels}；不写则不改", levels=levels))
    file.add_argument("--shared", action="store_true", help=tr("这份文件报备了多台仪器"))
    file.set_defaults(run=_file)
    statement = add(instrument, "filing-statement", tr("写成涉密仪器的报备说明：只存在本机，由专人递送"))
    statement.add_argument("--out", required=True, metavar="FILE", help=tr("写成 PDF 或 XLSX（按文件后缀）"))
    statement.add_argument("--names", action="store_true", help=tr("也写仪器名称；不写时只有资产编号和报备号"))
    statement.set_defaults(run=_filing_statement)
    add(instrument, "list", tr("列出仪器")).set_defaults(run=_list)
    instrument_commands.register(instrument, add)
    reclassify_commands.register(instrument, add)

    deadline = add(commands, "deadline", tr("安装验收日之后第 30 个工作日（不需要台账）"))
    deadline.add_argument("day", type=day, metavar="DATE", help=tr("安装验收日期"))
    deadline.set_defaults(run=_deadline)
    duties = add(commands, "duties", tr("入网与报备义务"))
    duties.add_argument("--on", type=day, metavar="DATE", help=tr("截至这一天，不写则为今天"))
    duties.set_defaults(run=_duties)


def import_answer(args: argparse.Namespace) -> Answer:
    """Import one file and say what became of its rows."""
    from desktop.actions import importing

    with opened(args) as workspace:
        try:
            outcome = importing.import_file(
                workspace,
                args.kind,
                Path(args.file),
                dry_run=args.dry_run,
                rejects=Path(args.rejects) if args.rejects else None,
                mapping=dict(args.map),
                from_on=args.from_on,
            )
        except Problem as problem:
            return _unread(args, problem)
    content = {
        "kind": args.kind,
        "accepted": outcome.accepted,
        "rejected": outcome.rejected,
        "unchanged": outcome.unchanged,
        "dry_run": args.dry_run,
        "operation": outcome.operation or None,
        "rejects": str(outcome.rejects_path) if outcome.rejects_path else None,
        "findings": [as_json(f) for f in outcome.findings],
    }
    verb = tr("检查结果（没有写入）") if args.dry_run else tr("导入完成")
    lines = [
        tr(
            "{verb}：接受 {a} 行，退回 {r} 行，未变 {u} 行。",
            verb=verb,
            a=outcome.accepted,
            r=outcome.rejected,
            u=outcome.unchanged,
        )
    ]
    if not args.dry_run and not outcome.operation:
        lines.append(tr("台账里已经是这些内容，没有改动。") if not outcome.rejected else tr("没有可写入的新内容，台账没有改动。"))
    lines += [told(f) for f in outcome.findings]
    if outcome.rejects_path:
        lines.append(tr("退回的行和原因在：{path}", path=outcome.rejects_path))
    return Answer(content, lines, FINDINGS if outcome.rejected else OK)


def _unread(args: argparse.Namespace, problem: Problem) -> Answer:
    """A file of which nothing was taken: no row counted, the reason among the findings."""
    answer = failed(problem)
    told_as = as_json(as_finding(problem))
    answer.content |= {
        "kind": args.kind, "accepted": 0, "rejected": 0, "unchanged": 0, "dry_run": args.dry_run, "operation": None, "rejects": None,
        "findings": [told_as, *answer.content["findings"]],
    }  # fmt: skip
    return answer


def _join(args: argparse.Namespace) -> Answer:
    from desktop.actions import instruments

    with opened(args) as workspace:
        instruments.join(workspace, args.asset_number, args.on, args.number, correcting=args.correct)
    content = {"asset_number": args.asset_number, "joined_on": args.on.isoformat(), "network_number": args.number}
    return Answer(
        content, [tr("已登记：{asset} 于 {on} 入网，编号 {number}。", asset=args.asset_number, on=args.on, number=args.number)]
    )


def _filing_statement(args: argparse.Namespace) -> Answer:
    from desktop.actions import reporting

    with opened(args) as workspace:
        made = reporting.make_filing(workspace, out=Path(args.out), with_names=args.names)
    said = tr("报备说明已写成 {path}。它涉密：请按涉密载体保管，不要通过网络传输。", path=made.path)
    return Answer({"path": str(made.path), "pages": made.n_pages, "digest": made.digest}, [said])


def _file(args: argparse.Namespace) -> Answer:
    from desktop.actions import instruments

    with opened(args) as workspace:
        instruments.file(
            workspace, args.asset_number, args.number, args.on, correcting=args.correct, shared=args.shared, level=args.level
        )
    content = {"asset_number": args.asset_number, "filing_number": args.number}
    return Answer(content, [tr("已登记：{asset} 已报备，文号 {number}。", asset=args.asset_number, number=args.number)])


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import instruments

    with opened(args) as workspace:
        found = instruments.every(workspace)
    rows = [
        [i.asset_number, i.name, i.model, i.department, "" if i.value_fen is None else money.text(i.value_fen)] for i in found
    ]
    content = [
        {
            "asset_number": i.asset_number,
            "name": i.name,
            "model": i.model,
            "department": i.department,
            "value_fen": i.value_fen,
            "accepted_on": i.accepted_on.isoformat() if i.accepted_on else None,
            "network_number": i.network_number,
            "joined_on": i.joined_on.isoformat() if i.joined_on else None,
            "filing_number": i.filing_number,
            "filed_on": i.filed_on.isoformat() if i.filed_on else None,
            "confidential": i.confidential,
        }
        for i in found
    ]
    return Answer({"instruments": content}, table([tr("资产编号"), tr("名称"), tr("型号"), tr("部门"), tr("原值（元）")], rows))


def _deadline(args: argparse.Namespace) -> Answer:
    from desktop.actions import duties

    found = duties.deadline(args.day)
    lines = [tr("{day} 安装验收，应在 {deadline} 前入网（含当日）。", day=args.day, deadline=found.day)]
    if found.provisional:
        lines.append(tr("暂定：计数用到了没有导入放假安排的年份，那些年份按周一至周五、元旦放假推算。"))
    return Answer({"accepted": args.day.isoformat(), "deadline": found.day.isoformat(), "provisional": found.provisional}, lines)


def days_left(days: int | None) -> str:
    """Working days to a deadline as people read them; what is past is overdue, never a number below 0."""
    if days is None:
        return ""
    return tr("已逾期 {n} 个工作日", n=-days) if days < 0 else str(days)


def _duties(args: argparse.Namespace) -> Answer:
    from desktop.actions import duties, instruments
    from desktop.actions.workspace import today

    on = args.on or today()
    with opened(args) as workspace:
        found = duties.every(workspace, on)
        names = {one.asset_number: one.name for one in instruments.every(workspace)}
    content = [
        {
            "asset_number": d.asset_number,
            "name": names.get(d.asset_number, ""),
            "state": d.state,
            "deadline": d.deadline.isoformat() if d.deadline else None,
            "provisional": d.provisional,
            "days_left": d.days_left,
        }
        for d in found
    ]
    rows = [
        [
            d.asset_number,
            names.get(d.asset_number, ""),
            say(f"duty.state.{d.state}"),
            (f"{d.deadline}" + (tr("（暂定）") if d.provisional else "")) if d.deadline else "—",
            days_left(d.days_left),
        ]
        for d in found
    ]
    counts: dict[str, int] = {}
    for d in found:
        counts[d.state] = counts.get(d.state, 0) + 1
    lines = [tr("截至 {on}：", on=on) + tr("，").join(f"{say(f'duty.state.{state}')} {n}" for state, n in counts.items())]
    lines += table([tr("资产编号"), tr("名称"), tr("状态"), tr("期限"), tr("剩余工作日")], rows)
    return Answer({"on": on.isoformat(), "counts": counts, "duties": content}, lines)
