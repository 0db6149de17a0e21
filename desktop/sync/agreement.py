"""When both sides hold the same: asked by the engine, and by all who say it of a run or of a package."""

from __future__ import annotations

from typing import Protocol


class Outcome(Protocol):
    """What is left after a run. ``digest_equal``: the remote holds exactly what we believe it holds; None: not compared."""

    @property
    def digest_equal(self) -> bool | None: ...
    @property
    def pending(self) -> int: ...
    @property
    def parked(self) -> int: ...
    @property
    def conflicts(self) -> int: ...


def in_sync(done: Outcome) -> bool:
    """Whether the digests agree and nothing waits to be sent, was refused or is contested: equal digests alone say nothing of these."""
    return done.digest_equal is True and not (done.pending or done.parked or done.conflicts)
