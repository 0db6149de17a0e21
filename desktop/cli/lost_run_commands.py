"""Commands about payout runs that are known by their marks alone: list them, release the marks of a lost one."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from desktop.cli.register_commands import acting
from desktop.cli.session import Answer, as_json, opened, table, told
from desktop.words import say, tr


def register(payout: Any, add: Any) -> None:
    """Add these commands to ``payout``."""
    add(payout, "away", tr("列出只知道标记的分配：在别的电脑上，这里看不到")).set_defaults(run=_away)
    release = add(payout, "release", tr("释放丢失的分配结算的内容：编制它的电脑没了，机构中心也没有它；须由两个人办理"))
    release.add_argument("payout_run", metavar="RUN", help=tr("分配编号，见 payout away"))
    release.add_argument("--reason", required=True, metavar="TEXT", help=tr("原因"))
    acting(release)
    release.add_argument("--approver", required=True, metavar="NAME", help=tr("由谁审批（另一人）"))
    release.add_argument("--approver-pin", default="", metavar="PIN", help=tr("审批人的 PIN"))
    release.set_defaults(run=_release)


def _away(args: argparse.Namespace) -> Answer:
    from desktop.actions import payout_releases

    with opened(args) as workspace:
        found = payout_releases.away(workspace)
    rows = [[one.number, str(one.n_postings), str(one.n_receipts), str(one.n_costs)] for one in found]
    lines = table([tr("分配"), tr("结算的记账"), tr("结算的到账"), tr("扣除的成本")], rows) if found else [tr("没有只知道标记的分配。")]
    return Answer({"runs": [asdict(one) for one in found]}, lines)


def _release(args: argparse.Namespace) -> Answer:
    from desktop.actions import payout_releases

    with opened(args) as workspace:
        done = payout_releases.release(
            workspace, args.payout_run, args.reason, args.acting, args.approver, pins=(args.pin, args.approver_pin)
        )
    lines = [
        say("payout.release_asked", run=done.run.number, device=done.device or "—", at=done.last_at or "—"),
        tr("分配 {run} 结算的 {n} 笔记账重新待分配。请马上同步，让其他电脑也知道。", run=done.run.number, n=done.run.n_postings),
    ]
    content = {"run": done.run.number, "postings": done.run.n_postings, "device": done.device, "last_at": done.last_at}
    return Answer({**content, "findings": [as_json(f) for f in done.findings]}, lines + [told(f) for f in done.findings])
