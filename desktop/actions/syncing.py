"""Sync on demand: see what would leave, send and receive, and what waits or is in conflict afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from desktop.actions import (
    anchoring,
    doubles,
    library,
    payout_releases,
    publications,
    sync_line,
    sync_names,
    sync_periods,
    sync_postings,
    sync_views,
    sync_words,
)
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_pending import NETWORK
from desktop.actions.sync_storage import LedgerStep, LedgerStorage
from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Problem, Refused
from desktop.store import package_rows
from desktop.store.came_late import came_late
from desktop.store.reach import HUB

if TYPE_CHECKING:
    from desktop.sync.client import Client
    from desktop.sync.ports import Conflict, Parked
    from desktop.sync.preview import Preview
    from desktop.sync.round import RunReport


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did; ``digest_equal`` None: could not be compared. ``findings`` name the parked rows, and what a witness has to say
    (``anchoring``)."""

    sent: int
    received: int
    parked: int
    conflicts: int
    pending: int
    withheld: int
    digest_equal: bool | None
    findings: tuple[Finding, ...]
    at: str = ""


def preview(workspace: Workspace, remote: str = NETWORK, progress: Progress = UNWATCHED) -> Preview:
    """Seal what is pending and show what the sealed bytes hold; nothing leaves. Needs the network only for its limits.

    Raises Refused when not enrolled, RemoteProblem, Cancelled.
    """
    from desktop.sync import round as rounds

    with sync_line.reached(workspace, remote, progress) as client:
        shown = rounds.prepare(LedgerStorage(workspace, remote), client.capabilities(), new_key)
    with workspace.read() as connection:
        return sync_names.named(connection, shown, remote)


def not_sealed(workspace: Workspace, approved: tuple[str, ...], remote: str = NETWORK) -> tuple[str, ...]:
    """Which of the approved digests are no batch that waits: sent already, or sealed anew since they were shown.

    Raises Refused when none of them is one any more, so that an approval never passes for having sent what it approved.
    """
    with workspace.read() as connection:
        waiting = {batch.digest for batch in LedgerStep(connection, remote).sealed()}
    missing = tuple(digest for digest in dict.fromkeys(approved) if digest not in waiting)
    if approved and not waiting & set(approved):
        raise Refused("sync.approved_gone")
    return missing


def discard_preview(workspace: Workspace, remote: str = NETWORK) -> None:
    """Take apart what was sealed for a preview and not approved."""
    from desktop.sync import round as rounds

    rounds.discard(LedgerStorage(workspace, remote))


def sync(
    workspace: Workspace, *, approved: tuple[str, ...] | None = None, progress: Progress = UNWATCHED, remote: str = NETWORK
) -> Result:
    """Send what is pending (or only the approved sealed batches), receive what is new, compare digests.

    Raises Problem when the network cannot be reached or refuses; what was done before stays done and is resumed next time.
    """
    from desktop.sync import round as rounds

    with workspace.read() as connection:
        late = frozenset(came_late(connection))
    with sync_line.reached(workspace, remote, progress) as client:
        def run() -> RunReport:
            return rounds.run(
                LedgerStorage(workspace, remote),
                client,
                new_key,
                cancelled=progress.cancelled,
                progress=lambda stage, n: progress.report(n, 0, f"sync.stage.{stage}"),
                approved=None if approved is None else frozenset(approved),
            )

        report = run()
        turned_up = payout_releases.take_again(workspace) if remote == HUB else ()
        if turned_up and approved is None:
            # Its marks are there again before another seat settles the same.
            again = run()
            report = replace(
                again, sent=report.sent + again.sent, received=report.received + again.received,
                recovered=report.recovered + again.recovered, restored=report.restored or again.restored,
            )  # fmt: skip
        pinned(workspace, remote, client)
        beside = (*turned_up, *clock_findings(client.ahead), *anchoring.anchor(workspace, client, remote), *_read_beside(workspace, client, remote))
    beside = (*untaken_findings(report, remote), *restored_findings(report, remote), *beside)
    with workspace.read() as connection:
        beside = (*sync_periods.came_late(connection, late), *sync_postings.without_posting(connection), *doubles.standing(connection), *beside)
    told = (*(parked_finding(row, remote) for row in parked(workspace, remote)), *beside)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    result = Result(
        report.sent,
        report.received,
        report.parked,
        report.conflicts,
        report.pending,
        report.withheld,
        report.digest_equal,
        told,
        at,
    )
    numbers = {
        name: getattr(result, name) for name in ("sent", "received", "parked", "conflicts", "pending", "withheld", "digest_equal")
    }
    with workspace.write("sync") as operation:
        operation.connection.exec_driver_sql(
            "UPDATE remote SET last_at = ?, last_report = ? WHERE role = ?", (at, json.dumps(numbers), remote)
        )
        sync_views.remember_run(operation.connection, {"at": at, **numbers}, remote)
    return result


