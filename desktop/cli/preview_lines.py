"""What is about to leave, as a command prints it: by kind and action, counted and summed, and how much comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.actions import sync_outcome, sync_words
from desktop.ledger import money
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.sync_views import Preview


def lines(shown: Preview) -> list[str]:
    """How many rows, then a line for each kind and action with the sums of money they carry."""
    told = [tr("将离开本机 {n} 项：", n=shown.n_changes)]
    for group in shown.groups:
        sums = tr("；").join(tr("{field} {yuan} 元", field=sync_words.field(name), yuan=money.text(fen)) for name, fen in group.sums_fen)
        line = tr("{kind} {action} {n}", kind=say(f"kind.{group.kind}"), action=say(f"sync.action.{group.action}"), n=group.n_changes)
        told.append(f"  {line}" + (f"  {sums}" if sums else ""))
    return told


def left(shown: Preview) -> list[str]:
    """That there is more than was shown, and what waits for the remote to take its kind; nothing when this is all."""
    told = [tr("另有 {n} 项在这一批之后。", n=f"{shown.n_left:,}")] if shown.n_left else []
    return told + sync_outcome.untaken(shown.untaken)


def as_json(shown: Preview) -> list[dict[str, Any]]:
    """The groups for a script."""
    return [{"kind": g.kind, "action": g.action, "count": g.n_changes, "sums_fen": dict(g.sums_fen)} for g in shown.groups]
