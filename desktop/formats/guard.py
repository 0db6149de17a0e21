"""Looks at a file before anyone opens it: is it there, is it small enough, is it what its bytes say, can it be a bomb.

It reads the first bytes and the table of contents of a zip, never the content; the extension of the name is not believed.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop.ledger.problem import Problem, reason_of

FileKind = Literal["xlsx", "xls", "ods", "csv"]

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost. Bytes, counts and seconds; ``n_rows`` and ``n_cells`` hold for the whole workbook."""

    n_bytes: int = 64 * MIB
    n_entries: int = 2_000
    unpacked_bytes: int = 512 * MIB
    ratio: int = 250
    ratio_from_bytes: int = 8 * MIB
    n_rows: int = 300_000
    n_columns: int = 1_000
    n_cells: int = 8_000_000
    seconds: float = 60.0
    memory_bytes: int = 512 * MIB
    memory_factor: int = 12


LIMITS = Limits()

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"MIME-Version:", "MHT"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "XML"),
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<table", "HTML"),
    (b"<head", "HTML"),
    (b"<meta", "HTML"),
    (b"<?xml", "XML"),
)


def check(path: Path, limits: Limits = LIMITS) -> FileKind:
    """The kind of a file that may be opened.

    Raises Problem: ``file.missing``, ``file.is_folder``, ``file.unreadable``, ``file.empty``, ``file.too_large``, ``file.too_large_unpacked``,
    ``file.wrong_kind``, ``file.protected``, ``file.damaged``.
    """
    try:
        if path.is_dir():
            raise Problem("file.is_folder", name=path.name)
        size = path.stat().st_size
        if size == 0:
            raise Problem("file.empty", name=path.name)
        if size > limits.n_bytes:
            raise Problem("file.too_large", name=path.name, found=-(-size // MIB), limit=limits.n_bytes // MIB)
        with path.open("rb") as stream:
            head = stream.read(4096)
    except FileNotFoundError as error:
        raise Problem("file.missing", name=path.name) from error
    except OSError as error:
        raise Problem("file.unreadable", name=path.name, reason=reason_of(error)) from error
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return _check_zip(path, size, limits)
    if head.startswith(_OLE):
        return _check_ole(path)
    return _check_text(path, head)


COUNTED = {"n_rows": "file.too_large_rows", "n_columns": "file.too_large_columns", "n_cells": "file.too_large_cells"}


def too_many(path: Path, what: str, found: int, limits: Limits) -> Problem:
    """The problem of a file that holds more of something (a key of COUNTED) than its limit."""
    return Problem(COUNTED[what], name=path.name, found=found, limit=getattr(limits, what))


def unpacked_bytes(path: Path) -> int:
    """How large a file says it becomes when unpacked; its own size when it is no zip."""
    if not zipfile.is_zipfile(path):
        return path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _wrong(path: Path, found: str) -> Problem:
    return Problem("file.wrong_kind", name=path.name, found=found)


def _check_zip(path: Path, size: int, limits: Limits) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names and _small(archive, "mimetype") else b""
            manifest = _manifest(archive, names)
    # zipfile raises NotImplementedError of a way of packing it does not know: no workbook is packed so.
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Problem("file.damaged", name=path.name) from error
    unpacked = sum(entry.file_size for entry in entries)
    swollen = unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * size
    if len(entries) > limits.n_entries or unpacked > limits.unpacked_bytes or swollen:
        raise Problem("file.too_large_unpacked", name=path.name)
    if any(entry.flag_bits & 1 for entry in entries) or b"encryption-data" in manifest:
        raise Problem("file.protected", name=path.name)
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    if mimetype:
        raise _wrong(path, "OpenDocument")
    if "xl/workbook.xml" in names:
        return "xlsx"
    for entry, found in (("word/document.xml", "Word"), ("ppt/presentation.xml", "PowerPoint"), ("xl/workbook.bin", "xlsb")):
        if entry in names:
            raise _wrong(path, found)
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        raise Problem("file.damaged", name=path.name)
    raise _wrong(path, "ZIP")


def wide(head: bytes) -> str:
    """The codec of UTF-16 text, by its mark or by where its zeros stand; "" for anything else."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" not in head:
        return ""
    read = {codec: _separators(head[:4096], codec) for codec in ("utf-16-le", "utf-16-be")}
    best = max(read, key=lambda codec: read[codec])
    return best if read[best] else ""


def _separators(head: bytes, codec: str) -> int:
    """How often text in this encoding has what stands between cells and lines; 0 when it is no text in this encoding."""
    try:
        text = head[: len(head) // 2 * 2].decode(codec)
    except UnicodeDecodeError as error:
        # A character may be cut where the piece ends.
        if error.start < len(head) - 4:
            return 0
        text = head[: error.start].decode(codec)
    between = sum(c in "\t\r\n,;" for c in text)
    return between if all(c.isprintable() or c in "\t\r\n\u3000\ufeff" for c in text) else 0


def _small(archive: zipfile.ZipFile, name: str) -> bool:
    return archive.getinfo(name).file_size <= MIB


def _manifest(archive: zipfile.ZipFile, names: set[str]) -> bytes:
    name = "META-INF/manifest.xml"
    return archive.read(name) if name in names and _small(archive, name) else b""


def _check_ole(path: Path) -> FileKind:
    # An encrypted xlsx is a compound file with a stream of this name.
    content = path.read_bytes()
    if _has_stream(content, "EncryptedPackage"):
        raise Problem("file.protected", name=path.name)
    if _has_stream(content, "Workbook") or _has_stream(content, "Book"):
        return "xls"
    for stream, found in (
        ("WordDocument", "Word"),
        ("PowerPoint Document", "PowerPoint"),
        ("__properties_version1.0", "Outlook"),
    ):
        if _has_stream(content, stream):
            raise _wrong(path, found)
    raise Problem("file.damaged", name=path.name)


def _has_stream(content: bytes, name: str) -> bool:
    # A compound file's directory has entries of 128 bytes, each beginning with its name in UTF-16 and a zero.
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = content.find(wanted)
    while at >= 0:
        if at % 128 == 0:
            return True
        at = content.find(wanted, at + 1)
    return False


def _check_text(path: Path, head: bytes) -> FileKind:
    for magic, found in _FOREIGN:
        if head.startswith(magic):
            raise _wrong(path, found)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<"):
        for mark, found in _MARKUP:
            if mark in text:
                raise _wrong(path, found)
    if b"\x00" in head and not wide(head):
        raise _wrong(path, "file.found.unknown")
    if not text.strip(b"\xff\xfe\x00\r\n\t ,;"):
        with path.open("rb") as stream:
            if not stream.read(MIB).removeprefix(b"\xef\xbb\xbf").strip(b"\xff\xfe\x00\r\n\t ,;"):
                raise Problem("file.empty", name=path.name)
    return "csv"
