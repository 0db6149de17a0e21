"""The archive of an offline package (contract, "Offline package"): written in one way only, read strictly, the place of damage named.

Stored entries alone: nothing is decompressed, so what a package holds is bounded by its own size.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from itertools import pairwise

from network.problems import Refusal

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
MAX_ENTRIES = 2002
WHOLE = "(archive)"
_LOCAL, _LOCAL_BYTES = b"PK\x03\x04", 30
_SIGNATURE_BYTES = 88
_MANIFEST_BYTES = 1 << 20
_NAME = re.compile(r"[a-z0-9./]{1,120}")


def write(manifest: bytes, signature: str, entries: Mapping[str, bytes]) -> bytes:
    """The one archive with this content."""
    return _archive([(MANIFEST, manifest), (SIGNATURE, signature.encode()), *sorted(entries.items())])


def read(content: bytes) -> dict[str, bytes]:
    """Name -> bytes of every entry, manifest and signature included. Raises Refusal with ``entry``, the place that is damaged."""
    found = _walk(content)
    names = [name for name, _ in found]
    if len(set(names)) < len(names) or _archive(found) != content:
        raise damaged(_place(content))
    if names[:2] != [MANIFEST, SIGNATURE]:
        raise damaged(WHOLE)
    for before, name in pairwise(names[2:]):
        if before >= name:
            raise damaged(name)
    entries = dict(found)
    if not entries[SIGNATURE].isascii():
        raise damaged(SIGNATURE)
    return entries


def damaged(entry: str) -> Refusal:
    """The refusal that names a place."""
    return Refusal("package.damaged", extra={"entry": entry[:120]})


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
    while content[at : at + 4] == _LOCAL and len(found) < MAX_ENTRIES:
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
