"""What an operation changed: the kinds of facts, so that pages showing them re-read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """``operation`` is the journal's number (0: nothing was written); ``kinds`` are table names."""

    operation: int = 0
    kinds: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.kinds)
