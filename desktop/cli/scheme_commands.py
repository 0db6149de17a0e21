"""Commands about allocation schemes: list, show, adopt an example, define one from a file."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.grammar import UsageError
from desktop.cli.register_commands import day
from desktop.cli.session import Answer, opened, table
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.ledger.allocation import Scheme


def _identity(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """What makes a scheme the institution's own."""
    parser.add_argument("--name", required=required, metavar="NAME", help=tr("方案名称；同名的是同一方案的新版本"))
    parser.add_argument("--from", dest="from_on", type=day, required=required, metavar="DATE", help=tr("执行日期"))
    parser.add_argument("--document", required=required, metavar="N", help=tr("制定方案的文号"))
    parser.add_argument("--remainder-to", required=required, metavar="STAFF", help=tr("尾差归谁（工号）"))
    parser.add_argument("--basis", choices=("posted", "received"), help=tr("收入口径：记账或到账"))


def register(payout: Any, add: Any) -> None:
    """Add these commands below ``payout``."""
    scheme = add(payout, "scheme", tr("分配方案")).add_subparsers(dest="scheme_verb", required=True, metavar=tr("命令"))
    add(scheme, "list", tr("列出本单位的分配方案")).set_defaults(run=_list)
    show = add(scheme, "show", tr("查看一个方案：各项份额、权重、尾差"))
    show.add_argument("name", metavar="NAME", help=tr("方案名称"))
    show.add_argument("--on", type=day, metavar="DATE", help=tr("这一天执行的版本，不写则为今天"))
    show.add_argument("--out", metavar="FILE", help=tr("写成方案文件（.toml、.json），改好后用 define 采用"))
    show.set_defaults(run=_show)
    examples = add(scheme, "examples", tr("列出可以采用的示例"))
    examples.add_argument("example", nargs="?", metavar="EXAMPLE", help=tr("只看这一个"))
    examples.add_argument("--out", metavar="FILE", help=tr("把这个示例写成方案文件（.toml、.json），改好后用 define 采用"))
    examples.set_defaults(run=_examples)
    adopt = add(scheme, "adopt", tr("照一个示例采用分配方案"))
    adopt.add_argument("example", metavar="EXAMPLE", help=tr("示例：") + "enterprise-80|university-school|university-fund|analysis-centre")
    _identity(adopt, required=True)
    adopt.set_defaults(run=_adopt)
    define = add(scheme, "define", tr("按方案文件采用自己的方案：依次提取的份额、上限、接收方、权重"))
    define.add_argument("file", metavar="FILE", help=tr("方案文件（.toml、.json），样子见 payout scheme examples EXAMPLE --out"))
    define.add_argument("--dry-run", action="store_true", help=tr("只检查，不写入"))
    _identity(define, required=False)
    define.set_defaults(run=_define)


def _json(scheme: Scheme) -> dict[str, Any]:
    from desktop.actions import scheme_words

    return {
        "name": scheme.name,
        "from": scheme.from_on.isoformat(),
        "document": scheme.document,
        "basis": scheme.basis,
        "include_internal": scheme.include_internal,
        "internal_from": scheme.internal_from.isoformat() if scheme.internal_from else None,
        "weigh": scheme.weigh,
        "use_coefficient": scheme.use_coefficient,
        "remainder_to": scheme.remainder_to,
        "shares": [
            {
                "receiver": share.receiver, "name": share.name, "of": share.of, "rate": str(share.rate), "cap_fen": share.cap_fen,
                "cap_rate": None if share.cap_rate is None else str(share.cap_rate), "cap_of": share.cap_of, "words": scheme_words.share(share),
            }
            for share in scheme.shares
        ],
        "evaluations": {staff_number: str(factor) for staff_number, factor in scheme.evaluations},
        "evaluation_facts": scheme.evaluation_facts,
    }  # fmt: skip


def _lines(scheme: Scheme) -> list[str]:
    from desktop.actions import scheme_words

    lines = [f"{scheme.name}  " + tr("{day} 起", day=scheme.from_on) + f"  {scheme.document}".rstrip()]
    lines += [f"  {name}  {value}" for name, value in scheme_words.facts(scheme)]
    rows = [[str(n), say(f"payout.receiver.{share.receiver}"), scheme_words.share(share)] for n, share in enumerate(scheme.shares, 1)]
    return [*lines, *table([tr("次序"), tr("接收方"), tr("份额")], rows)]


