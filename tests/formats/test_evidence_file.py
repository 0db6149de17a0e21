"""Which files may be attached: by what their bytes say, never by their names."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from desktop.formats import evidence_file
from desktop.ledger.attachment import LONGEST_NAME, MOST_BYTES, plain_name
from desktop.ledger.problem import Problem
from network import blobs
from network.limits import Limits


def test_a_file_has_fifty_mebibytes_at_most_here_and_at_the_service() -> None:
    assert MOST_BYTES == Limits().n_blob_bytes == 50 * 1024 * 1024


def archive(*names: str, content: bytes = b"<x/>") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, content)
    return made.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
TAKEN = {
    "pdf": (b"%PDF-1.7\n...", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n....", "image/png"),
    "jpeg": (b"\xff\xd8\xff\xe0....", "image/jpeg"),
    "tiff": (b"II*\0....", "image/tiff"),
    "tiff-be": (b"MM\0*....", "image/tiff"),
    "webp": (b"RIFF\x08\0\0\0WEBPVP8 ", "image/webp"),
    "ofd": (archive("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
    "docx": (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (archive("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
REFUSED = {
    "renamed-exe": (b"MZ\x90\0" + bytes(60), "attachment.wrong_kind", "attachment.found.program"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "attachment.wrong_kind", "attachment.found.program"),
    "old-word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "attachment.wrong_kind", "attachment.found.old_office"),
    "plain-zip": (archive("a.txt"), "attachment.wrong_kind", "attachment.found.archive"),
    "cut-docx": (DOCX[:-30], "attachment.wrong_kind", "attachment.found.archive"),
    "macros": (archive("word/document.xml", "word/vbaProject.bin"), "attachment.macros", ""),
    "text": ("验收合格".encode(), "attachment.wrong_kind", "attachment.found.text"),
    "gif": (b"GIF89a\0\0", "attachment.wrong_kind", "attachment.found.picture"),
    "noise": (bytes(range(256)), "attachment.wrong_kind", "attachment.found.unknown"),
    "empty": (b"", "attachment.empty", ""),
    "wave": (b"RIFF\x08\0\0\0WAVEfmt ", "attachment.wrong_kind", "attachment.found.unknown"),
}


def written(folder: Path, content: bytes, name: str = "验收报告.pdf") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("case", TAKEN)
def test_a_file_is_what_its_bytes_say_at_both_ends_of_the_line(case: str, tmp_path: Path) -> None:
    content, kind = TAKEN[case]
    read = evidence_file.read(written(tmp_path, content, "任意.exe"))
    assert (read.name, read.media_type, read.content) == ("任意.exe", kind, content)
    assert blobs.media_type(content) == kind
    assert kind in evidence_file.ENDINGS


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_none_is_refused_in_words_at_both_ends(case: str, tmp_path: Path) -> None:
    content, code, found = REFUSED[case]
    with pytest.raises(Problem) as caught:
        evidence_file.read(written(tmp_path, content))
    assert (caught.value.code, caught.value.params.get("found", "")) == (code, found)
    assert blobs.media_type(content) is None


def test_size_is_bounded_while_reading(tmp_path: Path) -> None:
    path = written(tmp_path, b"%PDF-" + bytes(995))
    assert len(evidence_file.read(path, 1000).content) == 1000
    with pytest.raises(Problem) as caught:
        evidence_file.read(path, 999)
    assert caught.value.code == "attachment.too_large"


def test_folders_missing_files_and_pipes_are_told_apart(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, code in (("", "attachment.is_folder"), ("gone.pdf", "attachment.missing"), ("pipe", "attachment.wrong_kind")):
        with pytest.raises(Problem) as caught:
            evidence_file.read(tmp_path / name)
        assert caught.value.code == code


@pytest.mark.parametrize("spoil", ["huge", "zip64"])
def test_a_table_of_contents_that_would_hurt_is_not_read(spoil: str) -> None:
    end = DOCX.rfind(b"PK\x05\x06")
    if spoil == "huge":
        content = DOCX[: end + 12] + (1 << 30).to_bytes(4, "little") + DOCX[end + 16 :]
    else:
        content = DOCX[:end] + b"PK\x06\x07" + bytes(16) + DOCX[end:]
    assert evidence_file.media_type(DOCX) is not None
    assert evidence_file.media_type(content) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("验收报告.pdf", "验收报告.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\scan\\合同?.pdf", "合同.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("  .. ", "attachment"),
        ("长" * 300 + ".pdf", "长" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_is_a_file_name_everywhere(given: str, kept: str) -> None:
    assert plain_name(given) == kept
