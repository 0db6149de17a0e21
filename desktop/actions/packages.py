"""Offline packages going out: see what would leave, write it to a file, and know what waits for an answer. The answer: ``package_answers``.

There is one package at a time: until its answer was taken in, exporting again writes the very same bytes, so that a lost one is simply
made anew. What a package carries is sealed as for the line, and by whichever way it arrives it counts once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.actions import device_names, institution, package_limits, sync_names
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_pending import NETWORK
from desktop.actions.sync_secrets import SIGNING, Secret, device_for, signing_key
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Problem, Refused, reason_of
from desktop.secrets import signing
from desktop.store import anchors, package_rows
from desktop.store.database import Connection, quick
from desktop.store.package_rows import AWAITING, REPLACED, PackageRow, RemoteRow
from desktop.store.reach import kinds

if TYPE_CHECKING:
    from desktop.sync.carried import Outgoing
    from desktop.sync.messages import Capabilities
    from desktop.sync.package import Enrolment, Opened
    from desktop.sync.ports import Sealed
    from desktop.sync.preview import Preview

__all__ = ["Exported", "PackageRow", "Prepared", "State", "export", "prepare", "state"]

SUFFIX = ".gxpk"
# What an archive takes beyond its files: the manifest's own members, and two headers and a line of the manifest for each file.
_OWN_ROOM, _PER_ENTRY = 8192, 600


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the next export would write. ``again``: the package of ``made_at`` that still waits for its answer, byte for byte.

    ``restored``: the service was restored, and the package hands back what it may have lost (``preview`` is empty then).
    ``n_left``: rows that wait and go with a later package.
    """

    preview: Preview
    number: int
    again: bool = False
    made_at: str = ""
    restored: bool = False
    n_left: int = 0


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. ``digest``: SHA-256 of the manifest, by which the next package and the answer name this one."""

    path: Path
    number: int
    digest: str
    again: bool
    n_changes: int
    n_withheld: int
    n_bytes: int
    n_blobs: int
    changes: Changes


@dataclass(frozen=True, slots=True)
class State:
    """Where packages to a remote stand. ``begun``: the ledger is enrolled or has exported; ``answered``: it knows the service.

    ``on_line``: it also has a line. ``awaiting`` is the package whose answer is missing; ``packages`` newest first.
    ``fingerprint`` of the public key of this device.
    """

    begun: bool
    answered: bool = False
    on_line: bool = False
    next_number: int = 1
    awaiting: PackageRow | None = None
    packages: tuple[PackageRow, ...] = ()
    device_id: str = ""
    fingerprint: str = ""
    service_keys: tuple[str, ...] = ()


def state(workspace: Workspace, remote: str = NETWORK) -> State:
    """Where packages to a remote stand; reads only the ledger."""
    with workspace.read() as connection:
        known = package_rows.remote(connection, remote)
        if known is None:
            return State(False)
        rows = tuple(package_rows.every(connection, remote))
    waiting = next((row for row in rows if row.state == AWAITING and row.device_id == known.device_id), None)
    service = tuple(signing.fingerprint(key) for key in known.service_keys.values())
    return State(
        True,
        bool(known.server_id),
        bool(known.url),
        known.next_number,
        waiting,
        rows,
        known.device_id,
        signing.fingerprint(known.public_key),
        service,
    )


def prepare(workspace: Workspace, remote: str = NETWORK, code: str = "") -> Prepared:
    """Seal what is pending and show what the next package would carry, read back from the sealed bytes; nothing leaves.

    Raises Refused when the ledger was never enrolled and no code is given.
    """
    from desktop.sync import waiting
    from desktop.sync.preview import preview

    _ready(workspace, remote, code)
    with _writing(workspace, "sync: preview of a package") as connection:
        step, known = LedgerStep(connection, remote), _known(connection, remote)
        kept = _still_good(connection, step, known, remote, code)
        if kept is not None:
            row, opened = kept
            batches = _sealed(opened)
            left = waiting.n_left(step, list(kinds(remote)), batches)
            shown = sync_names.named(connection, preview(batches, row.n_withheld, left), remote)
            return Prepared(shown, row.number, True, row.made_at, bool(row.tail_sha256), left)
        capabilities = _assumed(connection, known, remote)
        if known.server_id and capabilities.epoch != known.epoch:
            return Prepared(preview((), step.n_withheld()), known.next_number, restored=True, n_left=waiting.n_pending(step))
        waiting.reseal(step, capabilities, new_key)
        batches = list(step.sealed())
        left = waiting.n_left(step, capabilities.kinds, batches)
        shown = sync_names.named(connection, preview(batches, step.n_withheld(), left), remote)
        return Prepared(shown, known.next_number, n_left=left)


def export(
    workspace: Workspace,
    path: Path,
    *,
    remote: str = NETWORK,
    code: str = "",
    approved: tuple[str, ...] | None = None,
    progress: Progress = UNWATCHED,
) -> Exported:
    """Write the next package to a file, or the one that still waits for its answer, byte for byte.

    ``approved``: digests of ``Prepared.preview``; what else is pending by now is not let out. The file is there whole or not at all, and
    the ledger knows the package before the file bears its name. Raises Refused (a name without .gxpk, never enrolled, another content than was approved),
    Withheld when something confidential is found in the exact bytes, Problem when the file cannot be written.
    """
    check_name(path)
    progress.report(0, 0, "package.stage.sealing")
    _ready(workspace, remote, code)
    part = path.with_name(f".{path.name}.part")
    try:
        with workspace.write("sync", undoable=False, params={"step": "sync: package"}) as operation:
            connection = operation.connection
            step, known = LedgerStep(connection, remote), _known(connection, remote)
            kept = _still_good(connection, step, known, remote, code)
            if kept is not None:
                row, opened = kept
                content = package_rows.awaiting(connection, remote, known.device_id)[1]  # type: ignore[index]  # just seen
            else:
                row, opened, content = _made(workspace, connection, step, remote, code)
            _only(approved, opened)
            progress.check()
            progress.report(0, 0, "package.stage.writing")
            _write(part, content)
        os.replace(part, path)
    except OSError as error:
        raise Problem("package.cannot_write", path=path, reason=reason_of(error)) from error
    finally:
        part.unlink(missing_ok=True)
    n_blobs = len(opened.names("blobs"))
    return Exported(
        path, row.number, row.digest, kept is not None, row.n_changes, row.n_withheld, row.n_bytes, n_blobs, operation.changes
    )


def check_name(path: Path) -> None:
    """Raises Refused for a file that nobody would know for a package by its name: the office where it is handed in, and we, look for it."""
    if path.suffix.lower() != SUFFIX and not path.is_dir():
        raise Refused("package.suffix", path=path)


def _write(part: Path, content: bytes) -> None:
    with part.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


@contextmanager
def _writing(workspace: Workspace, step: str) -> Iterator[Connection]:
    with workspace.write("sync", undoable=False, params={"step": step}) as operation:
        yield operation.connection


def _ready(workspace: Workspace, remote: str, code: str) -> None:
    """A device and its key are there before anything is sealed for it. Raises Refused without enrolment, code or key."""
    with workspace.read() as connection:
        known = package_rows.remote(connection, remote)
    private = Secret(workspace, remote, SIGNING).load()
    fits = known is not None and private is not None and signing.public_of(private) == known.public_key
    if known is None and not code.strip():
        raise Refused("package.no_code", remote=f"sync.remote.{remote}")
    if known is not None and not code.strip():
        if not fits:
            raise Refused("package.key_lost")
        return
    if known is not None and known.server_id and fits:
        return  # the device that the service knows comes back with the code
    device, key = device_for(workspace, code, remote), signing_key(workspace, remote)
    with _writing(workspace, "sync: a device for packages") as connection:
        if known is None:
            package_rows.begin(connection, remote, device, key)
        else:
            package_rows.name_device(connection, remote, device, key)
        device_names.keep(quick(connection), remote, {device: device_names.own()})


def _known(connection: Connection, remote: str) -> RemoteRow:
    known = package_rows.remote(connection, remote)
    if known is None:
        raise Refused("package.no_code", remote=f"sync.remote.{remote}")
    return known


def _assumed(connection: Connection, known: RemoteRow, remote: str) -> Capabilities:
    """Who the remote is as far as we know."""
    from desktop.sync.messages import SCHEMA, Capabilities, SchemaRange

    limits = package_limits.assumed(connection, remote)
    epoch = known.told_epoch or known.epoch
    return Capabilities(known.server_id, epoch, remote, SchemaRange(SCHEMA, SCHEMA), limits, list(kinds(remote)))


def _still_good(
    connection: Connection, step: LedgerStep, known: RemoteRow, remote: str, code: str
) -> tuple[PackageRow, Opened] | None:
    """The package that waits for its answer, if it may leave as it is: nothing in it became confidential, no other code is given."""
    from desktop.sync import package
    from desktop.sync.egress import Gate

    waiting = package_rows.awaiting(connection, remote, known.device_id)
    if waiting is None:
        return None
    row, content = waiting
    opened = package.opened(content)
    enclosed = _enclosed(opened)
    if code.strip() and _plain(code) != _plain(enclosed.code if enclosed else ""):
        return None
    gate = Gate(step.markers())
    texts = (opened.raw, *(opened.entries[name] for folder in ("batches", "tails") for name in opened.names(folder)))
    free = all(gate.lets(text) for text in texts) and gate.lets_file(opened.entries[name] for name in opened.names("blobs"))
    return (row, opened) if free else None


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()


def _enclosed(opened: Opened) -> Enrolment | None:
    from desktop.sync.package import ReportManifest

    return opened.manifest.enrolment if isinstance(opened.manifest, ReportManifest) else None


def _made(
    workspace: Workspace, connection: Connection, step: LedgerStep, remote: str, code: str
) -> tuple[PackageRow, Opened, bytes]:
    """The next package, kept in the ledger. One that waits and may not leave as it is is replaced under its own number."""
    from desktop.sync import carried, evidence, gxpk, package
    from desktop.sync.egress import Gate
    from desktop.sync.preview import preview

    known, moment = _known(connection, remote), datetime.now(UTC)
    enrolment = _enrolment(connection, known, remote, code)
    waiting = package_rows.awaiting(connection, remote, known.device_id)
    if waiting is not None:
        package_rows.settle(connection, waiting[0].digest, REPLACED, moment.isoformat(timespec="seconds"))
    for digest in package_rows.of_other_devices(connection, remote, known.device_id):
        # Made under a code that another one took the place of since: nobody exports it again, and an answer to it is taken in all the same.
        package_rows.settle(connection, digest, REPLACED, moment.isoformat(timespec="seconds"))
    evidence.try_again(step)
    outgoing = carried.gather(step, _assumed(connection, known, remote), new_key)
    restored = bool(outgoing.tail_sha256)
    files = package.entries(outgoing, _blobs(step, outgoing))
    if sum(len(each) + _PER_ENTRY for each in files.values()) > package.N_BYTES - _OWN_ROOM or len(files) > gxpk.N_ENTRIES - 2:
        raise Refused("package.too_much")
    maker = package.Maker(
        known.device_id, institution.get(workspace).uscc, remote, known.server_id, known.told_epoch or known.epoch,
        known.next_number, known.previous, known.previous_epoch, enrolment, _head(workspace, connection),
    )  # fmt: skip
    manifest = package.report(maker, new_key(), moment, "" if restored else outgoing.cursor, files)
    gate = Gate(step.markers())
    for text in (manifest, *(each for name, each in sorted(files.items()) if not name.startswith("blobs/"))):
        gate.check(text)
    private = Secret(workspace, remote, SIGNING).load() or ""
    content = gxpk.write(manifest, signing.sign(private, signing.PACKAGE, manifest), files)
    opened = package.opened(content)
    shown = preview(outgoing.batches, step.n_withheld())
    row = PackageRow(
        opened.digest, remote, known.device_id, known.next_number, AWAITING, outgoing.epoch, outgoing.cursor,
        outgoing.tail_sha256, shown.n_changes, shown.n_withheld, len(content), moment.isoformat(timespec="seconds"),
    )  # fmt: skip
    package_rows.add(connection, row, content)
    return row, opened, content


def _head(workspace: Workspace, connection: Connection) -> dict[str, object] | None:
    """The head of the chain, for the service to sign; None while nothing was written."""
    head, n_operations = anchors.chain(connection)
    return {"ledger_id": workspace.lock.ledger, "head": head, "n_operations": n_operations} if n_operations else None


def _enrolment(connection: Connection, known: RemoteRow, remote: str, code: str) -> Enrolment | None:
    """What a device that is not enrolled, or comes back, encloses. Raises Refused when the code is not known any more."""
    from desktop.sync import package

    if not code.strip():
        waiting = package_rows.awaiting(connection, remote, known.device_id)
        enclosed = _enclosed(package.opened(waiting[1])) if waiting else None
        if enclosed is None and not known.server_id:
            raise Refused("package.no_code", remote=f"sync.remote.{remote}")
        return enclosed
    return package.Enrolment(code.strip(), known.public_key, device_names.own())


def _only(approved: tuple[str, ...] | None, opened: Opened) -> None:
    """Let nothing out that was not seen. A batch without a change carries nothing."""
    from desktop.sync.preview import preview

    if approved is None:
        return
    if any(batch.digest not in approved and preview([batch], 0).n_changes for batch in _sealed(opened)):
        raise Refused("package.changed")


def _sealed(opened: Opened) -> list[Sealed]:
    from desktop.sync import package

    return package.sealed(opened)


def _blobs(step: LedgerStep, outgoing: Outgoing) -> dict[str, bytes]:
    """The files that the rows of the package name and this ledger has, as many as fit; the others go with a later package.

    After a restore of the service, those it is known to have had; what of them had no room is owed.
    """
    from desktop.sync import evidence, package
    from desktop.sync.egress import Gate

    gate = Gate(step.markers())
    room = package.N_BYTES - _OWN_ROOM
    room -= sum(len(each) + _PER_ENTRY for each in (*(batch.content for batch in outgoing.batches), *outgoing.tails))
    named = [digest for batch in outgoing.batches for digest in evidence.places(batch)]
    wanted = evidence.held(step) if outgoing.tail_sha256 else [*named, *evidence.due(step)]
    found: dict[str, bytes] = {}
    for digest in dict.fromkeys(wanted):
        n_bytes = step.file_bytes(digest)
        if not n_bytes or n_bytes + _PER_ENTRY > room or not gate.lets(b"", digest):
            continue
        content = step.file_piece(digest, 0, n_bytes)
        if gate.lets_file([content]):
            found[digest] = content
            room -= n_bytes + _PER_ENTRY
    return found
