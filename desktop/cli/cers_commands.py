"""Commands about the universities' sharing system (CERS): state what the register does not hold, check, write the file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.ledger.cers import CERS_STATES, SHARE_LEVELS, STATED
from desktop.words import say, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.ledger.cers import CersSet
    from desktop.ledger.finding import Finding

_SHOWN = 20
_CHOICES = {"share_level": SHARE_LEVELS, "state": CERS_STATES}


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    group = add(commands, "cers", tr("高校共享系统（CERS）：写明仪器信息，核对，写出仪器报文")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    one = add(group, "state", tr("写明一台仪器的共享系统信息；只写要改的项，写成空的就去掉。写明了的仪器才报送"))
    one.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    for name in STATED:
        extra: dict[str, Any] = {"choices": ("", *_CHOICES[name])} if name in _CHOICES else {"metavar": "TEXT"}
        one.add_argument(f"--{name.replace('_', '-')}", dest=name, help=say(f"cers.field.{name}"), **extra)
    one.set_defaults(run=_state)
    one = add(group, "withdraw", tr("不再向共享系统报送一台仪器；写明过的信息删除，可以撤销"))
    one.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    one.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    one.set_defaults(run=_withdraw)
    add(group, "check", tr("只核对：哪些仪器可以写出，哪些要先改什么；不写文件")).set_defaults(run=_check)
    one = add(group, "instruments", tr("写出仪器报文（InstrusAndGroups，XML）；有错误的仪器不写，说明原因"))
    one.add_argument("file", metavar="FILE", help=tr("写到这个文件（.xml）"))
    one.set_defaults(run=_instruments)


def _plain(one: CersSet) -> dict[str, str | None]:
    return {name: getattr(one, name) or None for name in STATED}


def _state(args: argparse.Namespace) -> Answer:
    from desktop.actions import cers

    given = {name: value for name in STATED if (value := getattr(args, name)) is not None}
    with opened(args) as workspace:
        cers.state(workspace, args.asset_number, given)
        kept = cers.stated(workspace, args.asset_number)
    content = {"asset_number": args.asset_number} | (_plain(kept) if kept else {})
    home = tr("它们只留在本机，不随同步发出。")
    return Answer(content, [tr("{asset} 的共享系统信息已保存（{n} 项），可以撤销（undo）。", asset=args.asset_number, n=len(given)), home])


def _withdraw(args: argparse.Namespace) -> Answer:
    from desktop.actions import cers

    with opened(args) as workspace:
        cers.withdraw(workspace, args.asset_number, args.reason)
    said = tr("{asset} 不再向共享系统报送，可以撤销（undo）。", asset=args.asset_number)
    return Answer({"asset_number": args.asset_number}, [said])


def _check(args: argparse.Namespace) -> Answer:
    from desktop.actions import cers

    with opened(args) as workspace:
        found = cers.judge(workspace)
    content = {
        "school": found.school or None, "withheld": found.withheld, "unstated": found.unstated,
        "sets": [
            {"asset_number": one.instrument.asset_number, "sound": one.row.sound, "stated": _plain(one.stated), "elements": dict(one.row.cells)}
            for one in found.sets
        ],
        "findings": [as_json(one) for one in found.findings],
    }  # fmt: skip
    n_sound = len(found.sound)
    head = tr("可以写出 {n} 台（套），有错误 {wrong} 台（套）；没有写明信息 {unstated}、涉密 {withheld} 台（套）不报送。",
              n=n_sound, wrong=len(found.sets) - n_sound, unstated=found.unstated, withheld=found.withheld)  # fmt: skip
    rows = [
        [one.instrument.asset_number, one.instrument.name, say(f"cers.standing.{'written' if one.row.sound else 'left_out'}")] for one in found.sets
    ]
    lines = [head, *(table([tr("资产编号"), tr("仪器名称"), tr("状态")], rows) if rows else []), *_lines(found.findings)]
    return Answer(content, lines, FINDINGS if n_sound < len(found.sets) else OK)


def _instruments(args: argparse.Namespace) -> Answer:
    from desktop.actions import cers

    with opened(args) as workspace:
        done = cers.write(workspace, Path(args.file).absolute())
    content = {
        "file": str(done.path), "rows": done.rows, "left_out": done.left_out, "withheld": done.withheld, "unstated": done.unstated,
        "findings": [as_json(one) for one in done.findings],
    }  # fmt: skip
    head = tr("已写出 {n} 台（套）：{path}", n=done.rows, path=done.path)
    rest = tr("有错误没有写出 {wrong} 台（套）；没有写明信息 {unstated}、涉密 {withheld} 台（套）不报送。",
              wrong=done.left_out, unstated=done.unstated, withheld=done.withheld)  # fmt: skip
    return Answer(content, [head, rest, *_lines(done.findings)], FINDINGS if done.left_out else OK)


def _lines(findings: Sequence[Finding]) -> list[str]:
    """Errors first; of the others a few, and how many more there are."""
    errors = [told(one) for one in findings if one.severity == "error"]
    others = [told(one) for one in findings if one.severity != "error"]
    more = [tr("……另有 {n} 条提醒和说明，见 --json。", n=len(others) - _SHOWN)] if len(others) > _SHOWN else []
    return [*errors, *others[:_SHOWN], *more]
