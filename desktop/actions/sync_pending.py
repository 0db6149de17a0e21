"""What waits to be sent, for the frame of the window: asked at every change, so it stays apart from all that sends."""

from __future__ import annotations

from desktop.actions.workspace import Workspace
from desktop.store import sync_rows
from desktop.store.reach import HUB, NETWORK, REMOTES, kinds

__all__ = ["HUB", "NETWORK", "REMOTES", "kinds", "n_pending"]


def n_pending(workspace: Workspace, remote: str = NETWORK) -> int | None:
    """How many rows differ from what a remote holds; None when not enrolled with it."""
    with workspace.read() as connection:
        if connection.exec_driver_sql("SELECT 1 FROM remote WHERE role = ?", (remote,)).first() is None:
            return None
        return sync_rows.n_differing(connection, remote)
