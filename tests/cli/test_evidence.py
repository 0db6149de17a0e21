"""Attachments at the terminal: added by the number people know, listed, written out, removed, refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Shell


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "验收报告.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 8)
    return path


def asset(shell: Shell) -> str:
    return str(shell.json("instrument", "list")["instruments"][0]["asset_number"])


def test_add_list_save_remove_and_undo(filled: Shell, pdf: Path, tmp_path: Path) -> None:
    subject = f"instrument:{asset(filled)}"
    made = filled.json("evidence", "add", subject, pdf, "--note", "扫描件")
    assert (made["name"], made["bytes"], made["media_type"], made["kept"]) == (pdf.name, pdf.stat().st_size, "application/pdf", True)
    assert "扫描件" in filled("evidence", "list", subject)
    (listed,) = filled.json("evidence", "list", subject)["attachments"]
    assert listed == made
    out = tmp_path / "out"
    out.mkdir()
    assert filled.json("evidence", "save", made["id"], out)["path"] == str(out / pdf.name)
    assert (out / pdf.name).read_bytes() == pdf.read_bytes()
    assert filled.json("evidence", "save", made["id"], out, status=1)["error"] == "attachment.exists"
    filled("evidence", "save", made["id"], out, "--replace")
    assert filled.json("evidence", "fetch", made["id"])["fetched"] is False
    filled("evidence", "remove", made["id"])
    assert "没有附件" in filled("evidence", "list", subject)
    assert "移除附件「验收报告.pdf」" in filled("undo")
    assert len(filled.json("evidence", "list", subject)["attachments"]) == 1
    assert filled.json("verify")["ok"]


@pytest.mark.parametrize(
    ("subject", "file", "code"),
    [
        ("instrument:nobody", "pdf", "attachment.unknown_subject"),
        ("A1", "pdf", "attachment.unknown_subject"),
        ("person:甲", "pdf", "attachment.unknown_subject"),
        ("{asset}", "folder", "attachment.is_folder"),
        ("{asset}", "gone", "attachment.missing"),
        ("{asset}", "exe", "attachment.wrong_kind"),
        ("{asset}", "empty", "attachment.empty"),
    ],
)
def test_what_cannot_be_attached_is_said_in_words(filled: Shell, pdf: Path, tmp_path: Path, subject: str, file: str, code: str) -> None:
    (tmp_path / "exe.pdf").write_bytes(b"MZ\x90\0" + bytes(64))
    (tmp_path / "empty.pdf").write_bytes(b"")
    paths = {"pdf": pdf, "folder": tmp_path, "gone": tmp_path / "没有.pdf", "exe": tmp_path / "exe.pdf", "empty": tmp_path / "empty.pdf"}
    told = filled.json("evidence", "add", subject.format(asset=f"instrument:{asset(filled)}"), paths[file], status=1)
    assert told["error"] == code
    assert "没有" in told["words"]


@pytest.mark.parametrize("verb", ["save", "remove", "fetch"])
def test_an_attachment_that_is_not_there_is_said(filled: Shell, tmp_path: Path, verb: str) -> None:
    line = ["evidence", verb, "nothing", *([tmp_path / "x.pdf"] if verb == "save" else [])]
    assert filled.json(*line, status=1)["error"] == "attachment.unknown"


def test_the_files_of_a_year_are_collected_into_one_archive(filled: Shell, pdf: Path, tmp_path: Path) -> None:
    assert filled.json("evidence", "collect", "--year", "2025", "--out", tmp_path / "a.zip", status=1)["error"] == "award.no_files"
    filled("post", "R700002", "R700004")
    filled("evidence", "add", "record:R700002", pdf)
    told = filled.json("evidence", "collect", "--year", "2025", "--out", tmp_path / "a.zip")
    assert (told["files"], told["elsewhere"], told["bare"]) == (1, 0, 1)
    assert (tmp_path / "a.zip").read_bytes().startswith(b"PK")
