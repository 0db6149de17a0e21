"""Commands about the network: start the reference service, enrol, preview what leaves, sync, conflicts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.actions import sync_outcome, sync_words
from desktop.cli import preview_lines
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, told
from desktop.ledger import money
from desktop.ledger.problem import Refused
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.sync_views import ConflictView, ParkedView, WithheldRow
    from desktop.actions.syncing import Result
    from desktop.actions.unsaid import Unsaid
    from desktop.ledger.finding import Finding

_NAMED = 5


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    network = add(commands, "network", tr("参考网络服务（本机）")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    start = add(network, "start", tr("在本机启动参考网络服务，按 Ctrl+C 停止"))
    start.add_argument("--database", metavar="URL", help=tr("服务的数据库，默认放在台账目录里"))
    start.add_argument("--port", type=int, default=8765, metavar="N", help=tr("端口，默认 8765"))
    of_role = tr("省网，或本单位自己的机构中心；不写：数据库原来是哪一类就是哪一类，新的是省网")
    start.add_argument("--role", choices=("network", "hub"), default="", help=of_role)
    start.set_defaults(run=_start)

    def remote(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
        parser.add_argument("--remote", choices=("network", "hub"), default="network", help=tr("省网（默认），或本单位的机构中心"))
        return parser

    enrol = remote(add(commands, "enrol", tr("用注册码把这份台账登记到网络")))
    enrol.add_argument("--url", required=True, metavar="URL", help=tr("网络服务的地址"))
    enrol.add_argument("--code", required=True, metavar="CODE", help=tr("单位管理员给的注册码"))
    enrol.add_argument("--authorities", metavar="FILE", help=tr("为服务担保的机构证书（PEM 或 CER），单位自己的证书机构用；给出后只信任它"))
    enrol.set_defaults(run=_enrol)

    leave = remote(add(commands, "leave", tr("退出网络：注销本机的登记，台账内容不变")))
    leave.set_defaults(run=_leave)

    sync = remote(add(commands, "sync", tr("同步：先看后报")))
    which = sync.add_mutually_exclusive_group()
    which.add_argument("--preview", action="store_true", help=tr("只看将离开本机的内容，不发送"))
    which.add_argument(
        "--approved", nargs="+", metavar="SHA256", help=tr("只发送看过的内容：--preview 给出的摘要；看过之后改动的留到下次")
    )
    which.add_argument("--status", action="store_true", help=tr("只看登记到哪里、各有多少待上报，不联网"))
    sync.set_defaults(run=_sync)
    withheld = remote(add(commands, "withheld", tr("涉密、不离开本机的内容，逐项列出；只给本机的人看")))
    withheld.set_defaults(run=_withheld)
    parked = remote(add(commands, "parked", tr("搁置的内容：对方没有接受或不能发出的，和处理办法")))
    parked.set_defaults(run=_parked)
    conflicts = remote(add(commands, "conflicts", tr("同步冲突")))
    conflicts.set_defaults(run=_conflicts)
    resolve = remote(add(commands, "resolve", tr("解决一个冲突")))
    resolve.add_argument("kind", metavar="KIND", help=tr("冲突的种类，见 conflicts"))
    resolve.add_argument("id", metavar="ID", help=tr("冲突的键，见 conflicts；写 all：这一种里只能采用网络的，一次解决"))
    resolve.add_argument("--choose", metavar="SIDE", help=tr("用本机的（mine）、网络的（theirs）或网络曾有的（further1 等，见 conflicts）"))
    resolve.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help=tr("两边都不对时另填一项，可多次；金额写元"))
    resolve.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由"))
    resolve.set_defaults(run=_resolve)


def _start(args: argparse.Namespace) -> Answer:
    from desktop.actions import local_network
    from desktop.cli.session import home_of

    url = args.database or f"sqlite:///{home_of(args) / 'network.db'}"
    home_of(args).mkdir(parents=True, exist_ok=True)
    hint = tr("单位的注册码由网络的管理员发给（另开一个终端）：")
    commands = (f"create-institution --uscc {tr('信用代码')} --name {tr('单位名称')}", f"enrolment-code --uscc {tr('信用代码')}")
    for line in (hint, *(f"  python -m network.operator --database {url} {command}" for command in commands)):
        print(line, file=sys.stderr)
    status = local_network.run_network(url, args.port, args.role)
    if status:
        sentence = say("sync.network_refused", port=args.port, database=url)
        return Answer({"status": status, "error": "sync.network_refused", "words": sentence}, [sentence], FINDINGS)
    return Answer({"status": status}, [tr("服务已停止。")])


def _enrol(args: argparse.Namespace) -> Answer:
    from desktop.actions import enrolment

    with opened(args) as workspace:
        enrolment.enrol(workspace, args.url, args.code, args.remote, Path(args.authorities) if args.authorities else None)
    return Answer({"url": args.url, "enrolled": True}, [tr("已登记到 {url}。", url=args.url)])


def _leave(args: argparse.Namespace) -> Answer:
    from desktop.actions import enrolment

    with opened(args) as workspace:
        told_there = enrolment.leave(workspace, args.remote)
    words = tr("已退出，本机不再报送。") if told_there else tr("已退出，本机不再报送。网络服务没有联系上，请让它的管理员注销这台设备。")
    return Answer({"left": True, "revoked": told_there}, [words])


def _preview(args: argparse.Namespace) -> Answer:
    from desktop.actions import sync_views, syncing
    from desktop.actions.unsaid import unsaid

    with opened(args) as workspace:
        found = syncing.preview(workspace, args.remote)
        withheld = withheld_by_kind(sync_views.withheld(workspace, args.remote))
        waiting = unsaid(workspace)
    content = {
        "groups": preview_lines.as_json(found),
        "changes": found.n_changes,
        "left": found.n_left,
        "untaken": dict(found.untaken),
        "bytes": found.n_bytes,
        "withheld": found.n_withheld,
        "withheld_kinds": {kind: len(rows) for kind, rows in withheld.items()},
        "unsaid": {"instrument": waiting.n_sets, "pilot_equipment": waiting.n_equipment},
        "sha256": list(found.digests),
    }
    lines = [*preview_lines.lines(found), *preview_lines.left(found), tr("涉密或没有注明是否涉密的 {n} 项，不离开本机。", n=found.n_withheld)]
    lines += [*withheld_lines(withheld, args.remote), *unsaid_lines(waiting)]
    lines += [tr("内容摘要 SHA-256：{sha}", sha=digest) for digest in found.digests]
    if found.digests:
        command = f"yixiang sync{_where(args.remote)} --approved {' '.join(found.digests)}"
        lines.append(tr("同意后只发送这些：{command}", command=command))
    return Answer(content, lines)


def _status(args: argparse.Namespace) -> Answer:
    """Both remotes, each with its own state, whatever ``--remote`` says."""
    from desktop.actions import sync_pending, sync_status

    content: dict[str, Any] = {}
    lines = []
    with opened(args) as workspace:
        for remote in sync_pending.REMOTES:
            found, n = sync_status.status(workspace, remote), sync_pending.n_pending(workspace, remote)
            content[remote] = {
                "enrolled": found.enrolled, "url": found.url or None, "pending": n, "parked": found.n_parked, "conflicts": found.n_conflicts,
                "last_at": found.last_at or None,
            }  # fmt: skip
            named = say(f"sync.remote.{remote}")
            if n is None:
                lines.append(tr("{remote}：没有登记", remote=named))
                continue
            where = found.url or tr("离线报送包")
            last = sync_words.coded("last_at", found.last_at) or tr("还没有同步过")
            said = tr("{n} 项待上报，搁置 {p} 项，冲突 {c} 项", n=n, p=found.n_parked, c=found.n_conflicts)
            lines.append(tr("{remote}：已登记（{where}），{said}，上次同步 {last}", remote=named, where=where, said=said, last=last))
    return Answer({"remotes": content}, lines)


def _sync(args: argparse.Namespace) -> Answer:
    if args.status:
        return _status(args)
    if args.preview:
        return _preview(args)
    from desktop.actions import sync_views, syncing

    with opened(args) as workspace:
        approved = tuple(args.approved) if args.approved else None
        gone = syncing.not_sealed(workspace, approved or (), args.remote)
        report = syncing.sync(workspace, approved=approved, remote=args.remote)
        waiting = sync_views.parked(workspace, args.remote)
    beside = [f for f in report.findings if not f.code.startswith("sync.refused.")]
    content = {
        "sent": report.sent,
        "received": report.received,
        "parked": report.parked,
        "conflicts": report.conflicts,
        "pending": report.pending,
        "digest_equal": report.digest_equal,
        "in_sync": sync_outcome.in_sync(report),
        "not_sealed": list(gone),
        "findings": [*_parked_json(waiting), *(as_json(f) for f in beside)],
    }
    lines = [
        tr(
            "上报 {s} 项，收到 {r} 项，搁置 {p} 项，冲突 {c} 项。",
            s=report.sent,
            r=report.received,
            p=report.parked,
            c=report.conflicts,
        ),
        sync_outcome.joined(sync_outcome.said(report)),
        *([tr("有 {n} 个摘要的内容已经发出或重新封装过，没有再发。", n=len(gone))] if gone else []),
        *_look_at(report, args.remote),
        *_parked_lines(waiting),
        *(told(f) for f in beside),
    ]
    return Answer(content, lines, OK if sync_outcome.in_sync(report) and not any(map(_is_serious, beside)) else FINDINGS)


def _is_serious(found: Finding) -> bool:
    """Whether a script must stop for what is told beside the rows, though both sides hold the same: an error, or a witness of another history."""
    return found.severity == "error" or found.code.startswith("sync.anchor_")


def _look_at(report: Result, remote: str) -> list[str]:
    """The commands that show what waits for a person."""
    commands = [f"yixiang {name}{_where(remote)}" for name, n in (("parked", report.parked), ("conflicts", report.conflicts)) if n]
    return [tr("请看：{commands}", commands=tr("、").join(commands))] if commands else []


def _parked_json(found: Sequence[ParkedView]) -> list[dict[str, Any]]:
    return [
        {
            "row": None, "column": one.field or None, "sheet": None, "code": one.code, "severity": "error", "words": _parked_words(one),
            "kind": one.kind, "key": one.key, "label": one.label,
        }
        for one in found
    ]  # fmt: skip


def _parked_words(one: ParkedView) -> str:
    return say(one.code, field=f"wire.{one.field}", remote=sync_words.side(one.remote))


def _parked_lines(found: Sequence[ParkedView]) -> list[str]:
    """Each row by what people call it; many of one kind and reason together, the first few by name."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in found:
        groups.setdefault((one.kind, _parked_words(one)), []).append(one.label or one.key)
    lines = []
    for (kind, words), labels in groups.items():
        named = tr("、").join(labels[:_NAMED])
        more = tr(" 等 {n} 项", n=len(labels)) if len(labels) > _NAMED else ""
        lines.append(tr("搁置  {kind} {named}{more}：{words}", kind=say(f"kind.{kind}"), named=named, more=more, words=words))
    return lines


