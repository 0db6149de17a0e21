"""Fetching the bytes of an attachment that came from another seat, on demand and part by part; what is here of it is not fetched again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.actions import evidence, sync_line, sync_status
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_pending import HUB, NETWORK
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace
from desktop.ledger.attachment import MOST_BYTES, Attachment
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.problem import Problem, Refused
from desktop.store import attachments as rows
from desktop.store.database import Connection
from desktop.store.facts import ATTACHMENTS

if TYPE_CHECKING:
    from desktop.sync.client import Client
    from desktop.sync.messages import FileState


def fetch(workspace: Workspace, key: str, progress: Progress = UNWATCHED) -> Changes:
    """Bring the bytes of an attachment here, from the hub when the ledger is enrolled with one, else from the network.

    Raises Refused when there is no such attachment, no remote, or no remote that has the file; Problem when the line fails or what came is not
    what the attachment names. A fetch that was stopped goes on with the next one.
    """
    found = evidence.named(workspace, key)
    with workspace.read() as connection:
        if rows.is_kept(connection, found.sha256):
            return Changes()
    remotes = [remote for remote in (HUB, NETWORK) if sync_status.status(workspace, remote).enrolled]
    if not remotes:
        raise Refused("sync.not_enrolled")
    for remote in remotes:
        with sync_line.reached(workspace, remote, progress) as client:
            client.capabilities()
            state = client.file(found.sha256)
            if state is not None and state.complete:
                _parts(workspace, client, found, state, progress)
                return _keep(workspace, found)
    raise Refused("attachment.nowhere", name=found.name)


def awaited(workspace: Workspace) -> list[Attachment]:
    """The attachments that a remote waits for and whose bytes are not here, as the last syncs told."""
    from desktop.sync.evidence import ELSEWHERE

    with workspace.read() as connection:
        parked = [row for remote in (HUB, NETWORK) for row in LedgerStep(connection, remote).parked() if row.code == ELSEWHERE]
        found = [ATTACHMENTS.get(connection, key) for key in dict.fromkeys(row.id for row in parked)]
    return [one for one in found if one is not None and not one.kept]


@dataclass(frozen=True, slots=True)
class Fetched:
    """The files that are here now, and a finding for each that no remote has, or has damaged."""

    fetched: tuple[Attachment, ...]
    nowhere: tuple[Finding, ...]
    changes: Changes


def fetch_awaited(workspace: Workspace, progress: Progress = UNWATCHED) -> Fetched:
    """Bring the bytes of all of ``awaited`` here; one that cannot be had stops none of those behind it.

    Raises Problem when the line fails: what came until then is here.
    """
    fetched, nowhere, kinds = [], [], frozenset[str]()
    for one in awaited(workspace):
        try:
            changes = fetch(workspace, one.id, progress)
        except Problem as problem:
            if not (isinstance(problem, Refused) or problem.code == "attachment.damaged"):
                raise
            nowhere.append(Finding(problem.code, "warning", tuple(problem.params.items()), kind="attachment", key=one.id))
        else:
            fetched.append(one)
            kinds |= changes.kinds
    return Fetched(tuple(fetched), tuple(nowhere), Changes(0, kinds))


def _parts(workspace: Workspace, client: Client, found: Attachment, state: FileState, progress: Progress) -> None:
    size, whole = state.n_part_bytes, state.n_bytes
    if size < 1 or not 1 <= whole <= MOST_BYTES or found.n_bytes not in (None, whole):
        raise Problem("attachment.damaged", name=found.name)
    n_all = -(-whole // size)
    with workspace.write("attachment fetch") as operation:
        connection = operation.connection
        there = rows.n_parts(connection, found.sha256)
        if there and len(rows.piece(connection, found.sha256, 0, MOST_BYTES)) != min(there * size, whole):
            # They came in parts of another size.
            rows.drop_parts(connection, found.sha256)
            there = 0
    for number in range(there, n_all):
        progress.check()
        progress.report(number, n_all, "sync.stage.download")
        content = client.part(found.sha256, number)
        if len(content) != min(size, whole - number * size):
            raise Problem("attachment.damaged", name=found.name)
        with workspace.write("attachment fetch") as operation:
            rows.put_part(operation.connection, found.sha256, number, content)


def _keep(workspace: Workspace, found: Attachment) -> Changes:
    with workspace.write("attachment fetch", undoable=False, params={"name": found.name}) as operation:
        right = rows.digest(operation.connection, found.sha256) == found.sha256
        if right:
            rows.mark_kept(operation.connection, found.sha256)
            _wait_no_more(operation.connection)
        else:
            rows.drop_parts(operation.connection, found.sha256)
    if not right:
        raise Problem("attachment.damaged", name=found.name)
    return operation.changes


def _wait_no_more(connection: Connection) -> None:
    """Rows whose file is here now go with the next sync."""
    from desktop.sync.evidence import ELSEWHERE

    for remote in (HUB, NETWORK):
        step = LedgerStep(connection, remote)
        for row in [row for row in step.parked() if row.code == ELSEWHERE]:
            file = ATTACHMENTS.get(connection, row.id)
            if file is not None and file.kept:
                step.unpark(row.kind, row.id)
