"""The archive of an offline package (contract, "Offline package"): written in one way only, read strictly, the place of damage named.

Stored entries alone: nothing is decompressed, so what a package holds is bounded by its own size.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from network.problems import Refusal

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
MAX_ENTRIES = 2002
WHOLE = "(archive)"


def write(manifest: bytes, signature: str, entries: Mapping[str, bytes]) -> bytes:
    """The one archive with this content."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, content in ((MANIFEST, manifest), (SIGNATURE, signature.encode()), *sorted(entries.items())):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def read(content: bytes) -> dict[str, bytes]:
    """Name -> bytes of every entry, manifest and signature included. Raises Refusal with ``entry``, the place that is damaged."""
    found: dict[str, bytes] = {}
    starts: list[tuple[int, str]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            if len(listed) > MAX_ENTRIES:
                raise damaged(WHOLE)
            for entry in listed:
                if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
                    raise damaged(entry.filename)
                found[entry.filename] = _entry(archive, entry)
                starts.append((entry.header_offset, entry.filename))
    # zipfile raises NotImplementedError of what it does not read: a package has one form, and this is not it.
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, OverflowError) as error:
        raise damaged(WHOLE) from error
    manifest, signature = found.get(MANIFEST), found.get(SIGNATURE)
    if manifest is None or signature is None or len(found) != len(starts) or not signature.isascii():
        raise damaged(WHOLE)
    entries = {name: each for name, each in found.items() if name not in (MANIFEST, SIGNATURE)}
    canonical = write(manifest, signature.decode(), entries)
    if canonical != content:
        raise damaged(_place(canonical, content, starts))
    return found


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(entry)
    # Also NotImplementedError, of a way of packing zipfile does not know, and RuntimeError, of an entry with a password.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise damaged(entry.filename) from error


def _place(canonical: bytes, content: bytes, starts: list[tuple[int, str]]) -> str:
    """The entry in whose bytes the first difference lies."""
    shared = min(len(canonical), len(content))
    at = next((n for n in range(shared) if canonical[n] != content[n]), shared)
    before = [name for start, name in sorted(starts) if start <= at < len(content) - 22]
    return before[-1] if before else WHOLE


def damaged(entry: str) -> Refusal:
    """The refusal that names a place."""
    return Refusal("package.damaged", extra={"entry": entry[:120]})
