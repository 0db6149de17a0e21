"""Whose ledger this is, for the frame of the window: asked at every change, so it stays apart from the facts themselves."""

from __future__ import annotations

from desktop.actions.workspace import Workspace


def institution_name(workspace: Workspace) -> str:
    """The institution's name; "" while the ledger is so new that it has none yet."""
    with workspace.read() as connection:
        return str(connection.exec_driver_sql("SELECT name FROM institution").scalar() or "")
