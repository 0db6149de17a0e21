"""Many conflicts that have one answer, settled with one reason: our rows give way to those that were sent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.actions import sync_resolving, sync_views
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_pending import NETWORK
from desktop.actions.sync_views import ConflictView
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.problem import Refused

KINDS = ("posting", "fee_schedule")
"""A payout that gives way may have been paid: each of those is looked at by itself."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many were settled; of those that were not, why (their row is ``key``). ``changes``: of all of them."""

    n: int
    refused: tuple[Finding, ...]
    changes: Changes


def alike(found: Iterable[ConflictView], kind: str) -> list[ConflictView]:
    """The conflicts of a kind in which theirs is the only answer."""
    return [one for one in found if one.kind == kind and one.rival and kind in KINDS]


def give_way(workspace: Workspace, kind: str, reason: str, remote: str = NETWORK, progress: Progress = UNWATCHED) -> Settled:
    """Take theirs in every conflict of a kind in which nothing else can be taken, each by itself as ``sync_resolving.resolve`` does.

    One that the ledger's rules forbid stays open and is told; the others go on. Stopped by the person, the rest stays open.
    Raises Refused without a reason, and when there is no such conflict.
    """
    if not reason.strip():
        raise Refused("record.no_reason")
    found = alike(sync_views.conflicts(workspace, remote), kind)
    if not found:
        raise Refused("sync.none_alike")
    n, operation, kinds, refused = 0, 0, set[str](), []
    for done, one in enumerate(found):
        if progress.cancelled():
            break
        progress.report(done, len(found))
        sides = one.choices({group.name: "theirs" for group in one.groups})
        try:
            changes = sync_resolving.resolve(workspace, one.kind, one.key, sides, reason, remote=remote)
        except Refused as error:
            refused.append(Finding(error.code, "error", params=tuple(error.params.items()), kind=one.kind, key=one.key))
            continue
        n, operation, kinds = n + 1, changes.operation, kinds | changes.kinds
    return Settled(n, tuple(refused), Changes(operation, frozenset(kinds)))
