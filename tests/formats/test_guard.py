"""Before a file is opened: what it is by its bytes, and whether it may be opened at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop import words
from desktop.formats import guard
from desktop.formats.guard import Limits
from desktop.ledger.problem import Problem
from tests.formats import books

ROWS = [["仪器编号", "原值"], ["A1", 1]]
HTML = b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>A1</td></tr></table></html>"
XML_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'


def code_of(path: Path, limits: Limits = guard.LIMITS) -> tuple[str, str]:
    with pytest.raises(Problem) as caught:
        guard.check(path, limits)
    assert "{" not in words.say(caught.value.code, **caught.value.params)
    return caught.value.code, caught.value.params.get("found", "")


def test_kind_is_told_by_bytes_not_by_name(tmp_path: Path) -> None:
    misnamed = {
        "xlsx": books.xlsx(tmp_path / "a.csv", {"表": ROWS}),
        "xls": books.xls(tmp_path / "b.xlsx", ROWS),
        "ods": books.ods(tmp_path / "c.xls", ROWS),
        "csv": books.csv(tmp_path / "d.xlsx", ROWS, encoding="gb18030"),
    }
    assert {kind: guard.check(path) for kind, path in misnamed.items()} == {kind: kind for kind in misnamed}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"\xff\xd8\xff\xe0\0", "JPEG"),
        (HTML, "HTML"),
        (b"\xef\xbb\xbf\r\n  <!DOCTYPE html><html></html>", "HTML"),
        (XML_2003, "XML"),
        (b"abc\x00\x01\x02", "file.found.unknown"),
        (b"SQLite format 3\x00", "SQLite"),
    ],
)
def test_other_kinds_are_named_and_refused(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "仪器.xls"
    path.write_bytes(content)
    assert code_of(path) == ("file.wrong_kind", found)


def test_other_office_files_are_refused(tmp_path: Path) -> None:
    docx = books.zipped(tmp_path / "a.xlsx", {"[Content_Types].xml": b"", "word/document.xml": b""})
    doc = books.ole(tmp_path / "b.xls", "WordDocument")
    odt = books.zipped(tmp_path / "c.ods", {"mimetype": b"application/vnd.oasis.opendocument.text"})
    other = books.zipped(tmp_path / "d.xlsx", {"readme.txt": b"x"})
    assert [code_of(path) for path in (docx, doc, odt, other)] == [
        ("file.wrong_kind", "Word"),
        ("file.wrong_kind", "Word"),
        ("file.wrong_kind", "OpenDocument"),
        ("file.wrong_kind", "ZIP"),
    ]


def test_a_name_inside_a_text_is_no_stream(tmp_path: Path) -> None:
    path = books.ole(tmp_path / "a.doc", "WordDocument")
    path.write_bytes(path.read_bytes() + "x Workbook\0 EncryptedPackage\0".encode("utf-16-le"))
    assert code_of(path) == ("file.wrong_kind", "Word")


def test_password_protected_workbooks_are_recognised(tmp_path: Path) -> None:
    encrypted = books.ole(tmp_path / "a.xlsx", "EncryptionInfo", "EncryptedPackage")
    manifest = b"<manifest:encryption-data/>"
    sheet = b"application/vnd.oasis.opendocument.spreadsheet"
    ods = books.zipped(tmp_path / "b.ods", {"mimetype": sheet, "META-INF/manifest.xml": manifest})
    assert code_of(encrypted)[0] == "file.protected"
    assert code_of(ods)[0] == "file.protected"


def test_bombs_are_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    bomb = books.bomb(tmp_path / "a.xlsx")
    assert bomb.stat().st_size < 200_000
    assert code_of(bomb)[0] == "file.too_large_unpacked"
    crowd = books.zipped(tmp_path / "b.xlsx", {f"xl/{n}.xml": b"" for n in range(20)} | {"xl/workbook.xml": b""})
    assert code_of(crowd, Limits(n_entries=20))[0] == "file.too_large_unpacked"
    assert guard.check(crowd, Limits(n_entries=21)) == "xlsx"


def test_missing_empty_large_and_damaged(tmp_path: Path) -> None:
    empty = tmp_path / "empty.xlsx"
    empty.touch()
    blank = tmp_path / "blank.csv"
    blank.write_bytes(b"\xef\xbb\xbf\r\n , ,\r\n")
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(books.xlsx(tmp_path / "whole.xlsx", {"表": ROWS}).read_bytes()[:900])
    assert code_of(tmp_path / "nowhere.xlsx")[0] == "file.missing"
    assert code_of(tmp_path)[0] == "file.is_folder"
    assert code_of(empty)[0] == "file.empty"
    assert code_of(blank)[0] == "file.empty"
    assert code_of(cut)[0] == "file.damaged"
    assert code_of(tmp_path / "whole.xlsx", Limits(n_bytes=1000))[0] == "file.too_large"
