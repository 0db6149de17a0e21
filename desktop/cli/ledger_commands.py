"""Commands about the ledger itself: make it, verify it, back it up, look at what was done, people."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.actions.day import SHANGHAI
from desktop.cli.session import (
    FINDINGS,
    OK,
    Answer,
    as_finding,
    as_json,
    ask_passphrase,
    failed,
    home_of,
    opened,
    passphrase_of,
    refusal,
    table,
    told,
)
from desktop.ledger.people import ELSEWHERE, Person
from desktop.ledger.problem import Problem
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.history import Done


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    init = add(commands, "init", tr("建立台账"))
    init.add_argument("--name", required=True, metavar="N", help=tr("单位名称"))
    init.add_argument("--uscc", required=True, metavar="CODE", help=tr("统一社会信用代码"))
    init.add_argument(
        "--kind",
        required=True,
        metavar="KIND",
        help=tr("单位类型：") + "university|institute|enterprise|hospital|new-institution|testing-agency",
    )
    init.add_argument("--region", required=True, metavar="370102", help=tr("六位行政区划代码，如 370102"))
    init.set_defaults(run=_init)

    institution = add(commands, "institution", tr("单位")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    check = add(institution, "check-uscc", tr("核对统一社会信用代码（不需要台账）"))
    check.add_argument("code", metavar="CODE", help=tr("统一社会信用代码"))
    check.set_defaults(run=_check_uscc)
    add(institution, "show", tr("查看单位信息")).set_defaults(run=_institution)

    person = add(commands, "person", tr("人员、角色、PIN")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    new = add(person, "add", tr("添加人员"))
    new.add_argument("name", metavar="NAME", help=tr("姓名"))
    new.add_argument("--role", required=True, metavar="ROLE", help=tr("角色：") + "lab_manager|finance|equipment_office|approver|auditor")
    new.add_argument("--pin", default="", metavar="PIN", help=tr("至少 4 位"))
    new.set_defaults(run=_person_add)
    pin = add(person, "pin", tr("设置或更换 PIN；从别的座席同步来的人要由本机有 PIN 的人担保"))
    pin.add_argument("name", metavar="NAME", help=tr("姓名"))
    pin.add_argument("--old", default="", metavar="PIN", help=tr("原 PIN，没有设过则不写"))
    pin.add_argument("--new", required=True, metavar="PIN", help=tr("至少 4 位"))
    pin.add_argument("--as", dest="acting", default="", metavar="NAME", help=tr("担保人"))
    pin.add_argument("--pin", default="", metavar="PIN", help=tr("担保人的 PIN"))
    pin.set_defaults(run=_person_pin)
    add(person, "list", tr("列出人员")).set_defaults(run=_person_list)

    add(commands, "verify", tr("校验台账：文件、日志链、每一行、每一分钱")).set_defaults(run=_verify)
    save = add(commands, "backup", tr("备份台账"))
    save.add_argument("file", metavar="FILE", help=tr("备份写到这个文件，不能已经存在"))
    save.set_defaults(run=_backup)
    restore = add(commands, "restore", tr("从备份恢复"))
    restore.add_argument("file", metavar="FILE", help=tr("备份文件"))
    restore.set_defaults(run=_restore)

    history = add(commands, "history", tr("操作日志"))
    history.add_argument("--limit", type=_count, default=20, metavar="N", help=tr("最近几次，默认 20"))
    history.set_defaults(run=_history)
    undo = add(commands, "undo", tr("撤销上一次操作"))
    undo.add_argument("operation", nargs="?", type=int, metavar="N", help=tr("操作号，见 history；不写则为上一次"))
    undo.set_defaults(run=_undo)
    add(commands, "redo", tr("重做")).set_defaults(run=_redo)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**6:
        raise argparse.ArgumentTypeError(tr("要写成大于零的整数：{text}", text=text))
    return int(text)


def _init(args: argparse.Namespace) -> Answer:
    from desktop.actions import institution

    home = home_of(args)
    workspace, recovery = institution.start(
        home, args.name, args.uscc, args.kind, args.region, passphrase=passphrase_of(args), ask=ask_passphrase
    )
    with workspace:
        ledger = workspace.lock.ledger
    return Answer(
        {"home": str(home), "ledger": ledger, "recovery_key": recovery},
        [
            tr("台账已建好：{home}", home=home),
            tr("恢复密钥（请打印后锁好，密钥环或口令丢失时用）：{key}", key=recovery),
        ],
    )


def _check_uscc(args: argparse.Namespace) -> Answer:
    from desktop.actions import institution

    faults = institution.code_faults(args.code)
    valid = not faults
    return Answer(
        {"valid": valid, "code": args.code, "findings": [as_json(f) for f in faults]},
        [tr("信用代码正确。")] if valid else [tr("信用代码不正确："), *(told(f) for f in faults)],
        OK if valid else FINDINGS,
    )


def _institution(args: argparse.Namespace) -> Answer:
    from desktop.actions import institution

    with opened(args) as workspace:
        found = institution.get(workspace)
    kind = say(f"institution.kinds.{found.kind}")
    return Answer(
        {"name": found.name, "uscc": found.uscc, "kind": found.kind, "region": found.region},
        [f"{found.name}  {found.uscc}  {kind}  {found.region}"],
    )


def _person_add(args: argparse.Namespace) -> Answer:
    from desktop.actions import people

    with opened(args) as workspace:
        people.add(workspace, args.name, args.role, args.pin)
    no_pin = tr("还没有 PIN：谁都可以用这个名字编制和审批。请设置：yixiang person pin {name} --new …。", name=args.name)
    return Answer(
        {"name": args.name, "role": args.role},
        [tr("已添加 {name}（{role}）。", name=args.name, role=say(f"person.roles.{args.role}")), *([] if args.pin else [no_pin])],
    )


def _person_pin(args: argparse.Namespace) -> Answer:
    from desktop.actions import people

    with opened(args) as workspace:
        people.set_pin(workspace, args.name, args.old, args.new, args.acting, args.pin)
    return Answer({"name": args.name}, [tr("{name} 的 PIN 已保存。", name=args.name)])


def _pin_words(person: Person) -> str:
    if person.pin_hash == ELSEWHERE:
        return tr("在别的座席")
    return tr("有") if person.has_pin else tr("无")


def _person_list(args: argparse.Namespace) -> Answer:
    from desktop.actions import people

    with opened(args) as workspace:
        found = people.everyone(workspace)
    rows = [
        [p.name, say(f"person.roles.{p.role}"), _pin_words(p), tr("在用") if p.active else tr("停用")]
        for p in found
    ]
    content = [{"name": p.name, "role": p.role, "pin": p.has_pin, "active": p.active} for p in found]
    return Answer({"people": content}, table([tr("姓名"), tr("角色"), "PIN", tr("状态")], rows))


def _verify(args: argparse.Namespace) -> Answer:
    from desktop.actions import anchoring, upkeep

    try:
        with opened(args) as workspace:
            verdict = upkeep.verify(workspace)
    except (Problem, OSError) as error:
        problem = refusal(error, args)
        answer = failed(problem)
        answer.content |= {"ok": False, "failed": [as_json(as_finding(problem)), *answer.content["findings"]]}
        return answer
    content = {
        "ok": verdict.ok,
        "failed": [as_json(f) for f in verdict.findings],
        "operations": verdict.n_operations,
        "rows": verdict.n_rows,
        "head": verdict.head,
        "anchor": None if verdict.anchor is None else asdict(verdict.anchor),
    }
    if verdict.ok:
        lines = [
            tr("校验通过：{n} 个操作、{m} 行与日志一致，金额相符。", n=verdict.n_operations, m=verdict.n_rows),
            tr("日志链头：{head}", head=verdict.head),
            *filter(None, [anchoring.words(verdict.anchor)]),
        ]
    else:
        lines = [tr("校验没有通过，请勿继续记账，从最近的备份恢复："), *(told(f) for f in verdict.findings)]
    return Answer(content, lines, OK if verdict.ok else FINDINGS)


def _backup(args: argparse.Namespace) -> Answer:
    from desktop.actions import upkeep

    with opened(args) as workspace:
        path = upkeep.backup(workspace, Path(args.file).absolute())
    return Answer({"file": str(path), "bytes": path.stat().st_size}, [tr("备份已写好并核对无误：{path}", path=path)])


def _restore(args: argparse.Namespace) -> Answer:
    from desktop.actions import upkeep

    home = home_of(args)
    kept = upkeep.restore(home, Path(args.file).absolute(), passphrase=passphrase_of(args), ask=ask_passphrase)
    lines = [tr("已从备份恢复：{home}", home=home)]
    if kept:
        lines.append(tr("原来的台账没有删除，放在：{kept}", kept=kept))
    return Answer({"home": str(home), "replaced": str(kept) if kept else None}, lines)


def _history(args: argparse.Namespace) -> Answer:
    from desktop.actions import history

    with opened(args) as workspace:
        found = history.latest(workspace, args.limit)
    rows = [
        [
            str(d.seq),
            _here(d.at),
            d.who,
            _named(d),
            str(d.n_rows),
            tr("已撤销") if d.undone_by else "",
            d.reason,
        ]
        for d in found
    ]
    content = [
        {"seq": d.seq, "at": d.at, "who": d.who, "name": d.name, "reason": d.reason, "rows": d.n_rows, "undone_by": d.undone_by}
        for d in found
    ]
    return Answer({"operations": content}, table([tr("号"), tr("时间"), tr("谁"), tr("操作"), tr("行数"), "", tr("理由")], rows))


def _named(done: Done) -> str:
    """An operation in words."""
    return say(f"operation.{done.name.replace(' ', '_')}", **done.params)


def _here(at: str) -> str:
    """A UTC moment as the clock on the wall shows it."""
    return f"{datetime.fromisoformat(at).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _undo(args: argparse.Namespace) -> Answer:
    from desktop.actions import history

    with opened(args) as workspace:
        changes = history.undo_one(workspace, args.operation) if args.operation else history.undo_last(workspace)
        done = history.meant(workspace, changes.operation)
    what = _named(done)
    return Answer(
        {"operation": changes.operation, "of": done.seq, "what": what},
        [tr("已撤销第 {of} 号操作：{what}（本次为操作 {n}）。可用 redo 重做。", of=done.seq, what=what, n=changes.operation)],
    )


def _redo(args: argparse.Namespace) -> Answer:
    from desktop.actions import history

    with opened(args) as workspace:
        changes = history.redo_last(workspace)
        done = history.meant(workspace, changes.operation)
    what = _named(done)
    return Answer(
        {"operation": changes.operation, "of": done.seq, "what": what},
        [tr("已重做第 {of} 号操作：{what}（本次为操作 {n}）。", of=done.seq, what=what, n=changes.operation)],
    )