def _list(args: argparse.Namespace) -> Answer:
    from desktop.actions import payout_views, schemes

    with opened(args) as workspace:
        found, uses = schemes.schemes(workspace), payout_views.scheme_uses(workspace)
    content = [{**_json(scheme), "runs": uses.get(scheme.id, 0)} for scheme in found]
    rows = [
        [s.name, s.from_on.isoformat(), say(f"payout.basis.{s.basis}"), s.document, str(uses.get(s.id, 0))] for s in found
    ]
    heads = [tr("方案"), tr("自"), tr("收入口径"), tr("依据"), tr("已用于（次）")]
    nothing = [tr("还没有分配方案。可以照示例采用（payout scheme adopt），或按文件采用（payout scheme define）。")]
    return Answer({"schemes": content}, table(heads, rows) if rows else nothing)


def _written(scheme: Scheme, out: str | None) -> tuple[dict[str, Any], list[str]]:
    from desktop.actions import schemes

    if not out:
        return {}, []
    path = Path(out).absolute()
    schemes.write_file(scheme, path)
    return {"file": str(path)}, [tr("方案文件已写好：{path}", path=path)]


def _show(args: argparse.Namespace) -> Answer:
    from desktop.actions import schemes
    from desktop.actions.workspace import today

    with opened(args) as workspace:
        scheme = schemes.scheme(workspace, args.name, args.on or today())
    file, lines = _written(scheme, args.out)
    return Answer({**_json(scheme), **file}, [*_lines(scheme), *lines])


def _examples(args: argparse.Namespace) -> Answer:
    from dataclasses import replace

    from desktop.actions import schemes
    from desktop.actions.workspace import today
    from desktop.ledger.problem import Refused

    known = schemes.examples()
    if args.out and args.example is None:
        raise UsageError(tr("没有说明要把哪个示例写成文件，请写一个：{known}", known="|".join(one.key for one in known)))
    found = [one for one in known if args.example in (None, one.key, one.scheme.name)]
    if not found:
        raise Refused("payout.unknown_example", key=args.example, known="、".join(one.key for one in known))
    content: dict[str, Any] = {
        "examples": [{"key": one.key, "source": one.source, "certainty": one.certainty, "kinds": list(one.kinds), **_json(one.scheme)} for one in found]
    }
    lines: list[str] = []
    for one in found:
        lines += [f"{one.key}  {say(f'payout.example.{one.key}')}", f"  {say(f'payout.example_note.{one.key}')}", *_lines(one.scheme), ""]
    # The file is to be made the institution's own: its first day is not the one of where the shape was seen.
    file, told = _written(replace(found[0].scheme, from_on=today()), args.out)
    return Answer(content | file, [*lines, *told])


def _adopt(args: argparse.Namespace) -> Answer:
    from desktop.actions import schemes

    with opened(args) as workspace:
        schemes.adopt_example(
            workspace, args.example, name=args.name, from_on=args.from_on, document=args.document, remainder_to=args.remainder_to,
            basis=args.basis,
        )  # fmt: skip
        scheme = schemes.scheme(workspace, args.name, args.from_on)
    return Answer({"scheme": scheme.name, **_json(scheme)}, [tr("已采用分配方案 {name}。", name=scheme.name), *_lines(scheme)])


def _define(args: argparse.Namespace) -> Answer:
    from desktop.actions import schemes

    given: dict[str, str | date | None] = {
        "name": args.name, "from": args.from_on, "document": args.document, "basis": args.basis, "remainder_to": args.remainder_to,
    }  # fmt: skip
    scheme = schemes.read_file(Path(args.file), {name: value for name, value in given.items() if value is not None})
    with opened(args) as workspace:
        if args.dry_run:
            schemes.check_scheme(workspace, scheme)
        else:
            schemes.add_scheme(workspace, scheme)
    words = tr("检查通过，没有写入。") if args.dry_run else tr("已采用分配方案 {name}。", name=scheme.name)
    return Answer({"scheme": scheme.name, "dry_run": args.dry_run, **_json(scheme)}, [words, *_lines(scheme)])
