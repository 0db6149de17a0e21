"""The verifier: recomputes the ledger's history and money from the live rows and names whatever does not fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop.ledger.anchor import Anchor
from desktop.ledger.attachment import EVERY_SUBJECT
from desktop.ledger.finding import Finding, finding
from desktop.store import attachments, sync_rows, triggers
from desktop.store.create import ddl
from desktop.store.database import GENESIS, leaf
from desktop.store.tables import image, primary_key


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked and what failed. ``head`` is the newest leaf: printed on reports, so paper is a witness; ``anchor`` the newest
    head of this chain that a remote has signed."""

    findings: tuple[Finding, ...]
    n_operations: int
    n_rows: int
    head: str
    anchor: Anchor | None = None

    @property
    def ok(self) -> bool:
        """Nothing failed."""
        return not self.findings


def head(connection: Connection) -> str:
    """The newest leaf of the chain."""
    return str(connection.exec_driver_sql("SELECT digest FROM operation ORDER BY seq DESC LIMIT 1").scalar() or GENESIS)


def verify(connection: Connection, *, check: Callable[[], None] = lambda: None) -> Verdict:
    """Check the file, the schema, the chain, each row against its last leaf, the sums of money, and the bytes of every file of evidence.

    ``check`` is called now and then and may raise to cancel.
    """
    found: list[Finding] = []
    for row in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            found.append(finding("verify.file", detail=row[0]))
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        found.append(finding("verify.reference", of=f"kind.{row[0]}", target=f"kind.{row[2]}"))
    check()
    found += _schema(connection)
    n_operations, newest = _chain(connection, found, check)
    n_rows = _rows(connection, found, check)
    found += _money(connection)
    found += _evidence(connection, check)
    return Verdict(tuple(found), n_operations, n_rows, newest)


def _schema(connection: Connection) -> list[Finding]:
    live = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    wanted = {statement.split()[2] for statement in ddl() if statement.startswith("CREATE TRIGGER")}
    return [finding("verify.trigger", name=name) for name in sorted(wanted ^ live)]


def _chain(connection: Connection, found: list[Finding], check: Callable[[], None]) -> tuple[int, str]:
    previous, expected = GENESIS, 1
    rows = connection.exec_driver_sql(
        "SELECT seq, name, who, at, reason, params, undoable, undoes, n_rows, previous, digest FROM operation ORDER BY seq"
    ).all()
    for *parts, claimed_previous, digest in rows:
        head_of = tuple(parts)
        if head_of[0] != expected:
            found.append(finding("verify.gap", seq=expected))
            expected = head_of[0]
        if claimed_previous != previous or leaf(connection, previous, head_of) != digest:
            found.append(finding("verify.leaf", seq=head_of[0], name=head_of[1]))
        previous, expected = digest, expected + 1
        if expected % 500 == 0:
            check()
    stray = connection.exec_driver_sql(
        "SELECT count(*) FROM journal WHERE operation NOT IN (SELECT seq FROM operation)"
    ).scalar_one()
    if stray:
        found.append(finding("verify.stray", n=stray))
    return len(rows), previous


def _of_row(code: str, connection: Connection, kind: str, key: str) -> Finding:
    """A finding that names the row as people do: its kind, and its number and name where it has any."""
    told = sync_rows.labels(connection, kind, [key]).get(key, "")
    return finding(code, kind=kind, key=key, of=f"kind.{kind}", what=told or key)


def _rows(connection: Connection, found: list[Finding], check: Callable[[], None]) -> int:
    n_rows = 0
    for table in triggers.journalled():
        check()
        key = primary_key(table)
        # Two passes by index, each row once: a full join of the two sides has no index and would take the square of the rows.
        last = f"FROM journal_after a WHERE a.kind = '{table.name}' AND a.key = t.{key} ORDER BY a.operation DESC LIMIT 1"
        live = (
            f"SELECT t.{key}, NOT EXISTS (SELECT 1 FROM journal_after a WHERE a.kind = '{table.name}' AND a.key = t.{key}) "
            f"FROM {table.name} t WHERE row_digest({image(table, 't')}) IS NOT (SELECT a.digest {last})"
        )
        for row_key, unknown in connection.exec_driver_sql(live):
            found.append(_of_row("verify.row_unknown" if unknown else "verify.row_changed", connection, table.name, row_key))
        gone = (
            "SELECT l.key FROM (SELECT key, digest, max(operation) FROM journal_after "
            f"WHERE kind = '{table.name}' GROUP BY key) l WHERE l.digest IS NOT NULL "
            f"AND NOT EXISTS (SELECT 1 FROM {table.name} t WHERE t.{key} = l.key)"
        )
        for (row_key,) in connection.exec_driver_sql(gone):
            found.append(_of_row("verify.row_gone", connection, table.name, row_key))
        n_rows += int(connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar_one())
    return n_rows


