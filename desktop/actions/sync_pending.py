"""What waits to be sent, for the frame of the window: asked at every change, so it stays apart from all that sends."""

from __future__ import annotations

from desktop.actions.workspace import Workspace
from desktop.store import sync_rows

NETWORK = "network"


def n_pending(workspace: Workspace) -> int | None:
    """How many rows differ from what the network holds; None when not enrolled."""
    with workspace.read() as connection:
        if connection.exec_driver_sql("SELECT 1 FROM remote WHERE role = ?", (NETWORK,)).first() is None:
            return None
        return sync_rows.n_differing(connection, NETWORK)
