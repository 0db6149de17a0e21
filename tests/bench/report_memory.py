"""What a year's report of 100 000 posted records takes in memory above the idle program, as PDF.

    python -m tests.bench.report_memory HOME OUT     prints idle and peak KiB, and pages
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench import big_ledger
from tests.bench.measuring import Figure, Place

BOUND_MIB = 150.0


def figures(place: Place) -> list[Figure]:
    """One run in a process of its own: its peak hardly varies, and it takes half a minute."""
    home, _ = big_ledger.posted_ledger(place)
    out = place.folder / "year.pdf"
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.report_memory", str(home), str(out)], capture_output=True, text=True, check=True, timeout=500
    )
    idle, peak, pages, took = done.stdout.split()
    above = (int(peak) - int(idle)) / 1024
    return [
        Figure(f"memory of a year's report ({pages} pages) above idle", BOUND_MIB, above, "MiB", f"idle {int(idle) / 1024:.0f} MiB"),
        Figure("that report as PDF", None, float(took), "s"),
    ]


def _kib(name: str) -> int:
    line = next(one for one in Path("/proc/self/status").read_text("ascii").splitlines() if one.startswith(f"{name}:"))
    return int(line.split()[1])


def _report(home: Path, out: Path) -> None:
    from desktop.actions import record_list, reporting
    from desktop.actions.workspace import open_ledger
    from desktop.ledger import period
    from tests.bench.measuring import seconds

    with open_ledger(home) as workspace:
        record_list.counts(workspace, period.parse(str(big_ledger.YEAR)))
        idle = _kib("VmRSS")
        pages = 0

        def make() -> None:
            nonlocal pages
            pages = reporting.make(workspace, "transactions", period=str(big_ledger.YEAR), out=out).n_pages

        took = seconds(make)
        print(idle, _kib("VmHWM"), pages, f"{took:.1f}")


if __name__ == "__main__":
    _report(Path(sys.argv[1]), Path(sys.argv[2]))
