"""Commands about transfers of sets: proposed, approved or declined by another person, handed over, the form on paper."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.register_commands import acting, day
from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.ledger.transfer import TRANSFER_KINDS, TRANSFER_STATES
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.transfers import Done, Listed


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    verbs = add(commands, "transfer", tr("仪器调配：内部调配、无偿划拨和移交单")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    prepare = add(verbs, "prepare", tr("编制一份调配；候选见 report transfers"))
    prepare.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    prepare.add_argument("--kind", choices=TRANSFER_KINDS, required=True, help=tr("internal 内部调配，allocation 无偿划拨"))
    prepare.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    prepare.add_argument("--department", default="", metavar="NAME", help=tr("内部调配的接收部门"))
    prepare.add_argument("--keeper", default="", metavar="NAME", help=tr("接收部门的使用负责人"))
    prepare.add_argument("--receiver", default="", metavar="NAME", help=tr("无偿划拨的接收单位"))
    prepare.add_argument("--uscc", default="", metavar="CODE", help=tr("接收单位的统一社会信用代码"))
    prepare.add_argument("--document", default="", metavar="N", help=tr("依据的文号"))
    acting(prepare)
    prepare.set_defaults(run=_prepare)
    approve = _step(add, verbs, "approve", tr("另一人批准（须有 PIN）"), _approve)
    approve.add_argument("--note", default="", metavar="TEXT", help=tr("审批意见"))
    approve.add_argument("--document", default="", metavar="N", help=tr("批准文号；无偿划拨必须有"))
    decline = _step(add, verbs, "decline", tr("另一人退回，写明理由"), _decline)
    decline.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    _step(add, verbs, "withdraw", tr("编制人撤回还没有审批的调配"), _withdraw)
    hand = _step(add, verbs, "hand-over", tr("登记移交：内部调配改部门，无偿划拨后仪器退役"), _hand_over)
    hand.add_argument("--on", type=day, required=True, metavar="DATE", help=tr("移交日期"))
    hand.add_argument("--gave", default="", metavar="NAME", help=tr("移交人"))
    hand.add_argument("--took", default="", metavar="NAME", help=tr("接收人"))
    hand.add_argument("--parts", default="", metavar="TEXT", help=tr("随同移交的附件和资料"))
    listed = add(verbs, "list", tr("全部调配，新的在前"))
    listed.add_argument("--state", choices=TRANSFER_STATES, default="", help=tr("只列这个状态"))
    listed.add_argument("--asset", default="", metavar="ASSET", help=tr("只列这台仪器"))
    listed.set_defaults(run=_list)
    form = add(verbs, "form", tr("移交单（按文件后缀出 PDF 或 XLSX），供双方签字"))
    form.add_argument("number", metavar="N", help=tr("调配编号，见 transfer list"))
    form.add_argument("--out", required=True, metavar="FILE", help=tr("写到这个文件（.pdf、.xlsx）"))
    form.set_defaults(run=_form)


def _step(add: Any, verbs: Any, name: str, words: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = add(verbs, name, words)
    parser.add_argument("number", metavar="N", help=tr("调配编号，见 transfer list"))
    acting(parser)
    parser.set_defaults(run=run)
    return parser


def _prepare(args: argparse.Namespace) -> Answer:
    from desktop.actions import transfers

    with opened(args) as workspace:
        done = transfers.prepare(
            workspace, args.asset_number, args.kind, args.reason, args.acting, args.pin, department=args.department, keeper=args.keeper,
            receiver=args.receiver, receiver_uscc=args.uscc, document=args.document,
        )  # fmt: skip
    return _answer(done)


def _approve(args: argparse.Namespace) -> Answer:
    from desktop.actions import transfers

    with opened(args) as workspace:
        return _answer(transfers.approve(workspace, args.number, args.acting, args.pin, args.note, args.document))


def _decline(args: argparse.Namespace) -> Answer:
    from desktop.actions import transfers

    with opened(args) as workspace:
        return _answer(transfers.decline(workspace, args.number, args.acting, args.pin, args.reason))


def _withdraw(args: argparse.Namespace) -> Answer:
    from desktop.actions import transfers

    with opened(args) as workspace:
        return _answer(transfers.withdraw(workspace, args.number, args.acting, args.pin))


def _hand_over(args: argparse.Namespace) -> Answer:
    from desktop.actions import transfers

    with opened(args) as workspace:
        return _answer(
            transfers.hand_over(workspace, args.number, args.on, args.acting, args.pin, gave=args.gave, took=args.took, parts=args.parts)
        )


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import transfers

    with opened(args) as workspace:
        found = transfers.every(workspace, args.state, args.asset)
    rows = [
        [one.transfer.number, one.asset_number, one.instrument, *_words(one), _target(one), one.prepared_by, one.decided_by, str(one.transfer.handed_on or "")]
        for one in found
    ]
    heads = [tr("编号"), tr("资产编号"), tr("仪器名称"), tr("方式"), tr("状态"), tr("去向"), tr("编制人"), tr("审批人"), tr("移交日期")]
    return Answer({"transfers": [_plain(one) for one in found]}, table(heads, rows) if rows else [tr("还没有调配。")])


def _form(args: argparse.Namespace) -> Answer:
    from desktop.actions import reporting

    with opened(args) as workspace:
        made = reporting.make_handover(workspace, args.number, out=Path(args.out).absolute())
    content = {"file": str(made.path), "pages": made.n_pages, "digest": made.digest}
    return Answer(content, [tr("移交单已写好：{path}", path=made.path), *(told(one) for one in made.findings)])


def _answer(done: Done) -> Answer:
    one = done.listed
    kind, state = _words(one)
    line = tr("{number} {asset_number} {kind}：{state}", number=one.transfer.number, asset_number=one.asset_number, kind=kind, state=state)
    return Answer({**_plain(one), "findings": [as_json(each) for each in done.findings]}, [line, *(told(each) for each in done.findings)])


def _words(one: Listed) -> tuple[str, str]:
    return say(f"transfer.kind.{one.transfer.kind}"), say(f"transfer.step.{one.transfer.state}")


def _target(one: Listed) -> str:
    return one.transfer.to_department or one.transfer.receiver


def _plain(one: Listed) -> dict[str, Any]:
    found = one.transfer
    return {
        "number": found.number, "asset_number": one.asset_number, "instrument": one.instrument, "kind": found.kind, "state": found.state,
        "reason": found.reason, "from_department": found.from_department, "to_department": found.to_department, "keeper": found.keeper,
        "receiver": found.receiver, "receiver_uscc": found.receiver_uscc, "document": found.document, "prepared_by": one.prepared_by,
        "prepared_at": found.prepared_at.isoformat(timespec="minutes"), "decided_by": one.decided_by or None, "note": found.note,
        "handed_on": found.handed_on.isoformat() if found.handed_on else None, "gave": found.gave, "took": found.took, "parts": found.parts,
    }  # fmt: skip
