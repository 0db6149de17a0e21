"""A technician's statement and the declared costs by command: every line behind the sum, and which run took a cost."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from desktop.actions import payouts
from tests.cli.conftest import Shell
from tests.cli.test_day import payout_ready

COST = ("payout", "cost", "add", "--kind", "耗材", "--from", "2025-01-01", "--to", "2025-12-31", "--amount", "12345.67", "--document", "凭1")
PREPARE = ("payout", "prepare", "--to", "2025-12-31", "--scheme", "校方案", "--as", "张会计", "--pin", "1234")


@pytest.fixture
def prepared(filled: Shell) -> Shell:
    payout_ready(filled)
    filled(*COST)
    filled(*PREPARE)
    return filled


def test_every_line_behind_each_sum_is_listed(prepared: Shell) -> None:
    run = prepared.json("payout", "show", "FP2025-001")
    for share in run["shares"]:
        told = prepared.json("payout", "statement", "FP2025-001", "--technician", share["staff_number"])
        assert told["fen"] == share["fen"] == sum(line["fen"] for line in told["lines"]) == told["lines_fen"]
        assert len(told["lines"]) == share["lines"] > 0
    first = run["shares"][0]
    by_name = prepared.json("payout", "statement", "FP2025-001", "--technician", first["technician"])
    assert by_name["staff_number"] == first["staff_number"]
    words = prepared("payout", "statement", "FP2025-001", "--technician", first["staff_number"])
    assert "与应发金额一致" in words
    assert all(line["record"] in words for line in by_name["lines"])


def test_the_statement_is_printed_with_the_same_lines(prepared: Shell, tmp_path: Path) -> None:
    told = prepared.json("payout", "statement", "FP2025-001", "--technician", "T003", "--out", tmp_path / "a.pdf")
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert told["pages"] >= 1
    shown = [line for line in told["lines"] if not line["confidential"]]
    assert shown
    assert all(line["record"] in text for line in shown)
    assert told["technician"] in text
    assert "待审批" in text, "paper of a run that nobody approved says so"
    assert "领取人签字" in text
    prepared("payout", "statement", "FP2025-001", "--technician", "T003", "--out", tmp_path / "a.xlsx")
    cells = {str(c) for sheet in openpyxl.load_workbook(tmp_path / "a.xlsx") for row in sheet.iter_rows(values_only=True) for c in row}
    assert {line["record"] for line in shown} <= cells
    assert prepared.json("payout", "statement", "FP2025-001", "--technician", "T003", "--out", tmp_path / "a.doc", status=1)["error"] == (
        "report.format"
    )


def test_lines_that_do_not_make_the_sum_are_called_out(prepared: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = payouts.statement

    def one_short(*arguments: object) -> object:
        run, technician, lines = whole(*arguments)  # type: ignore[arg-type]
        return run, technician, lines[1:]

    monkeypatch.setattr(payouts, "statement", one_short)
    told = prepared.json("payout", "statement", "FP2025-001", "--technician", "T003", status=1)
    assert told["fen"] != told["lines_fen"]
    assert "不符" in prepared("payout", "statement", "FP2025-001", "--technician", "T003", status=1)


def test_a_person_or_run_that_is_not_there_is_refused(prepared: Shell, tmp_path: Path) -> None:
    statement = ("payout", "statement")
    assert prepared.json(*statement, "FP2025-001", "--technician", "T999", status=1)["error"] == "payout.no_such_technician"
    assert prepared.json(*statement, "FP2030-001", "--technician", "T003", status=1)["error"] == "payout.unknown_run"
    book = openpyxl.Workbook()
    book.active.append(["工号", "姓名", "部门"])
    book.active.append(["N1", "新来的", "中心"])
    book.active.append(["N2", "新来的", "中心"])
    book.save(tmp_path / "people.xlsx")
    prepared("import", "technicians", tmp_path / "people.xlsx")
    twice = prepared.json(*statement, "FP2025-001", "--technician", "新来的", status=1)
    assert twice["error"] == "payout.which_technician"
    assert "N1、N2" in twice["words"]
    unpaid = prepared.json(*statement, "FP2025-001", "--technician", "N1", "--out", tmp_path / "n.pdf", status=1)
    assert unpaid["error"] == "payout.no_share"
    assert "T003" in unpaid["words"]
    assert not (tmp_path / "n.pdf").exists()


def test_costs_say_which_run_deducted_them(filled: Shell) -> None:
    payout_ready(filled)
    filled(*COST)
    (row,) = filled.json("payout", "cost", "list")["costs"]
    assert row["run"] is None
    assert "待扣除" in filled("payout", "cost", "list")
    filled(*PREPARE)
    assert [c["run"] for c in filled.json("payout", "cost", "list")["costs"]] == ["FP2025-001"]
    assert "FP2025-001" in filled("payout", "cost", "list")
    refused = filled.json("payout", "cost", "remove", row["id"], status=1)
    assert not refused["words"].startswith("[")
    filled("payout", "withdraw", "FP2025-001", "--as", "张会计", "--pin", "1234")
    assert [c["run"] for c in filled.json("payout", "cost", "list")["costs"]] == [None]
    assert filled.json("payout", "cost", "remove", "没有的键", status=1)["error"] == "payout.unknown_cost"


def test_a_cost_nobody_used_is_taken_back_and_undone(filled: Shell) -> None:
    filled(*COST)
    (row,) = filled.json("payout", "cost", "list")["costs"]
    filled("payout", "cost", "remove", row["id"])
    assert filled.json("payout", "cost", "list")["costs"] == []
    filled("undo")
    assert filled.json("payout", "cost", "list")["costs"] == [row]


def test_a_price_beside_an_error_is_not_one_to_rely_on(filled: Shell) -> None:
    """An overlap has a price but cannot be posted: the command says so by its status too."""
    found = filled.json("problems")["problems"]
    overlapping = {p["record"] for p in found if p["code"] == "record.overlap" and p["severity"] == "error"}
    statuses = {}
    for number in sorted(overlapping)[:4]:
        told = filled.json("price", "--record", number, status=1)
        statuses[number] = told["amount_fen"]
    assert any(amount is not None for amount in statuses.values()), "a price was computed, and the status is 1 all the same"