def withheld_by_kind(found: Sequence[WithheldRow]) -> dict[str, list[WithheldRow]]:
    """The rows that stay here, by kind."""
    kinds: dict[str, list[WithheldRow]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    return kinds


def withheld_lines(kinds: Mapping[str, Sequence[WithheldRow]], remote: str) -> list[str]:
    """How many of each kind stay here. What a preview prints often goes on into a file: their names only where they are asked for."""
    lines = [f"  {say(f'kind.{kind}')} {len(rows)}" for kind, rows in kinds.items()]
    return [*lines, "  " + tr("逐项：{command}", command=f"yixiang withheld{_where(remote)}")] if kinds else []


def unsaid_lines(found: Unsaid) -> list[str]:
    """How much stays here because nobody said whether it is confidential; nothing when there is none."""
    sets = tr("仪器 {n} 台没有注明是否涉密，连同其记录、收费不离开本机；请逐台注明（instrument enter）。", n=found.n_sets)
    equipment = tr("中试设备 {n} 件没有注明是否涉密，不离开本机（pilot list）。", n=found.n_equipment)
    return [*([sets] if found.n_sets else []), *([equipment] if found.n_equipment else [])]


def _withheld(args: argparse.Namespace) -> Answer:
    from desktop.actions import sync_views

    with opened(args) as workspace:
        found = sync_views.withheld(workspace, args.remote)
    lines = [tr("涉密或没有注明是否涉密的 {n} 项，不离开本机。", n=len(found))]
    for kind, rows in withheld_by_kind(found).items():
        lines += [f"{say(f'kind.{kind}')} {len(rows)}", *(f"  {row.label or row.key}" for row in rows)]
    return Answer({"withheld": [{"kind": row.kind, "key": row.key, "label": row.label} for row in found]}, lines)


def _parked(args: argparse.Namespace) -> Answer:
    from desktop.actions import sync_views

    with opened(args) as workspace:
        found = sync_views.parked(workspace, args.remote)
    lines = _parked_lines(found) or [tr("没有搁置的内容。")]
    return Answer({"parked": _parked_json(found)}, lines, FINDINGS if found else OK)


def _conflicts(args: argparse.Namespace) -> Answer:
    from desktop.actions import sync_alike, sync_status, sync_views, syncing

    with opened(args) as workspace:
        found, views = syncing.conflicts(workspace, args.remote), sync_views.conflicts(workspace, args.remote)
        device = sync_status.status(workspace, args.remote).device
    who = {(view.kind, view.key): {"mine_by": view.mine_by, "mine_at": view.mine_at, "theirs_by": view.theirs_by} for view in views}
    content = [
        {"kind": c.kind, "id": c.id, "fields": list(c.groups), "base": c.base, "mine": c.mine, "theirs": c.theirs}
        | who[(c.kind, c.id)]
        | {"device_id": c.device_id, "received_at": c.received_at}
        | {"further": [{"body": one.body, "device_id": one.device_id, "received_at": one.received_at} for one in c.further]}
        for c in found
    ]
    lines = [line for view in views for line in _conflict_lines(view, args.remote)]
    for kind in sync_alike.KINDS:
        n = len(sync_alike.alike(views, kind))
        if n > 1:
            lines.append(
                tr(
                    "{kind}的 {n} 个冲突都只能采用{remote}的，一次解决：{command}",
                    remote=say(sync_words.side(args.remote)),
                    kind=say(f"kind.{kind}"),
                    n=n,
                    command=_command(kind, "all", "theirs", args.remote),
                )
            )
    return Answer({"device": device, "conflicts": content}, lines or [tr("没有冲突。")])


def _conflict_lines(view: ConflictView, remote: str) -> list[str]:
    lines = [f"{say(f'kind.{view.kind}')} {view.label or view.key}"]
    side = say(sync_words.side(view.remote))
    lines += [f"  {_here(view)}", f"  {_there(view, side)}"]
    if view.mine_deleted or view.theirs_deleted:
        told = tr("本机已删除，{remote}改了它。", remote=side) if view.mine_deleted else tr("{remote}已删除，本机改了它。", remote=side)
        lines.append(f"  {told}")
    if view.rival:
        lines.append("  " + say(f"sync.rival.{view.kind}", remote=sync_words.side(view.remote)))
    if view.away:
        lines.append("  " + say("sync.rival_away", number=view.away))
    lines += [
        f"  {_sides(view, side, name, base, mine, theirs)}"
        for group in view.groups
        for name, base, mine, theirs in group.fields
        if not (view.rival and name == "id")
    ]
    lines += _further_lines(view)
    if view.posted_there:
        lines.append("  " + say("sync.posted_there", remote=sync_words.side(view.remote)))
    sides = "theirs" if view.theirs_only else "|".join(("mine", "theirs", *(one.side for one in view.further)))
    lines.append("  " + tr("选定：{command}", command=_command(view.kind, view.key, sides, remote)))
    return lines


def _sides(view: ConflictView, side: str, name: str, *values: Any) -> str:
    """A field with its common value and those of both sides; two rows that cannot stand beside each other never had one in common."""
    field = sync_words.field(name, view.kind)
    base, mine, theirs = (_value(view, name, value) for value in values)
    if view.rival:
        return tr("{field}：本机 {mine}，{remote} {theirs}", field=field, remote=side, mine=mine, theirs=theirs)
    return tr("{field}：上次共同的值 {base}，本机 {mine}，{remote} {theirs}", field=field, remote=side, base=base, mine=mine, theirs=theirs)


def _moment(at: str) -> str:
    return sync_words.coded("received_at", at) or "—"


def _here(view: ConflictView) -> str:
    """Who changed it here, and when."""
    who, at = view.mine_by or "—", _moment(view.mine_at)
    if not view.own:
        return tr("本机：{name} 于 {at} 改动。", name=who, at=at).strip()
    return tr("本机 {device}：{name} 于 {at} 改动。", device=view.own, name=who, at=at).strip()


def _there(view: ConflictView, side: str) -> str:
    """Where the other change came from, and when the remote got it."""
    if not view.theirs_by:
        return tr("{remote}：于 {at} 收到的改动，不知是哪台设备的。", remote=side, at=_moment(view.received_at))
    return tr("{remote}：设备 {device} 的改动，于 {at} 收到。", remote=side, device=view.theirs_by, at=_moment(view.received_at))


def _further_lines(view: ConflictView) -> list[str]:
    """What the network also had: from where, when, and its values."""
    lines = []
    for n, one in enumerate(view.further):
        name = tr("{had}（{side}）", had=say(f"sync.had.{view.remote}"), side=one.side)
        code = "sync.further_deleted" if one.deleted else "sync.further"
        lines.append("  " + say(code, name=name, device=one.by or "—", at=_moment(one.at)))
        lines += [
            "    " + tr("{field}：{value}", field=sync_words.field(name, view.kind), value=_value(view, name, others[n]))
            for group in view.groups
            for (name, *_), others in zip(group.fields, group.further, strict=True)
            if not one.deleted
        ]
    return lines


def _command(kind: str, key: str, sides: str, remote: str) -> str:
    return tr("yixiang resolve {kind} {id} --choose {sides} --reason 理由", kind=kind, id=key, sides=sides) + _where(remote)


def _where(remote: str) -> str:
    return "" if remote == "network" else f" --remote {remote}"


def _value(view: ConflictView, name: str, value: object) -> str:
    if (lines := sync_words.written(name, value, view.kind)) is not None:
        return say("fee.joiner").join(lines) or "—"
    if value is None or value == "":
        return "—"
    if isinstance(value, bool) or sync_words.is_flag(view.kind, name):
        return tr("是") if value else tr("否")
    if isinstance(value, int) and name.endswith("fen"):
        return tr("{yuan} 元", yuan=money.text(value))
    return sync_words.linked(name, value, view.kind, view.names) or sync_words.coded(name, value, view.kind) or str(value)


def _resolve(args: argparse.Namespace) -> Answer:
    from desktop.actions import sync_resolving, syncing

    entered = dict(_pair(text) for text in args.set)
    if args.id == "all":
        return _resolve_all(args)
    with opened(args) as workspace:
        found = next((c for c in syncing.conflicts(workspace, args.remote) if (c.kind, c.id) == (args.kind, args.id)), None)
        sides = (found.mine, found.theirs, *(one.body for one in found.further)) if found else ()
        names = {name for side in sides for name in side or {}}
        chosen = dict.fromkeys(names, args.choose or "") | dict.fromkeys(entered, "entered")
        sync_resolving.resolve(workspace, args.kind, args.id, chosen, args.reason, entered, args.remote)
    return Answer({"kind": args.kind, "id": args.id, "chosen": args.choose, "set": entered}, [tr("冲突已解决，下次同步生效。")])


def _resolve_all(args: argparse.Namespace) -> Answer:
    from desktop.actions import sync_alike

    if args.choose != "theirs" or args.set:
        raise Refused("sync.all_theirs")
    with opened(args) as workspace:
        done = sync_alike.give_way(workspace, args.kind, args.reason, args.remote)
    content = {"kind": args.kind, "id": "all", "chosen": "theirs", "n": done.n, "findings": [as_json(one) for one in done.refused]}
    lines = [tr("已解决 {n} 个冲突，下次同步生效。", n=done.n), *(told(one) for one in done.refused)]
    return Answer(content, lines, FINDINGS if done.refused else OK)


def _pair(text: str) -> tuple[str, str]:
    field, _, value = text.partition("=")
    return field.strip(), value
