"""The archive of an offline package (contract, "Offline package"): one form only, so that a byte that is another lies in a place with a name.

A ZIP of stored entries: nothing is compressed, so nothing unpacks to more than the file itself.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from itertools import pairwise

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
WHOLE = "(archive)"
N_ENTRIES = 2002
_LOCAL, _LOCAL_BYTES = b"PK\x03\x04", 30
_SIGNATURE_BYTES = 88
_MANIFEST_BYTES = 1 << 20
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
    """Whether the bytes begin as a package does, or would but for one of the first four."""
    return content.startswith(_LOCAL) or content[_LOCAL_BYTES:].startswith(MANIFEST.encode())


def read(content: bytes) -> dict[str, bytes]:
    """Name -> bytes of every entry, manifest and signature included. Raises Damaged."""
    found = _walk(content)
    names = [name for name, _ in found]
    if len(set(names)) < len(names) or _archive(found) != content:
        raise Damaged(_place(content))
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


def _walk(content: bytes) -> list[tuple[str, bytes]]:
    """The entries by their local headers alone, as far as those can be followed. Whatever they hide shows when all is written anew."""
    found: list[tuple[str, bytes]] = []
    at = 0
    while content[at : at + 4] == _LOCAL and len(found) < N_ENTRIES:
        n_bytes = int.from_bytes(content[at + 22 : at + 26], "little")
        n_name = int.from_bytes(content[at + 26 : at + 28], "little")
        start = at + _LOCAL_BYTES + n_name
        name = content[at + _LOCAL_BYTES : start].decode("latin-1")
        if start + n_bytes > len(content) or not _NAME.fullmatch(name):
            break
        found.append((name, content[start : start + n_bytes]))
        at = start + n_bytes
    return found


def _place(content: bytes) -> str:
    """The first entry that is not as it was written, ``WHOLE`` when all are: then the directory or the end is not.

    The manifest alone says what lies where. The headers do not: a byte of theirs that is another moves, renames or hides what follows.
    """
    start = _LOCAL_BYTES + len(MANIFEST)
    try:
        told, n_bytes = json.JSONDecoder().raw_decode(content[start : start + _MANIFEST_BYTES].decode("latin-1"))
    except (ValueError, RecursionError):
        return MANIFEST if content[_LOCAL_BYTES:start] == MANIFEST.encode() else WHOLE
    at = 0
    for name, size in ((MANIFEST, n_bytes), (SIGNATURE, _SIGNATURE_BYTES), *_listed(told)):
        end = at + _LOCAL_BYTES + len(name) + size
        body = content[end - size : end]
        if content[at:end] != _archive([(name, body)])[: end - at]:
            return name
        at = end
    return WHOLE


def _listed(manifest: object) -> list[tuple[str, int]]:
    """The entries a manifest names, in the order of the archive, and their bytes; none when it is no manifest."""
    try:
        entries = sorted((each["name"], each["n_bytes"]) for each in manifest["entries"])  # type: ignore[index]
        sound = all(_NAME.fullmatch(name) and type(size) is int and size >= 0 for name, size in entries)
    except (KeyError, TypeError):
        return []
    return entries if sound else []
