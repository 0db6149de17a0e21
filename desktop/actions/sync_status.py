"""Where the ledger stands with its remotes, from its own books alone; nobody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.actions import device_names
from desktop.actions.sync_pending import HUB, NETWORK
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the ledger is enrolled, where (``url`` "": by packages alone), what waits, and how the last run ended (JSON of ``Result`` fields).

    ``authorities``: certificates (PEM) of those who alone may vouch for the service (``vouching_names``); "": the usual ones. ``device``: what this
    computer is called there, as the other ones read it beside what came from it.
    """

    enrolled: bool
    url: str = ""
    institution: str = ""
    last_at: str = ""
    last_report: str = ""
    n_parked: int = 0
    n_conflicts: int = 0
    authorities: str = ""
    device: str = ""


def remote_row(workspace: Workspace, remote: str) -> Mapping[str, str] | None:
    """What the ledger keeps of a remote; None: it is not enrolled there."""
    with workspace.read() as connection:
        row = connection.exec_driver_sql("SELECT * FROM remote WHERE role = ?", (remote,)).first()
    return None if row is None else dict(row._mapping)


def status(workspace: Workspace, remote: str = NETWORK) -> Status:
    """Where this ledger stands with a remote; reads only the ledger."""
    known = remote_row(workspace, remote)
    if known is None:
        return Status(False)
    with workspace.read() as connection:
        n_parked = int(connection.exec_driver_sql("SELECT count(*) FROM sync_parked WHERE remote = ?", (remote,)).scalar_one())
        if n_parked:
            # Not every one of them waits for something; the engine is loaded only where there is any.
            from desktop.actions.sync_storage import LedgerStep

            n_parked = len(LedgerStep(connection, remote).parked())
        n_conflicts = int(
            connection.exec_driver_sql("SELECT count(*) FROM sync_conflict WHERE remote = ?", (remote,)).scalar_one()
        )
        device = device_names.own_at(connection, remote)
    return Status(
        True, known["url"], known["institution"], known["last_at"], known["last_report"], n_parked, n_conflicts, known["authorities"], device
    )


def not_enrolled(workspace: Workspace, remote: str) -> Refused:
    """What is said where the ledger is not enrolled with a remote: whether it is with the other one."""
    other = HUB if remote == NETWORK else NETWORK
    if remote_row(workspace, other) is None:
        return Refused("sync.not_enrolled")
    return Refused("sync.enrolled_with_other", remote=f"sync.remote.{remote}", other=f"sync.remote.{other}", name=other)


def vouching_names(status: Status) -> tuple[str, ...]:
    """What those call themselves who alone may vouch for the service; none when the usual ones do."""
    from desktop.secrets import authorities

    return authorities.names(status.authorities)
