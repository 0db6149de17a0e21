"""The files behind an award application: collected by record with a list, whole or not at all, nothing confidential among them."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from desktop.actions import award_files, evidence, records
from desktop.actions.progress import Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Cancelled, Problem, Refused
from desktop.store import attachments
from desktop.store.facts import RECEIPTS
from tests.actions.making import posted

PDF = b"%PDF-1.7\n" + bytes(range(256))


def attach(workspace: Workspace, folder: Path, subject: tuple[str, str], name: str, content: bytes) -> str:
    file = folder / name
    file.write_bytes(content)
    return evidence.add(workspace, *subject, file)[0].sha256


@pytest.fixture
def filed(small: Workspace, tmp_path: Path) -> Workspace:
    """R1 with a contract and an invoice on its receipt, R2 with nothing, S1's record with a file of its own, R4 reversed with one."""
    posted(small, "R1", minutes=120)
    posted(small, "R2", "A2", date(2025, 5, 7))
    posted(small, "R3", "S1", date(2025, 5, 8))
    posted(small, "R4", day=date(2025, 5, 9))
    records.receive(small, "R1", date(2025, 6, 1), 36000, "FP-1")
    with small.read() as connection:
        (receipt,) = RECEIPTS.find(connection)
    attach(small, tmp_path, ("service_record", evidence.subject(small, "service_record", "R1")), "合同.pdf", PDF)
    attach(small, tmp_path, ("receipt", receipt.id), "发票.pdf", PDF + b"1")
    attach(small, tmp_path, ("service_record", evidence.subject(small, "service_record", "R3")), "密.pdf", PDF + b"2")
    return small


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        return found.namelist()


def test_the_archive_has_each_file_by_its_record_and_a_list(filed: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "2025.zip"
    done = award_files.collect(filed, 2025, out)
    assert (done.n_files, done.n_elsewhere, done.n_bare) == (2, 0, 2), "R2 and R4 have none"
    assert sorted(names(out)) == ["R1-01-合同.pdf", "R1-02-发票.pdf", "清单.xlsx"]
    with zipfile.ZipFile(out) as found:
        assert found.read("R1-01-合同.pdf") == PDF
        rows = list(load_workbook(BytesIO(found.read("清单.xlsx"))).active.values)  # type: ignore[union-attr]  # one sheet
    assert [(row[0], row[5], row[7], row[8]) for row in rows[1:]] == [
        ("R1", 360, "FP-1", "R1-01-合同.pdf"), ("R1", None, "FP-1", "R1-02-发票.pdf"),
    ], "an amount stands once"  # fmt: skip
    assert not [name for name in names(out) if "密" in name or "R3" in name]


def test_the_same_files_give_the_same_bytes(filed: Workspace, tmp_path: Path) -> None:
    digests = set()
    for name in ("a.zip", "b.zip"):
        award_files.collect(filed, 2025, tmp_path / name)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_file_that_is_not_here_is_named_in_the_list_alone(filed: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = hashlib.sha256(PDF).hexdigest()
    monkeypatch.setattr(attachments, "is_kept", lambda connection, sha256: sha256 != contract)
    done = award_files.collect(filed, 2025, tmp_path / "2025.zip")
    assert (done.n_files, done.n_elsewhere) == (1, 1)
    assert sorted(names(tmp_path / "2025.zip")) == ["R1-02-发票.pdf", "清单.xlsx"]


def test_nothing_is_written_when_it_cannot_be_whole(filed: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "2025.zip"
    with pytest.raises(Refused, match=r"award\.no_files"):
        award_files.collect(filed, 2024, out)

    class Stopped(Progress):
        def check(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        award_files.collect(filed, 2025, out, Stopped())
    with pytest.raises(Problem, match=r"file\.cannot_write"):
        award_files.collect(filed, 2025, tmp_path / "nowhere" / "2025.zip")
    with monkeypatch.context() as broken:
        broken.setattr(attachments, "digest", lambda connection, sha256: "0" * 64)
        with pytest.raises(Problem, match=r"attachment\.broken_here"):
            award_files.collect(filed, 2025, out)
    assert not list(tmp_path.glob("*.zip*"))
    out.write_bytes(b"mine")
    with pytest.raises(Refused, match=r"attachment\.exists"):
        award_files.collect(filed, 2025, out)
    assert out.read_bytes() == b"mine"


def test_two_services_whose_numbers_make_one_name_keep_their_files_apart(small: Workspace, tmp_path: Path) -> None:
    for n, number in enumerate(("2025/1", "2025_1", "20251", "2025:1")):
        posted(small, number, day=date(2025, 5, 6 + n))
        attach(small, tmp_path, ("service_record", evidence.subject(small, "service_record", number)), "合同.pdf", PDF + number.encode())
    done = award_files.collect(small, 2025, tmp_path / "a.zip")
    found = [name for name in names(tmp_path / "a.zip") if name.endswith(".pdf")]
    assert len({name.casefold() for name in found}) == len(found) == done.n_files == 4
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert {packed.read(name)[len(PDF):].decode() for name in found} == {"2025/1", "2025_1", "20251", "2025:1"}


def test_what_was_taken_back_is_told_and_a_foreign_file_stays(filed: Workspace, tmp_path: Path) -> None:
    attach(filed, tmp_path, ("service_record", evidence.subject(filed, "service_record", "R4")), "合同4.pdf", PDF + b"4")
    records.reverse(filed, "R4", "重复登记")
    records.reverse(filed, "R2", "重复登记")
    done = award_files.collect(filed, 2025, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        rows = list(load_workbook(BytesIO(packed.read("清单.xlsx"))).active.values)  # type: ignore[union-attr]  # one sheet
    assert {row[0]: "已冲销" in str(row[9]) for row in rows[1:]} == {"R1": False, "R4": True}
    assert (done.n_files, done.n_bare) == (3, 0), "nothing is asked for R2 any more"
    (tmp_path / "b.zip.part").write_bytes(b"of somebody else")
    with pytest.raises(Problem, match=r"file\.cannot_write"):
        award_files.collect(filed, 2025, tmp_path / "b.zip")
    assert (tmp_path / "b.zip.part").read_bytes() == b"of somebody else"
