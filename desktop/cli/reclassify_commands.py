"""Commands about an instrument's confidentiality: prepared by one person with a reason, decided by another with a PIN."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.register_commands import acting
from desktop.cli.session import Answer, opened, table
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.reclassifying import Step


def register(instrument: Any, add: Any) -> None:
    """Add these commands below ``instrument``."""
    verbs = add(instrument, "reclassify", tr("改密级：定密或解密，须两人办理")).add_subparsers(
        dest="reclassify_verb", required=True, metavar=tr("命令")
    )
    prepare = _verb(add, verbs, "prepare", tr("编制改密级：定密立即生效等确认，解密等审批"), _prepare)
    prepare.add_argument(
        "--to", choices=("confidential", "ordinary"), required=True, help=tr("confidential 定为涉密，ordinary 解密")
    )
    prepare.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    prepare.add_argument("--document", default="", metavar="N", help=tr("依据的文号"))
    acting(prepare)
    approve = _verb(add, verbs, "approve", tr("另一人批准（须有 PIN）"), _approve)
    approve.add_argument("--note", default="", metavar="TEXT", help=tr("审批意见"))
    acting(approve)
    decline = _verb(add, verbs, "decline", tr("另一人退回：仍是原来的密级"), _decline)
    decline.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    acting(decline)
    acting(_verb(add, verbs, "withdraw", tr("编制人撤回还没有批准的解密"), _withdraw))
    take_back = _verb(add, verbs, "take-back", tr("请各处删除已送出的：先说明哪些能删、哪些会留下；不写理由只看不办"), _take_back)
    take_back.add_argument("--reason", default="", metavar="TEXT", help=tr("理由，写入操作日志；空着只看"))
    acting(take_back, required=False)
    _verb(add, verbs, "show", tr("现在的密级、等待审批的改动和以前的改动"), _show)


def _verb(add: Any, verbs: Any, name: str, words: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = add(verbs, name, words)
    parser.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    parser.set_defaults(run=run)
    return parser


def _plain(step: Step) -> dict[str, Any]:
    change = step.change
    return {
        "to": "confidential" if change.to_confidential else "ordinary",
        "state": change.state,
        "reason": change.reason,
        "document": change.document,
        "prepared_by": step.prepared_by,
        "prepared_at": change.prepared_at.isoformat(timespec="minutes"),
        "decided_by": step.decided_by or None,
        "note": change.note,
    }


def _told(step: Step) -> str:
    to = say(f"reclassification.to.{'confidential' if step.change.to_confidential else 'ordinary'}")
    return f"{step.asset_number} {to}：{say(f'reclassification.state.{step.change.state}')}"


def _prepare(args: argparse.Namespace) -> Answer:
    from desktop.actions import reclassifying

    to_confidential = args.to == "confidential"
    with opened(args) as workspace:
        meaning = reclassifying.words_of(reclassifying.consequences(workspace, args.asset_number, to_confidential))
        (step,) = reclassifying.prepare(
            workspace, args.asset_number, to_confidential, args.reason, args.acting, args.pin, args.document
        )
    said = [say(code, **params) for code, params in meaning]
    return Answer({"asset_number": step.asset_number, **_plain(step), "means": said}, [_told(step), *said])


def _approve(args: argparse.Namespace) -> Answer:
    from desktop.actions import reclassifying

    with opened(args) as workspace:
        step = reclassifying.approve(workspace, args.asset_number, args.acting, args.pin, args.note)
    return _answer(step)


def _decline(args: argparse.Namespace) -> Answer:
    from desktop.actions import reclassifying

    with opened(args) as workspace:
        step = reclassifying.decline(workspace, args.asset_number, args.acting, args.pin, args.reason)
    return _answer(step)


def _withdraw(args: argparse.Namespace) -> Answer:
    from desktop.actions import reclassifying

    with opened(args) as workspace:
        step = reclassifying.withdraw(workspace, args.asset_number, args.acting, args.pin)
    return _answer(step)


def _take_back(args: argparse.Namespace) -> Answer:
    from desktop.actions import taking_back

    with opened(args) as workspace:
        found = taking_back.offer(workspace, args.asset_number)
        said = [say(code, **params) for code, params in taking_back.words_of(found)]
        asked = taking_back.take_back(workspace, args.asset_number, args.reason, args.acting, args.pin) if args.reason else None
    content = {
        "asset_number": found.asset_number,
        "asked": asked is not None,
        "remotes": {one.remote: {"deletable": len(one.deletable), "stay": len(one.stay)} for one in found.held},
        "under_way": [{"remote": one.remote, "number": one.number, "made_at": one.made_at} for one in found.carried],
        "means": said,
    }
    head = [say("take_back.asked", asset_number=found.asset_number, n=found.n_deletable)] if asked else []
    return Answer(content, [*head, *said])


def _answer(step: Step) -> Answer:
    return Answer({"asset_number": step.asset_number, **_plain(step)}, [_told(step)])


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import instruments, reclassifying

    with opened(args) as workspace:
        one = instruments.get(workspace, args.asset_number)
        found = reclassifying.history(workspace, args.asset_number)
    content = {"asset_number": one.asset_number, "confidential": one.confidential, "changes": [_plain(step) for step in found]}
    now = tr("未注明") if one.confidential is None else tr("涉密") if one.confidential else tr("不涉密")
    rows = [
        [
            say(f"reclassification.to.{'confidential' if step.change.to_confidential else 'ordinary'}"),
            say(f"reclassification.state.{step.change.state}"), step.prepared_by, step.change.reason, step.decided_by, step.change.note,
        ]
        for step in found
    ]  # fmt: skip
    heads = [tr("改动"), tr("状态"), tr("编制人"), tr("理由"), tr("审批人"), tr("审批意见")]
    return Answer(content, [f"{one.asset_number} {now}", *(table(heads, rows) if rows else [])])
