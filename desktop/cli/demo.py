"""``yixiang demo``: the whole day on the packaged practice files, headless, or the practice ledger opened in the window."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from desktop.cli.session import FINDINGS, OK, Answer, home_of
from desktop.words import tr


def register(commands: Any, add: Any) -> None:
    """Add this command to the grammar."""
    demo = add(commands, "demo", tr("在练习台账上走一遍完整的一天（虚构数据）"))
    demo.add_argument("--headless", action="store_true", help=tr("不开窗口，结果写到 --out"))
    demo.add_argument("--out", metavar="DIR", help=tr("PDF、XLSX、summary.json 和 clauses.json 的目录"))
    demo.set_defaults(run=_demo)


def practice_home(args: argparse.Namespace) -> Path:
    """``--home``, else the practice folder inside the user's own home."""
    return home_of(args) if getattr(args, "home", None) else home_of(args) / "practice"


def _demo(args: argparse.Namespace) -> Answer:
    """Only the headless day; the front door opens the window itself."""
    from desktop.actions import rehearsal

    out = Path(args.out).absolute() if args.out else Path.cwd() / "yixiang-demo"
    summary = rehearsal.whole_day(practice_home(args), out)
    lines = [tr("完整的一天已走完，结果在 {out}：", out=out)]
    lines += [f"  {name}" for name in summary["files"]]
    lines.append(tr("校验通过。") if summary["verify"]["ok"] else tr("校验没有通过，请看 summary.json。"))
    lines.append(said(summary["clauses"]))
    whole = summary["verify"]["ok"] and summary["sync"]["digest_equal"]
    return Answer(summary, lines, OK if whole else FINDINGS)


def said(clauses: dict[str, list[str]]) -> str:
    """How many clauses have figures and documents (``shown``), and which have not (``empty``)."""
    told = tr("措施的十七条里，{n} 条有数字也有文件，见 clauses.json。", n=len(clauses["shown"]))
    return told + tr("还没有的：第 {numbers} 条。", numbers=tr("、").join(clauses["empty"])) if clauses["empty"] else told
