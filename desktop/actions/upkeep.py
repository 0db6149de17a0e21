"""Looking after the ledger: verify, back up, restore. A backup is one archive: the encrypted file, its wrapped key, a manifest."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from desktop.actions import anchoring
from desktop.actions import workspace as opening
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Ask, Workspace
from desktop.ledger.problem import Problem
from desktop.secrets import wrap
from desktop.store import backup as copying
from desktop.store import verify as verifying
from desktop.store.verify import Verdict

_PARTS = ("ledger.db", "ledger.key", "practice.key", "manifest.json")
_COPYING, _UNPACKING = ".yixiang-backup-", ".restore-"
_DAY = 24 * 60 * 60

__all__ = ["Verdict", "backup", "head", "restore", "verify"]


def verify(workspace: Workspace, progress: Progress = UNWATCHED) -> Verdict:
    """Recompute the whole ledger from its live rows: file, chain, rows, money; and hold it against the heads that others have signed."""
    with workspace.read() as connection:
        found = verifying.verify(connection, check=progress.check)
        more = anchoring.faults(connection)
    return replace(found, findings=(*found.findings, *more), anchor=anchoring.newest(workspace))


def head(workspace: Workspace) -> str:
    """The newest leaf of the journal's chain, 64 hex digits."""
    with workspace.read() as connection:
        return verifying.head(connection)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def backup(workspace: Workspace, target: Path) -> Path:
    """Write a checked backup archive. Raises Problem when the target exists, its folder does not, or the copy is not equal to the ledger."""
    if target.exists():
        raise Problem("backup.exists", path=target)
    if not target.parent.is_dir():  # a folder made for a mistyped name would hide the backup
        raise Problem("file.cannot_use", name=target, reason="file.reason.no_folder")
    _sweep(target.parent, _COPYING)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=_COPYING) as folder:
        copy = Path(folder) / "ledger.db"
        copying.backup(workspace.database, copy, workspace.key)
        manifest = {"format": 1, "ledger": workspace.lock.ledger, "head": head(workspace), "sha256": _digest(copy)}
        part = Path(folder) / "archive.part"
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            archive.write(copy, "ledger.db")
            archive.write(workspace.home / "ledger.key", "ledger.key")
            if workspace.practice:
                archive.write(workspace.home / "practice.key", "practice.key")
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(part, target)
    return target


def _sweep(folder: Path, prefix: str) -> None:
    """Remove what a copy that was cut off left here, when it is a day old: a younger one may be another program's that is at work."""
    for left in folder.glob(f"{prefix}*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > _DAY:
            shutil.rmtree(left, ignore_errors=True)


def restore(home: Path, archive: Path, *, passphrase: str | None = None, ask: Ask | None = None) -> Path | None:
    """Put a backup in a home's place: checked first, then swapped in; what was there is kept and its path returned.

    Raises Problem, with the home untouched, when the archive is no backup, is damaged, or the key does not fit.
    """
    home.mkdir(parents=True, exist_ok=True)
    _sweep(home, _UNPACKING)
    with tempfile.TemporaryDirectory(dir=home, prefix=_UNPACKING) as name:
        folder = Path(name)
        _unpack(archive, folder)
        lock = wrap.read(folder / "ledger.key")
        key = opening.find_key(folder, lock, passphrase=passphrase, ask=ask)
        copying.check(folder / "ledger.db", key)
        for suffix in ("-wal", "-shm"):
            (folder / f"ledger.db{suffix}").unlink(missing_ok=True)
        release = opening.take_lock(home)
        try:
            return _swap(home, folder)
        finally:
            release()


def _unpack(archive: Path, folder: Path) -> None:
    if not archive.exists():
        raise Problem("backup.missing", path=archive)
    try:
        with zipfile.ZipFile(archive) as packed:
            names = set(packed.namelist())
            if not {"ledger.db", "ledger.key", "manifest.json"} <= names <= set(_PARTS):
                raise Problem("backup.not_one", path=archive)
            try:
                for part in sorted(names):
                    with packed.open(part) as source, (folder / part).open("wb") as target:
                        shutil.copyfileobj(source, target)
            except zipfile.BadZipFile as error:  # a part's own checksum does not fit
                raise Problem("backup.damaged", path=archive) from error
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        if manifest["sha256"] != _digest(folder / "ledger.db"):
            raise Problem("backup.damaged", path=archive)
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        raise Problem("backup.not_one", path=archive) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the file's beginning: its directory is damaged
            raise
        raise Problem("backup.damaged", path=archive) from error


def _swap(home: Path, folder: Path) -> Path | None:
    kept: Path | None = None
    present = [
        home / f"{part}{suffix}" for part in _PARTS[:3] for suffix in ("", "-wal", "-shm") if (home / f"{part}{suffix}").exists()
    ]
    if present:
        stamp = datetime.now(opening.SHANGHAI).strftime("%Y%m%d-%H%M%S-%f")
        kept = home / "replaced" / stamp
        kept.mkdir(parents=True)
        for path in present:
            os.replace(path, kept / path.name)
    # The ledger file last: a home without it is an empty home, never a mixed one.
    for part in ("practice.key", "ledger.key", "ledger.db"):
        if (folder / part).exists():
            os.replace(folder / part, home / part)
    return kept
