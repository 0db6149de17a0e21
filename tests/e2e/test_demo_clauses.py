"""The practice day clause by clause: clauses.json says what the ledger says, names papers that are there, and invents nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop import words
from desktop.actions import explaining, library, national_audit_list, national_outgoing, rehearsal, upkeep, workspace
from desktop.actions.workspace import Workspace
from desktop.cli.demo import said
from desktop.cli.parser import build
from tests.e2e.test_demo import ON

NOT_YET: list[str] = []
ACCOUNT = "office-pc-7"
Told = dict[str, dict[str, list[Any]]]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("clauses")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("YIXIANG_TODAY", ON)
        patched.setenv("LOGNAME", ACCOUNT)
        summary = rehearsal.whole_day(folder / "home", folder / "out")
        yield folder / "home", folder / "out", summary


@pytest.fixture
def told(walked: tuple[Path, Path, dict[str, Any]]) -> Told:
    found: Told = json.loads((walked[1] / "clauses.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def ledger(walked: tuple[Path, Path, dict[str, Any]]) -> Iterator[Workspace]:
    with workspace.open_ledger(walked[0]) as opened:
        yield opened


def missing(told: Told, out: Path) -> list[str]:
    """Documents that are named and are not there, or are no paper, workbook, table or message."""
    begins = {".pdf": b"%PDF-", ".xlsx": b"PK", ".xml": b"<?xml", ".csv": b"", ".zip": b"PK"}
    named = [name for clause in told.values() for name in clause["documents"]]
    return [name for name in named if not (out / name).is_file() or not (out / name).read_bytes().startswith(begins[Path(name).suffix])]


def said_in(path: Path) -> list[str]:
    """Every cell of a workbook."""
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        return [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]


def asked(ledger: Workspace, why: str) -> dict[str, Any]:
    """What ``yixiang explain`` answers to ``why``, read by the program's own grammar."""
    args = build().parse_args(["explain", *why.split()])
    return explaining.as_json(explaining.explain(ledger, args.kind, args.id, args.on, args.period))


def otherwise(told: Told, ledger: Workspace) -> list[str]:
    """The figures that ``yixiang explain`` answers otherwise."""
    figures = [one for clause in told.values() for one in clause["figures"] if one["explain"]]
    return [one["explain"] for one in figures if {name: asked(ledger, one["explain"])[name] for name in ("code", "value", "unit")} != {
        name: one[name] for name in ("code", "value", "unit")
    }]  # fmt: skip


def test_no_paper_names_the_account_of_the_computer(told: Told, walked: tuple[Path, Path, dict[str, Any]]) -> None:
    """Whoever signs or answers is a person of the practice day."""
    sheets = sorted(path for path in walked[1].rglob("*.xlsx"))
    assert len(sheets) > 20
    cells = {path.name: said_in(path) for path in sheets}
    assert [name for name, found in cells.items() if any(ACCOUNT in cell for cell in found)] == []
    (answers,) = [found for name, found in cells.items() if name == "rectification-2025.xlsx"]
    assert rehearsal.day()["person"][2]["name"] in answers


def test_each_clause_is_told_and_what_is_not_there_is_empty(told: Told) -> None:
    assert list(told) == [str(n) for n in range(1, 18)]
    assert all(set(clause) == {"figures", "documents", "findings"} for clause in told.values())
    assert [number for number, clause in told.items() if not (clause["figures"] and clause["documents"])] == NOT_YET
    assert not any(any(told[number].values()) for number in NOT_YET)


def test_each_document_is_there_and_each_figure_is_what_explain_answers(
    told: Told, walked: tuple[Path, Path, dict[str, Any]], ledger: Workspace
) -> None:
    assert not missing(told, walked[1])
    assert not otherwise(told, ledger)
    kinds = {one["explain"].split()[0] for clause in told.values() for one in clause["figures"] if one["explain"]}
    assert kinds == set(explaining.KINDS) - {"record"}  # of a record the price is shown


def test_each_clause_has_a_figure_that_answers_why(told: Told) -> None:
    assert [number for number, clause in told.items() if not any(one["explain"] for one in clause["figures"])] == []
    assert {one["explain"] for number in ("7", "15") for one in told[number]["figures"]} == {"", "pilot LX-ZS-1 --period 2025"}


