"""Commands about management documents and agreements on intellectual property: list, checklist, enter, change, end, withdraw."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desktop.cli.register_commands import day
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.ledger.management import AGREEMENT, MANAGEMENT_KINDS
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.ledger.management import ManagementDocument


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    management = add(commands, "management", tr("管理制度和知识产权约定")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    add(management, "list", tr("列出登记的管理制度和约定")).set_defaults(run=_list)
    check = add(management, "check", tr("管理制度清单：应有的有没有、过期没有、快到期没有"))
    check.add_argument("--on", type=day, metavar="DATE", help=tr("按哪一天（默认今天）"))
    check.set_defaults(run=_check)
    entered = add(management, "enter", tr("登记一份"))
    entered.add_argument("number", metavar="NUMBER", help=tr("文号"))
    _facts(entered, required=True)
    entered.set_defaults(run=_enter)
    changed = add(management, "change", tr("更正一份（只写要改的）"))
    changed.add_argument("number", metavar="NUMBER", help=tr("文号"))
    changed.add_argument("--number", dest="new_number", metavar="TEXT", help=tr("新的文号"))
    _facts(changed, required=False)
    changed.set_defaults(run=_change)
    ended = add(management, "end", tr("写明一份执行到哪一天"))
    ended.add_argument("number", metavar="NUMBER", help=tr("文号"))
    ended.add_argument("--last", dest="last_on", type=day, required=True, metavar="DATE", help=tr("最后一天"))
    ended.set_defaults(run=_end)
    gone = add(management, "withdraw", tr("删除登记错的一份（可以撤销）"))
    gone.add_argument("number", metavar="NUMBER", help=tr("文号"))
    gone.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由"))
    gone.set_defaults(run=_withdraw)


def _facts(parser: argparse.ArgumentParser, *, required: bool) -> None:
    kinds = "、".join(f"{kind} {say(f'management.kinds.{kind}')}" for kind in MANAGEMENT_KINDS)
    parser.add_argument("--kind", choices=MANAGEMENT_KINDS, required=required, help=kinds)
    parser.add_argument("--title", required=required, metavar="TEXT", help=tr("名称"))
    parser.add_argument("--issued", dest="issued_on", type=day, required=required, metavar="DATE", help=tr("发布或签订日期"))
    parser.add_argument("--from", dest="from_on", type=day, metavar="DATE", help=tr("从哪一天起执行（默认发布日期）"))
    parser.add_argument("--last", dest="last_on", type=day, metavar="DATE", help=tr("有效期至；不写则没有止日"))
    parser.add_argument("--issuer", metavar="TEXT", help=tr("发布单位"))
    parser.add_argument("--party", metavar="TEXT", help=tr("知识产权约定的对方单位"))
    parser.add_argument("--note", metavar="TEXT", help=tr("备注"))


_GIVEN = ("kind", "title", "issued_on", "from_on", "last_on", "issuer", "party", "note")


def _json(one: ManagementDocument) -> dict[str, Any]:
    return {
        "number": one.number, "kind": one.kind, "title": one.title, "issued": one.issued_on.isoformat(), "from": one.from_on.isoformat(),
        "last": one.last_on.isoformat() if one.last_on else None, "issuer": one.issuer, "party": one.party or None, "note": one.note,
    }  # fmt: skip


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import management

    with opened(args) as workspace:
        found = management.every(workspace)
    rows = [
        [
            say(f"management.kinds.{one.kind}"), one.number, one.title, one.party, one.from_on.isoformat(),
            one.last_on.isoformat() if one.last_on else tr("没有止日"),
        ]
        for one in found
    ]  # fmt: skip
    heads = [tr("类别"), tr("文号"), tr("名称"), tr("对方单位"), tr("起"), tr("有效期至")]
    return Answer({"documents": [_json(one) for one in found]}, table(heads, rows) if rows else [tr("还没有登记管理制度。")])


def _check(args: argparse.Namespace) -> Answer:
    from desktop.actions import explaining, management

    with opened(args) as workspace:
        found = management.checklist(workspace, args.on)
    entries = [*(found.required or ()), *found.others, *found.agreements]
    content = {
        "entries": [
            {
                "kind": one.kind, "state": one.state, "required": found.required is not None and one in found.required,
                "document": None if one.document is None else _json(one.document),
            }
            for one in entries
        ],
        "figure": explaining.as_json(found.figure),
        "findings": [as_json(one) for one in found.findings],
    }  # fmt: skip
    rows = [
        [
            say(f"management.kinds.{one.kind}"), say(f"management.state.{one.state}"), one.document.number if one.document else "—",
            one.document.title if one.document else "", one.document.party if one.document else "",
        ]
        for one in entries
    ]  # fmt: skip
    lines = table([tr("类别"), tr("状态"), tr("文号"), tr("名称"), tr("对方单位")], rows)
    bad = any(one.severity != "note" for one in found.findings)
    return Answer(content, [*lines, *(told(one) for one in found.findings)], FINDINGS if bad else OK)


def _enter(args: argparse.Namespace) -> Answer:
    from desktop.actions import management
    from desktop.ledger.management import ManagementDocument

    given = ManagementDocument(
        "", args.kind, args.number, args.title, args.issued_on, args.from_on or args.issued_on, args.last_on, args.issuer or "", args.party or "",
        args.note or "",
    )  # fmt: skip
    with opened(args) as workspace:
        management.enter(workspace, given)
    home = tr("它和附件只留在本机，不随同步发出。")
    return Answer(_json(given), [tr("已登记 {number}，可以撤销（undo）。", number=args.number), home])


def _change(args: argparse.Namespace) -> Answer:
    from desktop.actions import management

    with opened(args) as workspace:
        old = management.one(workspace, args.number)
        values = {name: getattr(args, name) for name in _GIVEN if getattr(args, name) is not None}
        if args.new_number is not None:
            values["number"] = args.new_number
        if values.get("kind", old.kind) != AGREEMENT and args.party is None:
            values["party"] = ""
        given = replace(old, **values)
        management.change(workspace, args.number, given)
    return Answer(_json(given), [tr("已更正 {number}，可以撤销（undo）。", number=given.number)])


def _end(args: argparse.Namespace) -> Answer:
    from desktop.actions import management

    with opened(args) as workspace:
        management.end(workspace, args.number, args.last_on)
    said = tr("{number} 执行到 {day}，可以撤销（undo）。", number=args.number, day=args.last_on)
    return Answer({"number": args.number, "last": args.last_on.isoformat()}, [said])


def _withdraw(args: argparse.Namespace) -> Answer:
    from desktop.actions import management

    with opened(args) as workspace:
        management.withdraw(workspace, args.number, args.reason)
    return Answer({"number": args.number}, [tr("{number} 已删除，可以撤销（undo）。", number=args.number)])
