"""Commands about fees: versions of an instrument, drafted by one person and approved by another; what they would charge."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop.cli import fee_costs, fee_lines, repricing_commands
from desktop.cli.fee_told import check_json, check_lines, findings_of, parts_lines, span, version_answer, version_json
from desktop.cli.grammar import UsageError
from desktop.cli.register_commands import acting, day, map_option
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.ledger import money
from desktop.ledger.fees import SCHEDULE_STATES
from desktop.words import say, tr


def pick(parser: argparse.ArgumentParser, state: str = "") -> None:
    """Which version is meant; ``state``: the command takes only versions in it."""
    meant = {
        "": tr("哪一版：它的执行日期；不写则为唯一的草稿，没有草稿则为现行的一版"),
        "draft": tr("哪一版草稿：它的执行日期；只有一版时可以不写"),
        "approved": tr("哪一版已批准的：它的执行日期；只有一版时可以不写"),
    }
    parser.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    parser.add_argument("--from", dest="from_on", type=day, metavar="DATE", help=meant[state])
    parser.add_argument("--key", default="", metavar="KEY", help=tr("同一天有几版时，用版本键指明"))


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    fee = add(commands, "fee", tr("收费标准：成本构成、价目、审批、公布")).add_subparsers(
        dest="verb", required=True, metavar=tr("命令")
    )
    listed = add(fee, "list", tr("列出收费标准各版"))
    listed.add_argument("asset_number", nargs="?", metavar="ASSET", help=tr("资产编号，不写则为全部仪器"))
    listed.add_argument("--on", type=day, metavar="DATE", help=tr("这一天执行的"))
    listed.add_argument("--state", choices=SCHEDULE_STATES, help=tr("版本状态：草稿、已批准、已公布"))
    listed.set_defaults(run=_list)
    show = add(fee, "show", tr("查看一版：价目、成本价怎么来的、与成本价相比"))
    pick(show)
    show.set_defaults(run=_show)

    draft = add(fee, "draft", tr("起草一版（草稿不影响计价，经另一人审批后才从执行日期起生效）"))
    draft.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    draft.add_argument("--from", dest="from_on", type=day, required=True, metavar="DATE", help=tr("执行日期"))
    draft.add_argument("--title", default="", metavar="TEXT", help=tr("名称"))
    draft.add_argument("--document", default="", metavar="N", help=tr("文号"))
    draft.add_argument("--copy", action="store_true", help=tr("从那一天执行着的一版抄来，再按其他选项修改"))
    draft.add_argument("--lines", metavar="FILE", help=tr("收费项目取自价目表文件（格式同 import fees，只取这台仪器的行）"))
    map_option(draft)
    fee_lines.cell_options(draft, required=False)
    fee_costs.cost_options(draft)
    draft.add_argument("--suggested", action="store_true", help=tr("折旧和维护取按原值算出的建议值（另写的以另写的为准）"))
    acting(draft)
    draft.set_defaults(run=_draft)
    fee_lines.register(fee, add, pick)
    fee_costs.register(fee, add, pick)

    check = add(fee, "check", tr("核对一版：能不能批准，价格有没有高于成本价（非盈利）"))
    pick(check)
    check.set_defaults(run=_check)
    trial = add(fee, "trial", tr("试算：一条记录如果按这一版计价会是多少"))
    pick(trial)
    trial.add_argument("--record", required=True, metavar="NUMBER", help=tr("服务记录编号"))
    trial.set_defaults(run=_trial)
    repricing_commands.register(fee, add)
    approve = add(fee, "approve", tr("审批一版草稿（须由编制人以外的人）；批准后价目固定"))
    pick(approve, "draft")
    acting(approve)
    approve.set_defaults(run=_approve)
    publish = add(fee, "publish", tr("把已批准的一版标为已公布"))
    pick(publish, "approved")
    publish.set_defaults(run=_publish)
    discard = add(fee, "discard", tr("删除一版草稿（可以撤销）"))
    pick(discard, "draft")
    discard.set_defaults(run=_discard)


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions

    with opened(args) as workspace:
        found = fee_versions.listed(workspace, args.asset_number, state=args.state, on=args.on)
    content = [
        {
            "version": one.schedule.id, "asset_number": one.instrument.asset_number, "instrument": one.instrument.name,
            "from": one.schedule.from_on.isoformat(), "to": one.schedule.to_on.isoformat() if one.schedule.to_on else None,
            "state": one.schedule.state, "title": one.schedule.title, "document": one.schedule.document, "lines": one.n_lines,
            "to_confirm": one.n_to_confirm, "used": one.used,
        }
        for one in found
    ]  # fmt: skip
    rows = [
        [
            one.instrument.asset_number, one.instrument.name, span(one.schedule.from_on, one.schedule.to_on),
            say(f"fee.state.{one.schedule.state}"), str(one.n_lines), str(one.n_to_confirm or ""), tr("已用") if one.used else "",
        ]
        for one in found
    ]  # fmt: skip
    heads = [tr("资产编号"), tr("名称"), tr("执行期间"), tr("状态"), tr("项目数"), tr("待确认"), tr("计价")]
    return Answer({"versions": content}, table(heads, rows) if rows else [tr("没有这样的收费标准。")])


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key)
        return version_answer(workspace, version.schedule.id)


def _draft(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_building, fee_versions, fees
    from desktop.ledger.problem import Refused

    if fee_lines.given(args) and args.item is None:
        raise UsageError(tr("写了价格却没有写服务项目，请用 --item 写明。"))
    with opened(args) as workspace:
        source = None
        if args.copy:
            source = fee_building.in_force(fees.versions(workspace, args.asset_number), args.from_on)
            if source is None:
                raise Refused("fee.nothing_to_copy", asset_number=args.asset_number, day=args.from_on)
        lines, file_findings = None, []
        if args.lines:
            found = fee_versions.lines_of_file(workspace, args.asset_number, Path(args.lines), dict(args.map))
            lines, file_findings = list(found.lines), list(found.findings)
        if fee_lines.given(args):
            base = lines if lines is not None else [replace(line, id="") for line in source.lines] if source else []
            lines = fee_lines.with_line(args, base, fee_versions.named_line(base, args.item))
        start = {part.kind: replace(part, id="", schedule_id="") for part in source.components} if source else {}
        if args.suggested:
            start |= {part.kind: part for part in fee_costs.suggested(workspace, args.asset_number)}
        parts = fee_costs.merged(args, list(start.values()))
        fee_versions.refuse_costs(parts)
        key = fees.add_version(
            workspace, args.asset_number, args.from_on, title=args.title, document=args.document, person=args.acting, pin=args.pin,
            copy_of=source.schedule.id if source else None, lines=lines, parts=parts,
        )  # fmt: skip
        unread = [line.item for line in fees.version(workspace, key).lines if line.to_confirm]
        words = tr("已起草，草稿不影响计价；请由另一人审批：fee approve {asset}。", asset=args.asset_number)
        answer = version_answer(workspace, key, words, FINDINGS if unread else OK)
    answer.content["file_findings"] = [as_json(f) for f in file_findings]
    answer.told[1:1] = [told(f) for f in file_findings]
    return answer


def _check(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key)
        content = version_json(workspace, version)
        found = findings_of(workspace, version)
    state = check_json(version)["state"]
    sound = state in ("within", "not_comparable") and all(f.severity != "error" for f in found)
    schedule = version.schedule
    lines = [
        f"{version.instrument.asset_number} {version.instrument.name}  {span(schedule.from_on, schedule.to_on)}  "
        + say(f"fee.state.{schedule.state}"),
        *parts_lines(version.components),
        "",
        *check_lines(version),
        *(told(f) for f in found),
        tr("核对通过。") if sound else tr("核对没有通过，请看上面各条；这里只核对，没有改动。"),
    ]
    return Answer({**content, "ok": sound}, lines, OK if sound else FINDINGS)


def _trial(args: argparse.Namespace) -> Answer:
    from desktop.actions import explaining, fee_building, fee_versions

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key)
        would = fee_building.what_would(workspace, version.schedule.id, args.record)
    priced = would.priced
    rule = say("fee.joiner").join(part.told() for part in priced.rule) if priced else ""
    content: dict[str, Any] = {
        "record": args.record, "version": version.schedule.id, "item": would.line.item if would.line else None,
        "amount_fen": priced.amount_fen if priced else None, "rule": rule or None, "posted_fen": would.posted_fen,
        "figure": explaining.as_json(priced.figure) if priced else None, "findings": [as_json(f) for f in would.findings],
    }  # fmt: skip
    if priced:
        amount = money.text(priced.amount_fen)
        lines = [tr("{number} 按这一版会是 {amount} 元（只是试算，没有写入）。{rule}", number=args.record, amount=amount, rule=rule)]
    else:
        lines = [tr("{number} 按这一版不能计价（只是试算，没有写入）。", number=args.record)]
    if would.posted_fen is not None:
        lines.append(tr("实际记账 {amount} 元。", amount=money.text(would.posted_fen)))
    sound = priced is not None and all(f.severity != "error" for f in would.findings)
    return Answer(content, lines + [told(f) for f in would.findings], OK if sound else FINDINGS)


def _approve(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions, fees, people

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key, state="draft")
        fees.approve(workspace, version.schedule.id, args.acting, args.pin)
        words = tr("已批准，自 {day} 起按这一版计价。", day=version.schedule.from_on)
        answer = version_answer(workspace, version.schedule.id, words)
        told_of = people.unproven(workspace, args.acting)
    content = answer.content | {"findings": [*answer.content.get("findings", []), *(as_json(f) for f in told_of)]}
    return Answer(content, [*answer.told, *(told(f) for f in told_of)], answer.status)


def _publish(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions, fees

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key, state="approved")
        fees.publish(workspace, version.schedule.id)
        return version_answer(workspace, version.schedule.id, tr("已标为已公布；下次同步时上报。"))


def _discard(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions, fees

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key, state="draft")
        fees.drop(workspace, version.schedule.id)
    content = {"version": version.schedule.id, "asset_number": args.asset_number, "from": version.schedule.from_on.isoformat()}
    return Answer({**content, "discarded": True}, [tr("草稿已删除，可以撤销（undo）。")])
