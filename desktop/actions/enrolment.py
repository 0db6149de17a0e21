"""Enrolling the ledger with the provincial network or a hub, and leaving it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from desktop.actions import device_names, institution, sync_line
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.sync_pending import NETWORK
from desktop.actions.sync_secrets import REFRESH, SIGNING, Secret, device_for, signing_key
from desktop.actions.sync_status import not_enrolled, remote_row
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Cancelled, Problem, Refused, reason_of
from desktop.store import library as library_rows
from desktop.store import package_rows
from desktop.store import publications as publication_rows
from desktop.store.database import Connection, quick


def enrol(
    workspace: Workspace, url: str, code: str, remote: str = NETWORK, authorities: Path | None = None, progress: Progress = UNWATCHED
) -> Changes:
    """Register this ledger as a device of its institution with a code from the administrator of the network, or of the hub.

    A new code makes a new device, also after the old one was revoked or a copy was restored; the same code again is the same device, because
    its answer may have been lost. A service that moved keeps what it is known to hold; another service is known to hold nothing.
    ``authorities``: a file with the certificates of those who alone may vouch for the service; without one, those that were named for this
    address before count on.
    Raises Problem when the service cannot be reached or refuses the code, Refused when the ledger is enrolled elsewhere, the service has the
    other role, the code is another institution's, or the file names nobody who can vouch; Cancelled, after which the same code is good again.
    """
    from desktop.sync.wire import check_address

    address = check_address(url)
    known = remote_row(workspace, remote)
    before_now = known["authorities"] if known is not None and known["url"] == address else ""
    vouching = before_now if authorities is None else read_authorities(authorities)
    device, key = device_for(workspace, code, remote), signing_key(workspace, remote)
    with closing(sync_line.client(workspace, address, progress, remote, vouching)) as client:
        met = client.capabilities()
        if met.role != remote:
            raise Refused("sync.other_role", role=f"sync.remote.{remote}")
        if known is not None and known["url"] != address and known["server_id"] not in ("", met.server_id):
            raise Refused("sync.enrolled_elsewhere", url=known["url"] or known["institution"])
        kept = Secret(workspace, remote, REFRESH)
        before = kept.load()
        enrolled = client.enrol(code.strip(), device, device_names.own(), key)
        own = institution.get(workspace)
        if enrolled.institution.uscc != own.uscc:
            try:
                client.revoke(device)
            finally:  # also where the line breaks or the person stops: this token is of no institution here
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
        device_names.keep(quick(operation.connection), remote, {device: device_names.own()})
        package_rows.pin_keys(operation.connection, remote, {each.key_id: each.public_key for each in met.keys})
    return operation.changes


def read_authorities(path: Path) -> str:
    """The certificates of a file, checked, in PEM. Raises Refused ``sync.authorities_…``, ``file.cannot_use``."""
    from desktop.secrets import authorities

    try:
        if path.stat().st_size > authorities.N_BYTES:
            raise Refused("sync.authorities_none")
        return authorities.read(path.read_bytes())
    except OSError as error:
        raise Refused("file.cannot_use", name=path, reason=reason_of(error)) from error


def leave(workspace: Workspace, remote: str = NETWORK, progress: Progress = UNWATCHED) -> bool:
    """End this device's enrolment: nothing is sent any more, the ledger's own rows stay. Whether the service was told; one of another role
    is told nothing, and does not get the token.

    Raises Refused when the ledger is not enrolled; Cancelled, after which the ledger is enrolled as before and leaving can be asked for again.
    """
    known = remote_row(workspace, remote)
    if known is None:
        raise not_enrolled(workspace, remote)
    told = _revoked(workspace, known, remote, progress) if known["url"] else False
    for what in (REFRESH, SIGNING):
        Secret(workspace, remote, what).save("")
    with workspace.write("sync leave", undoable=False) as operation:
        _forget(operation.connection, remote)
    return told


def _revoked(workspace: Workspace, known: Mapping[str, str], remote: str, progress: Progress) -> bool:
    with closing(sync_line.client(workspace, known["url"], progress, remote, known["authorities"], remote)) as client:
        try:
            client.capabilities()
            client.revoke(known["device_id"])
        except Cancelled:
            raise
        except Problem:
            return False
    return True


def _forget(connection: Connection, remote: str) -> None:
    for table in ("sync_base", "sync_batch", "sync_parked", "sync_conflict", "sync_device"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE remote = ?", (remote,))
    package_rows.leave(connection, remote)
    library_rows.forget(connection, remote)
    publication_rows.forget(connection, remote)
    connection.exec_driver_sql("DELETE FROM remote WHERE role = ?", (remote,))
