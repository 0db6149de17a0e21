"""Commands about yearly evaluations: counts of a set's year with their ground, the benefit score they make, and what users said."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.register_commands import day
from desktop.cli.session import Answer, opened, table
from desktop.ledger.evaluation import ITEMS, RATINGS
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.benefit_groups import GroupScored


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    group = add(commands, "evaluation", tr("年度效益评价和用户评价")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    one = add(group, "enter", tr("录入一台仪器一年的人才培养、科研成果、功能利用的数和依据；只写要录入的项，没有的写 0"))
    _set_and_year(one)
    for item in ITEMS:
        one.add_argument(f"--{item.replace('_', '-')}", dest=item, type=int, metavar="N", help=say(f"benefit.count_{item}"))
    one.add_argument("--ground", required=True, metavar="TEXT", help=tr("依据：名单、证书、文号"))
    one.set_defaults(run=_enter)
    one = add(group, "withdraw", tr("撤销录入的数，改回未知；操作日志里仍有"))
    _set_and_year(one)
    one.add_argument("--item", choices=ITEMS, action="append", required=True, help=tr("哪一项，可写多次"))
    one.add_argument("--reason", required=True, metavar="TEXT", help=tr("理由，写入操作日志"))
    one.set_defaults(run=_withdraw)
    one = add(group, "list", tr("列出录入的数和依据"))
    one.add_argument("--year", metavar="YEAR", help=tr("自然年 2025 或学年 2024-2025，不写则全部"))
    one.set_defaults(run=_list)
    one = add(group, "scores", tr("一年里每台仪器的效益评价得分和等级"))
    one.add_argument("--year", metavar="YEAR", help=tr("自然年 2025 或学年 2024-2025，默认按评价周期取上一年"))
    one.set_defaults(run=_scores)
    one = add(group, "rate", tr("录入用户对一次已记账服务的评价"))
    one.add_argument("number", metavar="NUMBER", help=tr("记录编号"))
    one.add_argument("--word", required=True, choices=RATINGS, help=tr("用户评价"))
    one.add_argument("--on", type=day, metavar="DATE", help=tr("评价日期，不写则为今天"))
    one.add_argument("--comment", default="", metavar="TEXT", help=tr("用户的意见"))
    one.set_defaults(run=_rate)
    one = add(group, "ratings", tr("一年的用户评价汇总"))
    one.add_argument("--year", metavar="YEAR", help=tr("自然年 2025 或学年 2024-2025，默认按评价周期取上一年"))
    one.add_argument("--asset", metavar="ASSET", help=tr("只看一台仪器"))
    one.set_defaults(run=_ratings)


def _set_and_year(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("asset_number", metavar="ASSET", help=tr("资产编号"))
    parser.add_argument("--year", required=True, metavar="YEAR", help=tr("自然年 2025 或学年 2024-2025"))


def _enter(args: argparse.Namespace) -> Answer:
    from desktop.actions import evaluations

    counts = {item: getattr(args, item) for item in ITEMS if getattr(args, item) is not None}
    with opened(args) as workspace:
        evaluations.enter(workspace, args.asset_number, args.year, counts, args.ground)
    said = tr("{asset} {year} 录入 {n} 项，可以撤销（undo）。", asset=args.asset_number, year=args.year, n=len(counts))
    return Answer({"asset_number": args.asset_number, "year": args.year, "counts": counts}, [said])


def _withdraw(args: argparse.Namespace) -> Answer:
    from desktop.actions import evaluations

    with opened(args) as workspace:
        evaluations.withdraw(workspace, args.asset_number, args.year, args.item, args.reason)
    said = tr("{asset} {year} 的 {n} 项改回未知，可以撤销（undo）。", asset=args.asset_number, year=args.year, n=len(args.item))
    return Answer({"asset_number": args.asset_number, "year": args.year, "items": args.item}, [said])


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import evaluations

    with opened(args) as workspace:
        found = evaluations.every(workspace, args.year)
    content = [
        {"asset_number": one.asset_number, "year": one.fact.year, "item": one.fact.item, "count": one.fact.count, "ground": one.fact.ground,
         "noted_on": one.fact.noted_on.isoformat()}
        for one in found
    ]  # fmt: skip
    lines = [
        [one.asset_number, one.fact.year, say(f"benefit.count_{one.fact.item}"), str(one.fact.count), one.fact.ground, one.fact.noted_on.isoformat()]
        for one in found
    ]
    heads = [tr("资产编号"), tr("年度"), tr("项目"), tr("数量"), tr("录入依据"), tr("录入日")]
    return Answer({"facts": content}, table(heads, lines) if lines else [tr("还没有录入。")])


def _scores(args: argparse.Namespace) -> Answer:
    from desktop.actions import benefit, benefit_groups, performance
    from desktop.actions.benefit import PARTS, shown

    with opened(args) as workspace:
        year = benefit.year(workspace, performance.span(workspace, args.year or performance.evaluated(workspace)))
        groups, whole = benefit_groups.groups(workspace, year), benefit_groups.whole(workspace, year)
    content = [
        {
            "asset_number": one.one.asset_number,
            "name": one.one.name,
            "parts": {part.name: shown(part.range) for part in one.score.parts},
            "total": shown(one.score.range),
            "grade": one.grade,
            "reportable": one.reportable,
        }
        for one in year.sets
    ]
    heads = [tr("资产编号"), tr("仪器名称"), *(say(f"benefit.short_{name}") for name in PARTS), tr("总分"), tr("等级")]
    lines = [
        [one.one.asset_number, one.one.name, *(shown(part.range) for part in one.score.parts), shown(one.score.range),
         say(f"benefit.state.{one.grade}")]
        for one in year.sets
    ]  # fmt: skip
    told = table(heads, lines) if lines else [tr("本期没有在用的仪器。")]
    together = [
        *(({"kind": one.kind, "name": one.name}, tr("部门") if one.kind == "department" else tr("创新平台"), _group_name(one), one.score) for one in groups),
        ({"kind": "institution", "name": ""}, "", tr("本单位"), whole),
    ]
    if lines:
        heads = [tr("按什么"), tr("名称"), *(say(f"benefit.state.{grade}") for grade in whole.n_of), tr("平均得分")]
        told += ["", *table(heads, [[kind, name, *map(str, score.n_of.values()), shown(score.range)] for _, kind, name, score in together])]
    if year.n_withheld:
        told.append(tr("另有涉密 {n} 项未列。", n=year.n_withheld))
    means = [one | {"grades": dict(score.n_of), "mean": shown(score.range)} for one, _, _, score in together]
    return Answer({"year": year.period.name, "sets": content, "grades": year.n_of, "groups": means, "withheld": year.n_withheld}, told)


def _group_name(one: GroupScored) -> str:
    return one.name or (tr("未填部门") if one.kind == "department" else tr("不属于平台或未填"))


def _rate(args: argparse.Namespace) -> Answer:
    from desktop.actions import evaluations

    with opened(args) as workspace:
        evaluations.rate(workspace, args.number, args.word, args.on, args.comment)
    return Answer({"number": args.number, "word": args.word}, [tr("记录 {number} 的用户评价已录入，可以撤销（undo）。", number=args.number)])


def _ratings(args: argparse.Namespace) -> Answer:
    from desktop.actions import evaluations, explaining, performance
    from desktop.actions.evaluations import said

    with opened(args) as workspace:
        year = performance.span(workspace, args.year or performance.evaluated(workspace)).name
        found = evaluations.ratings(workspace, year, args.asset)
    share = explaining.value_text(found.satisfied.value, "ratio")
    told = None if found.satisfied.value is None else share
    content = {"year": year, "n_of": found.n_of, "silent": found.n_silent, "other": found.n_other, "satisfied": told}
    lines = [[said(word), str(n)] for word, n in found.n_of.items()]
    lines += [[tr("其他写法"), str(found.n_other)], [tr("没有评价"), str(found.n_silent)]]
    return Answer(content, [*table([tr("用户评价"), tr("服务（次）")], lines), tr("满意率：{share}", share=share)])