def test_a_notice_comes_and_is_answered_before_it_is_due(told: Told, ledger: Workspace, walked: tuple[Path, Path, dict[str, Any]]) -> None:
    (notice,) = library.notices(ledger)
    assert notice.due_on is not None
    assert [(one.text, one.answered_on <= notice.due_on) for one in notice.answers] == [(rehearsal.day()["notice_answer"], True)]
    (shown,) = [one for one in told["17"]["figures"] if one["explain"].startswith("notice ")]
    assert shown["value"] == "answered"
    (paper,) = [name for name in told["17"]["documents"] if name.startswith("rectification-") and name.endswith(".xlsx") and "2025" not in name]
    assert notice.title in said_in(walked[1] / paper)


def test_a_message_is_taken_and_its_audit_told(told: Told, ledger: Workspace, walked: tuple[Path, Path, dict[str, Any]]) -> None:
    (message,) = [one for one in told["5"]["figures"] if one["explain"].startswith("message ")]
    assert message["value"] == "accepted"
    seen = [one for one in national_audit_list.every(ledger) if one.audit is not None]
    assert {one.state for one in seen} == {"passed", "refused"}
    cells = said_in(walked[1] / "national_audit-2025.xlsx")
    assert {*(one.name for one in seen if one.state == "refused"), rehearsal.day()["national"]["refused"]} <= set(cells)
    assert national_outgoing.target(ledger).address == "", "nothing of the stand-in is left"


def test_a_made_up_document_or_figure_is_seen(told: Told, walked: tuple[Path, Path, dict[str, Any]], ledger: Workspace) -> None:
    told["3"]["documents"].append("award-2024.pdf")
    assert missing(told, walked[1]) == ["award-2024.pdf"]
    told["11"]["figures"][0]["value"] += 1
    assert otherwise(told, ledger) == [told["11"]["figures"][0]["explain"]]


def test_an_amount_nobody_published_is_unknown_and_never_zero(told: Told) -> None:
    estimate = told["3"]["figures"][0]
    assert (estimate["value"], estimate["said"]) == (None, words.say("explain.unknown"))


def test_money_received_makes_evidence_and_income(told: Told) -> None:
    award = {one["code"]: one["value"] for one in told["3"]["figures"]}
    assert award["award.amount"] == award["award.evidenced"] + award["award.wanting"] + award["award.reversed"]
    assert award["award.evidenced"] > 0 < award["award.wanting"]
    effect = {one["code"]: one["value"] for one in told["5"]["figures"]}
    assert effect["national_effect.income"] >= award["award.evidenced"] // 2
    assert effect["national_effect.n_vouchers"] > 50


def test_province_and_city_of_a_voucher_add_up_to_the_claim(told: Told) -> None:
    for number in ("11", "12"):
        whole, province, city = [one["value"] for one in told[number]["figures"] if one["unit"] == "fen"]
        assert whole == province + city > 0


def test_findings_are_told_by_kind_in_words(told: Told) -> None:
    found = [one for clause in told.values() for one in clause["findings"]]
    assert {"national.more_outside", "fee.agreed_missing", "voucher.network_unsaid"} <= {one["code"] for one in found}
    assert all(one["n"] > 0 and one["words"] != one["code"] for one in found)
    for clause in told.values():
        codes = [one["code"] for one in clause["findings"]]
        assert len(codes) == len(set(codes))


def test_nothing_confidential_stands_in_it_or_in_a_message(walked: tuple[Path, Path, dict[str, Any]]) -> None:
    for path in [walked[1] / "clauses.json", *walked[1].glob("*.xml")]:
        for asset in ("2023170011", "2022170028", "2024170045"):
            assert asset not in path.read_text("utf-8"), path.name


def test_the_output_says_how_many_clauses_have_figures_and_documents(walked: tuple[Path, Path, dict[str, Any]]) -> None:
    clauses = walked[2]["clauses"]
    assert len(clauses["shown"]) == 17
    assert "17" in said(clauses)
    lacking = {"shown": [str(n) for n in range(1, 18) if n != 4], "empty": ["4"]}
    assert "16" in said(lacking)
    assert "第 4 条" in said(lacking)
    assert "、" not in said({"shown": [str(n) for n in range(1, 18)], "empty": []}).partition("clauses.json")[2]


def test_the_ledger_verifies_after_the_walk(ledger: Workspace) -> None:
    assert upkeep.verify(ledger).ok
