"""The archive of an offline package (contract, "Offline package"): one form only, so that a byte that is another lies in a place with a name.

A ZIP of stored entries: nothing is compressed, so nothing unpacks to more than the file itself.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from itertools import pairwise

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
WHOLE = "(archive)"
N_ENTRIES = 2002
_LOCAL, _LOCAL_BYTES = b"PK\x03\x04", 30
_NAME = re.compile(r"[a-z0-9./]{1,120}")


class Damaged(Exception):
    """The bytes are not those that were written; ``entry`` is the place, ``WHOLE`` where no entry can be named."""

    def __init__(self, entry: str) -> None:
        super().__init__(entry)
        self.entry = entry


def write(manifest: bytes, signature: str, entries: Mapping[str, bytes]) -> bytes:
    """The one archive with this content: manifest, signature, then the entries by name."""
    return _archive([(MANIFEST, manifest), (SIGNATURE, signature.encode()), *sorted(entries.items())])


def is_archive(content: bytes) -> bool:
    """Whether the bytes begin as a package does."""
    return content.startswith(_LOCAL)


def read(content: bytes) -> dict[str, bytes]:
    """Name -> bytes of every entry, manifest and signature included. Raises Damaged."""
    found, starts = _walk(content)
    written = _archive(found)
    if written != content:
        raise Damaged(_place(_shared(written, content), len(content), starts))
    names = [name for name, _ in found]
    if names[:2] != [MANIFEST, SIGNATURE]:
        raise Damaged(WHOLE)
    for before, name in pairwise(names[2:]):
        if before >= name:
            raise Damaged(name)
    return dict(found)


def _archive(entries: list[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def _walk(content: bytes) -> tuple[list[tuple[str, bytes]], list[tuple[int, str]]]:
    """The entries by their local headers alone, and where each begins. Whatever a header hides shows when all is written anew."""
    found: list[tuple[str, bytes]] = []
    starts: list[tuple[int, str]] = []
    seen: set[str] = set()
    at = 0
    while content[at : at + 4] == _LOCAL:
        n_bytes = int.from_bytes(content[at + 22 : at + 26], "little")
        n_name = int.from_bytes(content[at + 26 : at + 28], "little")
        start = at + _LOCAL_BYTES + n_name
        name = content[at + _LOCAL_BYTES : start].decode("latin-1")
        if start + n_bytes > len(content) or len(found) == N_ENTRIES or name in seen or not _NAME.fullmatch(name):
            raise Damaged(name if _NAME.fullmatch(name) else _last(starts))
        found.append((name, content[start : start + n_bytes]))
        starts.append((at, name))
        seen.add(name)
        at = start + n_bytes
    return found, starts


def _last(starts: list[tuple[int, str]]) -> str:
    return starts[-1][1] if starts else WHOLE


def _shared(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _place(at: int, n_bytes: int, starts: list[tuple[int, str]]) -> str:
    """The entry in whose bytes a place lies."""
    before = [name for start, name in starts if start <= at < n_bytes - 22]
    return before[-1] if before else WHOLE
