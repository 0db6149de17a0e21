"""The program started as a user starts it, in an empty home: the whole day, its papers, and a clean verification."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest


def run(home: Path, *arguments: str, today: str = "2026-11-23") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HOME": str(home.parent), "QT_QPA_PLATFORM": "offscreen", "YIXIANG_TODAY": today}
    return subprocess.run(
        [sys.executable, "-m", "desktop", *arguments, "--home", str(home)],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env=environment,
    )


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("demo")
    done = run(folder / "home", "demo", "--headless", "--out", str(folder / "out"))
    assert done.returncode == 0, done.stderr + done.stdout
    return folder / "home", folder / "out"


def test_the_day_leaves_five_papers_and_five_workbooks(day: tuple[Path, Path]) -> None:
    _, out = day
    pdfs = sorted(path.name for path in out.glob("*.pdf"))
    assert pdfs == ["fees-2026.pdf", "joining-2026.pdf", "payout-2025.pdf", "quarterly-2025Q3.pdf", "transactions-2025.pdf"]
    for path in out.glob("*.pdf"):
        assert path.read_bytes().startswith(b"%PDF-")
        assert path.with_suffix(".xlsx").read_bytes().startswith(b"PK")


def test_no_paper_speaks_of_a_day_after_it_was_printed(day: tuple[Path, Path]) -> None:
    printed = json.loads((day[1] / "summary.json").read_text("utf-8"))["duties"]["on"]
    document = pypdfium2.PdfDocument(day[1] / "joining-2026.pdf")
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    assert set(re.findall(r"(?:截至|打印) *(2026-[0-9-]+)", text)) == {printed}, text


def test_the_summary_tells_the_figures(day: tuple[Path, Path]) -> None:
    summary = json.loads((day[1] / "summary.json").read_text("utf-8"))
    counts = {kind: (told["accepted"], told["rejected"], told["again"]["unchanged"]) for kind, told in summary["imports"].items()}
    assert counts == {
        "instruments": (60, 5, 60), "fees": (42, 1, 42), "technicians": (12, 1, 12), "customers": (15, 1, 15), "records": (502, 4, 502),
    }  # fmt: skip
    payout = summary["payout"]
    assert payout["without_costs"] == "payout.no_cost_statement"
    assert payout["same_person"] == "payout.same_person"
    assert sum(share["fen"] for share in payout["shares"]) == payout["pool_fen"]
    assert payout["pool_fen"] + sum(other["fen"] for other in payout["others"]) == payout["income_fen"] - payout["cost_fen"]
    sync = summary["sync"]
    assert sync["digest_equal"] is True
    assert sync["sent"] == sync["previewed"] > 0
    assert sync["again"] == {"sent": 0, "received": 0}
    assert sync["withheld"] > 0


def test_the_ledger_of_the_day_verifies_from_another_process(day: tuple[Path, Path]) -> None:
    done = run(day[0], "verify", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["ok"] is True
    assert told["operations"] > 10


def test_a_confidential_instrument_is_in_no_byte_of_the_network(day: tuple[Path, Path]) -> None:
    home, _ = day
    held = b"".join(path.read_bytes() for path in home.glob("network-practice.db*"))
    assert b"2021170001" in held  # an ordinary asset number is there
    for asset in (b"2023170011", b"2022170028", b"2024170045"):
        assert asset not in held


def test_a_second_day_never_touches_a_ledger(day: tuple[Path, Path]) -> None:
    home, out = day
    before = (home / "ledger.db").read_bytes()
    done = run(home, "demo", "--headless", "--out", str(out), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == "store.exists"
    assert (home / "ledger.db").read_bytes() == before


def test_the_day_is_the_one_of_the_desk_and_a_day_that_fails_leaves_nothing(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "demo", "--headless", "--json", "--out", str(tmp_path / "out"), today="2020-01-02")
    assert done.returncode == 1
    assert json.loads(done.stdout)["words"]
    assert not (tmp_path / "home" / "ledger.db").exists()
    done = run(tmp_path / "home", "demo", "--headless", "--json", "--out", str(tmp_path / "out"), today="2026-09-30")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["duties"]["on"] == "2026-09-30"
