"""Payouts of two periods side by side, on the screen, as an object, or on paper."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.ledger import money
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.payout_comparison import Compared, PeriodComparison, Side, SourceCompared


def register(payout: Any, add: Any) -> None:
    """Add this command below ``payout``."""
    own = add(payout, "compare", tr("比较两个期间的发放：逐人的差额和原因，逐分相加得上"))
    own.add_argument("before", metavar="PERIOD", help=tr("先比的期间：2025、2025Q3 或 2025-07"))
    own.add_argument("after", metavar="PERIOD", help=tr("后比的期间，差额＝后减先"))
    own.add_argument(
        "--by", choices=("technician", "department", "source"), default="technician", help=tr("按人、部门，或按方案的各项（收入、成本、各接收方）列出")
    )
    own.add_argument(
        "--dated", choices=("settled", "approved"), default="settled", help=tr("分配按截止日还是审批日归到期间（默认截止日；冲销按审批日则归到冲销的那一期）")
    )
    own.add_argument("--out", metavar="FILE", help=tr("另写成 PDF 或 XLSX（按文件后缀）"))
    own.set_defaults(run=_compare)


def _compare(args: argparse.Namespace) -> Answer:
    from desktop.actions import payout_comparison, reporting

    with opened(args) as workspace:
        paid = payout_comparison.compare(workspace, args.before, args.after, args.dated)
        made = None
        if args.out:
            made = reporting.make_comparison(workspace, args.before, args.after, args.dated, out=Path(args.out).absolute())
    found = paid.found
    content: dict[str, Any] = {
        "before": found.before.name, "after": found.after.name, "dated": paid.dated, "by": args.by, "weighed": found.weighed,
        "runs_before": list(found.before.runs), "runs_after": list(found.after.runs), "whole": _json(found.whole),
        "findings": [as_json(one) for one in paid.findings],
    }  # fmt: skip
    head = tr(
        "{after} 应发 {b} 元，{before} 应发 {a} 元，相差 {d} 元。",
        before=found.before.name, after=found.after.name, a=_yuan(found.whole.before_fen), b=_yuan(found.whole.after_fen), d=_yuan(found.whole.more_fen),
    )  # fmt: skip
    lines = [head, say(f"payout_comparison.dated_by.{paid.dated}"), ""]
    if args.by == "source":
        content["sources"] = [_source_json(one) for one in found.sources]
        lines += _sources(found)
    else:
        listed = found.departments if args.by == "department" else found.people
        content["rows"] = [_json(one) for one in listed]
        lines += _people(found, listed, args.by == "department")
    lines += [told(one) for one in paid.findings]
    if made is not None:
        content |= {"file": str(made.path), "pages": made.n_pages, "digest": made.digest}
        lines += [tr("对比表已写好：{path}", path=made.path), *(told(one) for one in made.findings)]
    return Answer(content, lines)


def _people(found: PeriodComparison, listed: tuple[Compared, ...], by_department: bool) -> list[str]:
    from desktop.actions import payout_comparison_words

    heads = [tr("部门")] if by_department else [tr("工号"), tr("姓名")]
    heads += [found.before.name, found.after.name, tr("差额（元）"), tr("增减比例"), tr("机时差（小时）"), tr("原因（元）")]
    rows = []
    for one in (*listed, found.whole):
        named = [one.name or tr("未填")] if by_department else [one.staff_number, one.name]
        if one is found.whole:
            named = [tr("合计")] if by_department else [tr("合计"), ""]
        rows.append(
            [
                *named, _yuan(one.before_fen), _yuan(one.after_fen), _yuan(one.more_fen), "—" if one.growth is None else f"{one.growth * 100:.2f} %",
                _hours(one.before, one.after), payout_comparison_words.reasons(one),
            ]
        )  # fmt: skip
    return table(heads, rows)


def _sources(found: PeriodComparison) -> list[str]:
    from desktop.actions import payout_comparison_words

    heads = [tr("方案"), tr("项目"), found.before.name, found.after.name, tr("差额（元）")]
    return table(
        heads,
        [[one.scheme, payout_comparison_words.source(one), _yuan(one.before_fen), _yuan(one.after_fen), _yuan(one.more_fen)] for one in found.sources],
    )


def _yuan(fen: int | None) -> str:
    return say("explain.unknown") if fen is None else money.text(fen)


def _hours(before: Side | None, after: Side | None) -> str:
    """Two decimals, half up: only for show."""
    if before is None or after is None:
        return "—"
    return f"{Decimal(money.half_up(Decimal((after.minutes - before.minutes) * 100) / 60)).scaleb(-2):+.2f}"


def _json(one: Compared) -> dict[str, Any]:
    return {
        "staff_number": one.staff_number, "name": one.name, "department": one.department, "standing": one.standing, "before_fen": one.before_fen,
        "after_fen": one.after_fen, "more_fen": one.more_fen, "growth": None if one.growth is None else str(one.growth),
        "before": _side_json(one.before), "after": _side_json(one.after), "reasons": {each.code: each.fen for each in one.reasons},
    }  # fmt: skip


def _side_json(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "runs": side.n_runs, "minutes": side.minutes, "base": side.base, "weight_fen": side.weight_fen, "remainder_fen": side.remainder_fen,
        "taken_back_fen": side.back_fen, "reversed_fen": side.reversed_fen,
    }  # fmt: skip


def _source_json(one: SourceCompared) -> dict[str, Any]:
    return {
        "scheme": one.scheme, "receiver": one.receiver, "name": one.name, "before_fen": one.before_fen, "after_fen": one.after_fen,
        "more_fen": one.more_fen,
    }  # fmt: skip
