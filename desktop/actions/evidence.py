"""Attachments: files of evidence added to a row of the ledger, listed, written out again, removed; kept inside its encrypted file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from desktop.actions.day import now
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.attachment import EVERY_SUBJECT, MOST_BYTES, SUBJECTS, Attachment, plain_name
from desktop.ledger.changes import Changes
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Problem, Refused, reason_of
from desktop.store import attachments as rows
from desktop.store.database import Connection
from desktop.store.facts import ATTACHMENTS

if TYPE_CHECKING:
    from desktop.formats.evidence_file import EvidenceFile

KEPT_AFTER_REMOVAL = timedelta(days=30)
"""How long undo can bring a removed attachment back; then its bytes are cleared."""

_OPENED: list[TemporaryDirectory[str]] = []

__all__ = ["MOST_BYTES", "SUBJECTS", "Attachment", "Attachments", "add", "counted", "listing", "named", "remove", "save", "subject", "type_code"]


@dataclass(frozen=True, slots=True)
class Attachments:
    """The attachments of one row. ``confidential``: they stay in this ledger, as the row does."""

    of_kind: str
    of_id: str
    confidential: bool
    items: tuple[Attachment, ...]


def subject(workspace: Workspace, kind: str, name: str) -> str:
    """The key of the row a person means by its number or key. Raises Refused when there is none."""
    with workspace.read() as connection:
        found = rows.subject(connection, kind, name.strip()) if kind in EVERY_SUBJECT else None
    if found is None:
        raise Refused("attachment.unknown_subject", what=name)
    return found


def listing(workspace: Workspace, of_kind: str, of_id: str) -> Attachments:
    """What is attached to a row, oldest first."""
    with workspace.read() as connection:
        found = tuple(rows.of_subject(connection, of_kind, of_id))
        return Attachments(of_kind, of_id, rows.is_secret(connection, of_kind, of_id), found)


def counted(workspace: Workspace, of_kind: str) -> dict[str, int]:
    """Key of a row of a kind -> how many files are attached to it; those without one are missing."""
    with workspace.read() as connection:
        return rows.counted(connection, of_kind)


def named(workspace: Workspace, key: str) -> Attachment:
    """One attachment by its key. Raises Refused when there is none."""
    with workspace.read() as connection:
        found = ATTACHMENTS.get(connection, key)
    if found is None:
        raise Refused("attachment.unknown")
    return found


def add(
    workspace: Workspace, of_kind: str, of_id: str, path: Path, note: str = "", progress: Progress = UNWATCHED
) -> tuple[Attachment, Changes]:
    """Keep a copy of a file and attach it to a row; undo takes it off again. The file itself is not touched.

    Raises Problem when the file cannot be read or is none that is taken (``formats.evidence_file``), Refused when the row is not there or has the
    same bytes already.
    """
    given = read(path, progress)
    with workspace.write("attachment add", params={"name": given.file.name}) as operation:
        if of_kind not in EVERY_SUBJECT or rows.subject(operation.connection, of_kind, of_id) is None:
            raise Refused("attachment.unknown_subject", what=of_id)
        made = attach(operation.connection, of_kind, of_id, given, note, workspace.who)
        sweep(operation.connection)
        progress.check()
    return made, operation.changes


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was read, with its digest."""

    file: EvidenceFile
    sha256: str


def read(path: Path, progress: Progress = UNWATCHED) -> Given:
    """Read a file to be attached. Raises Problem as ``add`` does."""
    import hashlib

    from desktop.formats import evidence_file

    progress.report(0, 0, "work.reading")
    file = evidence_file.read(path)
    progress.check()
    return Given(file, hashlib.sha256(file.content).hexdigest())


