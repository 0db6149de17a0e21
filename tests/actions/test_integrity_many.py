"""Answering many findings at once, on a real ledger: one reason and one file, or a table; all or none, and undone whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest

from desktop import words
from desktop.actions import evidence, history, integrity_answers, integrity_many, records
from desktop.actions.integrity_many import Given
from desktop.actions.workspace import Workspace
from desktop.formats import spreadsheet
from desktop.ledger.period import parse
from desktop.ledger.problem import Problem, Refused
from desktop.store.database import Connection
from tests.actions.test_integrity import at

DAY = datetime(2025, 5, 6)
YEAR, LAST = parse("2025"), date(2025, 12, 31)
PLACES = [("overlap", "R2"), ("overlap", "R3")]


@pytest.fixture
def ledger(small: Workspace) -> Workspace:
    """Three services of one set at the same time: the second and the third overlap."""
    for number, hour, minute in (("R1", 9, 0), ("R2", 9, 30), ("R3", 9, 45)):
        at(small, number, DAY.replace(hour=hour, minute=minute), 61)
    return small


def states(ledger: Workspace) -> dict[str, str]:
    return {one.number: one.state for one in integrity_answers.every(ledger, YEAR, LAST).of("overlap")}


def paper(folder: Path) -> Path:
    file = folder / "登记簿.pdf"
    file.write_bytes(b"%PDF-1.4 scanned")
    return file


def test_one_reason_and_one_file_for_many_is_one_operation_and_undone_whole(ledger: Workspace, tmp_path: Path) -> None:
    n_before = len(history.latest(ledger))
    given = integrity_many.shared(PLACES, "explained", "两个工位", by="李工", papers="登记簿第 12 页", on=date(2025, 12, 1))
    integrity_many.answer(ledger, given, paper(tmp_path))
    assert states(ledger) == {"R2": "explained", "R3": "explained"}
    points = integrity_answers.every(ledger, YEAR, LAST).of("overlap")
    assert [(one.n_files, one.held.answered_by, one.held.evidence) for one in points if one.held] == [(1, "李工", "登记簿第 12 页")] * 2
    assert len(history.latest(ledger)) == n_before + 1
    history.undo_last(ledger)
    assert states(ledger) == {"R2": "open", "R3": "open"}
    assert not [file for one in points if one.held for file in evidence.listing(ledger, "integrity_answer", one.held.id).items]
    history.redo_last(ledger)
    assert states(ledger) == {"R2": "explained", "R3": "explained"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "R9"}, "integrity.record_unknown"),
        ({"check": "beyond_day"}, "integrity.not_pointed_at"),
        ({"text": " "}, "integrity.no_text"),
        ({"state": "corrected"}, "integrity.no_correction"),
        ({"on": date(2025, 5, 5)}, "integrity.answer_before_service"),
        ({"number": "R2"}, "integrity.answered_twice"),
        ({"state": "gone"}, "integrity.state_unknown"),
    ],
)
def test_one_that_is_wrong_keeps_all_of_them_out(ledger: Workspace, change: dict[str, object], code: str) -> None:
    first, second = integrity_many.shared(PLACES, "explained", "两个工位")
    with pytest.raises(Refused) as refused:
        integrity_many.answer(ledger, [first, replace(second, row=7, **change)])  # type: ignore[arg-type]  # cases name the fields
    (told,) = refused.value.findings
    assert (refused.value.code, told.code) == ("integrity.none_answered", code)
    assert told.cell is not None
    assert (told.cell.row, told.cell.column) == (7, change.get("number", "R3"))
    assert (refused.value.params["n"], refused.value.params["wrong"]) == ("2", "1")
    assert words.known(told.code)
    assert states(ledger) == {"R2": "open", "R3": "open"}


def test_nothing_and_a_file_that_is_none_are_refused(ledger: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"integrity\.nothing_given"):
        integrity_many.answer(ledger, [])
    bad = tmp_path / "a.exe"
    bad.write_bytes(b"MZ")
    with pytest.raises(Problem):
        integrity_many.answer(ledger, integrity_many.shared(PLACES, "explained", "两个工位"), bad)
    assert states(ledger) == {"R2": "open", "R3": "open"}


def test_a_record_that_was_taken_back_is_corrected_in_the_same_table(ledger: Workspace) -> None:
    records.reverse(ledger, "R3", "重复登记")
    integrity_many.answer(ledger, [Given("overlap", "R2", "explained", "两个工位"), Given("overlap", "R3", "corrected", "重复登记", "R3")])
    assert states(ledger) == {"R2": "explained", "R3": "corrected"}


def test_the_words_of_a_printed_answer_are_not_said_of_a_confidential_record(ledger: Workspace) -> None:
    for number, minute in (("S1R", 0), ("S2R", 30)):
        at(ledger, number, DAY.replace(hour=9, minute=minute), 61, asset="S1")
    with pytest.raises(Refused) as refused:
        integrity_many.answer(ledger, integrity_many.shared([*PLACES, ("overlap", "S2R")], "explained", "两个工位"))
    assert [one.code for one in refused.value.findings] == ["integrity.mixed_secret"]
    integrity_many.answer(ledger, [*integrity_many.shared(PLACES, "explained", "两个工位"), Given("overlap", "S2R", "explained", "另一间实验室")])
    assert set(states(ledger).values()) == {"explained"}


@pytest.fixture
def secret(ledger: Workspace) -> Workspace:
    """The same with two services of the confidential set: S2R overlaps S1R."""
    for number, minute in (("S1R", 0), ("S2R", 30)):
        at(ledger, number, DAY.replace(hour=9, minute=minute), 61, asset="S1")
    return ledger


APART = {"R2": ("两个工位", "第 1 页"), "R3": ("两个工位", "第 1 页"), "S2R": ("另一间实验室", "第 2 页")}


@pytest.mark.parametrize(
    ("change", "with_file", "fields"),
    [
        ({}, True, ["file"]),
        ({"S2R": ("另一间实验室", " 第 1 页")}, False, ["evidence"]),
        ({"S2R": ("两个工位", "第 1 页")}, True, ["evidence", "file", "text"]),
    ],
)
def test_a_file_and_proof_are_not_shared_with_a_confidential_answer(
    secret: Workspace, tmp_path: Path, change: dict[str, tuple[str, str]], with_file: bool, fields: list[str]
) -> None:
    given = [Given("overlap", number, "explained", text, evidence=papers) for number, (text, papers) in {**APART, **change}.items()]
    with pytest.raises(Refused) as refused:
        integrity_many.answer(secret, given, paper(tmp_path) if with_file else None)
    assert [(one.code, one.field) for one in refused.value.findings] == [("integrity.mixed_secret", name) for name in fields]
    assert set(states(secret).values()) == {"open"}


def test_confidential_answers_alone_may_have_a_file_and_the_others_another(secret: Workspace, tmp_path: Path) -> None:
    integrity_many.answer(secret, [Given("overlap", "S2R", "explained", "另一间实验室")], paper(tmp_path))
    integrity_many.answer(secret, integrity_many.shared(PLACES, "explained", "两个工位"), paper(tmp_path))
    assert [one.n_files for one in integrity_answers.every(secret, YEAR, LAST).of("overlap")] == [1, 1, 1]


def test_what_was_removed_long_ago_is_cleared_once_an_operation(ledger: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[datetime] = []
    true = evidence.rows.sweep

    def counted(connection: Connection, before: datetime) -> None:
        swept.append(before)
        true(connection, before)

    monkeypatch.setattr(evidence.rows, "sweep", counted)
    integrity_many.answer(ledger, integrity_many.shared(PLACES, "explained", "两个工位"), paper(tmp_path))
    assert len(swept) == 1
    held = integrity_answers.every(ledger, YEAR, LAST).of("overlap")[0].held
    assert held
    other = tmp_path / "合同.pdf"
    other.write_bytes(b"%PDF-1.4 contract")
    evidence.add(ledger, "integrity_answer", held.id, other)
    assert len(swept) == 2


def _told_in(path: Path) -> str:
    """All a file says, in an archive's parts too."""
    parts = [path.read_bytes()]
    if is_zipfile(path):
        with ZipFile(path) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
    return "\n".join(part.decode("utf-8", "replace") for part in parts)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_nothing_confidential_stands_in_the_table_and_how_many_is_said(secret: Workspace, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"答复.{ending}"
    done = integrity_many.save_table(secret, file, YEAR, ("overlap",))
    assert ([one.number for one in done.points], done.n_withheld) == (["R2", "R3"], 1)
    told = _told_in(file)
    assert "R2" in told
    for word in ("S1R", "S2R", "特种雷达"):
        assert word not in told, word
    integrity_many.answer(secret, integrity_many.shared(PLACES, "explained", "两个工位"))
    with pytest.raises(Refused, match=r"integrity\.only_secret_open"):
        integrity_many.save_table(secret, tmp_path / f"b.{ending}", YEAR, ("overlap",))
    assert not (tmp_path / f"b.{ending}").exists()


def test_a_table_with_confidential_rows_would_be_seen(secret: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = [replace(one, confidential=False) for one in integrity_answers.every(secret, YEAR, LAST).of("overlap")]
    monkeypatch.setattr(integrity_many, "standing", lambda *_: integrity_many.Standing(tuple(everything), 0))
    integrity_many.save_table(secret, tmp_path / "a.csv", YEAR, ("overlap",))
    assert "S2R" in _told_in(tmp_path / "a.csv")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_table_is_written_filled_in_and_taken(ledger: Workspace, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"答复.{ending}"
    assert integrity_many.save_table(ledger, file, YEAR, ("overlap",)).n_withheld == 0
    (grid,) = spreadsheet.read(file).sheets
    head, *rows = [[cell or "" for cell in row] for row in grid.rows]
    assert [row[:2] for row in rows] == [["时间重叠", "R2"], ["时间重叠", "R3"]]
    assert "与 R1 时间重叠" in str(rows[0][4])
    assert integrity_many.read_table(file) == [], "what nobody filled in is not answered"
    for row, state, text in zip(rows, ("已说明", "Accepted"), ("两个工位", "重复"), strict=True):
        row[head.index("答复")], row[head.index("情况说明")] = state, text
    filled = tmp_path / "填好.csv"
    filled.write_text("\n".join(",".join(map(str, row)) for row in (head, *rows)), "utf-8")
    given = integrity_many.read_table(filled)
    assert [(one.check, one.number, one.state, one.row) for one in given] == [("overlap", "R2", "explained", 2), ("overlap", "R3", "accepted", 3)]
    integrity_many.answer(ledger, given)
    assert states(ledger) == {"R2": "explained", "R3": "accepted"}
    with pytest.raises(Refused, match=r"integrity\.nothing_open"):
        integrity_many.save_table(ledger, file, YEAR, ("overlap",))


def test_a_table_that_cannot_be_read_says_its_row(ledger: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "答复.csv"
    file.write_text("核对,记录编号,答复,情况说明,答复日期\n时间重叠,R2,已说明,两个工位,昨天\n", "utf-8")
    with pytest.raises(Refused) as refused:
        integrity_many.read_table(file)
    assert [one.cell.row for one in refused.value.findings if one.cell] == [2]


def test_one_that_writes_the_sound_ones_would_be_seen(ledger: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity_many.rules, "faults", lambda *_: ())
    with pytest.raises(pytest.fail.Exception):
        test_one_that_is_wrong_keeps_all_of_them_out(ledger, {"text": "一"}, "integrity.no_text")
