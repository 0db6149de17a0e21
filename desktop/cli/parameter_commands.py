"""Commands about rule values: what is in force on a day and why, what hangs on it, and taking newer ones after seeing what they move."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.register_commands import day
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.words import known, say, tr

if TYPE_CHECKING:
    from desktop.actions.parameter_sets import Effects, Moved, Plan
    from desktop.actions.parameters import Rule
    from desktop.actions.workspace import Workspace
    from desktop.ledger.parameter import Parameter

_MOST_LINES = 40


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    subject = add(commands, "parameters", tr("规则参数：现行值、出处、可信度，以及按文号采用更新的值"))
    verbs = subject.add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    listed = add(verbs, "list", tr("列出某一天生效的全部规则值"))
    listed.add_argument("words", nargs="*", metavar="WORD", help=tr("只列出名称、出处、条款或用处里有这些词的"))
    listed.set_defaults(run=_list)
    shown = add(verbs, "show", tr("一个规则参数：现行值、历次取值、哪些数字用它"))
    shown.add_argument("key", metavar="KEY", help=tr("参数的代号，见 parameters list"))
    shown.set_defaults(run=_show)
    written = add(verbs, "export", tr("把某一天生效的规则值存成表格；改成新值就能再导入"))
    written.add_argument("file", metavar="FILE", help=tr("写到这个文件（.xlsx、.csv）"))
    written.set_defaults(run=_export)
    for parser in (listed, shown, written):
        parser.add_argument("--on", type=day, metavar="DATE", help=tr("按哪一天，默认今天"))
    taken = add(verbs, "import", tr("从文件采用一套更新的规则值（xlsx、xls、ods、csv、toml）：先列出哪些数字会变，全部采用或全不采用"))
    taken.add_argument("file", metavar="FILE", help=tr("表格文件"))
    taken.set_defaults(run=_import)
    one = add(verbs, "add", tr("按文号采用一个更新的值：先列出哪些数字会变"))
    one.add_argument("key", metavar="KEY", help=tr("参数的代号，见 parameters list"))
    one.add_argument("value", metavar="VALUE", help=tr("新值：金额以元为单位，比例写 0.8 或 80%%，是非写“是”或“否”，几个值用逗号分开"))
    one.add_argument("--from", dest="from_on", type=day, required=True, metavar="DATE", help=tr("从哪一天起生效，须晚于已有的最新值"))
    one.add_argument("--document", required=True, metavar="TEXT", help=tr("依据文件的文号"))
    one.add_argument("--clause", default="", metavar="TEXT", help=tr("条款"))
    one.add_argument("--certainty", default="A", choices=("A", "A-", "B", "C", "D"), help=tr("可信度，默认 A（见过原文）"))
    one.set_defaults(run=_add)
    for parser in (taken, one):
        taking(parser)


def taking(parser: Any) -> None:
    """What a command that takes a set is given."""
    parser.add_argument("--reason", default="", metavar="TEXT", help=tr("采用的理由，写入操作日志；不写就不采用"))
    parser.add_argument("--dry-run", action="store_true", help=tr("只检查，不写入"))


def value_words(key: str, value: Any, unit: str) -> str:
    """A rule value for people."""
    from desktop.actions.code_words import code_words
    from desktop.actions.explaining import value_text

    if isinstance(value, tuple):
        return code_words(key, map(str, value))
    said = value_text(value, unit)
    return f"{said} {say(f'unit.{unit}')}" if known(f"unit.{unit}") and said.isdecimal() else said


def _value(one: Parameter | None, unit: str) -> str:
    return tr("未知") if one is None else value_words(one.key, one.value, unit)


def _content(one: Parameter | None) -> dict[str, Any] | None:
    from desktop.actions.parameter_sets import written

    if one is None:
        return None
    return {
        "from": one.from_on.isoformat(), "value": written(one), "unit": one.unit, "source": one.source, "clause": one.clause,
        "certainty": one.certainty, "note": one.note, "own": one.own,
    }  # fmt: skip


def _uses(rule: Rule) -> str:
    return tr("；").join(say(f"parameter_use.{use}") for use in rule.uses) or tr("程序还没有数字用到它")


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import parameters

    with opened(args) as workspace:
        found = parameters.search(parameters.every(workspace, args.on), " ".join(args.words))
    rows = [
        [
            rule.key, say(f"parameter.{rule.key}"), _value(rule.in_force, rule.unit),
            *([one.from_on.isoformat(), one.certainty, f"{one.source} {one.clause}".strip()] if (one := rule.in_force) else ["", "", tr("未公布")]),
        ]
        for rule in found
    ]  # fmt: skip
    lines = table([tr("代号"), tr("参数"), tr("现行值"), tr("起始日期"), tr("可信度"), tr("出处")], rows) if rows else [tr("没有找到。")]
    content = [
        {"key": rule.key, "name": say(f"parameter.{rule.key}"), "unit": rule.unit, "uses": list(rule.uses)}
        | {"in_force": _content(rule.in_force), "coming": _content(rule.coming)}
        for rule in found
    ]
    return Answer({"parameters": content}, lines)


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import parameters

    with opened(args) as workspace:
        rule = parameters.one(workspace, args.key, args.on)
        history = parameters.history(workspace, rule.key)
    lines = [f"{say(f'parameter.{rule.key}')}  {rule.key}", tr("现行值：{value}", value=_value(rule.in_force, rule.unit))]
    lines.append(tr("用在：{uses}", uses=_uses(rule)))
    for one in reversed(history):
        cited = f"{one.source} {one.clause}".strip()
        mark = tr("本单位按文号添加") if one.own else ""
        parts = [value_words(one.key, one.value, one.unit), cited, say(f"certainty.{one.certainty.replace('-', '_minus')}"), one.note, mark]
        lines.append(f"{tr('{day} 起', day=one.from_on.isoformat())}  {'  '.join(part for part in parts if part)}")
    if not history:
        lines.append(tr("还没有公布的值；有文件依据时可以按文号添加。"))
    content = {"key": rule.key, "unit": rule.unit, "in_force": _content(rule.in_force), "uses": list(rule.uses)}
    return Answer(content | {"history": [_content(one) for one in history]}, lines)


def _export(args: argparse.Namespace) -> Answer:
    from desktop.actions import parameter_sets

    path = Path(args.file).absolute()
    with opened(args) as workspace:
        n = parameter_sets.export(workspace, path, args.on)
    return Answer({"file": str(path), "values": n}, [tr("{n} 个规则值已写到 {path}。", n=n, path=path)])


def _import(args: argparse.Namespace) -> Answer:
    from desktop.actions import parameter_sets

    with opened(args) as workspace:
        return set_answer(workspace, parameter_sets.read(workspace, Path(args.file)), args)


def _add(args: argparse.Namespace) -> Answer:
    from desktop.actions import parameter_sets

    with opened(args) as workspace:
        plan = parameter_sets.propose(workspace, args.key, args.value, args.from_on, args.document, args.clause, args.certainty)
        return set_answer(workspace, plan, args)


def set_answer(workspace: Workspace, plan: Plan, args: argparse.Namespace) -> Answer:
    """Show what a plan would move; take it when a reason is given. Raises Refused when it cannot be taken."""
    from desktop.actions import parameter_sets

    operation, moved = 0, parameter_sets.Effects((), 0, ())
    if parameter_sets.checked(plan).new:
        moved = parameter_sets.effects(workspace, plan)
        if args.reason.strip() and not args.dry_run:
            operation = parameter_sets.commit(workspace, plan, args.reason).operation
    waits = bool(plan.new) and not operation and not args.dry_run
    content = {
        "new": [_content(change.parameter) | {"key": change.parameter.key, "before": _content(change.before)} for change in plan.new],  # type: ignore[operator]  # a value that is there
        "known": len(plan.known),
        "moved": [_moved_json(one) for one in moved.moved],
        "compared": moved.n_compared,
        "unused": list(moved.unused),
        "dry_run": args.dry_run,
        "operation": operation or None,
        "findings": [as_json(one) for one in plan.findings],
    }
    if waits:
        content |= {"error": "parameter.no_reason", "words": say("parameter.no_reason")}
    return Answer(content, _told(plan, moved, operation, dry_run=args.dry_run), FINDINGS if waits else OK)


def _told(plan: Plan, moved: Effects, operation: int, *, dry_run: bool) -> list[str]:
    lines = [tr("新增 {new} 个值，已知 {known} 个。", new=len(plan.new), known=len(plan.known))]
    for change in plan.new:
        one = change.parameter
        name, since = say(f"parameter.{one.key}"), one.from_on.isoformat()
        lines.append(tr("{name}：{old} → {new}，{day} 起", name=name, old=_value(change.before, one.unit), new=_value(one, one.unit), day=since))
    lines += [told(one) for one in plan.findings]
    if not plan.new:
        return [*lines, tr("台账里已经是这些内容，没有改动。")]
    lines += effects_told(moved)
    if operation:
        lines.append(tr("已采用，各处立即按新值计算；已记账的金额不变。要撤回，用 yixiang undo。"))
    else:
        lines.append(tr("只检查，没有写入。") if dry_run else say("parameter.no_reason"))
    return lines


def effects_told(moved: Effects) -> list[str]:
    """Which figures move, as a table."""
    lines = [tr("比较了本台账的 {n} 个数字，{m} 个会变：", n=f"{moved.n_compared:,}", m=f"{len(moved.moved):,}")]
    if moved.moved:
        rows = [[say(one.figure), one.subject, one.day.isoformat(), *moved_words(one)] for one in moved.moved[:_MOST_LINES]]
        lines += table([tr("数字"), tr("对象"), tr("按哪天"), tr("原来"), tr("新值"), tr("差")], rows)
    if len(moved.moved) > _MOST_LINES:
        lines.append(tr("…另有 {n} 项", n=f"{len(moved.moved) - _MOST_LINES:,}"))
    if moved.unused:
        lines.append(tr("程序还没有数字用到：{names}。", names=tr("、").join(say(f"parameter.{key}") for key in moved.unused)))
    return lines


def moved_words(one: Moved) -> tuple[str, str, str]:
    """Old, new and difference of a figure, for people."""
    change = one.difference
    said = "" if change is None else _figure(change, "days" if isinstance(one.old, date) else one.unit)
    return _figure(one.old, one.unit, one.figure), _figure(one.new, one.unit, one.figure), f"+{said}" if change is not None and change > 0 else said


def _figure(value: Any, unit: str, code: str = "") -> str:
    from desktop.actions.explaining import value_text

    if unit == "problems" and isinstance(value, str):
        return tr("、").join(say(f"problem_kind.{code}") if known(f"problem_kind.{code}") else code for code in value.split(",")) if value else tr("无")
    if unit == "date" and value is None:
        return "—"
    return value_text(value, unit, code)


def _moved_json(one: Moved) -> dict[str, Any]:
    change = one.difference
    return {
        "figure": one.figure, "subject": one.subject, "day": one.day.isoformat(), "unit": one.unit, "use": one.use,
        "old": _plain(one.old), "new": _plain(one.new), "difference": _plain(change),
    }  # fmt: skip


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value
