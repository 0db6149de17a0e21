"""The line to a remote: the client with the gate that everything passes, the key it acts by and who may vouch for the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_marks import Marks
from desktop.actions.sync_pending import NETWORK
from desktop.actions.sync_secrets import REFRESH, Secret
from desktop.actions.sync_status import not_enrolled, remote_row
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused

if TYPE_CHECKING:
    from desktop.sync.client import Client


def client(
    workspace: Workspace, url: str, progress: Progress = UNWATCHED, remote: str = NETWORK, authorities: str = "", role: str = ""
) -> Client:
    """A client of the service at an address; it is the caller's to close. ``authorities``: PEM of those who alone vouch for it; ``role``: what
    the service must be, "" to be told."""
    from desktop.sync.client import Client
    from desktop.sync.egress import Gate

    marks, strict = Marks(), Marks(strict=True)

    def gate() -> Gate:
        with workspace.read() as connection:
            return Gate(marks.of(connection))

    def address_gate() -> Gate:
        with workspace.read() as connection:
            return Gate(strict.of(connection))

    cancelled = None if progress is UNWATCHED else progress.cancelled
    return Client(url, Secret(workspace, remote, REFRESH), gate, address_gate=address_gate, cancelled=cancelled, authorities=authorities, role=role)


@contextmanager
def reached(workspace: Workspace, remote: str = NETWORK, progress: Progress = UNWATCHED) -> Iterator[Client]:
    """The way to a remote the ledger is enrolled with: nothing goes to a service that says it is another one. Raises Refused when it is not
    enrolled."""
    known = _enrolled(workspace, remote)
    with closing(client(workspace, known["url"], progress, remote, known["authorities"], remote)) as found:
        yield found


def _enrolled(workspace: Workspace, remote: str) -> Mapping[str, str]:
    known = remote_row(workspace, remote)
    if known is None:
        raise not_enrolled(workspace, remote)
    if not known["url"]:
        raise Refused("sync.by_package")
    return known
