"""Commands about the national platform: judge what it would get, write its workbook and messages, explain its answers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli import national_audit_commands, national_sending_commands, national_stated_commands
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, told
from desktop.ledger.period import Period, parse
from desktop.words import say, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.ledger.finding import Finding

_KINDS = {"instruments": "4", "customs": "5", "services": "6", "effect": "7"}
_KIND_NAMES = {number: name for name, number in _KINDS.items()}
_SHOWN = 20


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    national = add(commands, "national", tr("国家网络管理平台：逐行核对后写出报送表和报文")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    check = add(national, "check", tr("只核对：哪些仪器可以报送，哪些要先改什么；不写文件"))
    book = add(national, "workbook", tr("写出 40 列的批量填报表；有错误的仪器不写，说明原因"))
    book.add_argument("file", metavar="FILE", help=tr("写到这个文件（.xlsx、.csv）"))
    for parser, run in ((check, _check), (book, _workbook)):
        parser.add_argument("asset_numbers", nargs="*", metavar="ASSET", help=tr("资产编号，可多个；不写则是全部仪器"))
        parser.set_defaults(run=run)

    messages = add(national, "messages", tr("把仪器、海关、服务记录、年度成效写成平台的 SOAP 报文，每条报文一个文件"))
    messages.add_argument("folder", metavar="DIR", help=tr("写到这个文件夹：新的或空的"))
    messages.add_argument("--unit", required=True, metavar="ID", help=tr("本单位在国家平台的标识，多为 32 位"))
    messages.add_argument("--period", required=True, type=_period, metavar="PERIOD", help=tr("期间：2025、2025Q3 或 2025-07；年度成效只按整年"))
    messages.add_argument("--only", action="append", choices=tuple(_KINDS), help=tr("只写这一种，可多次：仪器、海关、服务记录、年度成效"))
    messages.add_argument("--personal", action="store_true", help=tr("连同申请人姓名、电话和邮箱（个人信息）一起写；默认写「无」"))
    messages.set_defaults(run=_messages)
    for parser in (check, book, messages):
        _code_tables(parser)

    answer = add(national, "answer", tr("解释平台返回的报文：原样给出代码和原文，再说是什么意思"))
    answer.add_argument("file", metavar="FILE", help=tr("存下来的返回报文"))
    answer.set_defaults(run=_answer)
    national_sending_commands.register(national, add, _period, _code_tables)
    national_stated_commands.register(national, add)
    national_audit_commands.register(national, add)


def _code_tables(parser: Any) -> None:
    for name, words in (("classes", tr("仪器分类代码表")), ("subjects", tr("一级学科代码表")), ("nations", tr("国别代码表"))):
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=tr("{table}，用来核对（列：code、name）", table=words))


def _period(text: str) -> Period:
    try:
        return parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("期间要写成 2025、2025Q3 或 2025-07 的样子：{text}", text=text)) from error


def _tables(args: argparse.Namespace) -> Any:
    from desktop.actions import national

    return national.tables(args.classes, args.subjects, args.nations)


def _check(args: argparse.Namespace) -> Answer:
    from desktop.actions import national

    tables = _tables(args)
    with opened(args) as workspace:
        judged = national.judge(workspace, args.asset_numbers or None, tables)
    n_sound = len(judged.sound)
    wrong = len(judged.forms) - n_sound
    content = {"sound": n_sound, "wrong": wrong, "withheld": judged.withheld, "retired": judged.retired, "findings": _objects(judged.findings)}
    head = tr("可以报送 {n} 台（套），有错误 {wrong} 台（套）；涉密 {withheld}、已退役 {retired} 台（套）不报送。",
              n=n_sound, wrong=wrong, withheld=judged.withheld, retired=judged.retired)  # fmt: skip
    return Answer(content, [head, *_lines(judged.findings)], FINDINGS if wrong else OK)


def _workbook(args: argparse.Namespace) -> Answer:
    from desktop.actions import national

    tables = _tables(args)
    with opened(args) as workspace:
        done = national.workbook(workspace, Path(args.file).absolute(), args.asset_numbers or None, tables)
    content = {
        "file": str(done.path), "rows": done.rows, "left_out": done.left_out, "withheld": done.withheld, "retired": done.retired,
        "findings": _objects(done.findings),
    }  # fmt: skip
    head = tr("已写出 {n} 台（套）：{path}", n=done.rows, path=done.path)
    rest = tr("有错误没有写出 {wrong} 台（套）；涉密 {withheld}、已退役 {retired} 台（套）不报送。",
              wrong=done.left_out, withheld=done.withheld, retired=done.retired)  # fmt: skip
    return Answer(content, [head, rest, *_lines(done.findings)], FINDINGS if done.left_out else OK)


def _messages(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_messages

    tables = _tables(args)
    kinds = [_KINDS[name] for name in args.only or ()] or national_messages.kinds_of(args.period)
    with opened(args) as workspace:
        done = national_messages.write(
            workspace, Path(args.folder).absolute(), args.unit, args.period, kinds=kinds, personal=args.personal, tables=tables
        )
    names = {number: name for name, number in _KINDS.items()}
    content = {
        "files": [str(path) for path in done.files], "rows": {names[kind]: n for kind, n in done.rows}, "left_out": done.left_out,
        "withheld": done.withheld, "absent_sets": done.n_absent, "findings": _objects(done.findings),
    }  # fmt: skip
    shown = {"instruments": tr("仪器"), "customs": tr("海关"), "services": tr("服务记录"), "effect": tr("年度成效")}
    counted = [tr("  {kind} {n} 行", kind=shown[names[kind]], n=n) for kind, n in done.rows]
    rest = tr("有错误没有写出 {wrong} 行，涉密不报送 {withheld} 行。请按文件名的顺序发送。", wrong=done.left_out, withheld=done.withheld)
    head = tr("已写出 {n} 份报文，在 {path}：", n=len(done.files), path=args.folder)
    absent = [tr("其中 {n} 行服务记录的仪器平台上没有，这次也没有报。", n=done.n_absent)] if done.n_absent else []
    return Answer(content, [head, *counted, rest, *absent, *_lines(done.findings)], FINDINGS if done.left_out else OK)


def _answer(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_audit, national_messages

    found = national_messages.explain_answer(Path(args.file))
    rows = national_audit.read_file(Path(args.file))
    content = {
        "code": found.code or None, "raw": found.raw, "accepted": found.accepted, "findings": _objects([found.finding]),
        "rows": [{"kind": _KIND_NAMES[one.kind], "key": one.key, "code": one.code, "state": one.state, "reason": one.reason or None} for one in rows],
    }  # fmt: skip
    audited = [
        tr("  {key} 审核：{state}（代码 {code}）{reason}",
           key=one.key, state=say(f"national_audit.{one.state or 'code_odd'}"), code=one.code or "—", reason=one.reason)
        for one in rows
    ]  # fmt: skip
    keep = [tr("登记这些审核状态：national audit --answer {file}", file=args.file)] if rows else []
    return Answer(content, [told(found.finding), *audited, *keep], OK if found.accepted else FINDINGS)


def _objects(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [as_json(found) for found in findings]


def _lines(findings: Sequence[Finding]) -> list[str]:
    """Errors first, then sets that are not there; of the others a few, and how many more there are: a column nobody fills is told for each row."""
    errors = [told(found) for found in findings if found.severity == "error"]
    others = [told(found) for found in sorted(findings, key=lambda one: one.code != "national.set_not_there") if found.severity != "error"]
    more = [tr("……另有 {n} 条提醒和说明，见 --json。", n=len(others) - _SHOWN)] if len(others) > _SHOWN else []
    return [*errors, *others[:_SHOWN], *more]
