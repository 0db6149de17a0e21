"""Commands that send to the national platform: where to, what would leave, sending it, what became of it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.actions.day import SHANGHAI
from desktop.cli.national_audit_commands import as_row
from desktop.cli.register_commands import day, days_left
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.ledger.problem import Refused
from desktop.words import say, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.actions.national_outgoing import Prepared
    from desktop.actions.national_sent import Told
    from desktop.ledger.national_audit import NationalAudit

_KINDS = {"instruments": "4", "customs": "5", "services": "6", "effect": "7"}
_NAMES = {number: name for name, number in _KINDS.items()}
_STATES = ("written", "sent", "accepted", "refused", "unknown", "dropped")
_SETTLED = ("accepted", "refused", "dropped")
_SHOWN_ROWS = 10


def register(national: Any, add: Any, period: Callable[[str], Any], code_tables: Callable[[Any], None]) -> None:
    """Add these commands beside those that write files. ``period`` reads a span, ``code_tables`` adds the tables to check against."""
    address = add(national, "address", tr("填写或查看国家平台接收报文的地址和本单位的标识"))
    address.add_argument("address", nargs="?", metavar="URL", help=tr("以 https:// 开头的地址；写成空的就去掉"))
    address.add_argument("--unit", metavar="ID", help=tr("本单位在国家平台的标识，多为 32 位"))
    vouching = address.add_mutually_exclusive_group()
    vouching.add_argument("--authorities", metavar="FILE", help=tr("为平台担保的机构证书（PEM 或 CER），学校自己的证书机构用；给出后只信任它"))
    vouching.add_argument("--usual-authorities", action="store_true", help=tr("改回通行的证书机构"))
    address.set_defaults(run=_address)

    send = add(national, "send", tr("先看将发给国家平台的内容，看过再发；平台已接收而内容未变的不重发"))
    which = send.add_mutually_exclusive_group(required=True)
    which.add_argument("--period", type=period, metavar="PERIOD", help=tr("期间：2025、2025Q3 或 2025-07；年度成效只按整年"))
    which.add_argument("--written", action="store_true", help=tr("接着发写好而没有发出的报文"))
    send.add_argument("--only", action="append", choices=tuple(_KINDS), help=tr("只发这一种，可多次：仪器、海关、服务记录、年度成效"))
    send.add_argument("--personal", action="store_true", help=tr("连同申请人姓名、电话和邮箱（个人信息）一起写；默认写「无」"))
    send.add_argument("--everything", action="store_true", help=tr("平台已接收而内容未变的也照样再报"))
    send.add_argument("--approved", metavar="SHA256", help=tr("发送看过的内容：不带这一项时给出的摘要"))
    send.add_argument("--keep", action="store_true", help=tr("同意后只存下、不发送：以后再发（--written），或用 national save 写成文件自行送交"))
    code_tables(send)
    send.set_defaults(run=_send)

    due = add(national, "due", tr("还要报给国家平台的：仪器的期限，各季服务记录报了多少"))
    due.add_argument("--on", type=day, metavar="DATE", help=tr("按哪一天判断（默认今天）"))
    due.add_argument("--all", action="store_true", help=tr("连同已接收的和不必报的仪器一起列出"))
    due.set_defaults(run=_due)

    removed = add(national, "removed", tr("登记已在平台上撤下的：冲销、更正、退役之后平台上还留着的行；可撤销"))
    removed.add_argument("kind", choices=("instruments", "services"), help=tr("仪器或服务记录"))
    removed.add_argument("names", nargs="+", metavar="NUMBER", help=tr("资产编号或记录编号，见 national due"))
    removed.add_argument("--reason", required=True, metavar="TEXT", help=tr("依据：在平台上怎么办的，从哪里看得到"))
    removed.set_defaults(run=_removed)

    again = add(national, "again", tr("把没有被接收的、或不知道收到没有的报文原样再发一次"))
    again.add_argument("number", metavar="NUMBER", help=tr("报文编号，如 BW2026-001"))
    again.add_argument("--reason", required=True, metavar="TEXT", help=tr("为什么再发"))
    again.set_defaults(run=_again)

    sent = add(national, "sent", tr("发给国家平台的报文和每份的结果；给出编号则列出经过、原始回答和逐行内容"))
    sent.add_argument("number", nargs="?", metavar="NUMBER", help=tr("报文编号，如 BW2026-001"))
    sent.add_argument("--state", choices=_STATES, default="", help=tr("只列出这一种状态"))
    sent.set_defaults(run=_sent)

    save = add(national, "save", tr("把一份待发的报文写成文件，自行送交平台；结果用 settle 登记"))
    save.add_argument("number", metavar="NUMBER", help=tr("报文编号，如 BW2026-001"))
    save.add_argument("--out", required=True, metavar="FILE", help=tr("写到这个文件（XML）"))
    save.set_defaults(run=_save)

    settle = add(national, "settle", tr("登记在平台上看到的结果，或登记一份待发的报文不再发送"))
    settle.add_argument("number", metavar="NUMBER", help=tr("报文编号，如 BW2026-001"))
    settle.add_argument("result", choices=_SETTLED, help=tr("accepted 已接收，refused 未接收，dropped 不再发送"))
    settle.add_argument("--reason", required=True, metavar="TEXT", help=tr("依据：在平台上看到了什么"))
    settle.set_defaults(run=_settle)


def _kind(kind: str) -> str:
    return say(f"national_message.kind_{kind}")


def _address(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_outgoing

    file = Path(args.authorities).expanduser() if args.authorities else None
    with opened(args) as workspace:
        found = national_outgoing.set_target(workspace, args.address, args.unit, file, usual=args.usual_authorities)
    return Answer(
        {"address": found.address or None, "unit": found.unit or None, "authorities": list(found.vouching)},
        [
            tr("地址：{address}", address=found.address or "—"), tr("本单位标识：{unit}", unit=found.unit or "—"),
            tr("由谁担保：{names}", names="；".join(found.vouching) or tr("通行的证书机构")),
        ],
    )  # fmt: skip


def _send(args: argparse.Namespace) -> Answer:
    from desktop.actions import national, national_messages, national_outgoing, national_sending

    if args.written:
        with opened(args) as workspace:
            return _results(national_sending.send_written(workspace))
    tables = national.tables(args.classes, args.subjects, args.nations)
    kinds = [_KINDS[name] for name in args.only or ()] or national_messages.kinds_of(args.period)
    with opened(args) as workspace:
        found = national_outgoing.prepare(
            workspace, args.period, kinds=kinds, personal=args.personal, everything=args.everything, tables=tables
        )
        if not args.approved:
            return _preview(found)
        if args.approved.strip().lower() != found.digest:
            raise Refused("national.changed_since")
        if args.keep:
            return _kept(national_sending.keep(workspace, found))
        return _results(national_sending.send(workspace, found))


def _preview(found: Prepared) -> Answer:
    """What would leave, each row by name, and the digest that approves it. Nothing is written or sent."""
    from desktop.actions import national_sent

    content = {
        "address": found.target.address, "unit": found.target.unit, "sha256": found.digest, "rows": found.n_rows, "same": found.n_same,
        "changed": found.n_changed, "left_out": found.left_out, "withheld": found.withheld, "absent_sets": found.n_absent, "personal": found.personal,
        "messages": [
            {"kind": _NAMES[one.kind], "bytes": len(one.content), "sha256": one.sha256, "rows": [dict(row) for row in one.rows]}
            for one in found.drafts
        ],
        "findings": [as_json(one) for one in found.findings],
    }  # fmt: skip
    lines = [tr("将发给 {address}，什么也还没有发出：", address=found.target.address)]
    for one in found.drafts:
        lines.append(tr("  {kind} {n} 行，{bytes} 字节", kind=_kind(one.kind), n=len(one.rows), bytes=f"{len(one.content):,}"))
        lines += [f"    {national_sent.row_words(one.kind, row)}" for row in one.rows[:_SHOWN_ROWS]]
        if len(one.rows) > _SHOWN_ROWS:
            lines.append(tr("    ……另有 {n} 行，见 --json。", n=len(one.rows) - _SHOWN_ROWS))
    if found.personal:
        lines.append(tr("其中有申请人的姓名、电话和邮箱（个人信息）。"))
    lines.append(
        tr("平台已接收而内容未变的 {same} 行不重发，改过的 {changed} 行在内；有错误不发 {wrong} 行，涉密不离开本机 {withheld} 行。",
           same=found.n_same, changed=found.n_changed, wrong=found.left_out, withheld=found.withheld)
    )  # fmt: skip
    if found.period.name != str(found.period.start.year):
        lines.append(tr("年度成效按整年另报，不在其中。"))
    if found.n_absent:
        lines.append(tr("其中 {n} 行服务记录的仪器平台上没有，这次也没有报。", n=found.n_absent))
    lines += [told(one) for one in found.findings if one.severity == "error" or one.code == "national.set_not_there"]
    lines.append(tr("内容摘要 SHA-256：{sha}", sha=found.digest))
    lines.append(tr("同意后在同一条命令后面加上：--approved {sha}", sha=found.digest))
    return Answer(content, lines)


def _due(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_audit_list, national_due, national_there
    from desktop.actions.day import today

    on = args.on or today()
    with opened(args) as workspace:
        lines = national_due.sets(workspace, on)
        spans = national_due.spans(workspace, on)
        left = [one for one in national_there.every(workspace, on) if args.all or one.state != "removed"]
        audited = national_audit_list.open_rows(workspace, on)
    wanted = [one for one in lines if args.all or one.report.state in ("overdue", "refused", "due", "unknown")]
    counts = {state: sum(one.report.state == state for one in lines) for state in dict.fromkeys(one.report.state for one in lines)}
    heads = [tr("资产编号"), tr("仪器名称"), tr("状态"), tr("期限"), tr("剩余工作日")]
    rows = [
        [
            one.instrument.asset_number, one.instrument.name, say(f"national_due.{one.report.state}"),
            str(one.report.deadline.day) if one.report.deadline else "", days_left(one.report.days_left),
        ]
        for one in wanted
    ]  # fmt: skip
    told_spans = [
        tr("{period} 服务记录：可报 {n} 条，平台已接收 {taken} 条，有错误 {wrong} 条。",
           period=one.period.name, n=one.n_sound, taken=one.n_taken, wrong=one.n_wrong)
        + (tr("其中审核未通过、要重新报送的 {n} 条。", n=one.n_refused) if one.n_refused else "")
        for one in spans
    ]  # fmt: skip
    content = {
        "on": on.isoformat(), "states": counts,
        "sets": [
            {
                "asset_number": one.instrument.asset_number, "state": one.report.state, "days_left": one.report.days_left,
                "deadline": str(one.report.deadline.day) if one.report.deadline else None,
                "provisional": one.report.deadline.provisional if one.report.deadline else None,
                "elsewhere": one.elsewhere.number if one.elsewhere else None,
            }
            for one in wanted
        ],
        "records": [
            {
                "period": one.period.name, "state": one.state, "sound": one.n_sound, "taken": one.n_taken, "wrong": one.n_wrong, "over": one.over,
                "refused": one.n_refused,
            }
            for one in spans
        ],
        "there": [
            {
                "kind": _NAMES[one.kind], "name": one.name, "state": one.state, "message": one.taken.message.number,
                "taken_on": one.taken.first_on.isoformat(), "since": one.since.isoformat() if one.since else None,
                "successor": one.successor or None, "address": one.taken.message.address, "finding": as_json(one.finding),
            }
            for one in left
        ],
        "audit": [as_row(one) for one in audited],
    }  # fmt: skip
    head = tr("；").join(tr("{state} {n} 台（套）", state=say(f"national_due.{state}"), n=n) for state, n in counts.items())
    note = tr("只知道从这里发出的：在平台上手工填报的，本台账不知道。")
    told_left = [tr("平台上还有 {n} 行与台账不同：", n=len(left)), *(f"  {told(each)}" for one in left for each in one.findings)] if left else []
    told_audits = [f"  {told(each)}" for one in audited if (each := one.finding) is not None]
    if told_audits:
        told_audits.insert(0, tr("平台审核要处理的 {n} 行：", n=len(audited)))
    late = any(one.report.state == "overdue" for one in lines) or any(one.state != "removed" for one in left) or bool(audited)
    away = [one for one in wanted if one.elsewhere is not None]
    if away:
        note += tr("其中 {n} 台（套）是发往别的地址或以别的标识时接收的，在现在填写的地址下不算：是同一个平台就把地址改回来。", n=len(away))
    shown = [head, note, *(table(heads, rows) if rows else []), *told_spans, *told_audits, *told_left]
    return Answer(content, shown, FINDINGS if late else OK)


def _removed(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_there

    with opened(args) as workspace:
        national_there.remove(workspace, _KINDS[args.kind], args.names, args.reason)
    return Answer({"kind": args.kind, "names": args.names}, [tr("已登记在平台上撤下 {n} 行。", n=len(args.names))])


def _again(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_sending

    with opened(args) as workspace:
        return _results([national_sending.send_again(workspace, args.number, args.reason)])


def _settle(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_sending

    with opened(args) as workspace:
        one = national_sending.settle(workspace, args.number, args.result, args.reason)
    return Answer({"messages": [_plain(one)]}, _lines([one]))


def _kept(found: Sequence[Told]) -> Answer:
    lines = [*_lines(found), tr("已存下，没有发送：national send --written 发送，或 national save 写成文件自行送交，再用 national settle 登记结果。")]
    return Answer({"messages": [_plain(one) for one in found]}, lines)


def _save(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_sending

    path = Path(args.out).expanduser()
    with opened(args) as workspace:
        one = national_sending.save(workspace, args.number, path)
    lines = [tr("报文 {number} 已写入 {file}，内容和编号不变；送交之后用 national settle 登记结果。", number=one.message.number, file=path.name)]
    return Answer({"messages": [_plain(one)], "file": str(path)}, lines)


def _results(found: Sequence[Told]) -> Answer:
    """What became of messages that were to be sent; done only when the platform took all of them."""
    whole = all(one.state == "accepted" for one in found)
    waiting = sum(one.state == "written" for one in found)
    lines = _lines(found)
    if waiting:
        lines.append(tr("还有 {n} 份待发：处理好前面的，再用 national send --written 接着发。", n=waiting))
    return Answer({"messages": [_plain(one) for one in found]}, lines, OK if whole else FINDINGS)


def _lines(found: Sequence[Told]) -> list[str]:
    lines = []
    for one in found:
        lines.append(
            tr("{number} {kind} {n} 行：{state}",
               number=one.message.number, kind=_kind(one.message.kind), n=one.message.n_rows, state=_state(one))
        )  # fmt: skip
        if one.finding is not None:
            lines.append(f"  {told(one.finding)}")
    return lines


def _state(one: Told) -> str:
    return say(f"national_message.{one.state}")


def _moment(at: datetime) -> str:
    return f"{at.replace(tzinfo=UTC).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _sent(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_audit, national_sent

    if args.number:
        return _one(args)
    with opened(args) as workspace:
        found = national_sent.sent(workspace, args.state)
        audits = national_audit.counts(workspace)
    rows = [
        [
            one.message.number, _kind(one.message.kind), one.message.period, str(one.message.n_rows), _state(one),
            _moment(one.newest.at if one.newest else one.message.written_at), one.newest.code if one.newest else "",
            tr("；").join(f"{say(f'national_audit.{state}')} {n}" for state, n in audits.get(one.message.id, {}).items()),
        ]
        for one in found
    ]  # fmt: skip
    heads = [tr("编号"), tr("种类"), tr("期间"), tr("行数"), tr("状态"), tr("时间"), tr("返回代码"), tr("审核")]
    content = {"messages": [_plain(one) | {"audits": audits.get(one.message.id, {})} for one in found]}
    return Answer(content, table(heads, rows) if rows else [tr("还没有发给国家平台的报文。")])


def _one(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_audit, national_sent

    with opened(args) as workspace:
        one, rows = national_sent.show(workspace, args.number)
        events = national_sent.course(one.events)
        audits = national_audit.of_message(workspace, one.message)
        unread = national_audit.unread(workspace, one)
    lines = _lines([one])
    lines.append(tr("  发往 {address}，标识 {unit}，SHA-256 {sha}", address=one.message.address, unit=one.message.unit, sha=one.message.sha256))
    for event, meaning in events:
        lines.append(tr("  {at} {step}：{words}", at=_moment(event.at), step=say(f"national_message.step.{event.step}"), words=told(meaning)))
    lines += [f"    {national_sent.row_words(one.message.kind, row)}{_audit(audits, row)}" for row in rows]
    lines += [f"  {told(each)}" for each in unread]
    content = _plain(one) | {
        "events": [
            {
                "at": event.at.isoformat(), "step": event.step, "status": event.status, "code": event.code or None, "raw": event.raw, "fault": event.fault,
                "problem": event.problem or None, "reason": event.reason, "by": event.by, "words": as_json(meaning)["words"],
            }
            for event, meaning in events
        ],
        "rows": rows,
        "audits": {key: {"state": audit.state, "seen_on": audit.seen_on.isoformat(), "reason": audit.reason or None} for key, audit in audits.items()},
        "unread": [as_json(each) for each in unread],
    }  # fmt: skip
    return Answer(content, lines)


def _audit(audits: Mapping[str, NationalAudit], row: Mapping[str, str]) -> str:
    """What the platform said of a row, after its words; "" where nobody looked."""
    audit = audits.get(row.get("recordInnerId") or row.get("innerId") or "")
    if audit is None:
        return ""
    said = say(f"national_audit.{audit.state}")
    return tr("  审核：{state}（{day}）{reason}", state=said, day=audit.seen_on, reason=audit.reason)


def _plain(one: Told) -> dict[str, Any]:
    newest = one.newest
    return {
        "number": one.message.number, "kind": _NAMES[one.message.kind], "period": one.message.period, "rows": one.message.n_rows,
        "bytes": one.message.n_bytes, "sha256": one.message.sha256, "address": one.message.address, "unit": one.message.unit,
        "personal": one.message.personal, "state": one.state, "written_at": one.message.written_at.isoformat(),
        "status": newest.status if newest else None, "code": (newest.code or None) if newest else None, "raw": newest.raw if newest else "",
        "findings": [as_json(one.finding)] if one.finding else [],
    }  # fmt: skip
