"""A file of evidence as it comes in: its bytes whole, and its type by what they say. The ending of its name is not believed.

The types are those the remotes take. An Office file that carries macros is none of them.
"""

from __future__ import annotations

import io
import stat
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from desktop.ledger.attachment import MOST_BYTES, plain_name
from desktop.ledger.problem import Problem, reason_of

_STARTS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_INSIDE = (
    ("OFD.xml", "application/ofd"),
    ("word/document.xml", _OFFICE + "wordprocessingml.document"),
    ("xl/workbook.xml", _OFFICE + "spreadsheetml.sheet"),
)
_ZIP = b"PK\x03\x04"
_END, _END_BYTES, _LOCATOR = b"PK\x05\x06", 22, b"PK\x06\x07"
_MOST_DIRECTORY_BYTES = 4 * 1024 * 1024
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
    "image/webp": "webp",
    "application/ofd": "ofd",
    _OFFICE + "wordprocessingml.document": "docx",
    _OFFICE + "spreadsheetml.sheet": "xlsx",
}
"""Each type that is taken, and the usual ending of its files."""

# What else people try: first bytes -> the word for it (attachment.found.…).
_FOREIGN = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
)


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that may be kept."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def read(path: Path, most: int = MOST_BYTES) -> EvidenceFile:
    """Read a file whole; never more of it than may be kept.

    Raises Problem: ``attachment.missing``, ``.is_folder``, ``.unreadable``, ``.empty``, ``.too_large``, ``.macros``, ``.wrong_kind``.
    """
    name = plain_name(path.name)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise Problem("attachment.is_folder", name=name)
        if not stat.S_ISREG(mode):
            raise Problem("attachment.wrong_kind", name=name, found="attachment.found.unknown")
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except FileNotFoundError as error:
        raise Problem("attachment.missing", name=name) from error
    except OSError as error:
        raise Problem("attachment.unreadable", name=name, reason=reason_of(error)) from error
    if not content:
        raise Problem("attachment.empty", name=name)
    if len(content) > most:
        raise Problem("attachment.too_large", name=name, limit=most >> 20)
    kind = media_type(content)
    if kind is None:
        found = _found(content)
        if found == "macros":
            raise Problem("attachment.macros", name=name)
        raise Problem("attachment.wrong_kind", name=name, found=f"attachment.found.{found}")
    return EvidenceFile(name, kind, content)


def media_type(content: bytes) -> str | None:
    """The type of a whole file by its bytes; None when it is none that is taken."""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(_ZIP):
        names = _entries(content)
        return None if _has_macros(names) else next((kind for name, kind in _INSIDE if name in names), None)
    return next((kind for start, kind in _STARTS if content.startswith(start)), None)


def _entries(content: bytes) -> frozenset[str]:
    """The names in a zip; none of one whose table of contents is damaged, or so large that reading it would hurt."""
    end = content.rfind(_END)
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    if end < 0 or len(content) < end + _END_BYTES or size > _MOST_DIRECTORY_BYTES or content[end - 20 : end - 16] == _LOCATOR:
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return frozenset(archive.namelist())
    # zipfile raises NotImplementedError of a zip that asks for a newer version than it reads: no kind that is taken.
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return frozenset()


def _has_macros(names: frozenset[str]) -> bool:
    return any(name.lower().endswith("vbaproject.bin") for name in names)


def _found(content: bytes) -> str:
    if content.startswith(_ZIP):
        return "macros" if _has_macros(_entries(content)) else "archive"
    told = next((word for start, word in _FOREIGN if content.startswith(start)), None)
    if told is not None:
        return told
    return "unknown" if b"\0" in content[:4096] else "text"
