"""What remotes published and this ledger has read: notices, code books, the catalogue. Plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desktop.store.database import Connection


def notices_cursor(connection: Connection, remote: str) -> str:
    """Up to which notice of a remote was read; "" for none."""
    return str(connection.exec_driver_sql("SELECT notices_cursor FROM remote WHERE role = ?", (remote,)).scalar() or "")


def keep_notices(connection: Connection, remote: str, cursor: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Keep notices (id, kind, title, text, issued_on, due_on, received_at) and the cursor after them; what was marked stays marked."""
    for row in rows:
        connection.exec_driver_sql(
            "INSERT INTO notice (remote, id, kind, title, text, issued_on, due_on, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (remote, id) DO NOTHING",
            (remote, *row),
        )
    connection.exec_driver_sql("UPDATE remote SET notices_cursor = ? WHERE role = ?", (cursor, remote))


def notices(connection: Connection) -> list[dict[str, Any]]:
    """Every notice: those nobody has marked first, of these what is due first; then the newest."""
    sql = (
        "SELECT remote, id, kind, title, text, issued_on, due_on, received_at, read_at, read_by FROM notice "
        "ORDER BY read_at IS NOT NULL, CASE WHEN read_at IS NULL THEN coalesce(due_on, '9999') END, issued_on DESC, id"
    )
    return [dict(row._mapping) for row in connection.exec_driver_sql(sql)]


def mark_notice(connection: Connection, key: str, moment: str | None, who: str) -> bool:
    """Mark a notice as read, or (None) as not read; whether there is one of this key."""
    sql = "UPDATE notice SET read_at = ?, read_by = ? WHERE id = ?"
    return bool(connection.exec_driver_sql(sql, (moment, who if moment else "", key)).rowcount)


def answers(connection: Connection) -> list[dict[str, Any]]:
    """Every answer, the oldest first; ``sent``: a remote has it."""
    sql = (
        "SELECT id, notice_id, text, answered_on, answered_by, EXISTS (SELECT 1 FROM sync_base b WHERE b.kind = 'notice_answer' "
        "AND b.key = notice_answer.id AND b.body IS NOT NULL) AS sent FROM notice_answer ORDER BY answered_on, rowid"
    )
    return [dict(row._mapping) for row in connection.exec_driver_sql(sql)]


def keep_answer(connection: Connection, row: tuple[str, ...]) -> None:
    """Keep an answer (id, notice_id, text, answered_on, answered_by)."""
    connection.exec_driver_sql("INSERT INTO notice_answer (id, notice_id, text, answered_on, answered_by) VALUES (?, ?, ?, ?, ?)", row)


def book_versions(connection: Connection, remote: str) -> dict[str, str]:
    """Name and version of every book that was read from a remote."""
    rows = connection.exec_driver_sql("SELECT name, version FROM codebook WHERE remote = ?", (remote,))
    return {row[0]: row[1] for row in rows}


def keep_book(connection: Connection, remote: str, name: str, version: str, content: str, moment: str) -> None:
    """Keep a book in the place of the one before."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO codebook (remote, name, version, content, read_at) VALUES (?, ?, ?, ?, ?)",
        (remote, name, version, content, moment),
    )


def drop_books(connection: Connection, remote: str, there: Iterable[str]) -> None:
    """Books a remote no longer has are not its books."""
    for name in set(book_versions(connection, remote)) - set(there):
        connection.exec_driver_sql("DELETE FROM codebook WHERE remote = ? AND name = ?", (remote, name))


def books(connection: Connection) -> list[tuple[str, str, str, str]]:
    """Remote, name, version and moment of every book."""
    rows = connection.exec_driver_sql("SELECT remote, name, version, read_at FROM codebook ORDER BY remote, name")
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def book(connection: Connection, remote: str, name: str) -> str | None:
    """What is in a book (JSON text), None when it was not read."""
    found = connection.exec_driver_sql("SELECT content FROM codebook WHERE remote = ? AND name = ?", (remote, name)).scalar()
    return None if found is None else str(found)


def next_round(connection: Connection, remote: str) -> int:
    """The number of a new reading of the catalogue."""
    sql = "SELECT coalesce(max(round), 0) + 1 FROM catalogue_entry WHERE remote = ?"
    return int(connection.exec_driver_sql(sql, (remote,)).scalar_one())


def keep_entries(connection: Connection, remote: str, turn: int, rows: Iterable[tuple[str | int | None, ...]]) -> None:
    """Keep instruments (id, institution_name, name, place, searched, body, fee_fen) of a reading."""
    for row in rows:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO catalogue_entry (remote, id, institution_name, name, place, searched, body, fee_fen, round) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (remote, *row, turn),
        )


def end_round(connection: Connection, remote: str, turn: int) -> int:
    """A reading came to its end: what it did not meet is gone. How many there are."""
    connection.exec_driver_sql("DELETE FROM catalogue_entry WHERE remote = ? AND round <> ?", (remote, turn))
    return n_entries(connection, remote)


def n_entries(connection: Connection, remote: str) -> int:
    """How many instruments of others are known."""
    sql = "SELECT count(*) FROM catalogue_entry WHERE remote = ?"
    return int(connection.exec_driver_sql(sql, (remote,)).scalar_one())


def forget(connection: Connection, remote: str) -> None:
    """The ledger has nothing to do with the remote any more: its books and its catalogue go. Notices stay: they bind whoever got them."""
    for name in ("codebook", "catalogue_entry"):
        connection.exec_driver_sql(f"DELETE FROM {name} WHERE remote = ?", (remote,))
