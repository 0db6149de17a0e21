"""Sync on demand with the provincial network: enrol, see what would leave, send and receive, conflicts; the demo's own network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.actions import anchoring, institution, judging, sync_entries, sync_periods, sync_postings, sync_views
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_entries import Scalar
from desktop.actions.sync_marks import Marks, strict
from desktop.actions.sync_pending import NETWORK
from desktop.actions.sync_pending import n_pending as n_pending
from desktop.actions.sync_secrets import REFRESH, SIGNING, Secret, device_for, signing_key
from desktop.actions.sync_storage import LedgerStep, LedgerStorage
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Problem, Refused, reason_of
from desktop.store import library as library_rows
from desktop.store import package_rows
from desktop.store.came_late import came_late
from desktop.store.database import Connection

if TYPE_CHECKING:
    from desktop.sync.client import Client
    from desktop.sync.ports import Conflict, Parked
    from desktop.sync.preview import Preview
    from desktop.sync.round import RunReport


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did; ``digest_equal`` None: could not be compared. ``findings`` name the parked rows, and what a witness has to say
    (``anchoring``)."""

    sent: int
    received: int
    parked: int
    conflicts: int
    pending: int
    withheld: int
    digest_equal: bool | None
    findings: tuple[Finding, ...]
    at: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the ledger is enrolled, where (``url`` "": by packages alone), what waits, and how the last run ended (JSON of ``Result`` fields).

    ``authorities``: certificates (PEM) of those who alone may vouch for the service (``vouching_names``); "": the usual ones.
    """

    enrolled: bool
    url: str = ""
    institution: str = ""
    last_at: str = ""
    last_report: str = ""
    n_parked: int = 0
    n_conflicts: int = 0
    authorities: str = ""


def _remote(workspace: Workspace, remote: str) -> Mapping[str, str] | None:
    with workspace.read() as connection:
        row = connection.exec_driver_sql("SELECT * FROM remote WHERE role = ?", (remote,)).first()
    return None if row is None else dict(row._mapping)


def _client(
    workspace: Workspace, url: str, progress: Progress = UNWATCHED, remote: str = NETWORK, authorities: str = ""
) -> Client:
    from desktop.sync.client import Client
    from desktop.sync.egress import Gate

    marks = Marks()

    def gate() -> Gate:
        with workspace.read() as connection:
            return Gate(marks.of(connection))

    def address_gate() -> Gate:
        with workspace.read() as connection:
            return Gate(strict(connection))

    cancelled = None if progress is UNWATCHED else progress.cancelled
    return Client(url, Secret(workspace, remote, REFRESH), gate, address_gate=address_gate, cancelled=cancelled, authorities=authorities)


@contextmanager
def reached(workspace: Workspace, remote: str = NETWORK, progress: Progress = UNWATCHED) -> Iterator[Client]:
    """The way to a remote the ledger is enrolled with. Raises Refused when it is not."""
    known = _enrolled(workspace, remote)
    with closing(_client(workspace, known["url"], progress, remote, known["authorities"])) as client:
        yield client


def _enrolled(workspace: Workspace, remote: str) -> Mapping[str, str]:
    known = _remote(workspace, remote)
    if known is None:
        raise Refused("sync.not_enrolled")
    if not known["url"]:
        raise Refused("sync.by_package")
    return known


def enrol(workspace: Workspace, url: str, code: str, remote: str = NETWORK, authorities: Path | None = None) -> Changes:
    """Register this ledger as a device of its institution with a code from the administrator of the network, or of the hub.

    A new code makes a new device, also after the old one was revoked or a copy was restored; the same code again is the same device, because
    its answer may have been lost. A service that moved keeps what it is known to hold; another service is known to hold nothing.
    ``authorities``: a file with the certificates of those who alone may vouch for the service; without one, those that were named for this
    address before count on.
    Raises Problem when the service cannot be reached or refuses the code, Refused when the ledger is enrolled elsewhere, the service has the
    other role, the code is another institution's, or the file names nobody who can vouch.
    """
    import platform

    from desktop.sync.wire import check_address

    address = check_address(url)
    known = _remote(workspace, remote)
    before_now = known["authorities"] if known is not None and known["url"] == address else ""
    vouching = before_now if authorities is None else _authorities(authorities)
    device, key = device_for(workspace, code, remote), signing_key(workspace, remote)
    with closing(_client(workspace, address, remote=remote, authorities=vouching)) as client:
        met = client.capabilities()
        if met.role != remote:
            raise Refused("sync.other_role", role=f"sync.remote.{remote}")
        if known is not None and known["url"] != address and known["server_id"] not in ("", met.server_id):
            raise Refused("sync.enrolled_elsewhere", url=known["url"] or known["institution"])
        kept = Secret(workspace, remote, REFRESH)
        before = kept.load()
        enrolled = client.enrol(code.strip(), device, platform.node() or "yixiang", key)
        own = institution.get(workspace)
        if enrolled.institution.uscc != own.uscc:
            client.revoke(device)
            kept.save(before or "")
            raise Refused("sync.other_institution", name=enrolled.institution.name, own=own.name)
    with workspace.write("sync enrol", undoable=False) as operation:
        run = operation.connection.exec_driver_sql
        if known is not None and known["server_id"] not in ("", met.server_id):
            _forget(operation.connection, remote)
        package_rows.name_device(operation.connection, remote, device, key)
        # A package that has no answer yet stays sealed: what it carries counts once, by whichever way it arrives.
        run(
            "INSERT INTO remote (role, url, server_id, epoch, cursor, device_id, public_key, institution, authorities) VALUES (?, ?, ?, ?, '', ?, ?, ?, ?) "
            "ON CONFLICT (role) DO UPDATE SET url = excluded.url, authorities = excluded.authorities, "
            "institution = excluded.institution, server_id = excluded.server_id, "
            "epoch = CASE WHEN remote.server_id = '' THEN excluded.epoch ELSE remote.epoch END",
            (remote, address, enrolled.server_id, enrolled.epoch, device, key, enrolled.institution.name, vouching),
        )
        package_rows.pin_keys(operation.connection, remote, {each.key_id: each.public_key for each in met.keys})
    return operation.changes


def _authorities(path: Path) -> str:
    from desktop.secrets import authorities

    try:
        if path.stat().st_size > authorities.N_BYTES:
            raise Refused("sync.authorities_none")
        return authorities.read(path.read_bytes())
    except OSError as error:
        raise Refused("file.cannot_use", name=path, reason=reason_of(error)) from error


def leave(workspace: Workspace, remote: str = NETWORK) -> bool:
    """End this device's enrolment: nothing is sent any more, the ledger's own rows stay. Whether the service was told.

    Raises Refused when the ledger is not enrolled.
    """
    known = _remote(workspace, remote)
    if known is None:
        raise Refused("sync.not_enrolled")
    told = _revoked(workspace, known, remote) if known["url"] else False
    for what in (REFRESH, SIGNING):
        Secret(workspace, remote, what).save("")
    with workspace.write("sync leave", undoable=False) as operation:
        _forget(operation.connection, remote)
    return told


def _revoked(workspace: Workspace, known: Mapping[str, str], remote: str) -> bool:
    with closing(_client(workspace, known["url"], remote=remote, authorities=known["authorities"])) as client:
        try:
            client.capabilities()
            client.revoke(known["device_id"])
        except Problem:
            return False
    return True


def _forget(connection: Connection, remote: str) -> None:
    for table in ("sync_base", "sync_batch", "sync_parked", "sync_conflict"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE remote = ?", (remote,))
    package_rows.leave(connection, remote)
    library_rows.forget(connection, remote)
    connection.exec_driver_sql("DELETE FROM remote WHERE role = ?", (remote,))


def preview(workspace: Workspace, remote: str = NETWORK) -> Preview:
    """Seal what is pending and show what the sealed bytes hold; nothing leaves. Needs the network only for its limits."""
    from desktop.sync import round as rounds

    known = _enrolled(workspace, remote)
    with closing(_client(workspace, known["url"], remote=remote, authorities=known["authorities"])) as client:
        return rounds.prepare(LedgerStorage(workspace, remote), client.capabilities(), new_key)


def discard_preview(workspace: Workspace, remote: str = NETWORK) -> None:
    """Take apart what was sealed for a preview and not approved."""
    from desktop.sync import round as rounds

    rounds.discard(LedgerStorage(workspace, remote))


def sync(
    workspace: Workspace, *, approved: tuple[str, ...] | None = None, progress: Progress = UNWATCHED, remote: str = NETWORK
) -> Result:
    """Send what is pending (or only the approved sealed batches), receive what is new, compare digests.

    Raises Problem when the network cannot be reached or refuses; what was done before stays done and is resumed next time.
    """
    from desktop.sync import round as rounds

    known = _enrolled(workspace, remote)
    with workspace.read() as connection:
        late = frozenset(came_late(connection))
    with closing(_client(workspace, known["url"], progress, remote, known["authorities"])) as client:
        report: RunReport = rounds.run(
            LedgerStorage(workspace, remote),
            client,
            new_key,
            cancelled=progress.cancelled,
            progress=lambda stage, n: progress.report(n, 0, f"sync.stage.{stage}"),
            approved=None if approved is None else frozenset(approved),
        )
        pinned(workspace, remote, client)
        beside = (*anchoring.anchor(workspace, client, remote), *_read_beside(workspace, client, remote))
    with workspace.read() as connection:
        beside = (*sync_periods.came_late(connection, late), *beside)
    told = (*(parked_finding(row) for row in parked(workspace, remote)), *beside)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    result = Result(
        report.sent,
        report.received,
        report.parked,
        report.conflicts,
        report.pending,
        report.withheld,
        report.digest_equal,
        told,
        at,
    )
    numbers = {
        name: getattr(result, name) for name in ("sent", "received", "parked", "conflicts", "pending", "withheld", "digest_equal")
    }
    with workspace.write("sync") as operation:
        operation.connection.exec_driver_sql(
            "UPDATE remote SET last_at = ?, last_report = ? WHERE role = ?", (at, json.dumps(numbers), remote)
        )
        sync_views.remember_run(operation.connection, {"at": at, **numbers}, remote)
    return result


def pinned(workspace: Workspace, remote: str, client: Client) -> None:
    """Trust the keys the service names on the line it was met on."""
    with workspace.write("sync", undoable=False, params={"step": "sync: keys"}) as operation:
        package_rows.pin_keys(operation.connection, remote, {each.key_id: each.public_key for each in client.keys})


def _read_beside(workspace: Workspace, client: Client, remote: str) -> tuple[Finding, ...]:
    """Notices and books that are new; the sync before stays done when they cannot be read."""
    from desktop.actions import library

    try:
        n_new = library.read_new(workspace, client, remote)
    except Problem as problem:
        return (finding("sync.not_read", "warning", why=problem.code),)
    return (finding("sync.new_notices", "note", n=n_new),) if n_new else ()


def parked_finding(row: Parked) -> Finding:
    """A parked row as a finding: the words of the reason, the row and the field."""
    code = f"sync.refused.{row.code.replace('.', '_')}"
    return Finding(code, params=(("field", f"wire.{row.field}"),), kind=row.kind, key=row.id, field=row.field)


def parked(workspace: Workspace, remote: str = NETWORK) -> tuple[Parked, ...]:
    """Rows the network refused; they wait, visibly, until they are changed."""
    with workspace.read() as connection:
        return tuple(LedgerStep(connection, remote).parked())


def conflicts(workspace: Workspace, remote: str = NETWORK) -> tuple[Conflict, ...]:
    """Rows both sides changed: base, mine, theirs."""
    with workspace.read() as connection:
        return tuple(LedgerStep(connection, remote).conflicts())


def resolve(
    workspace: Workspace,
    kind: str,
    key: str,
    chosen: Mapping[str, str],
    reason: str,
    entered: Mapping[str, str] | None = None,
    remote: str = NETWORK,
) -> Changes:
    """Settle a conflict: for each contested field ``mine``, ``theirs`` or ``entered``; the result is pending and goes with the next sync.

    ``entered``: field -> what a person wrote instead of either side. Fields that the engine merged stay as they are, whatever is chosen for
    them. When one side deleted the row, its fields are chosen together and nothing is entered. Raises Refused without a reason, for a
    conflict that is gone, while a contested field has no side, for an entry that is no value of its field, or when the ledger's own
    rules forbid what was chosen.
    """
    from desktop.sync.ports import Unplaced

    if not reason.strip():
        raise Refused("record.no_reason")
    with workspace.write("sync resolve", reason=reason.strip(), undoable=False) as operation:
        step = LedgerStep(operation.connection, remote)
        found = step.conflict(kind, key)
        if found is None:
            raise Refused("sync.no_conflict")
        sides = {name: chosen.get(name, "") for name in sync_views.contested(found)}
        if not set(sides.values()) <= {"mine", "theirs", "entered"}:
            raise Refused("sync.no_choice")
        try:
            if sync_postings.is_rival(found):
                sync_postings.give_way(operation, step, found, set(sides.values()), reason)
            elif found.mine is None or found.theirs is None:
                _settle_deletion(step, found, set(sides.values()))
            else:
                step.put_local(kind, key, _settled(step, found, sides, entered or {}))
        except Unplaced as refused:
            raise Refused(f"sync.refused.{refused.code.replace('.', '_')}", field=refused.field) from refused
        step.drop_conflict(kind, key)
        judging.recheck(operation)
    return operation.changes


def _settled(step: LedgerStep, found: Conflict, sides: Mapping[str, str], entered: Mapping[str, str]) -> dict[str, Scalar]:
    mine, theirs = dict(found.mine or {}), dict(found.theirs or {})
    body = dict(step.standing(found.kind, found.id).local or theirs)
    for name, side in sides.items():
        if side != "entered":
            body[name] = (mine if side == "mine" else theirs).get(name)
        elif name in entered:
            body[name] = sync_entries.read(found.kind, name, entered[name])
        else:
            raise Refused("sync.no_choice")
    return body


def _settle_deletion(step: LedgerStep, found: Conflict, sides: set[str]) -> None:
    if len(sides) > 1 or sides == {"entered"}:
        raise Refused("sync.no_choice")
    wanted = found.mine if sides == {"mine"} else found.theirs
    if wanted is None:
        step.delete_local(found.kind, found.id, attached=True)
    elif step.standing(found.kind, found.id).local is None:
        # Else the row that met a deletion is on view, and counts as it is now: somebody may have gone on with it.
        step.put_local(found.kind, found.id, wanted)


def status(workspace: Workspace, remote: str = NETWORK) -> Status:
    """Where this ledger stands with a remote; reads only the ledger."""
    known = _remote(workspace, remote)
    if known is None:
        return Status(False)
    with workspace.read() as connection:
        n_parked = int(connection.exec_driver_sql("SELECT count(*) FROM sync_parked WHERE remote = ?", (remote,)).scalar_one())
        n_conflicts = int(
            connection.exec_driver_sql("SELECT count(*) FROM sync_conflict WHERE remote = ?", (remote,)).scalar_one()
        )
    return Status(True, known["url"], known["institution"], known["last_at"], known["last_report"], n_parked, n_conflicts, known["authorities"])


def vouching_names(status: Status) -> tuple[str, ...]:
    """What those call themselves who alone may vouch for the service; none when the usual ones do."""
    from desktop.secrets import authorities

    return authorities.names(status.authorities)


def run_network(database: str, port: int, role: str = NETWORK) -> int:
    """Run the reference network in the foreground until it is interrupted; its exit status."""
    process = subprocess.Popen([sys.executable, "-m", "network", "--database", database, "--port", str(port), "--role", role])
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait(10)
        return 0


@contextmanager
def child_network(database: str, institution_name: str, uscc: str, role: str = NETWORK) -> Iterator[tuple[str, str]]:
    """A reference network on loopback for as long as it is needed: its address and an enrolment code for an institution."""
    for arguments in (["create-institution", "--uscc", uscc, "--name", institution_name],):
        _operator(database, *arguments)
    code = _operator(database, "enrolment-code", "--uscc", uscc)["code"]
    process = subprocess.Popen(
        [sys.executable, "-m", "network", "--database", database, "--port", "0", "--role", role, "--log-level", "error"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise Problem("sync.network_not_started")
        yield f"http://127.0.0.1:{json.loads(line)['port']}", str(code)
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def _operator(database: str, *arguments: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "network.operator", "--database", database, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise Problem("sync.network_not_started", detail=done.stderr.strip()[-400:])
    told: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else {}
    return told
