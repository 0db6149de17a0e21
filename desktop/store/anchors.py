"""The receipts of remotes for heads of this ledger's chain. Plain values; whether a receipt is genuine is asked elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.store.database import Connection

_COLUMNS = "remote, head, n_operations, received_at, public_key, receipt"


@dataclass(frozen=True, slots=True)
class AnchorRow:
    """One receipt as it came (JSON text), and the public key it was found to be signed with (base64)."""

    remote: str
    head: str
    n_operations: int
    received_at: str
    public_key: str
    receipt: str


def add(connection: Connection, text_sha256: str, row: AnchorRow) -> None:
    """Keep a receipt; the same again changes nothing."""
    connection.exec_driver_sql(
        f"INSERT OR IGNORE INTO anchor (text_sha256, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (text_sha256, row.remote, row.head, row.n_operations, row.received_at, row.public_key, row.receipt),
    )


def every(connection: Connection) -> list[AnchorRow]:
    """All receipts, those for the longest chain first, of these the newest first."""
    sql = f"SELECT {_COLUMNS} FROM anchor ORDER BY n_operations DESC, received_at DESC, rowid DESC"
    return [AnchorRow(*row) for row in connection.exec_driver_sql(sql)]


def is_anchored(connection: Connection, remote: str, head: str) -> bool:
    """Whether a remote has signed this head."""
    sql = "SELECT 1 FROM anchor WHERE remote = ? AND head = ?"
    return connection.exec_driver_sql(sql, (remote, head)).first() is not None


def chain(connection: Connection) -> tuple[str, int]:
    """The newest leaf ("" when there is none) and the number of the last operation."""
    row = connection.exec_driver_sql("SELECT digest, seq FROM operation ORDER BY seq DESC LIMIT 1").first()
    return ("", 0) if row is None else (str(row[0]), int(row[1]))


def leaf_of(connection: Connection, seq: int) -> str | None:
    """The leaf of an operation, None when the ledger has none of this number."""
    found = connection.exec_driver_sql("SELECT digest FROM operation WHERE seq = ?", (seq,)).scalar()
    return None if found is None else str(found)
