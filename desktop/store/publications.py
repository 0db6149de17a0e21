"""What the network said of the institution's own instruments, as it was read last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from desktop.ledger.publication import UNKNOWN_THERE, NetworkEvaluation, Publication
from desktop.store.database import Connection


def cursor(connection: Connection, remote: str) -> str:
    """Up to where a remote's word was read (``epoch:cursor``); "" when it never was."""
    return str(connection.exec_driver_sql("SELECT publications_cursor FROM remote WHERE role = ?", (remote,)).scalar() or "")


def read_up_to(connection: Connection, remote: str, mark: str) -> None:
    """Remember up to where it was read."""
    connection.exec_driver_sql("UPDATE remote SET publications_cursor = ? WHERE role = ?", (mark, remote))


def keep(connection: Connection, remote: str, told: Iterable[Publication]) -> None:
    """Keep what was read of each instrument in the place of what was known of it."""
    for one in told:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO publication (remote, id, network_number, state, since_on, reason, read_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (remote, one.instrument_id, one.network_number, one.state, _text(one.since_on), one.reason, one.read_at),
        )
        connection.exec_driver_sql("DELETE FROM network_evaluation WHERE remote = ? AND id = ?", (remote, one.instrument_id))
        for each in one.evaluations:
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO network_evaluation (remote, id, year, grade, score, evaluated_on) VALUES (?, ?, ?, ?, ?, ?)",
                (remote, one.instrument_id, each.year, each.grade, None if each.score is None else str(each.score), _text(each.evaluated_on)),
            )


def forget(connection: Connection, remote: str) -> None:
    """Nothing is known of what a remote says."""
    for name in ("publication", "network_evaluation"):
        connection.exec_driver_sql(f"DELETE FROM {name} WHERE remote = ?", (remote,))


def known(connection: Connection, remote: str) -> bool:
    """Whether a remote said something of any instrument."""
    return connection.exec_driver_sql("SELECT 1 FROM publication WHERE remote = ? LIMIT 1", (remote,)).first() is not None


def counts(connection: Connection, remote: str) -> dict[str, int]:
    """State -> how many instruments that are not confidential; ``UNKNOWN_THERE`` for the rest of them. Empty before a remote has said anything."""
    if not known(connection, remote):
        return {}
    sql = (
        "SELECT coalesce(p.state, ?), count(*) FROM instrument i LEFT JOIN publication p ON p.remote = ? AND p.id = i.id "
        "WHERE i.confidential IS NOT 1 GROUP BY 1"
    )
    return {str(row[0]): int(row[1]) for row in connection.exec_driver_sql(sql, (UNKNOWN_THERE, remote))}


def one(connection: Connection, remote: str, key: str) -> Publication | None:
    """What is known of one instrument by its id."""
    return _found(connection, remote, key).get(key)


def every(connection: Connection, remote: str) -> dict[str, Publication]:
    """What is known of each instrument, by its id."""
    return _found(connection, remote, None)


def _found(connection: Connection, remote: str, key: str | None) -> dict[str, Publication]:
    where, given = ("remote = ?", (remote,)) if key is None else ("remote = ? AND id = ?", (remote, key))
    graded: dict[str, list[NetworkEvaluation]] = {}
    sql = f"SELECT id, year, grade, score, evaluated_on FROM network_evaluation WHERE {where} ORDER BY id, year"
    for of, year, grade, score, on in connection.exec_driver_sql(sql, given):
        made = NetworkEvaluation(year, grade, None if score is None else Decimal(score), _day(on))
        graded.setdefault(of, []).append(made)
    sql = f"SELECT id, network_number, state, since_on, reason, read_at FROM publication WHERE {where}"
    return {
        of: Publication(of, number, state, _day(since), reason, tuple(graded.get(of, ())), read_at)
        for of, number, state, since, reason, read_at in connection.exec_driver_sql(sql, given)
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
