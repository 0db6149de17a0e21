"""Commands about what the network publishes: notices, other institutions' instruments, calendars. All but the reading works without a line."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from desktop.cli import publication_commands
from desktop.cli.calendar_commands import plan_answer
from desktop.cli.parameter_commands import set_answer, taking
from desktop.cli.register_commands import day
from desktop.cli.session import Answer, opened, table
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.ledger.notice import Elsewhere


def register(commands: Any, add: Any) -> None:
    """Add these commands to the grammar."""
    notices = add(commands, "notices", tr("网络发来的通知：责令改正、警示、通报、告知")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    add(notices, "list", tr("列出通知，未读的在前")).set_defaults(run=_notices)
    for name, words, read in (("read", tr("标为已读"), True), ("unread", tr("标为未读"), False)):
        marked = add(notices, name, words)
        marked.add_argument("id", metavar="ID", help=tr("通知的键，见 notices list"))
        marked.set_defaults(run=_mark, read=read)

    answered = add(notices, "answer", tr("答复一份通知；随下次同步发出"))
    answered.add_argument("id", metavar="ID", help=tr("通知的键，见 notices list"))
    answered.add_argument("--text", required=True, metavar="TEXT", help=tr("答复内容"))
    answered.add_argument("--on", type=day, metavar="DAY", help=tr("答复日期，默认今天"))
    answered.set_defaults(run=_answer)

    catalogue = add(commands, "catalogue", tr("找仪器：其他单位开放共享的仪器")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    search = add(catalogue, "search", tr("按词查找（名称、型号、厂商、功能、单位、地区），写错一两个字也能找到，不需要联网"))
    search.add_argument("words", nargs="+", metavar="WORD", help=tr("要找的词，可多个，须都符合"))
    refresh = add(catalogue, "refresh", tr("从网络读取整份目录，存在台账里"))
    search.add_argument("--order", choices=("name", "near", "price"), default="name", help=tr("排序：名称（默认）、由近到远、价格由低到高"))
    search.set_defaults(run=_search)
    refresh.set_defaults(run=_refresh)
    for parser in (search, refresh):
        parser.add_argument("--remote", choices=("network", "hub"), default="network", help=tr("省网（默认），或本单位的机构中心"))

    published = add(commands, "published", tr("网络发布的代码表、日历和本单位仪器的公布情况")).add_subparsers(dest="verb", required=True, metavar=tr("命令"))
    add(published, "list", tr("列出已读到的代码表和版本；它们不会自动改变台账里的任何规则")).set_defaults(run=_books)
    add(published, "benchmarks", tr("列出网络发布的考核基准，附年份和出处；只供查阅")).set_defaults(run=_benchmarks)
    publication_commands.register(published, add)
    calendar = add(published, "calendar", tr("核对网络发布的一年放假安排；加 --take 才采用"))
    calendar.add_argument("year", type=int, metavar="N", help=tr("年份"))
    calendar.add_argument("--take", action="store_true", help=tr("采用：与导入文件同样的检查，不完整的一年不采用"))
    calendar.add_argument("--remote", choices=("network", "hub"), default="network", help=tr("省网（默认），或本单位的机构中心"))
    calendar.set_defaults(run=_calendar)
    rules = add(published, "parameters", tr("核对网络发布的规则参数：先列出哪些数字会变，写了理由才采用"))
    rules.add_argument("--remote", choices=("network", "hub"), default="network", help=tr("省网（默认），或本单位的机构中心"))
    taking(rules)
    rules.set_defaults(run=_parameters)


def _notices(args: argparse.Namespace) -> Answer:
    from desktop.actions import library

    with opened(args) as workspace:
        found = library.notices(workspace)
    rows = [
        [
            tr("已读") if one.read_at else tr("未读"),
            say(f"notice.kind.{one.kind}"),
            one.title,
            one.issued_on.isoformat() if one.issued_on else "",
            one.due_on.isoformat() if one.due_on else tr("无"),
            one.answers[-1].answered_on.isoformat() if one.answers else "",
            one.id,
        ]
        for one in found
    ]
    lines = table([tr("状态"), tr("种类"), tr("标题"), tr("发出"), tr("答复期限"), tr("答复"), tr("键")], rows) if rows else [tr("没有通知。")]
    content = [
        asdict(one)
        | {"issued_on": one.issued_on and one.issued_on.isoformat(), "due_on": one.due_on and one.due_on.isoformat()}
        | {"answers": [asdict(each) | {"answered_on": each.answered_on.isoformat()} for each in one.answers]}
        for one in found
    ]
    return Answer({"notices": content, "unread": sum(one.read_at is None for one in found)}, lines)


def _mark(args: argparse.Namespace) -> Answer:
    from desktop.actions import library

    with opened(args) as workspace:
        library.mark(workspace, args.id, read=args.read)
    return Answer({"id": args.id, "read": args.read}, [tr("已标为已读。") if args.read else tr("已标为未读。")])


def _answer(args: argparse.Namespace) -> Answer:
    from desktop.actions import library

    with opened(args) as workspace:
        library.answer(workspace, args.id, args.text, args.on)
    return Answer({"id": args.id, "answered": True}, [tr("答复已存下，下次同步时发出。")])


def _search(args: argparse.Namespace) -> Answer:
    from desktop.actions import library, locator
    from desktop.actions.day import day_of

    with opened(args) as workspace:
        n_found, found, resembling, read = locator.find(workspace, " ".join(args.words), args.remote, args.order)
        n_known, read_at = library.catalogue_read_at(workspace, args.remote)
    if not n_known and not read_at:
        lines = [tr("目录还没有读到本机：先运行 yixiang catalogue refresh。")]
    else:
        read_on = day_of(read_at).isoformat() if read_at else tr("没有读完")
        lines = [tr("找到 {n} 台（目录共 {m} 台，{at} 读取）。", n=n_found, m=n_known, at=read_on)]
        if resembling:
            lines = [tr("没有完全符合的；写法相近的有 {n} 台（目录共 {m} 台，{at} 读取）。", n=n_found, m=n_known, at=read_on)]
        if read:
            lines.append(tr("简称也按全称找：{read}。", read=read))
        if found:
            lines += table(
                [tr("名称"), tr("型号"), tr("单位"), tr("地区"), tr("远近"), tr("收费")],
                [[one.name, one.model, one.institution_name, one.place, nearness(one), one.fee_text] for one in found],
            )
        if n_found > len(found):
            lines.append(tr("只列出前 {n} 台，请再加一个词。", n=len(found)))
    counts = {"found": 0 if resembling else n_found, "resembling": n_found if resembling else 0, "known": n_known}
    return Answer(counts | {"read_at": read_at, "read": read or None, "instruments": [asdict(one) for one in found]}, lines)


def nearness(one: Elsewhere) -> str:
    """How near a set is, in words; "" where no place is told."""
    return say(f"library.near_{one.nearness}") if one.nearness else ""


def _refresh(args: argparse.Namespace) -> Answer:
    from desktop.actions import library

    with opened(args) as workspace:
        n_known = library.refresh_catalogue(workspace, args.remote)
    return Answer({"known": n_known}, [tr("目录已读到本机，共 {n} 台。", n=n_known)])


def _books(args: argparse.Namespace) -> Answer:
    from desktop.actions import library
    from desktop.actions.day import day_of

    with opened(args) as workspace:
        found = library.books(workspace)
    rows = [[say(f"sync.remote.{remote}"), name, version, day_of(at).isoformat()] for remote, name, version, at in found]
    lines = table([tr("来源"), tr("代码表"), tr("版本"), tr("读取")], rows) if rows else [tr("还没有读到代码表；同步时会读取。")]
    content = [{"remote": remote, "name": name, "version": version, "read_at": at} for remote, name, version, at in found]
    return Answer({"books": content}, lines)


def _benchmarks(args: argparse.Namespace) -> Answer:
    from desktop.actions import library

    with opened(args) as workspace:
        found = library.benchmarks(workspace)
    rows = [[one.year, library.benchmark_words(one.name), one.value, one.source or say(f"sync.remote.{one.remote}"), one.version] for one in found]
    lines = table([tr("年份"), tr("指标"), tr("数值"), tr("出处"), tr("版本")], rows) if rows else [tr("还没有读到考核基准；同步时会读取。")]
    return Answer({"benchmarks": [asdict(one) for one in found]}, lines)


def _calendar(args: argparse.Namespace) -> Answer:
    from desktop.actions import calendars

    with opened(args) as workspace:
        plan = calendars.published(workspace, args.year, args.remote)
        return plan_answer(workspace, plan, dry_run=not args.take)


def _parameters(args: argparse.Namespace) -> Answer:
    from desktop.actions import parameter_published

    with opened(args) as workspace:
        return set_answer(workspace, parameter_published.published(workspace, args.remote), args)
