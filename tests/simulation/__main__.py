"""Play many histories: ``python -m tests.simulation N [--from SEED] [--processes P]``.

Prints how many, the faults that were injected by kind, what else came about, seeds a second, each violation with its history, and
as the last line ``violations: 0``, or the count and the seeds.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.faults import beside, injected
from tests.simulation.history import History
from tests.simulation.seat import Violation
from tests.simulation.telling import tell

CHUNK = 250


def play(seed: int) -> tuple[Counter[str], str]:
    """Play one seed: what was injected and came about, and the violation with its history ("" when every promise held)."""
    history = History(seed)
    try:
        history.play()
    except Exception as broken:  # noqa: BLE001 - a bug of the engine breaks a promise like any other
        kind = broken if isinstance(broken, Violation) else f"stuck: {broken!r}"
        return history.counts, f"seed {seed}: {kind}\n{tell(history)}"
    return history.counts, ""


def play_all(first: int, n: int) -> tuple[int, Counter[str], list[tuple[int, str]]]:
    """Play ``n`` seeds from ``first``."""
    total: Counter[str] = Counter()
    broken = []
    for seed in range(first, first + n):
        counts, told = play(seed)
        total += counts
        if told:
            broken.append((seed, told))
    return n, total, broken


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("n", type=int, nargs="?", default=5000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--show", type=int, default=3, help="how many violations are told in full")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    parts = [(first, min(CHUNK, asked.first + asked.n - first)) for first in range(asked.first, asked.first + asked.n, CHUNK)]
    n, total, broken = 0, Counter[str](), []
    with ProcessPoolExecutor(asked.processes) as pool:
        for played, counts, found in pool.map(play_all, *zip(*parts, strict=True)):
            n += played
            total += counts
            broken += found
    seconds = time.monotonic() - began
    for _, told in broken[: asked.show]:
        print(told, end="\n\n")
    print(f"histories: {n}")
    faults = injected(total)
    for title, counts in ((f"faults injected: {sum(faults.values())}", faults), ("beside them:", beside(total))):
        print(title)
        for name, count in counts.items():
            print(f"  {name:28} {count}")
    print(f"seeds per second: {n / seconds:.0f} ({seconds:.0f} s, {asked.processes} processes)")
    seeds = f" (seeds {', '.join(str(seed) for seed, _ in broken)})" if broken else ""
    print(f"violations: {len(broken)}{seeds}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
