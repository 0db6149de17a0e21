"""Offline packages coming in: the answer to one is checked byte by byte, who signed it is asked, then it is folded in as from the line.

Trust: a ledger that was on line knows the keys of its service from there. One that never was learns the key from the first answer, and
takes it only when a person has compared its fingerprint with what the operator of the service reads out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.actions import (
    anchoring,
    doubles,
    institution,
    package_limits,
    payout_releases,
    sync_periods,
    sync_postings,
    sync_views,
    syncing,
)
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.problem import Problem, Refused, reason_of
from desktop.secrets import signing
from desktop.store import package_rows
from desktop.store.came_late import came_late
from desktop.store.database import Connection, Operation
from desktop.store.package_rows import ANSWERED, REFUSED, REPLACED, PackageRow, RemoteRow
from desktop.store.reach import HUB

if TYPE_CHECKING:
    from desktop.sync.carried import Taken
    from desktop.sync.package import AnswerManifest, Opened, Refusal

# What the service may say to a whole package after which the same bytes are of no use.
_ENDED = frozenset({
    "package.gap", "package.forked", "package.foreign", "package.stranger", "package.signature", "epoch.changed", "enrolment.refused",
    "auth.revoked",
})  # fmt: skip
_WORDS = _ENDED | {"institution.frozen"}


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What an answer brought. ``again``: it was taken in before. ``refused``: the code of the words why the package was not taken.

    ``sent`` changes the service took, ``received`` entities that were new here; ``more``: the next answer brings the rest.
    ``restored``: the service was restored and asks for another package. ``digest_equal`` None: could not be compared.
    """

    number: int
    remote: str
    changes: Changes
    again: bool = False
    refused: str = ""
    sent: int = 0
    received: int = 0
    parked: int = 0
    conflicts: int = 0
    pending: int = 0
    more: bool = False
    restored: bool = False
    digest_equal: bool | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What is in a package file, read without a ledger; who signed it is not asked.

    ``kind`` report or answer; ``counts`` of what it carries, by the code of its words; ``answers`` the number of the package it is to.
    """

    kind: str
    number: int
    device_id: str
    institution: str
    made_at: str
    digest: str
    n_bytes: int
    previous: str = ""
    enrols: bool = False
    counts: tuple[tuple[str, int], ...] = ()
    groups: tuple[tuple[str, str, int], ...] = ()
    refused: str = ""


def absorb(workspace: Workspace, path: Path, *, fingerprint: str = "", progress: Progress = UNWATCHED) -> Absorbed:
    """Take in the answer to a package of this ledger; the same answer again changes nothing.

    ``fingerprint``: what the operator of the service read out, for a key that is not known yet. Raises Problem for a file that is no
    package or damaged (the place named), Refused for another ledger's, for a signature that does not fit, and ``package.key_new`` with
    the ``fingerprint`` to be compared. Nothing is written then.
    """
    progress.report(0, 0, "package.stage.checking")
    opened = _opened(path)
    manifest = _answer(opened)
    row = _asked(workspace, manifest)
    with workspace.read() as connection:
        known = package_rows.remote(connection, row.remote)
    if known is None:
        raise Refused("package.other_ledger", number=manifest.answers.number)
    trusted = _trusted(workspace, opened, manifest, known, row, fingerprint)
    progress.check()
    progress.report(0, 0, "package.stage.taking")
    problem = _refusal(opened)
    with workspace.write("sync", undoable=False, params={"step": "sync: answer to a package"}) as operation:
        connection = operation.connection
        late = frozenset(came_late(connection))
        package_rows.pin_keys(connection, row.remote, trusted)
        # Another answer may have come between looking and writing: the row is read again.
        row = package_rows.by_digest(connection, row.digest) or row
        if row.state == ANSWERED:
            done = Absorbed(row.number, row.remote, operation.changes, again=True)
        elif problem is not None:
            done = _not_taken(connection, row, problem)
        else:
            done = _taken(operation, row, opened, manifest)
    if not (done.again or done.refused):
        done = replace(done, findings=(*done.findings, *_of_postings(workspace, late), *_witnessed(workspace, opened, row.remote)))
    return replace(done, changes=operation.changes)


def show(path: Path) -> Shown:
    """What is in a package. Raises Problem for a file that is none or damaged."""
    from desktop.sync import package
    from desktop.sync.preview import preview

    try:
        opened = _opened(path)
    except Problem as damaged:
        if damaged.code != "package.damaged":
            raise
        # Nobody can tell any more who wrote it: a package of a ledger, or an answer.
        raise Problem("package.shown_damaged", entry=damaged.params["entry"]) from damaged
    manifest, n_bytes = opened.manifest, path.stat().st_size
    if isinstance(manifest, package.AnswerManifest):
        counts = tuple((f"package.holds.{name}", len(opened.names(name))) for name in ("receipts", "recovered", "pages", "problems"))
        problem = _refusal(opened)
        return Shown(
            "answer", manifest.answers.number, manifest.answers.device_id, manifest.institution.name if manifest.institution else "",
            manifest.made_at, opened.digest, n_bytes, counts=counts, refused=_words(problem.code) if problem else "",
        )  # fmt: skip
    shown = preview(package.sealed(opened), 0)
    counts = tuple((f"package.holds.{name}", len(opened.names(name))) for name in ("batches", "tails", "blobs"))
    return Shown(
        "report", manifest.number, manifest.device_id, manifest.institution_uscc, manifest.made_at, opened.digest, n_bytes,
        manifest.previous or "", manifest.enrolment is not None, counts,
        tuple((group.kind, group.action, group.n_changes) for group in shown.groups),
    )  # fmt: skip


def _opened(path: Path) -> Opened:
    from desktop.sync import package

    if path.is_dir():
        raise Problem("package.folder", path=path)
    if not path.exists():
        raise Problem("package.missing", path=path)
    try:
        with path.open("rb") as source:
            content = source.read(package.N_ANSWER_BYTES + 1)
    except OSError as error:
        raise Problem("package.unreadable", path=path, reason=reason_of(error)) from error
    if len(content) > package.N_ANSWER_BYTES:
        raise Problem("package.too_large", path=path, limit=package.N_ANSWER_BYTES // 1_048_576)
    return package.opened(content)


def _answer(opened: Opened) -> AnswerManifest:
    from desktop.sync.package import AnswerManifest

    if not isinstance(opened.manifest, AnswerManifest):
        raise Refused("package.not_answer", number=opened.manifest.number)
    return opened.manifest


def _asked(workspace: Workspace, manifest: AnswerManifest) -> PackageRow:
    """The package this is the answer to. Raises Refused when this ledger did not make it."""
    asked = manifest.answers
    with workspace.read() as connection:
        row = package_rows.by_digest(connection, asked.digest)
        ours = package_rows.of_device(connection, asked.device_id)
    if row is None or (row.device_id, row.number) != (asked.device_id, asked.number):
        raise Refused("package.unknown" if ours else "package.other_ledger", number=asked.number)
    return row


def _trusted(
    workspace: Workspace, opened: Opened, manifest: AnswerManifest, known: RemoteRow, row: PackageRow, fingerprint: str
) -> dict[str, str]:
    """The keys to trust from now on (key id -> public key), when the answer is signed by one that is trusted. Raises Refused."""
    from desktop.sync import package

    enrolled = package.decoded(opened, "enrolled.json", package.Enrolled)
    offered = {each.key_id: each.public_key for each in enrolled.keys} if enrolled is not None else {}
    offered = {key_id: key for key_id, key in offered.items() if signing.key_id(key) == key_id}
    pinned = known.service_keys.get(manifest.key_id)
    key = pinned or offered.get(manifest.key_id)
    if key is None:
        problem = _refusal(opened)
        if problem is not None and not known.server_id:
            # A first package that was refused: nothing can be verified, so nothing is written; the words are all there is.
            raise Refused("package.not_taken", number=row.number, reason=_words(problem.code))
        raise Refused("package.key_unknown", number=row.number)
    if not signing.verifies(key, opened.signature, signing.PACKAGE, opened.raw):
        raise Refused("package.signature")
    if pinned is None:
        if known.server_id and known.server_id != manifest.server_id:
            raise Refused("package.other_service")
        shown = signing.fingerprint(key)
        if not fingerprint.strip():
            raise Refused("package.key_new", fingerprint=shown)
        if "".join(fingerprint.split()).lower() != "".join(shown.split()):
            raise Refused("package.key_other", fingerprint=shown)
    if enrolled is not None and enrolled.institution.uscc != institution.get(workspace).uscc:
        raise Refused("sync.other_institution", name=enrolled.institution.name, own=institution.get(workspace).name)
    return offered if enrolled is not None else {}


def _refusal(opened: Opened) -> Refusal | None:
    from desktop.sync import package

    return package.decoded(opened, "problem.json", package.Refusal)


def _words(code: str) -> str:
    return f"package.refused.{code.replace('.', '_')}" if code in _WORDS else "package.refused.other"


def _of_postings(workspace: Workspace, late: frozenset[str]) -> tuple[Finding, ...]:
    """What came into a closed month with this answer, and posted records without a posting. Read when it is written: the operation is in the books by then."""
    with workspace.read() as connection:
        return (*sync_periods.came_late(connection, late), *sync_postings.without_posting(connection))


def _witnessed(workspace: Workspace, opened: Opened, remote: str) -> tuple[Finding, ...]:
    """The signed receipt for the head that the package named is kept; what it has to say."""
    from desktop.sync import package

    told = package.decoded(opened, "anchor.json", dict[str, Any])
    if told is None:
        return ()
    return anchoring.take(workspace, told, {"ledger_id": workspace.lock.ledger}, remote)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _not_taken(connection: Connection, row: PackageRow, problem: Refusal) -> Absorbed:
    """The service did not take the package: keep what it asks of the next one."""
    known = package_rows.remote(connection, row.remote)
    current = known is not None and known.device_id == row.device_id
    if current and problem.code in ("package.gap", "package.forked") and problem.number is not None:
        previous_epoch = known.previous_epoch if known is not None else ""
        package_rows.follow(connection, row.remote, problem.number, problem.previous or "", previous_epoch)
    if current and problem.code == "epoch.changed" and problem.epoch:
        package_rows.tell_epoch(connection, row.remote, problem.epoch)
    if problem.code in _ENDED:
        package_rows.settle(connection, row.digest, REFUSED, _now(), problem.code)
    else:
        package_rows.note(connection, row.digest, problem.code)
    return Absorbed(row.number, row.remote, Changes(), refused=_words(problem.code), restored=problem.code == "epoch.changed")


def _taken(operation: Operation, row: PackageRow, opened: Opened, manifest: AnswerManifest) -> Absorbed:
    from desktop.sync import carried, evidence, package, waiting

    connection = operation.connection
    step = LedgerStep(connection, row.remote, operation=operation)
    untaken = package.untaken_files(opened)
    asked = tuple(step.sealed())
    sent = package_rows.content(connection, row.digest)
    carried_by = package.opened(sent) if sent else None
    with_it = package.files(carried_by) if carried_by else []
    taken = carried.fold(step, package.answer(opened, row.epoch, row.cursor, row.tail_sha256, with_it))
    for batch in asked:
        evidence.tell_why(step, batch, untaken)
    if manifest.institution is not None:
        package_rows.name_institution(connection, row.remote, manifest.institution.name)
    _go_on(connection, row, manifest, taken)
    refused = {name: code for name, code in package.problems(opened) if not name.startswith("blobs/")}
    n_split = _taken_apart(connection, row.remote, step, carried_by, refused) if carried_by else 0
    equal = None if manifest.more or taken.restored or taken.overtaken else _compare(step, opened)
    moment = _now()
    package_rows.settle(connection, row.digest, ANSWERED, moment)
    findings = tuple(
        Finding("package.file_refused", "error", (("entry", name), ("code", code))) for name, code in refused.items()
        if not (name.startswith("batches/") and code in package_limits.TOO_LARGE)
    )
    findings += (finding("package.split", "warning", n=n_split),) if n_split else ()
    findings += tuple(syncing.parked_finding(each, row.remote) for each in step.parked())
    owed = evidence.due(step)
    findings += (finding("package.files_left", "warning", n=len(owed)),) if owed else ()
    findings += payout_releases.mark_again(connection) if row.remote == HUB else ()
    findings += doubles.standing(connection)
    done = Absorbed(
        row.number, row.remote, Changes(), sent=taken.applied, received=taken.received, parked=len(step.parked()),
        conflicts=len(step.conflicts()), pending=waiting.n_pending(step), more=manifest.more,
        restored=taken.restored, digest_equal=equal, findings=findings,
    )  # fmt: skip
    _remember(connection, row.remote, done, step.n_withheld(), moment)
    return done


def _taken_apart(connection: Connection, remote: str, step: LedgerStep, sent: Opened, refused: dict[str, str]) -> int:
    """Batches that were refused for their size go in smaller ones; how many. The very same would be refused for ever."""
    names = [name for name, code in refused.items() if name.startswith("batches/") and code in package_limits.TOO_LARGE]
    contents = {sent.entries.get(f"{name}.json") for name in names}
    return package_limits.learn(connection, step, remote, [batch for batch in step.sealed() if batch.content in contents])


def _go_on(connection: Connection, row: PackageRow, manifest: AnswerManifest, taken: Taken) -> None:
    """What the next package must name, if this answer is to the newest one that arrived."""
    known = package_rows.remote(connection, row.remote)
    if known is None or known.device_id != row.device_id:
        return
    if row.number >= known.next_number:
        package_rows.follow(connection, row.remote, row.number + 1, row.digest, manifest.epoch)
    if taken.restored:
        package_rows.tell_epoch(connection, row.remote, manifest.epoch)
    elif known.told_epoch and known.told_epoch == known.epoch:
        package_rows.tell_epoch(connection, row.remote, "")
    waiting = package_rows.awaiting(connection, row.remote, row.device_id)
    if waiting is not None and waiting[0].digest != row.digest and waiting[0].number <= row.number:
        # The package this one had taken the place of did arrive: the replacement would fork the chain.
        package_rows.settle(connection, waiting[0].digest, REPLACED, _now())


def _compare(step: LedgerStep, opened: Opened) -> bool | None:
    """Whether the service holds what we believe it holds; if not, the next answer is asked for from the beginning."""
    from desktop.sync import package
    from desktop.sync.absorb import known
    from desktop.sync.canonical import ledger_digest
    from desktop.sync.ports import RemoteState

    theirs, state = package.digest(opened), known(step)
    if theirs is None or (theirs.server_id, theirs.epoch, theirs.cursor) != (state.server_id, state.epoch, state.cursor):
        return None
    equal = ledger_digest(step.base_lines()) == theirs.digest
    if not equal:
        step.put_state(RemoteState(state.server_id, state.epoch))
    return equal


def _remember(connection: Connection, remote: str, done: Absorbed, n_withheld: int, moment: str) -> None:
    names = ("sent", "received", "parked", "conflicts", "pending", "digest_equal")
    numbers: dict[str, Any] = {name: getattr(done, name) for name in names} | {"withheld": n_withheld}
    connection.exec_driver_sql("UPDATE remote SET last_at = ?, last_report = ? WHERE role = ?", (moment, json.dumps(numbers), remote))
    sync_views.remember_run(connection, {"at": moment, **numbers}, remote)
