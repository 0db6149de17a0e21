"""A remote's signed word that the ledger's chain had a head at a moment: what the file cannot deny afterwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest head that a remote has signed and that this ledger still has. ``at`` is the remote's clock, to the minute,
    in Asia/Shanghai (``2026-01-15 16:00``).

    ``n_operations`` the chain had then; ``newest``: nothing was written since. ``remote``: network or hub. ``key_id`` of the signature.
    """

    remote: str
    head: str
    n_operations: int
    at: str
    key_id: str
    newest: bool
