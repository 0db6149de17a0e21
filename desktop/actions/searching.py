"""Search everything: what in the ledger bears the text in its name or number, beside the lists of instruments and records."""

from __future__ import annotations

from desktop.actions.workspace import Workspace
from desktop.store import searches
from desktop.store.searches import Named

__all__ = ["Named", "name_of", "named"]

_MOST = 6


def named(workspace: Workspace, text: str) -> list[Named]:
    """Technicians, customers, people and payout runs, at most six of each; nothing for an empty text."""
    if not text:
        return []
    with workspace.read() as connection:
        return searches.named(connection, text, _MOST)


def name_of(workspace: Workspace, kind: str, key: str) -> str:
    """What an instrument, a customer or a technician is called; empty when it is gone."""
    with workspace.read() as connection:
        return searches.name_of(connection, kind, key)
