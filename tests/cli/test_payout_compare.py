"""Two periods of payouts by command: as an object, in words, by department and by the rows of the scheme, and on paper."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.cli.conftest import Shell
from tests.cli.test_day import payout_ready

COMPARE = ("payout", "compare", "2025Q2", "2025Q4")


@pytest.fixture
def paid(filled: Shell) -> Shell:
    """Everything to the end of June in one payout, the rest of the year in another."""
    payout_ready(filled)
    filled("payout", "cost", "add", "--kind", "耗材", "--from", "2025-01-01", "--to", "2025-12-31", "--amount", "12345.67", "--document", "凭1")
    for number, day in (("FP2025-001", "2025-06-30"), ("FP2025-002", "2025-12-31")):
        filled("payout", "prepare", "--to", day, "--scheme", "校方案", "--as", "张会计", "--pin", "1234")
        filled("payout", "approve", number, "--as", "李审批")
    return filled


def test_each_difference_is_the_sum_of_its_reasons(paid: Shell) -> None:
    told = paid.json(*COMPARE)
    assert (told["runs_before"], told["runs_after"], told["weighed"]) == (["FP2025-001"], ["FP2025-002"], True)
    runs = [{one["staff_number"]: one["fen"] for one in paid.json("payout", "show", number)["shares"]} for number in ("FP2025-001", "FP2025-002")]
    assert {row["staff_number"]: (row["before_fen"], row["after_fen"]) for row in told["rows"]} == {
        number: (runs[0].get(number), runs[1].get(number)) for number in runs[0] | runs[1]
    }
    for row in [*told["rows"], told["whole"]]:
        assert sum(row["reasons"].values()) == row["more_fen"]
    assert sum(row["more_fen"] for row in told["rows"]) == told["whole"]["more_fen"]
    said = paid(*COMPARE)
    assert "按分配的截止日归期" in said
    assert all(row["name"] in said for row in told["rows"])


def test_departments_and_rows_of_the_scheme(paid: Shell) -> None:
    whole = paid.json(*COMPARE)["whole"]
    departments = paid.json(*COMPARE, "--by", "department")["rows"]
    assert sum(row["more_fen"] for row in departments) == whole["more_fen"]
    sources = {row["receiver"]: row for row in paid.json(*COMPARE, "--by", "source")["sources"]}
    assert sources["technicians"]["more_fen"] == whole["more_fen"]
    assert "服务收入" in paid(*COMPARE, "--by", "source")
    assert "合计" in paid(*COMPARE, "--by", "department")


def test_the_comparison_is_printed_and_explained(paid: Shell, tmp_path: Path) -> None:
    told = paid.json(*COMPARE, "--out", tmp_path / "a.pdf")
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert told["pages"] == len(pypdfium2.PdfDocument(tmp_path / "a.pdf")) >= 1
    assert "两期分配对比表" in text
    assert all(row["name"] in text for row in told["rows"])
    paid(*COMPARE, "--out", tmp_path / "a.xlsx")
    assert paid.json("explain", "payout", "2025Q2:2025Q4")["figure"]["value"] == told["whole"]["more_fen"]
    assert "差额的原因" in paid("explain", "payout", f"2025Q2:2025Q4:{told['rows'][0]['staff_number']}")


def test_periods_that_cannot_be_compared_are_refused_in_words(paid: Shell, tmp_path: Path) -> None:
    assert paid.json("payout", "compare", "2025", "2025Q4", status=1)["error"] == "payout_comparison.overlap"
    assert paid.json("payout", "compare", "2024", "2025", status=1)["error"] == "payout_comparison.no_run"
    paid("payout", "compare", "2024", "2025", status=1)
    assert "不能当作零" in paid.err
    assert paid.json(*COMPARE, "--out", tmp_path / "a.txt", status=1)["error"] == "report.format"
