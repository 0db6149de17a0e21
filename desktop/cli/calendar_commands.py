"""Commands about the calendar that working days are counted by: which years are known, taking a year's table, an example of one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.calendars import CalendarPlan
    from desktop.actions.workspace import Workspace


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    calendar = add(commands, "calendar", tr("放假安排：入网期限按它数工作日")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    add(calendar, "list", tr("列出已知的年份")).set_defaults(run=_list)
    taken = add(calendar, "import", tr("导入一年的放假安排（xlsx、xls、ods、csv、toml），不完整的一年不导入"))
    taken.add_argument("file", metavar="FILE", help=tr("表格文件"))
    taken.add_argument("--dry-run", action="store_true", help=tr("只检查，不写入"))
    taken.set_defaults(run=_import)
    example = add(calendar, "example", tr("把已知的最近一年存成样表（不需要台账）"))
    example.add_argument("file", metavar="FILE", help=tr("写到这个文件（.xlsx、.csv）"))
    example.set_defaults(run=_example)


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import compliance, day

    with opened(args) as workspace:
        found = compliance.calendars(workspace, day.today())
    years = [
        {
            "year": one.year,
            "weekdays_off": one.n_off,
            "makeup_workdays": one.n_worked,
            "document": one.document,
            "certainty": one.certainty,
            "imported": one.imported,
        }
        for one in found.years
    ]
    rows = [
        [str(one.year), str(one.n_off), str(one.n_worked), tr("自行导入") if one.imported else tr("自带"), one.document] for one in found.years
    ]
    lines = table([tr("年份"), tr("放假"), tr("上班"), tr("来源"), tr("文号")], rows)
    lines.append(tr("{year} 年起的放假安排还不知道，涉及的期限是暂定的（现有 {n} 个）。", year=found.next_year, n=found.n_provisional))
    return Answer({"years": years, "next_year": found.next_year, "provisional": found.n_provisional}, lines)


def _import(args: argparse.Namespace) -> Answer:
    from desktop.actions import calendars

    with opened(args) as workspace:
        return plan_answer(workspace, calendars.read(workspace, Path(args.file)), dry_run=args.dry_run)


def plan_answer(workspace: Workspace, plan: CalendarPlan, *, dry_run: bool) -> Answer:
    """Take a plan, or say what taking it would do. Raises Refused when it cannot be the full year."""
    from desktop.actions import calendars

    operation = 0
    if plan.errors or (not dry_run and (plan.new or plan.changed)):
        operation = calendars.commit(workspace, plan).operation
    content = {
        "year": plan.year,
        "weekdays_off": plan.n_off,
        "makeup_workdays": plan.n_worked,
        "accepted": len(plan.new) + len(plan.changed),
        "rejected": 0,
        "unchanged": plan.n_known,
        "dry_run": dry_run,
        "operation": operation or None,
        "findings": [as_json(one) for one in plan.findings],
    }
    return Answer(content, _told(plan, dry_run))


def _told(plan: CalendarPlan, dry_run: bool) -> list[str]:
    lines = [
        tr("{year} 年：放假的工作日 {off} 天，调休上班 {worked} 天。", year=plan.year, off=plan.n_off, worked=plan.n_worked),
        tr("新增 {new} 天，改动 {changed} 天，已知 {known} 天。", new=len(plan.new), changed=len(plan.changed), known=plan.n_known),
    ]
    if dry_run:
        lines.append(tr("只检查，没有写入。"))
    elif plan.new or plan.changed:
        lines.append(tr("已导入，入网期限按它重算；要撤回，用 yixiang undo。"))
    else:
        lines.append(tr("台账里已经是这些内容，没有改动。"))
    return lines + [told(one) for one in plan.findings]


def _example(args: argparse.Namespace) -> Answer:
    from desktop.actions import calendars

    path = Path(args.file).absolute()
    calendars.save_example(path)
    return Answer({"file": str(path)}, [tr("样表在：{path}", path=path)])
