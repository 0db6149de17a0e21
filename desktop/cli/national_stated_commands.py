"""Commands that state what the national platform asks and no record holds: of a service its project and the like, of a set why it is not open."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.session import Answer, opened, table
from desktop.ledger.national_closed import CLOSED_REASONS
from desktop.ledger.national_service import STATED
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.ledger.national_service import NationalService


def register(national: Any, add: Any) -> None:
    """Add these commands beside those that write files."""
    one = add(
        national, "service",
        tr("写明一条已记账服务在国家平台上的课题、经费来源、移机地点、海关通知书等；只写要改的项，写成空的就去掉；都不写则列出写明过的"),
    )  # fmt: skip
    one.add_argument("number", metavar="NUMBER", help=tr("记录编号"))
    for name in STATED:
        one.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="TEXT", help=say(f"national_service.field.{name}"))
    one.set_defaults(run=_service)
    one = add(national, "closed", tr("写明一台仪器不开放的原因，印在年度成效附表的备注里；不写资产编号则列出写明过的"))
    one.add_argument("asset_number", nargs="?", metavar="ASSET", help=tr("资产编号"))
    which = one.add_mutually_exclusive_group()
    which.add_argument("--reason", choices=CLOSED_REASONS, help=tr("原因：{reasons}", reasons=tr("；").join(_named(each) for each in CLOSED_REASONS)))
    which.add_argument("--open", action="store_true", help=tr("改回开放：去掉写明过的原因"))
    one.add_argument("--note", default="", metavar="TEXT", help=tr("补充说明，不超过 100 个字符"))
    one.set_defaults(run=_closed)


def _named(reason: str) -> str:
    return f"{reason} {say(f'national_effect.reason.{reason}')}"


def _plain(one: NationalService | None) -> dict[str, str | None]:
    return {name: (getattr(one, name) if one else "") or None for name in STATED}


def _service(args: argparse.Namespace) -> Answer:
    from desktop.actions import national_stated

    given = {name: value for name in STATED if (value := getattr(args, name)) is not None}
    with opened(args) as workspace:
        if given:
            national_stated.state_service(workspace, args.number, given)
        kept = national_stated.service(workspace, args.number)
    content = {"number": args.number} | _plain(kept)
    rows = [[say(f"national_service.field.{name}"), text] for name, text in _plain(kept).items() if text]
    shown = table([tr("项目"), tr("写明的")], rows) if rows else [tr("没有写明任何一项，报送时都写「无」。")]
    said = [tr("记录 {number} 的国家平台信息已保存（{n} 项），可以撤销（undo）。", number=args.number, n=len(given))] if given else []
    return Answer(content, [*said, *shown])


def _closed(args: argparse.Namespace) -> Answer:
    from desktop.actions import instruments, national_stated
    from desktop.ledger.problem import Refused

    with opened(args) as workspace:
        asset = instruments.get(workspace, args.asset_number).asset_number if args.asset_number else None
        if asset and args.reason:
            national_stated.say_closed(workspace, asset, args.reason, args.note)
        elif asset and args.open:
            national_stated.say_open(workspace, asset)
        elif args.reason or args.open or args.note:
            raise Refused("national_closed.nothing_said")
        found = [one for one in national_stated.closed(workspace) if asset in (None, one.instrument.asset_number)]
    content = {
        "sets": [
            {"asset_number": one.instrument.asset_number, "reason": one.why.reason, "note": one.why.note, "noted_on": one.why.noted_on.isoformat()}
            for one in found
        ]
    }
    said = [tr("{asset} 的不开放原因已保存，可以撤销（undo）。", asset=asset)] if args.reason else []
    said += [tr("{asset} 改回开放，可以撤销（undo）。", asset=asset)] if args.open else []
    rows = [
        [one.instrument.asset_number, one.instrument.name, say(f"national_effect.reason.{one.why.reason}"), one.why.note, one.why.noted_on.isoformat()]
        for one in found
    ]
    heads = [tr("资产编号"), tr("仪器名称"), tr("不开放的原因"), tr("说明"), tr("录入日")]
    return Answer(content, [*said, *(table(heads, rows) if rows else [] if said else [tr("没有写明不开放原因的仪器。")])])
