"""Commands about the self-checks of integrity: what stands open, and the answer to one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from desktop.cli.register_commands import day
from desktop.cli.session import Answer, opened, table
from desktop.ledger.integrity import ANSWER_STATES, INTEGRITY_CHECKS
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
    answered = add(verbs, "answer", tr("答复一条自查发现；可再答，以最后一条为准，可撤销"))
    answered.add_argument("check", choices=INTEGRITY_CHECKS, help=tr("哪项核对，见 integrity list"))
    answered.add_argument("number", metavar="RECORD", help=tr("记录编号"))
    answered.add_argument("--state", choices=ANSWER_STATES, required=True, help=tr("explained 已说明，corrected 已更正，accepted 承认，open 待处理"))
    answered.add_argument("--text", required=True, metavar="TEXT", help=tr("情况说明"))
    answered.add_argument("--correction", default="", metavar="RECORD", help=tr("更正时：已冲销的记录或代替它的记录的编号"))
    answered.add_argument("--evidence", default="", metavar="TEXT", help=tr("证明材料，如上机登记簿页码、合同号"))
    answered.add_argument("--by", default="", metavar="NAME", help=tr("答复人，默认当前用户"))
    answered.add_argument("--on", type=day, metavar="DAY", help=tr("答复日期，默认今天"))
    answered.set_defaults(run=_answer)
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


def _answer(args: argparse.Namespace) -> Answer:
    from desktop.actions import integrity_answers

    with opened(args) as workspace:
        integrity_answers.answer(
            workspace, args.check, args.number, args.state, args.text, correction=args.correction, evidence=args.evidence, on=args.on, by=args.by
        )
    return Answer(
        {"check": args.check, "number": args.number, "state": args.state},
        [tr("已记下对 {number} 的答复：{state}", number=args.number, state=say(f"integrity.state.{args.state}"))],
    )


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
