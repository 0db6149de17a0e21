"""Commands about offline packages: export one, take in its answer, see what a file holds, see what waits."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.actions import sync_outcome, sync_words
from desktop.cli import preview_lines
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.package_answers import Absorbed


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    package = add(commands, "package", tr("离线报送包：不能联网时用文件报送")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))

    def remote(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
        parser.add_argument("--remote", choices=("network", "hub"), default="network", help=tr("省网（默认），或本单位的机构中心"))
        return parser

    export = remote(add(package, "export", tr("把待上报的内容写成一个签名的离线报送包；回执到来之前再导出，写出的是同一个包")))
    export.add_argument("file", metavar="FILE", help=tr("写到哪里，以 .gxpk 结尾"))
    export.add_argument("--code", default="", metavar="CODE", help=tr("注册码：从没有联网登记过的台账，第一个包要带上"))
    export.add_argument("--preview", action="store_true", help=tr("只看包里会有什么，不写文件"))
    export.set_defaults(run=_export)
    answer = add(package, "answer", tr("导入回执包：核对签名和每一个字节，再采用；重复导入不变"))
    answer.add_argument("file", metavar="FILE", help=tr("网络服务给回的文件"))
    answer.add_argument("--fingerprint", default="", metavar="TEXT", help=tr("第一次导入时，网络服务的管理员在电话里念的密钥指纹"))
    answer.set_defaults(run=_answer)
    show = add(package, "show", tr("看一个包里有什么，不需要台账"))
    show.add_argument("file", metavar="FILE", help=tr("以 .gxpk 结尾的文件"))
    show.set_defaults(run=_show)
    listing = remote(add(package, "list", tr("导出过的包、在等哪一个的回执")))
    listing.set_defaults(run=_list)


def _export(args: argparse.Namespace) -> Answer:
    from desktop.actions import packages, sync_views
    from desktop.actions.unsaid import unsaid
    from desktop.cli.network_commands import unsaid_lines, withheld_by_kind, withheld_lines

    with opened(args) as workspace:
        packages.check_name(Path(args.file))
        prepared = packages.prepare(workspace, args.remote, args.code)
        done = None
        if not args.preview:
            done = packages.export(
                workspace, Path(args.file), remote=args.remote, code=args.code, approved=prepared.preview.digests
            )
        withheld = withheld_by_kind(sync_views.withheld(workspace, args.remote))
        waiting = unsaid(workspace)
    shown = prepared.preview
    content: dict[str, Any] = {
        "number": prepared.number,
        "again": prepared.again,
        "changes": shown.n_changes,
        "withheld": shown.n_withheld,
        "withheld_kinds": {kind: len(rows) for kind, rows in withheld.items()},
        "unsaid": {"instrument": waiting.n_sets, "pilot_equipment": waiting.n_equipment},
        "left": prepared.n_left,
        "hands_back": prepared.restored,
        "groups": preview_lines.as_json(shown),
    }
    lines = preview_lines.lines(shown)
    lines += [tr("涉密或没有注明是否涉密的 {n} 项，不离开本机。", n=shown.n_withheld), *withheld_lines(withheld, args.remote), *unsaid_lines(waiting)]
    if prepared.restored:
        lines.append(tr("网络服务恢复过备份：这个包交还它可能丢失的内容，待上报的随下一个包送。"))
    if prepared.n_left:
        lines.append(tr("另有 {n} 项随以后的包送。", n=prepared.n_left))
    if prepared.again:
        lines.append(tr("第 {number} 号包还没有回执，写出的是与上次一字不差的同一个包。", number=prepared.number))
    if done is None:
        return Answer(content, lines)
    content |= {"file": str(done.path), "sha256": done.digest, "bytes": done.n_bytes, "files": done.n_blobs}
    lines.append(tr("第 {number} 号离线报送包已写到 {path}（{n} 字节）。", number=done.number, path=done.path, n=f"{done.n_bytes:,}"))
    lines.append(tr("清单摘要 SHA-256：{sha}", sha=done.digest))
    lines.append(tr("请把它交给网络服务，再用 yixiang package answer 导入给回的文件。丢了就再导出一次。"))
    return Answer(content, lines)


def _answer(args: argparse.Namespace) -> Answer:
    from desktop.actions import package_answers

    with opened(args) as workspace:
        done = package_answers.absorb(workspace, Path(args.file), fingerprint=args.fingerprint)
    content = {
        "number": done.number,
        "remote": done.remote,
        "again": done.again,
        "refused": done.refused,
        "sent": done.sent,
        "received": done.received,
        "parked": done.parked,
        "conflicts": done.conflicts,
        "pending": done.pending,
        "more": done.more,
        "hands_back": done.restored,
        "digest_equal": done.digest_equal,
        "in_sync": sync_outcome.in_sync(done),
        "findings": [as_json(finding) for finding in done.findings],
    }
    whole = done.again or not (done.refused or done.restored or done.parked or done.conflicts or done.findings or done.digest_equal is False)
    return Answer(content, _lines(done), OK if whole else FINDINGS)


def _lines(done: Absorbed) -> list[str]:
    if done.again:
        return [tr("第 {number} 号包的回执以前导入过，台账没有改动。", number=done.number)]
    if done.refused:
        return [say("package.not_taken", number=done.number, reason=done.refused)]
    lines = [
        tr("第 {number} 号包的回执已采用：收下 {s} 项，收到新内容 {r} 项，搁置 {p} 项，冲突 {c} 项。",
           number=done.number, s=done.sent, r=done.received, p=done.parked, c=done.conflicts)
    ]  # fmt: skip
    if done.restored:
        lines.append(tr("网络服务恢复过备份：请再导出一个包，本台账会把它可能丢失的内容交还。"))
    if done.more:
        lines.append(tr("网络上还有没取完的新内容，随下一个包的回执来。"))
    return [*lines, *sync_outcome.said_of_package(done), *(told(finding) for finding in done.findings)]


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import package_answers

    shown = package_answers.show(Path(args.file))
    content = {
        "kind": shown.kind,
        "number": shown.number,
        "device": shown.device_id,
        "institution": shown.institution,
        "made_at": shown.made_at,
        "sha256": shown.digest,
        "previous": shown.previous,
        "bytes": shown.n_bytes,
        "enrols": shown.enrols,
        "refused": shown.refused,
        "entries": {code.rpartition(".")[2]: n for code, n in shown.counts},
        "groups": [{"kind": kind, "action": action, "count": n} for kind, action, n in shown.groups],
    }
    of = tr("对第 {number} 号包的回执", number=shown.number) if shown.kind == "answer" else tr("第 {number} 号", number=shown.number)
    lines = [f"{say(f'package.kind.{shown.kind}')} · {of} · {shown.made_at}"]
    lines.append(tr("单位 {institution}，设备 {device}", institution=shown.institution or "—", device=shown.device_id))
    lines += [f"  {say(code)} {n}" for code, n in shown.counts if n]
    lines += [f"  {say(f'kind.{kind}')} {say(f'sync.action.{action}')} {n}" for kind, action, n in shown.groups]
    if shown.enrols:
        lines.append(tr("带有注册码，请当作密码保管。"))
    if shown.refused:
        lines.append(say("package.not_taken", number=shown.number, reason=shown.refused))
    lines.append(tr("清单摘要 SHA-256：{sha}", sha=shown.digest))
    lines.append(tr("字节与清单相符；签名在导入时核对。"))
    return Answer(content, lines)


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import packages

    with opened(args) as workspace:
        found = packages.state(workspace, args.remote)
    content = {
        "next": found.next_number,
        "awaiting": found.awaiting.number if found.awaiting else None,
        "device": found.device_id,
        "fingerprint": found.fingerprint,
        "service_fingerprints": list(found.service_keys),
        "packages": [
            {"number": row.number, "state": row.state, "made_at": row.made_at, "answered_at": row.answered_at, "changes": row.n_changes,
             "withheld": row.n_withheld, "bytes": row.n_bytes, "sha256": row.digest, "told": row.told}
            for row in found.packages
        ],
    }  # fmt: skip
    if not found.packages:
        return Answer(content, [tr("还没有导出过离线报送包。")])
    headers = [tr("号码"), tr("状态"), tr("导出"), tr("回执"), tr("项数"), tr("字节")]
    rows = [
        [
            str(row.number), say(f"package.state.{row.state}"), sync_words.coded("made_at", row.made_at) or "—",
            sync_words.coded("answered_at", row.answered_at) or "—", str(row.n_changes), f"{row.n_bytes:,}",
        ]
        for row in found.packages
    ]  # fmt: skip
    lines = table(headers, rows)
    if found.awaiting is not None:
        lines.append(tr("在等第 {number} 号包的回执；包丢了就再导出一次，写出的是同一个包。", number=found.awaiting.number))
    return Answer(content, lines)
