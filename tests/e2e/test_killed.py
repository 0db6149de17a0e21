"""The program is killed in the middle of an import: the ledger is as it was before, verifies, and takes the import again."""

from __future__ import annotations

import csv
import os
import selectors
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from desktop import resource
from desktop.actions import importing, listing, record_list, upkeep
from desktop.actions.workspace import open_ledger

N_BEFORE = 502  # records of the practice ledger


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """The practice records once more under other numbers."""
    rows = CalamineWorkbook.from_path(resource.path("practice", "service-records.xlsx")).get_sheet_by_index(0).to_python()
    place = rows[0].index("记录编号")
    for row in rows[1:]:
        row[place] = f"K{row[place]}" if row[place] else ""
    path = tmp_path / "more.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_a_kill_before_the_commit_leaves_the_ledger_as_it_was(tmp_path: Path, more: Path) -> None:
    home = tmp_path / "home"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.interrupted", str(home), str(more)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "YIXIANG_TODAY": "2026-03-02"},
    )
    try:
        assert _line(process) == "written"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    with open_ledger(home) as workspace:
        assert len(listing.ids(workspace, record_list.LISTING)) == N_BEFORE
        verdict = upkeep.verify(workspace)
        assert verdict.ok, verdict.findings
        again = importing.import_file(workspace, "records", more)
        assert again.accepted == N_BEFORE
        assert upkeep.verify(workspace).ok


def _line(process: subprocess.Popen[str]) -> str:
    """The next line the program says; empty when it ended or stayed silent for two minutes."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return process.stdout.readline().strip() if selector.select(120) else ""
