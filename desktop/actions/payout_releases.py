"""Marks of a payout run that is nowhere any more: released by two people once the hub says that it does not hold the run either.

A run that turns up after all takes its marks again, and that is told as a problem (docs/decisions/0036).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.actions import device_names, people, sync_line
from desktop.actions.day import SHANGHAI
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import PayoutRun
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import new_key
from desktop.ledger.people import Person
from desktop.ledger.problem import Refused
from desktop.rules import approval
from desktop.store import lost_runs, payout_marks
from desktop.store import payouts as rows
from desktop.store.database import Connection
from desktop.store.lost_runs import AwayRun
from desktop.store.reach import HUB
from desktop.words import say

if TYPE_CHECKING:
    from desktop.sync.client import Client

__all__ = ["AwayRun", "Known", "Released", "ask", "away", "mark_again", "release", "take_again"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the hub knows of a run that is not here: the computer its marks came from, by name and the end of its id, and when they reached the hub
    (``2026-01-15 14:03`` in Asia/Shanghai); "" where it does not say."""

    run: AwayRun
    device: str
    last_at: str


@dataclass(frozen=True, slots=True)
class Released:
    """What a release wrote, and what is to be told of it; ``device`` and ``last_at`` as in ``Known``."""

    run: AwayRun
    device: str
    last_at: str
    changes: Changes
    findings: tuple[Finding, ...]


def away(workspace: Workspace) -> list[AwayRun]:
    """The runs that are known here by their marks alone, by number; nobody is asked."""
    with workspace.read() as connection:
        return lost_runs.away(connection)


def ask(workspace: Workspace, number: str, progress: Progress = UNWATCHED) -> Known:
    """Ask the hub for a run that is known here by its marks alone.

    Raises Refused when this ledger or the hub holds the run, when there are no such marks, or when no hub can be asked; Problem when it does
    not answer.
    """
    found = _away(workspace, number)
    with sync_line.reached(workspace, HUB, progress) as client:
        client.capabilities()
        if any(_holds(client, key) for key in found.keys):
            raise Refused("payout.release_at_hub", run=found.number)
        mark = client.entity("payout_mark", found.mark_id)
    if mark is None:
        return Known(found, "", "")
    at = datetime.fromisoformat(mark.received_at).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if mark.received_at else ""
    with workspace.read() as connection:
        return Known(found, device_names.called(connection, HUB, mark.device_id or ""), at)


def _holds(client: Client, key: str) -> bool:
    held = client.entity("payout_run", key)
    return held is not None and held.body is not None


def _away(workspace: Workspace, number: str) -> AwayRun:
    with workspace.read() as connection:
        found = next((one for one in lost_runs.away(connection) if one.number == number.strip()), None)
        if found is not None:
            return found
        here = rows.RUNS.one(connection, "number = ?", (number.strip(),)) is not None
    raise Refused("payout.release_here" if here else "payout.release_unknown", run=number)


def release(
    workspace: Workspace, number: str, reason: str, prepared_by: str, approved_by: str, *, pins: tuple[str, str] = ("", ""), progress: Progress = UNWATCHED
) -> Released:
    """What a lost run held is open again, here at once and at the other seats with the next syncs. ``pins``: of the two people, in order.

    The hub is asked anew. Raises Refused: no reason, role, PIN, the same person twice, and all that ``ask`` does.
    """
    if not reason.strip():
        raise Refused("payout.release_no_reason", run=number)
    first = people.acting(workspace, prepared_by, pins[0], approval.ROLES_FOR["release"])
    second = people.acting(workspace, approved_by, pins[1], approval.ROLES_FOR["approve_release"])
    if first.id == second.id:
        raise Refused("payout.release_same_person", run=number, name=second.name)
    known = ask(workspace, number, progress)
    told = _unproven(first, second)
    params = {"run": known.run.number, "prepared": first.name, "device": known.device, "last": known.last_at, **({"pin": "none"} if told else {})}
    with workspace.write("payout release", who=second.name, reason=reason.strip(), undoable=False, params=params) as operation:
        # Between the question and now a sync may have brought it.
        here = [key for key in known.run.keys if rows.RUNS.get(operation.connection, key) is not None]
        if here:
            raise Refused("payout.release_here", run=known.run.number)
        for key in known.run.keys:
            payout_marks.release(operation.connection, key)
    return Released(known.run, known.device, known.last_at, operation.changes, told)


def _unproven(*persons: Person) -> tuple[Finding, ...]:
    return tuple(one for person in persons for one in approval.unproven(person))


def take_again(workspace: Workspace) -> tuple[Finding, ...]:
    """A run that is here and counts is marked again when its marks were released elsewhere while it was away; that is told.

    The new marks go with the next sync; where somebody else has settled the same since, the hub refuses them and the two runs are in conflict.
    """
    with workspace.read() as connection:
        runs = _listed(lost_runs.turned_up(connection))
    if not runs:
        return ()
    with workspace.write("payout mark again", undoable=False, params={"runs": runs}) as operation:
        return mark_again(operation.connection)


def mark_again(connection: Connection) -> tuple[Finding, ...]:
    """``take_again`` inside an open write."""
    found = lost_runs.turned_up(connection)
    for run in found:
        lost_runs.mark_again(connection, run, new_key)
    return (finding("payout.released_elsewhere", "error", runs=_listed(found)),) if found else ()


def _listed(runs: list[PayoutRun]) -> str:
    return say("report.list").join(run.number for run in runs)