def attach(connection: Connection, of_kind: str, of_id: str, given: Given, note: str, who: str) -> Attachment:
    """Attach a file to a row within an operation, which calls ``sweep`` once after the last. Raises Refused when the row has the same bytes already."""
    for one in rows.of_subject(connection, of_kind, of_id):
        if one.sha256 == given.sha256:
            raise Refused("attachment.there_already", name=one.name)
    file = given.file
    key = new_key(confidential=rows.is_secret(connection, of_kind, of_id))
    rows.keep(connection, given.sha256, file.content)
    made = Attachment(key, of_kind, of_id, file.name, given.sha256, len(file.content), file.media_type, note.strip(), who, now())
    ATTACHMENTS.insert(connection, [made])
    rows.mark_kept(connection, given.sha256)
    return made


def remove(workspace: Workspace, key: str) -> Changes:
    """Take an attachment off its row; undo brings it back, for as long as its bytes are kept. Raises Refused when there is none, or when it is a
    paper of a use that a claim rests on."""
    found = named(workspace, key)
    with workspace.write("attachment remove", params={"name": found.name}) as operation:
        if found.papers:
            _changeable(operation.connection, found)
        ATTACHMENTS.delete(operation.connection, [key])
        sweep(operation.connection)
    return operation.changes


def _changeable(connection: Connection, one: Attachment) -> None:
    from desktop.actions import vouchers
    from desktop.store.vouchers import OUTSIDE

    use = OUTSIDE.get(connection, one.of_id)
    if use is not None:
        vouchers.changeable(connection, use.id, use.number)


def type_code(one: Attachment) -> str:
    """The code of the words for a file's type."""
    from desktop.formats.evidence_file import ENDINGS

    return f"attachment.type.{ENDINGS.get(one.media_type, 'unknown')}"


def sweep(connection: Connection) -> None:
    """Clear the bytes of what was removed too long ago for undo: once an operation, as it looks at all that is kept."""
    # By the machine's clock, as the journal is: a rehearsal of another day clears nothing.
    rows.sweep(connection, datetime.now(UTC) - KEPT_AFTER_REMOVAL)


def save(workspace: Workspace, key: str, target: Path, *, replace: bool = False, private: bool = False) -> Path:
    """Write the file out; ``target`` is a file, or a folder in which it gets its own name. What is written has the digest on record.

    ``private``: for this account alone. Raises Refused when there is no such attachment, its bytes are not here or it would overwrite
    something, Problem when the bytes are not what was added or the system refuses; no half file is left.
    """
    found = named(workspace, key)
    path = target / plain_name(found.name) if target.is_dir() else target
    if path.exists() and not replace:
        raise Refused("attachment.exists", name=path.name)
    with workspace.read() as connection:
        if not rows.is_kept(connection, found.sha256):
            raise Refused("attachment.not_here", name=found.name)
        if rows.digest(connection, found.sha256) != found.sha256:
            raise Problem("attachment.broken_here", name=found.name)
        part = path.with_name(path.name + ".part")
        try:
            with open(part, "xb", opener=_private if private else None) as stream:
                for content in rows.parts(connection, found.sha256):
                    stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        except OSError as error:
            raise Problem("file.cannot_write", name=path.name, reason=reason_of(error)) from error
        finally:
            part.unlink(missing_ok=True)
    return path


def copy_to_open(workspace: Workspace, key: str) -> Path:
    """A copy for another program to show: read only, for this account alone, in a folder that goes when this program ends.

    It has the usual ending of what its bytes are, whatever its name says: other programs believe the ending. Raises as ``save`` does, and
    Refused when its bytes are none that are known.
    """
    from desktop.formats import evidence_file

    runtime = os.environ.get("XDG_RUNTIME_DIR", "")  # in memory, where there is one
    folder = TemporaryDirectory(prefix="yixiang-", dir=runtime if os.path.isdir(runtime) else None)
    path = save(workspace, key, Path(folder.name), private=True)
    kind = evidence_file.media_type(path.read_bytes())
    if kind is None:
        folder.cleanup()
        raise Refused("attachment.not_shown", name=path.name)
    shown = path.rename(path.with_name(f"{path.stem}.{evidence_file.ENDINGS[kind]}"))
    shown.chmod(0o400)
    _OPENED.append(folder)
    return shown


def forget_copies() -> None:
    """Remove every copy that was made to be shown."""
    while _OPENED:
        _OPENED.pop().cleanup()


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
