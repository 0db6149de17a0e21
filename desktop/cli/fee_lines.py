"""Commands about the lines of a fee version: list, set, remove, take from a file, settle what a published text means."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop.cli.fee_told import span, understood, version_answer
from desktop.cli.register_commands import day, map_option
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.ledger.fees import SCHEDULE_STATES, FeeLine
from desktop.words import say, tr

CELLS = ("unit", "internal", "external", "startup", "minimum", "note")


def cell_options(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """One line as a published price list writes it: item, unit, prices, start-up fee, minimum, remark."""
    group = parser.add_argument_group(tr("一个收费项目，照价目表的写法"))
    group.add_argument("--item", required=required, metavar="TEXT", help=tr("服务项目"))
    group.add_argument("--unit", metavar="TEXT", help=tr("计费单位，如 小时、30分钟、样"))
    group.add_argument("--internal", metavar="TEXT", help=tr("校内价格，如 100、免费、首小时200，续每小时50"))
    group.add_argument("--external", metavar="TEXT", help=tr("校外价格，如 300、70–260"))
    group.add_argument("--startup", metavar="TEXT", help=tr("开机费"))
    group.add_argument("--minimum", metavar="TEXT", help=tr("最小预约，如 2小时"))
    group.add_argument("--note", metavar="TEXT", help=tr("备注，如 加急1.5倍、议价、耗材另计"))


def given(args: argparse.Namespace) -> bool:
    """Whether any option of a line was written."""
    return any(getattr(args, name) is not None for name in ("item", *CELLS))


def with_line(args: argparse.Namespace, lines: Sequence[FeeLine], old: FeeLine | None) -> list[FeeLine]:
    """The lines with the one of the options in its place, or at the end; cells that are not given stay as they were."""
    from desktop.actions import fee_building

    cells = dict(fee_building.cells_of(old)) if old else {}
    cells |= {name: getattr(args, name) for name in CELLS if getattr(args, name) is not None}
    made = fee_building.line_of(args.item, cells, old)
    return [made if line is old else line for line in lines] if old else [*lines, made]


def register(fee: Any, add: Any, pick: Any) -> None:
    """Add these commands to the grammar; ``pick`` adds the options that name a version."""
    line = add(fee, "line", tr("收费项目")).add_subparsers(dest="line_verb", required=True, metavar=tr("命令"))
    listed = add(line, "list", tr("列出各台仪器的收费项目"))
    listed.add_argument("asset_number", nargs="?", metavar="ASSET", help=tr("资产编号，不写则为全部仪器"))
    listed.add_argument("--on", type=day, metavar="DATE", help=tr("这一天执行的"))
    listed.add_argument("--state", choices=SCHEDULE_STATES, help=tr("版本状态：草稿、已批准、已公布"))
    listed.add_argument("--to-confirm", action="store_true", help=tr("只列待确认的"))
    listed.set_defaults(run=_list)
    put = add(line, "set", tr("在草稿里增加或修改一个收费项目（同名的就是修改，只写要改的）"))
    pick(put, "draft")
    cell_options(put, required=True)
    put.set_defaults(run=_set)
    gone = add(line, "remove", tr("从草稿里去掉一个收费项目"))
    pick(gone, "draft")
    gone.add_argument("--item", required=True, metavar="TEXT", help=tr("服务项目"))
    gone.set_defaults(run=_remove)
    many = add(line, "import", tr("草稿的收费项目全部换成表格里这台仪器的（格式同 import fees）"))
    pick(many, "draft")
    many.add_argument("file", metavar="FILE", help=tr("价目表文件"))
    map_option(many)
    many.set_defaults(run=_import)
    settle = add(line, "confirm", tr("写明一个待确认项目怎样计价（公布文字保留；有没有批准都可以）"))
    pick(settle)
    cell_options(settle, required=True)
    settle.set_defaults(run=_confirm)


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions, fees

    content, rows = [], []
    with opened(args) as workspace:
        for one in fee_versions.listed(workspace, args.asset_number, state=args.state, on=args.on):
            version = fees.version(workspace, one.schedule.id)
            schedule, asset = one.schedule, one.instrument.asset_number
            for line in version.lines:
                if args.to_confirm and not line.to_confirm:
                    continue
                content.append({
                    "asset_number": asset, "item": line.item, "source_text": line.source_text, "to_confirm": line.to_confirm,
                    "understood": None if line.to_confirm else understood(line), "version": schedule.id, "state": schedule.state,
                    "from": schedule.from_on.isoformat(), "to": schedule.to_on.isoformat() if schedule.to_on else None,
                })  # fmt: skip
                state = say(f"fee.state.{schedule.state}")
                rows.append([asset, line.item, span(schedule.from_on, schedule.to_on), state, understood(line)])
    heads = [tr("资产编号"), tr("收费项目"), tr("执行期间"), tr("状态"), tr("这样理解")]
    return Answer({"lines": content}, table(heads, rows) if rows else [tr("没有这样的收费项目。")])


def _set(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions, fees

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key, state="draft")
        lines = with_line(args, version.lines, fee_versions.named_line(version.lines, args.item))
        fees.set_lines(workspace, version.schedule.id, lines)
        after = fee_versions.named_line(fees.version(workspace, version.schedule.id).lines, args.item)
        unread = after is not None and after.to_confirm
        words = tr("已存为待确认，确认前不能批准：{item}", item=args.item) if unread else tr("已写入收费项目：{item}", item=args.item)
        return version_answer(workspace, version.schedule.id, words, FINDINGS if unread else OK)


def _remove(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions, fees
    from desktop.ledger.problem import Refused

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key, state="draft")
        gone = fee_versions.named_line(version.lines, args.item)
        if gone is None:
            known = say("fee.joiner").join(line.item for line in version.lines) or "—"
            raise Refused("fee.no_line", item=args.item, known=known)
        fees.set_lines(workspace, version.schedule.id, [line for line in version.lines if line is not gone])
        return version_answer(workspace, version.schedule.id, tr("已去掉收费项目：{item}", item=gone.item))


def _import(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_versions, fees

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key, state="draft")
        found = fee_versions.lines_of_file(workspace, args.asset_number, Path(args.file), dict(args.map))
        # A line whose text stands as before keeps its key and what a person has settled about it.
        lines = [_kept(line, fee_versions.named_line(version.lines, line.item)) for line in found.lines]
        fees.set_lines(workspace, version.schedule.id, lines)
        n_unread = sum(line.to_confirm for line in lines)
        words = tr("已换成 {file} 里的 {n} 个收费项目（另有 {m} 行是别的仪器的，没有用）。", file=Path(args.file).name, n=len(lines), m=found.n_other)
        answer = version_answer(workspace, version.schedule.id, words, FINDINGS if n_unread else OK)
    answer.content |= {"accepted": len(lines), "other_rows": found.n_other, "file_findings": [as_json(f) for f in found.findings]}
    answer.told[1:1] = [told(f) for f in found.findings]
    return answer


def _kept(line: FeeLine, old: FeeLine | None) -> FeeLine:
    if old is None:
        return line
    return replace(old, item=line.item) if old.source_text == line.source_text else replace(line, id=old.id)


def _confirm(args: argparse.Namespace) -> Answer:
    from desktop.actions import fee_building, fee_versions, fees
    from desktop.ledger.problem import Refused

    with opened(args) as workspace:
        version = fee_versions.chosen(workspace, args.asset_number, from_on=args.from_on, key=args.key)
        line = fee_versions.named_line(version.lines, args.item)
        if line is None:
            known = say("fee.joiner").join(one.item for one in version.lines) or "—"
            raise Refused("fee.no_line", item=args.item, known=known)
        cells = fee_building.cells_of(line) | {n: getattr(args, n) for n in CELLS if getattr(args, n) is not None}
        read = fee_building.read(cells)
        if read.terms is None or read.to_confirm:
            raise Refused("fee.still_unread", item=line.item, findings=read.findings)
        note = "；".join(one.phrase.told("zh") for one in read.readings)
        fees.confirm_line(workspace, line.id, read.terms, note)
        return version_answer(workspace, version.schedule.id, tr("已确认“{item}”怎样计价，相关草稿记录已重新试算。", item=line.item))
