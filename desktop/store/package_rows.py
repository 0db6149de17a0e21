"""The packages of this ledger, and what the next one must name. Plain values; the bytes of a package are kept until it is answered."""

from __future__ import annotations

import json
from dataclasses import dataclass

from desktop.store.database import Connection

AWAITING, ANSWERED, REFUSED, REPLACED = "awaiting", "answered", "refused", "replaced"
_COLUMNS = "digest, remote, device_id, number, state, epoch, cursor, tail_sha256, n_changes, n_withheld, n_bytes, made_at, answered_at, told"


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One package: ``digest`` of its manifest, ``epoch`` and ``cursor`` it was asked with, moments UTC (ISO text).

    ``told`` is the service's code when it refused the package.
    """

    digest: str
    remote: str
    device_id: str
    number: int
    state: str
    epoch: str
    cursor: str
    tail_sha256: str
    n_changes: int
    n_withheld: int
    n_bytes: int
    made_at: str
    answered_at: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class RemoteRow:
    """The row of a remote as packages see it. ``url`` "": enrolled by package; ``server_id`` "": not answered yet."""

    url: str
    server_id: str
    epoch: str
    cursor: str
    device_id: str
    institution: str
    public_key: str
    service_keys: dict[str, str]
    next_number: int
    previous: str
    previous_epoch: str
    told_epoch: str


_REMOTE = ", ".join(RemoteRow.__slots__)


def remote(connection: Connection, role: str) -> RemoteRow | None:
    """What is known of a remote, None when the ledger has nothing to do with it."""
    row = connection.exec_driver_sql(f"SELECT {_REMOTE} FROM remote WHERE role = ?", (role,)).first()
    if row is None:
        return None
    told = dict(row._mapping)
    return RemoteRow(**{**told, "service_keys": json.loads(told["service_keys"])})


def begin(connection: Connection, role: str, device_id: str, public_key: str) -> None:
    """The ledger begins to report to a remote by packages; who that is, the first answer tells."""
    sql = "INSERT INTO remote (role, url, device_id, public_key) VALUES (?, '', ?, ?)"
    connection.exec_driver_sql(sql, (role, device_id, public_key))


def name_device(connection: Connection, role: str, device_id: str, public_key: str) -> None:
    """Which device the ledger is there, and the key it signs with; another device begins a chain of its own."""
    connection.exec_driver_sql(
        "UPDATE remote SET next_number = 1, previous = '', previous_epoch = '', told_epoch = '' WHERE role = ? AND device_id <> ?",
        (role, device_id),
    )
    connection.exec_driver_sql(
        "UPDATE remote SET device_id = ?, public_key = ? WHERE role = ?", (device_id, public_key, role)
    )


def pin_keys(connection: Connection, role: str, keys: dict[str, str]) -> None:
    """Trust these keys of the service too (key id -> public key)."""
    known = remote(connection, role)
    if known is not None and not keys.items() <= known.service_keys.items():
        told = json.dumps(known.service_keys | keys, sort_keys=True)
        connection.exec_driver_sql("UPDATE remote SET service_keys = ? WHERE role = ?", (told, role))


def follow(connection: Connection, role: str, number: int, previous: str, previous_epoch: str) -> None:
    """What the next package must name."""
    connection.exec_driver_sql(
        "UPDATE remote SET next_number = ?, previous = ?, previous_epoch = ? WHERE role = ?",
        (number, previous, previous_epoch, role),
    )


def tell_epoch(connection: Connection, role: str, epoch: str) -> None:
    """The service was restored: the next package hands back what it may have lost."""
    connection.exec_driver_sql("UPDATE remote SET told_epoch = ? WHERE role = ?", (epoch, role))


def name_institution(connection: Connection, role: str, name: str) -> None:
    """Which institution the service knows the device under."""
    connection.exec_driver_sql("UPDATE remote SET institution = ? WHERE role = ?", (name, role))


def add(connection: Connection, row: PackageRow, content: bytes) -> None:
    """Keep a package that is about to be handed out."""
    marks = ", ".join("?" * len(PackageRow.__slots__))
    values = tuple(getattr(row, name) for name in PackageRow.__slots__)
    connection.exec_driver_sql(f"INSERT INTO package ({_COLUMNS}, content) VALUES ({marks}, ?)", (*values, content))


def every(connection: Connection, role: str) -> list[PackageRow]:
    """All packages to a remote, newest first."""
    sql = f"SELECT {_COLUMNS} FROM package WHERE remote = ? ORDER BY made_at DESC, rowid DESC"
    return [PackageRow(*row) for row in connection.exec_driver_sql(sql, (role,))]


def by_digest(connection: Connection, digest: str) -> PackageRow | None:
    """The package with this digest."""
    row = connection.exec_driver_sql(f"SELECT {_COLUMNS} FROM package WHERE digest = ?", (digest,)).first()
    return None if row is None else PackageRow(*row)


def of_device(connection: Connection, device_id: str) -> bool:
    """Whether this ledger ever was that device."""
    sql = "SELECT 1 FROM package WHERE device_id = ?1 UNION SELECT 1 FROM remote WHERE device_id = ?1"
    return connection.exec_driver_sql(sql, (device_id,)).first() is not None


def awaiting(connection: Connection, role: str, device_id: str) -> tuple[PackageRow, bytes] | None:
    """The package of this device that has no answer yet, and its bytes."""
    sql = f"SELECT {_COLUMNS}, content FROM package WHERE remote = ? AND device_id = ? AND state = '{AWAITING}' ORDER BY rowid DESC"
    row = connection.exec_driver_sql(sql, (role, device_id)).first()
    return None if row is None else (PackageRow(*row[:-1]), bytes(row[-1]))


def content(connection: Connection, digest: str) -> bytes:
    """The bytes of a package, as long as they are kept; else none."""
    row = connection.exec_driver_sql("SELECT content FROM package WHERE digest = ?", (digest,)).first()
    return b"" if row is None or row[0] is None else bytes(row[0])


def of_other_devices(connection: Connection, role: str, device_id: str) -> list[str]:
    """Digests of packages without an answer that this ledger made as another device."""
    sql = f"SELECT digest FROM package WHERE remote = ? AND device_id <> ? AND state = '{AWAITING}'"
    return [str(row[0]) for row in connection.exec_driver_sql(sql, (role, device_id))]


def unsettled(connection: Connection) -> list[tuple[PackageRow, bytes]]:
    """Packages to any remote of which nobody knows whether they arrived, with their bytes (b"" of one that was replaced): that wait for an
    answer, or had another take their place, with no later one answered."""
    sql = (
        f"SELECT {_COLUMNS}, content FROM package p WHERE state IN ('{AWAITING}', '{REPLACED}') AND NOT EXISTS "
        f"(SELECT 1 FROM package a WHERE a.remote = p.remote AND a.state = '{ANSWERED}' AND a.rowid > p.rowid) ORDER BY rowid"
    )
    return [(PackageRow(*row[:-1]), bytes(row[-1])) for row in connection.exec_driver_sql(sql)]


def settle(connection: Connection, digest: str, state: str, moment: str, told: str = "") -> None:
    """How a package ended; its bytes are not needed any more."""
    connection.exec_driver_sql(
        "UPDATE package SET state = ?, answered_at = ?, told = ?, content = x'' WHERE digest = ?", (state, moment, told, digest)
    )


def note(connection: Connection, digest: str, told: str) -> None:
    """What the service said to a package that still waits for an answer."""
    connection.exec_driver_sql("UPDATE package SET told = ? WHERE digest = ?", (told, digest))


def leave(connection: Connection, role: str) -> None:
    """The ledger has nothing to do with the remote any more."""
    connection.exec_driver_sql("DELETE FROM package WHERE remote = ?", (role,))
