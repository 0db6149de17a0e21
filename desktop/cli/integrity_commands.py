"""Commands about the self-checks of integrity: what stands open, and the answer to one."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop.cli.grammar import UsageError
from desktop.cli.register_commands import day
from desktop.cli.session import Answer, opened, table
from desktop.ledger.integrity import ANSWER_STANDINGS, ANSWER_STATES, INTEGRITY_CHECKS
from desktop.words import say, tr


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    verbs = add(commands, "integrity", tr("诚信自查：逐条答复，报表见 report integrity 和 report rectification")).add_subparsers(
        dest="verb", required=True, metavar=tr("命令")
    )
    listed = add(verbs, "list", tr("自查发现和各条的答复"))
    listed.add_argument("--period", metavar="2025|2025Q3", help=tr("期间，默认今年"))
    listed.add_argument("--check", choices=INTEGRITY_CHECKS, default="", help=tr("只列这项核对"))
    listed.add_argument("--state", choices=ANSWER_STATES, default="", help=tr("只列这个答复状态"))
    listed.set_defaults(run=_list)
    given = add(verbs, "answers", tr("列出对期间内服务记录的每一条答复：现用的、被代替的、撤回的；何时答复的都列"))
    given.add_argument("--period", metavar="2025|2025Q3", help=tr("服务记录的期间（按服务结束日，不是答复日期），默认今年"))
    given.add_argument("--check", choices=INTEGRITY_CHECKS, default="", help=tr("只列这项核对的答复"))
    given.add_argument(
        "--standing", choices=ANSWER_STANDINGS, default="", help=tr("只列这样的：holds 以此为准，replaced 已被后来的代替，reopens 撤回、又待处理")
    )
    given.set_defaults(run=_answers)
    answered = add(verbs, "answer", tr("答复自查发现，一条或一并答复多条；可再答，以最后一条为准，可撤销"))
    answered.add_argument("check", nargs="?", choices=INTEGRITY_CHECKS, help=tr("哪项核对，见 integrity list"))
    answered.add_argument("numbers", nargs="*", metavar="RECORD", help=tr("记录编号，可多个"))
    answered.add_argument("--table", metavar="FILE", help=tr("按填好的表格逐条答复（表格由 integrity template 写出）"))
    answered.add_argument("--all-open", action="store_true", help=tr("这项核对在期间内待处理的全部（涉密的除外），同一个说明"))
    answered.add_argument("--period", metavar="2025|2025Q3", help=tr("配合 --all-open：期间，默认今年"))
    answered.add_argument("--state", choices=ANSWER_STATES, help=tr("explained 已说明，corrected 已更正，accepted 承认，open 待处理"))
    answered.add_argument("--text", default="", metavar="TEXT", help=tr("情况说明"))
    answered.add_argument("--correction", default="", metavar="RECORD", help=tr("更正时：已冲销的记录或代替它的记录的编号；只用于一条"))
    answered.add_argument("--evidence", default="", metavar="TEXT", help=tr("证明材料，如上机登记簿页码、合同号"))
    answered.add_argument("--file", metavar="FILE", help=tr("附在每条答复上的一个文件，只留在本机"))
    answered.add_argument("--by", default="", metavar="NAME", help=tr("答复人，默认当前用户"))
    answered.add_argument("--on", type=day, metavar="DAY", help=tr("答复日期，默认今天"))
    answered.set_defaults(run=_answer)
    template = add(verbs, "template", tr("把待处理的自查发现写成表格，填好答复后用 integrity answer --table 一并写入"))
    template.add_argument("file", metavar="FILE", help=tr("写到这个文件（.xlsx、.csv）"))
    template.add_argument("--period", metavar="2025|2025Q3", help=tr("期间，默认今年"))
    template.add_argument("--check", action="append", choices=INTEGRITY_CHECKS, help=tr("只写这项核对，可多次"))
    template.set_defaults(run=_template)
    collected = add(verbs, "collect", tr("把各条答复的附件汇成一个压缩包，随整改报告报送"))
    collected.add_argument("--period", metavar="2025|2025Q3", help=tr("期间，默认今年"))
    collected.add_argument("--out", required=True, metavar="FILE", help=tr("写到哪个 .zip 文件"))
    collected.set_defaults(run=_collect)


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import integrity_answers, reporting
    from desktop.actions.workspace import today

    span = reporting.span("integrity", args.period)
    with opened(args) as workspace:
        found = integrity_answers.every(workspace, span, min(span.last_day, today()))
    shown = [one for one in found.points if args.check in ("", one.check) and args.state in ("", one.state)]
    heads = [tr("核对"), tr("记录编号"), tr("服务日期"), tr("资产编号"), tr("仪器名称"), tr("现在"), tr("答复"), tr("情况说明")]
    lines = [
        [
            say(f"integrity.{one.check}"), one.number, one.ended_on, one.asset_number, one.instrument,
            tr("有此发现") if one.seen else tr("已无此发现"), say(f"integrity.state.{one.state}"), one.held.text if one.held else "",
        ]
        for one in shown
    ]  # fmt: skip
    content = [
        {
            "check": one.check, "number": one.number, "ended_on": one.ended_on, "asset_number": one.asset_number, "instrument": one.instrument,
            "seen": one.seen is not None, "detail": one.seen.detail if one.seen else "", "state": one.state, "files": one.n_files,
            "answers": [
                {
                    "state": each.state, "text": each.text, "answered_on": each.answered_on.isoformat(), "answered_by": each.answered_by,
                    "correction": each.correction, "evidence": each.evidence, "id": each.id,
                }
                for each in one.answers
            ],
        }
        for one in shown
    ]  # fmt: skip
    return Answer({"period": span.name, "points": content}, table(heads, lines) if lines else [tr("没有自查发现。")])


def _answers(args: argparse.Namespace) -> Answer:
    from desktop.actions import integrity_answers, integrity_given, reporting
    from desktop.actions.workspace import today

    span = reporting.span("integrity", args.period)
    with opened(args) as workspace:
        names = (args.check,) if args.check else INTEGRITY_CHECKS
        found = integrity_given.every(integrity_answers.every(workspace, span, min(span.last_day, today()), names))
    shown = [one for one in found if args.standing in ("", one.standing)]
    heads = [tr("答复日期"), tr("答复人"), tr("核对"), tr("记录编号"), tr("答复"), tr("以哪条为准"), tr("情况说明")]
    lines = [
        [
            one.answer.answered_on.isoformat(), one.answer.answered_by, say(f"integrity.{one.point.check}"), one.point.number,
            say(f"integrity.state.{one.answer.state}"), say(f"integrity.standing.{one.standing}"), one.answer.text,
        ]
        for one in shown
    ]  # fmt: skip
    content = [
        {
            "id": one.answer.id, "check": one.point.check, "number": one.point.number, "state": one.answer.state, "standing": one.standing,
            "text": one.answer.text, "correction": one.answer.correction, "evidence": one.answer.evidence,
            "answered_on": one.answer.answered_on.isoformat(), "answered_by": one.answer.answered_by,
        }
        for one in shown
    ]  # fmt: skip
    return Answer({"period": span.name, "answers": content}, table(heads, lines) if lines else [tr("{period} 的自查发现没有答复。", period=span.name)])


def _answer(args: argparse.Namespace) -> Answer:
    from desktop.actions import integrity_answers, integrity_many, reporting

    in_table = (args.state, args.text, args.correction, args.evidence, args.by, args.on, args.period)
    if args.table and (args.check or args.numbers or args.all_open or any(in_table)):
        raise UsageError(tr("--table 里已有核对、编号和答复，不能再写在命令里"))
    if args.all_open and args.numbers:
        raise UsageError(tr("--all-open 就是这项核对待处理的全部，不能再写记录编号"))
    if args.period and args.numbers:
        raise UsageError(tr("记录编号已经指明了记录，--period 只配合 --all-open，不能同时写"))
    if not args.table and not (args.check and args.state and args.text and (args.numbers or args.all_open)):
        raise UsageError(tr("要写明核对、记录编号（或 --all-open）、--state 和 --text，或用 --table"))
    file = Path(args.file).expanduser() if args.file else None
    left_out = 0
    with opened(args) as workspace:
        if len(args.numbers) == 1 and not args.all_open and file is None:
            (number,) = args.numbers
            integrity_answers.answer(
                workspace, args.check, number, args.state, args.text, correction=args.correction, evidence=args.evidence, on=args.on, by=args.by
            )
            return Answer(
                {"check": args.check, "number": number, "state": args.state},
                [tr("已记下对 {number} 的答复：{state}", number=number, state=say(f"integrity.state.{args.state}"))],
            )
        if args.table:
            given = integrity_many.read_table(Path(args.table).expanduser())
        else:
            span = reporting.span("integrity", args.period)
            numbers = args.numbers
            if args.all_open:
                standing = integrity_many.standing(workspace, span, (args.check,))
                numbers = [one.number for one in standing.points]
                left_out = standing.n_withheld
            places = [(args.check, number) for number in numbers]
            given = [
                replace(one, correction=args.correction)
                for one in integrity_many.shared(places, args.state, args.text, by=args.by, papers=args.evidence, on=args.on)
            ]
        integrity_many.answer(workspace, given, file)
    lines = [tr("已一并答复 {n} 条自查发现。", n=len(given))]
    if left_out:
        lines.append(tr("涉密的 {n} 条没有一并答复，请写明编号分开答复。", n=left_out))
    return Answer({"answered": len(given), "left_out": left_out}, lines)


def _template(args: argparse.Namespace) -> Answer:
    from desktop.actions import integrity_many, reporting

    span = reporting.span("integrity", args.period)
    path = Path(args.file).expanduser()
    with opened(args) as workspace:
        done = integrity_many.save_table(workspace, path, span, args.check or INTEGRITY_CHECKS)
    n = len(done.points)
    lines = [tr("已写出 {n} 条待处理的发现：{path}", n=n, path=path)]
    if done.n_withheld:
        lines.append(tr("涉密的 {n} 条没有写进表格，请写明编号分开答复。", n=done.n_withheld))
    return Answer({"path": str(path), "rows": n, "withheld": done.n_withheld}, lines)


def _collect(args: argparse.Namespace) -> Answer:
    from desktop.actions import rectification_files, reporting

    span = reporting.span("integrity", args.period)
    with opened(args) as workspace:
        done = rectification_files.collect(workspace, span, Path(args.out).expanduser())
    lines = [tr("已汇成 {path}：{n} 个文件，另附清单。", path=done.path, n=done.n_files)]
    if done.n_elsewhere:
        lines.append(tr("另有 {n} 个文件在别的席位，本机未取回，只列在清单里（evidence fetch）。", n=done.n_elsewhere))
    if done.n_bare:
        lines.append(tr("有 {n} 条已答复的发现没有附件。", n=done.n_bare))
    return Answer({"path": str(done.path), "files": done.n_files, "elsewhere": done.n_elsewhere, "bare": done.n_bare}, lines)