_SUMS = {
    "verify.run_pool": (
        "SELECT r.number, r.pool_fen, coalesce(sum(s.fen), 0) FROM payout_run r LEFT JOIN payout_share s "
        "ON s.run_id = r.id AND s.technician_id IS NOT NULL GROUP BY r.id HAVING r.pool_fen <> coalesce(sum(s.fen), 0)"
    ),
    "verify.run_whole": (
        "SELECT r.number, r.income_fen - r.cost_fen, coalesce(sum(s.fen), 0) FROM payout_run r LEFT JOIN payout_share s "
        "ON s.run_id = r.id GROUP BY r.id HAVING r.income_fen - r.cost_fen <> coalesce(sum(s.fen), 0)"
    ),
    "verify.share_lines": (
        "SELECT r.number || ' ' || coalesce(t.name, b.technician_id), sum(b.share), sum(b.lines) FROM ("
        "SELECT run_id, technician_id, fen AS share, 0 AS lines FROM payout_share WHERE technician_id IS NOT NULL UNION ALL "
        "SELECT run_id, technician_id, 0, sum(fen) FROM payout_line GROUP BY run_id, technician_id) b "
        "JOIN payout_run r ON r.id = b.run_id LEFT JOIN technician t ON t.id = b.technician_id "
        "GROUP BY b.run_id, b.technician_id HAVING sum(b.share) <> sum(b.lines)"
    ),
    "verify.line_twice": (
        "SELECT p.record_number, 1, count(DISTINCT l.run_id) FROM payout_line l JOIN posting p ON p.id = l.posting_id "
        "JOIN payout_run r ON r.id = l.run_id AND r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed') "
        "GROUP BY l.posting_id, l.receipt_id HAVING count(*) > 1"
    ),
    "verify.run_reversal": (
        "SELECT b.number, -a.pool_fen, b.pool_fen FROM payout_run b JOIN payout_run a ON a.id = b.reverses "
        "WHERE b.pool_fen <> -a.pool_fen OR b.income_fen <> -a.income_fen"
    ),
    "verify.posting_state": (
        "WITH p AS (SELECT record_id, sum(reverses IS NULL) AS plain, sum(reverses IS NOT NULL) AS back FROM posting GROUP BY record_id) "
        "SELECT r.number || ' ' || r.state, CASE r.state WHEN 'draft' THEN 0 WHEN 'posted' THEN 1 ELSE 2 END, "
        "coalesce(p.plain + p.back, 0) FROM service_record r LEFT JOIN p ON p.record_id = r.id "
        "WHERE (coalesce(p.plain, 0) > 0) <> (r.state <> 'draft') OR coalesce(p.plain - p.back, 0) <> (r.state = 'posted')"
    ),
}


def _money(connection: Connection) -> list[Finding]:
    return [
        finding(code, what=row[0], wanted=row[1], got=row[2])
        for code, sql in _SUMS.items()
        for row in connection.exec_driver_sql(sql)
    ]


def _evidence(connection: Connection, check: Callable[[], None]) -> list[Finding]:
    """Every file of evidence is read whole and is what its name says; every attachment belongs to a row."""
    told = []
    kept = "SELECT sha256, min(id), group_concat(DISTINCT name) FROM attachment WHERE kept = 1 GROUP BY sha256 ORDER BY sha256"
    for sha256, key, names in connection.exec_driver_sql(kept).all():
        check()
        if not attachments.n_parts(connection, sha256):
            told.append(finding("verify.evidence_gone", kind="attachment", key=key, what=names))
        elif attachments.digest(connection, sha256) != sha256:
            told.append(finding("verify.evidence_changed", kind="attachment", key=key, what=names))
    for kind in EVERY_SUBJECT:
        stray = f"SELECT id, name FROM attachment WHERE of_kind = '{kind}' AND NOT EXISTS (SELECT 1 FROM {kind} s WHERE s.id = attachment.of_id)"
        for key, name in connection.exec_driver_sql(stray).all():
            told.append(finding("verify.evidence_stray", kind="attachment", key=key, what=name, of=f"kind.{kind}"))
    return told
