"""Commands about attachments: add a file to a row, list, write out again, fetch from another seat's, remove."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.session import FINDINGS, OK, Answer, opened, table
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.evidence import Attachment
    from desktop.actions.workspace import Workspace

_KINDS = {
    "instrument": "instrument",
    "fee": "fee_schedule",
    "record": "service_record",
    "cost": "cost_row",
    "receipt": "receipt",
    "run": "payout_run",
    "base": "pilot_base",
    "pilot": "pilot_equipment",
    "purchase": "purchase_proposal",
    "transfer": "transfer",
    "claim": "voucher_claim",
    "answer": "integrity_answer",
    "management": "management_document",
    "training": "training",
    "staff": "staff_fact",
    "outside": "outside_use",
}


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    evidence = add(commands, "evidence", tr("附件（佐证材料）")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))

    def subject(parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "subject",
            metavar="SUBJECT",
            help=tr(
                "附在哪一条：instrument:资产编号、record:记录编号、run:分配编号、base:中试基地编号、pilot:中试设备编号、"
                "purchase:申购编号、transfer:调配编号、claim:申请编号、outside:省外使用的编号、"
                "answer:核对:记录编号（自查答复）、management:管理文件文号、training:培训编号，或 fee:、cost:、receipt:、staff: 加键"
            ),
        )

    def key(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("key", metavar="KEY", help=tr("附件的键，见 evidence list"))

    one = add(evidence, "add", tr("把一个文件附到一条上（PDF、OFD、图片、.docx、.xlsx，不超过 50 MB）"))
    subject(one)
    one.add_argument("file", metavar="FILE", help=tr("文件"))
    one.add_argument("--note", default="", metavar="TEXT", help=tr("说明，如“验收报告扫描件”"))
    one.set_defaults(run=_add)
    listed = add(evidence, "list", tr("列出一条的附件"))
    subject(listed)
    listed.set_defaults(run=_list)
    out = add(evidence, "save", tr("把附件另存为文件"))
    key(out)
    out.add_argument("file", metavar="FILE", help=tr("写到哪个文件；给目录则用附件自己的名字"))
    out.add_argument("--replace", action="store_true", help=tr("已有同名文件时覆盖"))
    out.set_defaults(run=_save)
    collected = add(evidence, "collect", tr("把一年对外服务和到账的附件汇成一个压缩包，随奖励申报材料报送"))
    collected.add_argument("--year", type=int, metavar="YEAR", help=tr("年份，不写为上一年"))
    collected.add_argument("--out", required=True, metavar="FILE", help=tr("写到哪个 .zip 文件"))
    collected.set_defaults(run=_collect)
    fetched = add(evidence, "fetch", tr("取回在另一席位添加、本机还没有的附件文件"))
    fetched.add_argument("key", metavar="KEY", help=tr("附件的键，见 evidence list；写 all：网络或机构中心还等着的，一次取回"))
    fetched.set_defaults(run=_fetch)
    gone = add(evidence, "remove", tr("移除一个附件"))
    key(gone)
    gone.set_defaults(run=_remove)


def _subject(workspace: Workspace, text: str) -> tuple[str, str]:
    """Kind and key of the row that is meant. Raises Refused when there is none."""
    from desktop.actions import evidence
    from desktop.ledger.problem import Refused

    word, _, name = text.partition(":")
    kind = _KINDS.get(word.strip().lower())
    if kind is None or not name.strip():
        raise Refused("attachment.unknown_subject", what=text)
    return kind, evidence.subject(workspace, kind, name)


def _object(one: Attachment) -> dict[str, Any]:
    return {
        "id": one.id,
        "of_kind": one.of_kind,
        "of_id": one.of_id,
        "name": one.name,
        "sha256": one.sha256,
        "bytes": one.n_bytes,
        "media_type": one.media_type or None,
        "note": one.note,
        "added_by": one.added_by or None,
        "added_at": f"{one.added_at.isoformat(timespec='minutes')}Z" if one.added_at else None,
        "kept": one.kept,
    }


def _size(n_bytes: int | None) -> str:
    if n_bytes is None:
        return "—"
    return f"{n_bytes / (1 << 20):.1f} MB" if n_bytes >= 1 << 20 else f"{-(-n_bytes // 1024)} KB"


def _add(args: argparse.Namespace) -> Answer:
    from desktop.actions import evidence

    with opened(args) as workspace:
        made, _ = evidence.add(workspace, *_subject(workspace, args.subject), Path(args.file).expanduser(), args.note)
    return Answer(_object(made), [tr("已添加附件「{name}」（{size}），可以撤销（undo）。原文件没有改动。", name=made.name, size=_size(made.n_bytes))])


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import evidence
    from desktop.actions.evidence import type_code

    with opened(args) as workspace:
        found = evidence.listing(workspace, *_subject(workspace, args.subject))
    content = {"confidential": found.confidential, "attachments": [_object(one) for one in found.items]}
    if not found.items:
        return Answer(content, [tr("没有附件。")])
    rows = [
        [one.name, say(type_code(one)), _size(one.n_bytes), one.note, one.added_by, tr("在本机") if one.kept else tr("未取回"), one.id]
        for one in found.items
    ]
    told = table([tr("文件名"), tr("文件类型"), tr("大小"), tr("附件说明"), tr("添加人"), tr("文件"), tr("键")], rows)
    return Answer(content, [*told, *([tr("属于涉密或没有注明是否涉密的一条，只留在本机。")] if found.confidential else [])])


def _save(args: argparse.Namespace) -> Answer:
    from desktop.actions import evidence

    with opened(args) as workspace:
        path = evidence.save(workspace, args.key, Path(args.file).expanduser(), replace=args.replace)
    return Answer({"id": args.key, "path": str(path)}, [tr("已另存为 {path}。", path=path)])


def _collect(args: argparse.Namespace) -> Answer:
    from desktop.actions import award_files
    from desktop.actions.workspace import today

    with opened(args) as workspace:
        done = award_files.collect(workspace, args.year or today().year - 1, Path(args.out).expanduser())
    lines = [tr("已汇成 {path}：{n} 个文件，另附清单。", path=done.path, n=done.n_files)]
    if done.n_elsewhere:
        lines.append(tr("另有 {n} 个文件在别的席位，本机未取回，只列在清单里（evidence fetch）。", n=done.n_elsewhere))
    if done.n_bare:
        lines.append(tr("有 {n} 笔服务没有附件。", n=done.n_bare))
    told = {"path": str(done.path), "files": done.n_files, "elsewhere": done.n_elsewhere, "bare": done.n_bare}
    return Answer(told, lines)


def _fetch(args: argparse.Namespace) -> Answer:
    from desktop.actions import evidence_fetch

    if args.key == "all":
        return _fetch_awaited(args)
    with opened(args) as workspace:
        fetched = bool(evidence_fetch.fetch(workspace, args.key).kinds)
    words = tr("已取回，可以另存（evidence save）。") if fetched else tr("本机已有这个文件，不用取回。")
    return Answer({"id": args.key, "fetched": fetched}, [words])


def _fetch_awaited(args: argparse.Namespace) -> Answer:
    from desktop.actions import evidence_fetch

    with opened(args) as workspace:
        done = evidence_fetch.fetch_awaited(workspace)
    lines = [tr("已取回 {n} 个文件，下次同步就会报送。", n=len(done.fetched))] if done.fetched else []
    lines += [say(one.code, **dict(one.params)) for one in done.nowhere]
    told = {"fetched": [one.id for one in done.fetched], "nowhere": [one.key for one in done.nowhere]}
    return Answer(told, lines or [tr("没有在等的文件。")], FINDINGS if done.nowhere else OK)


def _remove(args: argparse.Namespace) -> Answer:
    from desktop.actions import evidence

    with opened(args) as workspace:
        evidence.remove(workspace, args.key)
    return Answer({"id": args.key, "removed": True}, [tr("已移除附件，30 天内可以撤销（undo）。")])