def pinned(workspace: Workspace, remote: str, client: Client) -> None:
    """Trust the keys the service names on the line it was met on."""
    with workspace.write("sync", undoable=False, params={"step": "sync: keys"}) as operation:
        package_rows.pin_keys(operation.connection, remote, {each.key_id: each.public_key for each in client.keys})


def _read_beside(workspace: Workspace, client: Client, remote: str) -> tuple[Finding, ...]:
    """Notices, books and the network's word on own instruments that are new; the sync before stays done when they cannot be read, and what was
    read is told: it is not new a second time."""
    told: list[Finding] = []
    try:
        n_new = library.read_new(workspace, client, remote)
        if n_new:
            told.append(finding("sync.new_notices", "note", n=n_new))
        n_told = publications.read_new(workspace, client, remote)
        if n_told:
            told += [finding("sync.publications", "note", n=n_told), *publications.overview(workspace).of_none_here]
    except Problem as problem:
        told.append(finding("sync.not_read", "warning", why=problem.code))
    return tuple(told)


def restored_findings(report: RunReport, remote: str) -> tuple[Finding, ...]:
    """That the remote was restored, and how much of what it had lost it was given back."""
    return (finding("sync.remote_restored", "note", remote=sync_words.side(remote), n=report.recovered),) if report.restored else ()


def untaken_findings(report: RunReport, remote: str) -> tuple[Finding, ...]:
    """That rows wait because the remote, an older version, takes none of their kinds yet: which kinds, and how many rows."""
    if not report.untaken:
        return ()
    named = "|".join(f"kind.{kind}" for kind, _ in report.untaken)
    return (finding("sync.kinds_untaken", "warning", remote=sync_words.side(remote), kinds=named, n=sum(n for _, n in report.untaken)),)


def clock_findings(ahead: timedelta | None) -> tuple[Finding, ...]:
    """That this computer's clock is off from the remote's, in days, hours and minutes; it has decided nothing."""
    if not ahead:
        return ()
    minutes = int(abs(ahead).total_seconds() + 30) // 60
    code = "sync.clock_ahead" if ahead > timedelta(0) else "sync.clock_behind"
    return (finding(code, "warning", days=minutes // 1440, hours=minutes // 60 % 24, minutes=minutes % 60),)


def parked_finding(row: Parked, remote: str) -> Finding:
    """A parked row as a finding: the words of the reason, who refused it, the row and the field."""
    code = sync_words.refusal(row.code)
    return Finding(code, params=(("field", f"wire.{row.field}"), ("remote", sync_words.side(remote))), kind=row.kind, key=row.id, field=row.field)


def parked(workspace: Workspace, remote: str = NETWORK) -> tuple[Parked, ...]:
    """Rows the network refused; they wait, visibly, until they are changed."""
    with workspace.read() as connection:
        return tuple(LedgerStep(connection, remote).parked())


def conflicts(workspace: Workspace, remote: str = NETWORK) -> tuple[Conflict, ...]:
    """Rows both sides changed: base, mine, theirs."""
    with workspace.read() as connection:
        return tuple(LedgerStep(connection, remote).conflicts())
