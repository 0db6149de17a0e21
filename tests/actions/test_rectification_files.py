"""Files of answers to self-checks: attached by check and record, counted on the report, collected whole or not at all, nothing confidential."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from desktop.actions import evidence, integrity_answers, rectification_files, reporting
from desktop.actions.progress import Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.ledger.problem import Cancelled, Problem, Refused
from desktop.reports import plain
from desktop.store import attachments
from tests.actions.test_integrity import at

DAY = datetime(2025, 5, 6)
YEAR, LAST = parse("2025"), date(2025, 12, 31)
PDF = b"%PDF-1.7\n%%EOF\n"


def attach(workspace: Workspace, folder: Path, point: str, name: str, content: bytes = PDF) -> str:
    file = folder / name
    file.write_bytes(content)
    return evidence.add(workspace, "integrity_answer", evidence.subject(workspace, "integrity_answer", point), file)[0].of_id


@pytest.fixture
def answered(small: Workspace, tmp_path: Path) -> Workspace:
    """R2 overlaps R1 and was answered twice, each answer with a file; R3 was answered without one; R5 is of the confidential S1."""
    at(small, "R1", DAY.replace(hour=9), 61)
    at(small, "R2", DAY.replace(hour=9, minute=30), 61)
    at(small, "R3", DAY.replace(hour=9, minute=45), 61)
    at(small, "R4", DAY.replace(hour=9), 61, asset="S1")
    at(small, "R5", DAY.replace(hour=9, minute=30), 61, asset="S1")
    integrity_answers.answer(small, "overlap", "R2", "explained", "两个工位", on=date(2025, 6, 1))
    first = attach(small, tmp_path, "overlap:R2", "登记簿.pdf")
    integrity_answers.answer(small, "overlap", "R2", "accepted", "重复登记", on=date(2025, 6, 2))
    assert attach(small, tmp_path, "overlap:R2", "说明.pdf", PDF + b"2") != first, "the newest answer is meant"
    integrity_answers.answer(small, "overlap", "R3", "explained", "两个工位")
    integrity_answers.answer(small, "overlap", "R5", "explained", "两个工位")
    attach(small, tmp_path, "overlap:R5", "密.pdf", PDF + b"3")
    return small


def test_the_archive_has_each_file_by_its_record_and_a_list(answered: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "2025.zip"
    done = rectification_files.collect(answered, YEAR, out)
    assert (done.n_files, done.n_elsewhere, done.n_bare) == (2, 0, 1), "R3 has none"
    with zipfile.ZipFile(out) as found:
        assert sorted(found.namelist()) == ["R2-01-登记簿.pdf", "R2-02-说明.pdf", "清单.xlsx"]
        assert found.read("R2-02-说明.pdf") == PDF + b"2"
        rows = list(load_workbook(BytesIO(found.read("清单.xlsx"))).active.values)  # type: ignore[union-attr]  # one sheet
    assert [(row[1], row[5], str(row[6])[:10], row[9]) for row in rows[1:]] == [
        ("R2", "已说明", "2025-06-01", "R2-01-登记簿.pdf"), ("R2", "承认", "2025-06-02", "R2-02-说明.pdf"),
    ]  # fmt: skip
    again = tmp_path / "again.zip"
    rectification_files.collect(answered, YEAR, again)
    assert hashlib.sha256(out.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest()


def test_the_report_counts_them_and_says_nothing_of_confidential_ones(answered: Workspace) -> None:
    text = plain.text(reporting.content(answered, "rectification", "2025"))
    assert "附件 2 个" in text
    assert "附件 1 个" not in text
    points = {one.number: one.n_files for one in integrity_answers.every(answered, YEAR, LAST).of("overlap")}
    assert points == {"R2": 2, "R3": 0, "R5": 1}


def test_what_cannot_be_written_leaves_nothing(answered: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "2025.zip"
    with pytest.raises(Refused, match=r"integrity\.no_files"):
        rectification_files.collect(answered, parse("2024"), out)

    class Stopped(Progress):
        def check(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        rectification_files.collect(answered, YEAR, out, Stopped())
    with pytest.raises(Problem, match=r"file\.cannot_write"):
        rectification_files.collect(answered, YEAR, tmp_path / "nowhere" / "2025.zip")
    with monkeypatch.context() as broken:
        broken.setattr(attachments, "digest", lambda connection, sha256: "0" * 64)
        with pytest.raises(Problem, match=r"attachment\.broken_here"):
            rectification_files.collect(answered, YEAR, out)
    assert not list(tmp_path.glob("*.zip*"))
    out.write_bytes(b"there")
    with pytest.raises(Refused, match=r"attachment\.exists"):
        rectification_files.collect(answered, YEAR, out)
    assert out.read_bytes() == b"there"


def test_a_file_elsewhere_is_in_the_list_alone(answered: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "is_kept", lambda connection, sha256: sha256 != hashlib.sha256(PDF).hexdigest())
    done = rectification_files.collect(answered, YEAR, tmp_path / "a.zip")
    assert (done.n_files, done.n_elsewhere) == (1, 1)


def test_one_that_takes_confidential_files_along_is_seen(answered: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = integrity_answers.every

    def open_to_all(*given: object) -> integrity_answers.Answered:
        found = every(*given)  # type: ignore[arg-type]  # passed on as they are
        return replace(found, points=tuple(replace(one, confidential=False) for one in found.points))

    monkeypatch.setattr(integrity_answers, "every", open_to_all)
    done = rectification_files.collect(answered, YEAR, tmp_path / "a.zip")
    assert done.n_files == 3
