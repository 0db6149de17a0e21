"""How a figure is taken: medians of at least five, ours and the bare way in turns within one run, so that a busy machine slows both."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TIMES = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: ``measured`` may be at most ``bound`` (None: told only); both in ``unit`` (× for ratios)."""

    what: str
    bound: float | None
    measured: float
    unit: str
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether the program keeps its word."""
        return self.bound is None or self.measured <= self.bound


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run keeps its ledgers; they are made when first asked for and shared by the figures of this run.

    ``made``: home -> how many seconds it took. ``n_rows``: how many rows sync moves (0: the usual).
    """

    folder: Path
    made: dict[Path, float]
    n_rows: int = 0


def seconds(act: Callable[[], object]) -> float:
    """How long one call takes by the clock on the wall, with the collector's debts paid before."""
    gc.collect()
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def median(act: Callable[[], float], n: int = TIMES) -> float:
    """The median of n measurements."""
    return statistics.median(act() for _ in range(n))


def compared(ours: Callable[[], float], bare: Callable[[], float], n: int = TIMES) -> tuple[float, float]:
    """The medians of ours and the bare way, taken in turns."""
    taken = [(bare(), ours()) for _ in range(n)]
    return statistics.median(one for _, one in taken), statistics.median(one for one, _ in taken)


def in_ms(ours: float, bare: float) -> str:
    """Both times behind a ratio."""
    return f"{1000 * ours:.1f} ms : {1000 * bare:.1f} ms"
