"""What if, by command: a year, quarter or month of external services under other prices. Reads only."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli import fee_lines
from desktop.cli.grammar import UsageError
from desktop.cli.register_commands import day
from desktop.cli.session import FINDINGS, OK, Answer, as_json, opened, table, told
from desktop.ledger import money
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.repricing import Asked, Repriced, Tally
    from desktop.actions.workspace import Workspace


def register(fee: Any, add: Any) -> None:
    """Add this command below ``fee``."""
    again = add(fee, "reprice", tr("设想：一段时间的校外服务如果按另一版、按某天的价格或全部涨跌若干计价会是多少（不写入）"))
    again.add_argument("period", metavar="2025|2025Q3|2025-07", help=tr("期间：年、季、月，或学年如 2024-2025"))
    again.add_argument("--asset", default="", metavar="ASSET", help=tr("只算这台仪器；不写则为全部仪器"))
    again.add_argument("--from", dest="from_on", type=day, metavar="DATE", help=tr("按这台仪器从这一天起执行的一版（草稿也可以）"))
    again.add_argument("--key", default="", metavar="KEY", help=tr("同一天有几版时，用版本键指明"))
    again.add_argument("--on", type=day, metavar="DATE", help=tr("按这一天执行的各版"))
    again.add_argument("--percent", type=_percent, default=Decimal(0), metavar="N", help=tr("所有价格涨跌百分之几，如 5 或 -10（耗材按成本，不变）"))
    again.add_argument("--record", metavar="NUMBER", help=tr("只算这一条记录，并说明怎么算的"))
    again.add_argument("--out", metavar="FILE", help=tr("另写成 PDF 或 XLSX（按文件后缀）"))
    fee_lines.cell_options(again, required=False)
    again.set_defaults(run=_reprice)


def _percent(text: str) -> Decimal:
    """``5``, ``+5``, ``-10``, ``2.5%`` as a rate."""
    from desktop.actions import repricing
    from desktop.ledger.problem import Refused

    try:
        return repricing.rate_of(text)
    except Refused as refused:
        raise argparse.ArgumentTypeError(say(refused.code, **refused.params)) from refused


def _of_version(args: argparse.Namespace) -> bool:
    return bool(args.from_on or args.key or fee_lines.given(args))


def _refuse_contradictions(args: argparse.Namespace) -> None:
    """Raise UsageError for options that contradict each other."""
    typed = fee_lines.given(args)
    if _of_version(args) and args.on:
        raise UsageError(tr("--on 是按那一天执行的各版，不能同时指明一版。"))
    if _of_version(args) and not args.asset:
        raise UsageError(tr("指明一版或填写价格时，请用 --asset 写明仪器。"))
    if typed and args.item is None:
        raise UsageError(tr("写了价格却没有写服务项目，请用 --item 写明。"))
    if not _of_version(args) and not args.on and not args.percent:
        raise UsageError(tr("请写明按什么价格重算：--from、--on、--percent 或 --item。"))
    if args.record and args.out:
        raise UsageError(tr("--record 只说明一条记录，不能同时写出文件。"))


def _asked(args: argparse.Namespace, workspace: Workspace) -> Asked:
    """Which prices the options mean. Raises Refused for what is not there, and for a typed price that is not understood."""
    from desktop.actions import fee_building, fee_versions
    from desktop.actions.repricing import Asked
    from desktop.ledger.problem import Refused

    if not _of_version(args):
        return Asked(args.asset, on=args.on, change=args.percent)
    version = fee_versions.chosen(workspace, args.asset, from_on=args.from_on, key=args.key)
    lines = None
    if fee_lines.given(args):
        old = fee_versions.named_line(version.lines, args.item)
        lines = tuple(fee_lines.with_line(args, version.lines, old))
        mine = fee_versions.named_line(lines, args.item)
        if mine is not None and mine.to_confirm:
            raise Refused("fee.still_unread", item=mine.item, findings=fee_building.read(fee_building.cells_of(mine)).findings)
    return Asked(args.asset, version.schedule.id, None, args.percent, lines)


def _reprice(args: argparse.Namespace) -> Answer:
    from desktop.actions import explaining, repricing

    _refuse_contradictions(args)
    with opened(args) as workspace:
        asked = _asked(args, workspace)
        period = repricing.span(workspace, args.period)
        if args.record:
            figure = repricing.of_record(workspace, args.record, asked)
            lines = [*explaining.as_lines(figure), tr("只是设想，没有写入。")]
            return Answer({"record": args.record, "figure": explaining.as_json(figure)}, lines, OK if figure.value is not None else FINDINGS)
        found = repricing.over(workspace, period, asked)
        made = None
        if args.out:
            from desktop.actions import reporting

            made = reporting.make_repricing(workspace, period, asked, out=Path(args.out).absolute())
        content = _json(found) | {"figure": explaining.as_json(found.figure)}
    lines = _lines(found)
    if made is not None:
        content |= {"file": str(made.path), "pages": made.n_pages, "digest": made.digest}
        lines += [tr("已写好：{path}", path=made.path), *(told(f) for f in made.findings)]
    return Answer(content, lines, FINDINGS if found.whole.n_open else OK)


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "services": tally.n, "posted_fen": tally.fen, "repriced": tally.n_repriced, "repriced_posted_fen": tally.repriced_fen,
        "would_fen": tally.would_fen if tally.n_repriced else None, "difference_fen": tally.difference_fen,
        "not_repriced": tally.n_open, "not_repriced_fen": tally.open_fen,
    }  # fmt: skip


def _json(found: Repriced) -> dict[str, Any]:
    from desktop.actions import repricing

    return {
        "period": found.period.name,
        "basis": found.basis.value,
        "change": str(found.asked.change),
        **_tally(found.whole),
        "withheld": found.n_withheld,
        "sets": [{"asset_number": one.instrument.asset_number, "instrument": one.instrument.name, **_tally(one.tally)} for one in found.sets],
        "customers": [{"customer": one.name, **_tally(one.tally)} for one in found.customers],
        "reasons": [
            {
                "code": one.finding.code, "words": repricing.said(one.finding), "records": one.n, "posted_fen": one.fen,
                "finding": as_json(one.finding),
            }
            for one in found.reasons
        ],
    }  # fmt: skip


def _lines(found: Repriced) -> list[str]:
    from desktop.actions import repricing

    whole = found.whole
    lines = [
        tr("{period} 校外服务 {n} 条，实际记账 {yuan} 元。", period=found.period.name, n=whole.n, yuan=money.text(whole.fen)),
        tr("按 {basis} 重算（只是设想，没有写入）：", basis=repricing.basis_words(found)),
    ]
    heads = [tr("服务（条）"), tr("实际（元）"), tr("重算（元）"), tr("差额（元）"), tr("不能重算（条）"), tr("其实际（元）")]
    sets = [[one.instrument.asset_number, one.instrument.name, *_row(one.tally)] for one in found.sets]
    if sets:
        lines += ["", *table([tr("资产编号"), tr("名称"), *heads], [*sets, [tr("合计"), "", *_row(whole)]])]
        lines += ["", *table([tr("使用单位"), *heads], [[one.name, *_row(one.tally)] for one in found.customers]), ""]
    for one in found.reasons:
        words = repricing.said(one.finding)
        lines.append(tr("{n} 条不能重算（实际 {yuan} 元），例如：{words}", n=one.n, yuan=money.text(one.fen), words=words))
    if found.n_withheld:
        lines.append(tr("涉密的 {n} 条没有计入。", n=found.n_withheld))
    lines.append(tr("差额只比较能重算的服务；重算金额逐条四舍五入到分后相加。"))
    return lines


def _row(tally: Tally) -> list[str]:
    from desktop.actions import repricing

    would = money.text(tally.would_fen) if tally.n_repriced else "—"
    return [
        str(tally.n_repriced), money.text(tally.repriced_fen), would, repricing.moved_words(tally.difference_fen), str(tally.n_open or ""),
        money.text(tally.open_fen) if tally.n_open else "",
    ]  # fmt: skip
