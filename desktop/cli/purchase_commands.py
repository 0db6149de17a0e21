"""Commands about purchases and their duplicate review (查重评议): proposed by one person, judged by another with a PIN, printed to be signed."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.record_corrections import yuan
from desktop.cli.register_commands import acting, day
from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.ledger import money
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.purchases import Entered, View
    from desktop.ledger.purchase import NationalResult, Proposal

OPINIONS = ("agree", "share", "revise")
_TEXTS = ("model", "class_code", "functions", "department", "reason")


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    verbs = add(commands, "purchase", tr("新购仪器的查重评议")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    propose = _verb(add, verbs, "propose", tr("登记一份申购，随即查重"), _propose)
    _fields(propose, required=True)
    acting(propose)
    change = _verb(add, verbs, "change", tr("修改还没有评议的申购；只写要改的项"), _change)
    _fields(change, required=False)
    acting(change)
    withdraw = _verb(add, verbs, "withdraw", tr("撤回还没有评议的申购"), _withdraw)
    withdraw.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    acting(withdraw)
    add(verbs, "list", tr("列出申购")).set_defaults(run=_list)
    _verb(add, verbs, "show", tr("同类候选仪器、相似的理由、机时和饱和判断"), _show)
    review = _verb(add, verbs, "review", tr("给出评议意见：由编制人以外的人，须有 PIN"), _review)
    review.add_argument("--opinion", required=True, choices=OPINIONS, help=tr("agree 同意新购，share 先共享现有仪器，revise 退回修改"))
    review.add_argument("--text", required=True, metavar="TEXT", help=tr("评议的理由，印在报告上"))
    acting(review)
    taken = _verb(add, verbs, "withdraw-result", tr("撤去记错的国家平台查重结果；可以撤销"), _withdraw_result)
    taken.add_argument("--document", required=True, metavar="N", help=tr("国家平台查重结果的文号"))
    taken.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    acting(taken)
    paper = _verb(add, verbs, "report", tr("写成供签字的查重评议报告"), _report)
    paper.add_argument("--out", required=True, metavar="FILE", help=tr("写成 PDF 或 XLSX（按文件后缀）"))


def _verb(add: Any, verbs: Any, name: str, words: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = add(verbs, name, words)
    parser.add_argument("number", metavar="N", help=tr("申购编号"))
    parser.set_defaults(run=run)
    return parser


def _fields(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--name", required=required, metavar="NAME", help=tr("拟购仪器的名称"))
    parser.add_argument("--price", required=required, type=yuan, metavar="YUAN", help=tr("单台（套）预算，元"))
    parser.add_argument("--provincial", type=yuan, metavar="YUAN", help=tr("其中省级财政性资金，元；不写为未知"))
    parser.add_argument("--central", type=yuan, metavar="YUAN", help=tr("其中中央财政资金，元；没有写 0，不写为未知"))
    parser.add_argument("--on", type=day, metavar="DAY", help=tr("申购日期，默认今天"))
    parser.add_argument("--model", metavar="TEXT", help=tr("规格型号"))
    parser.add_argument("--class", dest="class_code", metavar="CODE", help=tr("六位仪器分类编码"))
    parser.add_argument("--functions", metavar="TEXT", help=tr("主要功能"))
    parser.add_argument("--department", metavar="TEXT", help=tr("申购部门"))
    parser.add_argument("--reason", metavar="TEXT", help=tr("现有仪器不能满足的理由"))


def _given(args: argparse.Namespace) -> dict[str, Any]:
    named = {"name": args.name, "price_fen": args.price, "provincial_fen": args.provincial, "central_fen": args.central, "proposed_on": args.on}
    return {name: value for name, value in (named | {name: getattr(args, name) for name in _TEXTS}).items() if value is not None}


def _propose(args: argparse.Namespace) -> Answer:
    from desktop.actions import purchases
    from desktop.actions.workspace import today
    from desktop.ledger.purchase import Proposal

    proposal = Proposal(**({"id": "", "number": args.number, "proposed_on": today()} | _given(args)))
    with opened(args) as workspace:
        entered = purchases.propose(workspace, proposal, args.acting, args.pin)
        view = purchases.view(workspace, entered.proposal.number)
    return _entered(entered, view)


def _change(args: argparse.Namespace) -> Answer:
    from desktop.actions import purchases

    with opened(args) as workspace:
        before = purchases.view(workspace, args.number).proposal
        entered = purchases.change(workspace, args.number, replace(before, **_given(args)), args.acting, args.pin)
        view = purchases.view(workspace, entered.proposal.number)
    return _entered(entered, view)


def _entered(entered: Entered, view: View) -> Answer:
    said = tr("申购 {number} 已存下。", number=entered.proposal.number)
    return Answer(_plain(view), [said, *_lines(view)])


def _withdraw(args: argparse.Namespace) -> Answer:
    from desktop.actions import purchases

    with opened(args) as workspace:
        purchases.withdraw(workspace, args.number, args.reason, args.acting, args.pin)
    return Answer({"number": args.number, "state": "withdrawn"}, [tr("申购 {number} 已撤回。", number=args.number)])


def _withdraw_result(args: argparse.Namespace) -> Answer:
    from desktop.actions import purchase_national

    with opened(args) as workspace:
        purchase_national.withdraw(workspace, args.number, args.document, args.reason, args.acting, args.pin)
    said = tr("申购 {number} 的国家平台查重结果 {document} 已撤去，可以撤销（undo）。", number=args.number, document=args.document)
    return Answer({"number": args.number, "document": args.document}, [said])


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import purchase_national, purchases

    with opened(args) as workspace:
        found, stands = purchases.every(workspace), purchase_national.standing(workspace)
    rows = [
        [one.number, one.proposed_on.isoformat(), one.name, money.text(one.price_fen), _state(one), say(f"purchase.state.{stands[one.id]}")]
        for one in found
    ]
    heads = [tr("申购编号"), tr("申购日期"), tr("仪器名称"), tr("预算（元）"), tr("状态"), tr("国家平台查重")]
    content = [_facts(one) | {"needs": stands[one.id]} for one in found]
    return Answer({"purchases": content}, table(heads, rows) if rows else [tr("没有申购。")])


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import purchases

    with opened(args) as workspace:
        view = purchases.view(workspace, args.number)
    return Answer(_plain(view), _lines(view))


def _review(args: argparse.Namespace) -> Answer:
    from desktop.actions import purchases

    with opened(args) as workspace:
        view = purchases.review(workspace, args.number, args.opinion, args.text, args.acting, args.pin)
    said = tr("申购 {number} 的评议意见已存下：{opinion}。", number=view.proposal.number, opinion=say(f"purchase.opinion.{args.opinion}"))
    return Answer(_plain(view), [said, *_lines(view)])


def _report(args: argparse.Namespace) -> Answer:
    from desktop.actions import reporting

    with opened(args) as workspace:
        made = reporting.make_purchase(workspace, args.number, out=Path(args.out).absolute())
    content = {"number": args.number, "file": str(made.path), "pages": made.n_pages, "digest": made.digest}
    return Answer(content, [tr("查重评议报告已写好：{path}", path=made.path), *(told(one) for one in made.findings)])


def _facts(one: Proposal) -> dict[str, Any]:
    return {
        "number": one.number, "proposed_on": one.proposed_on.isoformat(), "name": one.name, "price_fen": one.price_fen,
        "provincial_fen": one.provincial_fen, "central_fen": one.central_fen, **{name: getattr(one, name) for name in _TEXTS}, "state": one.state,
    }  # fmt: skip


def _plain(view: View) -> dict[str, Any]:
    from desktop.actions import explaining, purchases

    given = [
        {"opinion": one.review.opinion, "text": one.review.text, "reviewed_by": one.reviewed_by, "on": one.review.reviewed_on.isoformat()}
        for one in view.given
    ]
    return _facts(view.proposal) | {
        "prepared_by": view.prepared_by, "opinions": given, "withheld": view.n_withheld, "needs": view.needs.value,
        "national": [_result(one) for one in view.national], "figure": explaining.as_json(purchases.whole(view)),
        "findings": [as_json(one) for one in view.findings],
    }  # fmt: skip


def _result(one: NationalResult) -> dict[str, str]:
    return {
        "document": one.document, "outcome": one.outcome, "on": one.decided_on.isoformat(), "text": one.text, "similar": one.similar,
        "noted_on": one.noted_on.isoformat(), "noted_by": one.noted_by,
    }  # fmt: skip


def _state(one: Proposal) -> str:
    return say(f"purchase.proposal_state.{one.state}")


def _lines(view: View) -> list[str]:
    from desktop.actions import explaining, purchases

    given = [
        tr(
            "{on} {name} 的意见：{opinion}。{text}",
            on=one.review.reviewed_on.isoformat(),
            name=one.reviewed_by,
            opinion=say(f"purchase.opinion.{one.review.opinion}"),
            text=one.review.text,
        )
        for one in view.given
    ]
    head = tr("{number} {name}：{state}", number=view.proposal.number, name=view.proposal.name, state=_state(view.proposal))
    return [head, *given, *explaining.as_lines(purchases.whole(view)), *(told(one) for one in view.findings)]
