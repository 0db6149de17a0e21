"""The backups kept beside the ledger: one a day, the newest seven; what a backup file holds; putting one in the ledger's place."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from desktop.actions import upkeep
from desktop.actions import workspace as opening
from desktop.actions.day import today
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem

KEPT = 7
SUFFIX = ".yxb"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup file: when it was written (UTC), its size in bytes, and the head of the journal it was taken at."""

    path: Path
    at: datetime
    n_bytes: int
    head: str
    ledger: str


def folder(home: Path) -> Path:
    """Where the daily backups of a home are."""
    return home / "backups"


def examine(path: Path) -> Backup:
    """What a backup file says about itself, without opening its ledger. Raises Problem for a file that is no backup."""
    if not path.exists():
        raise Problem("backup.missing", path=path)
    try:
        with zipfile.ZipFile(path) as packed:
            manifest = json.loads(packed.read("manifest.json"))
        facts = path.stat()
        return Backup(
            path, datetime.fromtimestamp(facts.st_mtime, UTC), facts.st_size, str(manifest["head"]), str(manifest["ledger"])
        )
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise Problem("backup.not_one", path=path) from error


def every(home: Path) -> list[Backup]:
    """The daily backups of a home, newest first; a file that is no backup is left out."""
    found = []
    for path in folder(home).glob(f"*{SUFFIX}") if folder(home).is_dir() else ():
        try:
            found.append(examine(path))
        except Problem:  # somebody put another file there: it is no backup and is not listed
            continue
    return sorted(found, key=lambda one: one.path.name, reverse=True)


def daily(workspace: Workspace, day: date | None = None) -> Path | None:
    """Write today's backup and let the oldest go, so that seven stay; None when the newest one holds the same journal already.

    Raises Problem or OSError when it cannot be written; older ones are removed only after the new one is there.
    """
    target = folder(workspace.home) / f"{(day or today()).isoformat()}{SUFFIX}"
    known = every(workspace.home)
    if known and known[0].head == upkeep.head(workspace) and known[0].ledger == workspace.lock.ledger:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".new")
    part.unlink(missing_ok=True)
    upkeep.backup(workspace, part)
    part.replace(target)
    for old in every(workspace.home)[KEPT:]:
        old.path.unlink()
    return target


def put_in_place(
    workspace: Workspace, archive: Path, *, passphrase: str | None = None, progress: Progress = UNWATCHED
) -> tuple[Workspace, Path | None]:
    """Close the open ledger, put a backup in its place and open that: the new workspace, and where the old ledger is kept.

    When the backup cannot be used the old ledger is opened again and the Problem is raised.
    """
    examine(archive)
    progress.report(0, 0, "work.restoring")
    progress.check()
    workspace.close()
    try:
        kept = upkeep.restore(workspace.home, archive, passphrase=passphrase)
    except BaseException:
        workspace.reopen()
        raise
    return opening.open_ledger(workspace.home, passphrase=passphrase), kept
