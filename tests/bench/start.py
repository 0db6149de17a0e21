"""From the start of the process to the first picture, and to the first filled table, against a bare PySide6 window."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

from desktop.actions import rehearsal
from tests.bench.measuring import Figure, Place, in_ms

PAINT_BOUND, TABLE_BOUND = 1.5, 4.0
TIMES = 11
_PAGE = "records"


def figures(place: Place) -> list[Figure]:
    """Both ratios; the page is the list of service records of the practice ledger."""
    home = place.folder / "start"
    with rehearsal.practice_ledger(home) as workspace, workspace.read() as connection:
        last = connection.exec_driver_sql("SELECT max(ended_at) FROM service_record").scalar_one()[:10]
    (home / "window.json").write_text(json.dumps({"window.page": _PAGE}), "utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "YIXIANG_HOME": str(home), "YIXIANG_TODAY": last}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    taken: dict[str, list[float]] = {"bare": [], "paint": [], "table": []}
    for turn in range(TIMES + 1):  # the first only warms up
        (home / "window.sock").unlink(missing_ok=True)  # the window that was measured last did not end by itself
        bare, ours = _started("bare", environment), _started("ours", environment)
        if turn:
            taken["bare"].append(bare["paint"])
            taken["paint"].append(ours["paint"])
            taken["table"].append(ours["table"])
    least, paint, table = (statistics.median(taken[name]) for name in ("bare", "paint", "table"))
    return [
        Figure("first paint", PAINT_BOUND, paint / least, "×", in_ms(paint, least)),
        Figure("first table filled", TABLE_BOUND, table / least, "×", in_ms(table, least)),
    ]


def _started(which: str, environment: dict[str, str]) -> dict[str, float]:
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.first_paint", which], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    told = dict(line.split() for line in done.stdout.splitlines())
    if "paint" not in told or (which == "ours" and "table" not in told):
        raise AssertionError(f"the window drew nothing: {done.stderr[-2000:]}")
    return {name: float(moment) - start for name, moment in told.items()}
