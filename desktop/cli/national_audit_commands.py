"""The command about the national platform's audit: what a person saw there is kept, an answer that tells of rows is read, every row is listed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.register_commands import day
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.ledger.national_audit import AUDITS
from desktop.ledger.problem import Refused
from desktop.words import say, tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.actions.national_audit_list import Row

_KINDS = {"instruments": "4", "services": "6"}
_NAMES = {number: name for name, number in _KINDS.items()}
_SHOWN = 50


def register(national: Any, add: Any) -> None:
    """Add this command beside those that send."""
    one = add(
        national, "audit",
        tr("登记在平台上看到的审核状态，可撤销；都不写则列出平台接收过的每台仪器、每条服务记录的审核状态，未通过的写明原因和要办的"),
    )  # fmt: skip
    one.add_argument("kind", nargs="?", choices=tuple(_KINDS), help=tr("仪器或服务记录"))
    one.add_argument("names", nargs="*", metavar="NUMBER", help=tr("资产编号或记录编号，可多个"))
    states = tr("not_submitted 未提交，pending 待审核，passed 通过，refused 未通过；不写编号时只列出这一种")
    one.add_argument("--state", choices=tuple(AUDITS.values()), help=states)
    one.add_argument("--reason", default="", metavar="TEXT", help=tr("平台写明的原因；未通过必须写"))
    one.add_argument("--answer", type=Path, metavar="FILE", help=tr("从存下来的返回报文里读各行的审核状态"))
    one.add_argument("--on", type=day, metavar="DATE", help=tr("在平台上看到的日期；列出时是按哪一天（默认今天）"))
    one.set_defaults(run=_audit)


def _audit(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_audit, national_audit_list

    with opened(args) as workspace:
        said = []
        if args.answer is not None:
            if args.kind or args.state or args.reason:
                raise Refused("national_audit.one_way")
            _, n = national_audit.keep_file(workspace, args.answer.expanduser(), args.on)
            said = [tr("已登记回答里 {n} 行的审核状态，可以撤销（undo）。", n=n)]
        elif args.kind or args.reason:
            if not args.kind or not args.names or not args.state:
                raise Refused("national_audit.nothing_said")
            national_audit.say(workspace, _KINDS[args.kind], args.names, args.state, args.reason, args.on)
            said = [tr("已登记 {n} 行的审核状态，可以撤销（undo）。", n=len(set(args.names)))]
        on = None if said else args.on
        counts = national_audit_list.totals(national_audit_list.standings(workspace, on))
        wanted = national_audit_list.every(workspace, on, (args.state,) if args.state and not said else ())
        to_do = bool(national_audit_list.open_rows(workspace, on))
        withheld = national_audit_list.withheld(workspace)
    if said and args.kind:
        wanted = [one for one in wanted if one.kind == _KINDS[args.kind] and {one.name, one.key} & set(args.names)]
    content = {"states": {state: counts[state] for state in (*AUDITS.values(), "unseen")}, "withheld": withheld, "rows": [as_row(one) for one in wanted]}
    return Answer(content, [*said, *_lines(counts, wanted, withheld)], FINDINGS if to_do and not said else OK)


def state_words(one: Row) -> str:
    """How the audit of a row stands, in words."""
    return say(f"national_audit.{one.state or 'unseen'}")


def as_row(one: Row) -> dict[str, Any]:
    """A row for machines."""
    audit, said = one.audit, one.finding
    return {
        "kind": _NAMES[one.kind], "name": one.name, "message": one.message, "taken_on": one.taken_on.isoformat(),
        "state": audit.state if audit else None, "seen_on": audit.seen_on.isoformat() if audit else None, "reason": audit.reason or None if audit else None,
        "raw": audit.raw or None if audit else None, "by": audit.by or None if audit else None, "to_do": one.to_do,
        "finding": as_json(said) if said else None,
    }  # fmt: skip


def _lines(counts: Mapping[str, int], wanted: Sequence[Row], withheld: int) -> list[str]:
    if not any(counts.values()):
        return [tr("平台还没有从这里接收过仪器或服务记录。")]
    told_counts = ((state, counts[state]) for state in (*AUDITS.values(), "unseen"))
    head = tr("；").join(tr("{state} {n} 行", state=say(f"national_audit.{state}"), n=n) for state, n in told_counts if n)
    heads = [tr("种类"), tr("编号"), tr("仪器名称"), tr("平台接收"), tr("审核"), tr("查看日期"), tr("原因")]
    rows = [
        [
            say(f"national_message.kind_{one.kind}"), one.name, one.what, one.taken_on.isoformat(), state_words(one),
            one.audit.seen_on.isoformat() if one.audit else "", one.audit.reason if one.audit else "",
        ]
        for one in wanted[:_SHOWN]
    ]  # fmt: skip
    more = [tr("……另有 {n} 行，见 --json。", n=len(wanted) - _SHOWN)] if len(wanted) > _SHOWN else []
    hidden = [tr("另有涉密的 {n} 行不列，见 national due。", n=withheld)] if withheld else []
    to_do = [f"  {told(each)}" for one in wanted if one.to_do and (each := one.finding) is not None]
    return [head, *(table(heads, rows) if rows else []), *more, *hidden, *to_do]
