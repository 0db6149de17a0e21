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

from desktop.actions import rehearsal
from desktop.ledger.problem import Problem

ON = "2026-10-01"  # any day after the practice year, told to the program as its clock


def run(home: Path, *arguments: str, on: str = ON) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HOME": str(home.parent), "QT_QPA_PLATFORM": "offscreen", "YIXIANG_TODAY": on}
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
    _cut_off_before(folder)
    done = run(folder / "home", "demo", "--headless", "--out", str(folder / "out"))
    assert done.returncode == 0, done.stderr + done.stdout
    return folder / "home", folder / "out"


def _cut_off_before(folder: Path) -> None:
    """What a day leaves whose process was killed in the middle: the day that follows must not mind it."""
    arguments = [sys.executable, "-c", KILLED, str(folder / "home"), str(folder / "out")]
    subprocess.run(arguments, check=False, timeout=180, env={**os.environ, "YIXIANG_TODAY": ON})
    assert list((folder / "home").rglob("ledger.db")), "the killed day had not begun its ledger"
    assert not (folder / "home" / "ledger.db").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from desktop.actions import rehearsal
rehearsal._duties = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
rehearsal.whole_day(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_the_day_leaves_each_paper_as_pdf_and_as_workbook(day: tuple[Path, Path]) -> None:
    _, out = day
    assert sorted(path.stem for path in out.glob("*.pdf")) == [
        "award-2025", "balance-2025", "benefit-2025", "cers-2026", "fees-2026", "filing-statement", "handover-DB2026-001", "integrity-2025",
        "joining-2026", "management-2025", "national_assets-2025", "national_audit-2025", "national_income-2025", "payout-2025",
        "payout_comparison-2025-2026", "performance-2025", "pilot_award-2025", "pilot_catalogue-2025", "pilot_performance-2025", "publication-2026",
        "purchase-LX-SG-1", "quarterly-2025Q3", "rectification-2025", "rectification-2026", "repricing-2025", "sensors-2025", "trainings-2025",
        "transactions-2025", "transfers-2025", "university-2024-2025", "voucher-LX-2025-001", "voucher-LX-2026-001",
    ]  # fmt: skip
    for path in out.glob("*.pdf"):
        assert path.read_bytes().startswith(b"%PDF-")
        assert path.with_suffix(".xlsx").read_bytes().startswith(b"PK")


def days_after(text: str, printed: str) -> set[str]:
    """The days a paper speaks of as having come (printed, prepared, approved, as of) that came after it was printed."""
    told = re.findall(r"(?:截至|打印|编制人?|审批人?|结清人?)\D{0,20}(20[0-9]{2}-[0-9]{2}-[0-9]{2})", text)
    assert printed in told, text
    return {day for day in told if day > printed}


def words_of(paper: Path) -> str:
    document = pypdfium2.PdfDocument(paper)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


def test_no_paper_speaks_of_a_day_after_it_was_printed(day: tuple[Path, Path]) -> None:
    assert json.loads((day[1] / "summary.json").read_text("utf-8"))["duties"]["on"] == ON
    late = {paper.name: days_after(words_of(paper), ON) for paper in day[1].glob("*.pdf")}
    assert not any(late.values()), late
    assert days_after(f"编制人 练习·财务 2026-10-02 打印 {ON}", ON) == {"2026-10-02"}  # the check sees one that does
    payout = words_of(day[1] / "payout-2025.pdf")
    assert len(re.findall(rf"(?:编制人|审批人|结清人)\D{{0,20}}{ON}", payout)) >= 2, "who prepared and approved, on the day of the paper"
    joining = words_of(day[1] / "joining-2026.pdf")
    assert set(re.findall(r"(?:截至|打印) *(2026-[0-9-]+)", joining)) == {ON}


@pytest.mark.parametrize("there", [True, False])
def test_a_day_that_fails_leaves_nothing_behind(tmp_path: Path, there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIXIANG_TODAY", ON)
    home, out = tmp_path / "home", tmp_path / "out"
    if there:
        home.mkdir()
        out.mkdir()
        (out / "own.txt").write_text("mine", "utf-8")
    before = sorted(tmp_path.rglob("*"))

    def fails(*_: object) -> None:
        raise Problem("work.cancelled")

    monkeypatch.setattr(rehearsal, "_duties", fails)
    with pytest.raises(Problem):
        rehearsal.whole_day(home, out)
    assert [path for path in sorted(tmp_path.rglob("*")) if path.name != "ledger.lock"] == before


def test_before_the_practice_year_is_over_the_day_is_refused_in_words(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "demo", "--headless", "--out", str(tmp_path / "out"), on="2025-12-31")
    assert done.returncode == 1
    assert "2025-12-31" in done.stderr
    assert not list(tmp_path.glob("home/*")) + list(tmp_path.glob("out/*"))


def test_the_summary_tells_the_figures(day: tuple[Path, Path]) -> None:
    summary = json.loads((day[1] / "summary.json").read_text("utf-8"))
    counts = {kind: (told["accepted"], told["rejected"], told["again"]["unchanged"]) for kind, told in summary["imports"].items()}
    assert counts == {
        "instruments": (60, 5, 60), "fees": (42, 1, 42), "technicians": (12, 1, 12), "customers": (15, 1, 15), "records": (502, 4, 502),
    }  # fmt: skip
    assert summary["receipts"] == {"accepted": 126, "rejected": 1}, "one row is of more than was due"
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


def test_the_summary_names_the_day_of_the_desk(day: tuple[Path, Path]) -> None:
    told = json.loads((day[1] / "summary.json").read_text("utf-8"))
    assert told["duties"]["on"] == ON
    assert {f"joining-{ON[:4]}.pdf", f"fees-{ON[:4]}.pdf"} <= set(told["reports"])
