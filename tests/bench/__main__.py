"""The program measured against plain SQL and a bare window: ``python -m tests.bench [figure …] [--rows N]``.

``--rows``: how many rows sync moves, at most (a tenth of them first, to see how it grows); the usual is 200 000.
Prints a table with bound and measured value and ends with 1 when one is over. Ledgers are made in a folder of this run and removed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import unicodedata
from importlib import import_module
from pathlib import Path

from tests.bench.measuring import Figure, Place

FIGURES = {
    "import": "import_file",
    "sums": "sums",
    "list": "lists",
    "new": "new_ledger",
    "start": "start",
    "report": "report_memory",
    "print": "report_time",
    "search": "searching",
    "sync": "syncing",
}


def _wide(text: str, width: int) -> str:
    taken = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * (width - taken)


def _line(figure: Figure) -> str:
    bound = "" if figure.bound is None else f"≤ {figure.bound:g} {figure.unit}"
    verdict = "" if figure.bound is None else ("ok" if figure.ok else "over")
    return f"{_wide(figure.what, 62)}{bound:>12}{figure.measured:>10.2f} {figure.unit:<4}{verdict:<5}{figure.note}"


def main(arguments: list[str]) -> int:
    """Measure what is named, or everything."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("figures", nargs="*")
    parser.add_argument("--rows", type=int, default=0)
    asked = parser.parse_args(arguments)
    arguments = asked.figures
    unknown = [name for name in arguments if name not in FIGURES]
    if unknown:
        print(f"{', '.join(unknown)}: the figures are {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found: list[Figure] = []
    start = time.monotonic()
    print(f"{'':62}{'bound':>12}{'measured':>10}", flush=True)
    with tempfile.TemporaryDirectory(prefix="yixiang-bench-") as folder:
        os.environ["HOME"] = folder  # nothing of the person's own is read or written
        place = Place(Path(folder), {}, asked.rows)
        for name in arguments or FIGURES:
            for figure in import_module(f"tests.bench.{FIGURES[name]}").figures(place):
                print(_line(figure), flush=True)
                found.append(figure)
    over = [figure for figure in found if not figure.ok]
    print(f"{len(found)} figures in {time.monotonic() - start:.0f} s, {len(over)} over")
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
