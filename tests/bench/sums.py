"""100 000 posted records summed by instrument and technician, a month and a year, against a bare table with its index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop.actions.workspace import Workspace, open_ledger
from desktop.store import reporting
from tests.bench import bare, big_ledger
from tests.bench.measuring import Figure, Place, compared, in_ms, seconds

BOUND = 2.0
_SQL = (
    "SELECT instrument, technician, count(*), sum(minutes), sum(fen) FROM record WHERE month >= ? AND month <= ? "
    "GROUP BY instrument, technician"
)
_YEAR = str(big_ledger.YEAR)
SPANS = (("month", f"{_YEAR}-06", f"{_YEAR}-06"), ("year", f"{_YEAR}-01", f"{_YEAR}-12"))


def _bare_table(workspace: Workspace, path: Path) -> Any:
    """The same amounts as a person would keep them who wants nothing but these sums."""
    connection = bare.connect(path)
    connection.execute(
        "CREATE TABLE record (number TEXT PRIMARY KEY, instrument TEXT, technician TEXT, customer TEXT, month TEXT, minutes INTEGER, fen INTEGER) STRICT"
    )
    with workspace.read() as ledger:
        rows = ledger.exec_driver_sql(
            "SELECT p.record_number, i.asset_number, t.staff_number, c.name, p.service_month, p.minutes, p.amount_fen FROM posting p "
            "JOIN instrument i ON i.id = p.instrument_id JOIN technician t ON t.id = p.technician_id JOIN customer c ON c.id = p.customer_id"
        ).all()
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)", [tuple(row) for row in rows])
    connection.execute("CREATE INDEX ix_record ON record (month, instrument, technician, minutes, fen)")
    connection.execute("COMMIT")
    return connection


def figures(place: Place) -> list[Figure]:
    """Posting, month and year."""
    home, posting = big_ledger.posted_ledger(place)
    found = [Figure("posting 100,000 records", None, posting, "s")]
    with open_ledger(home) as workspace:
        connection = _bare_table(workspace, place.folder / "sums.db")
        for name, start, end in SPANS:

            def ours(start: str = start, end: str = end) -> list[reporting.Worked]:
                with workspace.read() as ledger:
                    return reporting.by_instrument_and_technician(ledger, start, end)

            def plain(start: str = start, end: str = end) -> list[tuple[Any, ...]]:
                return connection.execute(_SQL, (start, end)).fetchall()

            mine, theirs = ours(), plain()
            if sorted(row.amount_fen for row in mine) != sorted(row[4] for row in theirs) or not mine:
                raise AssertionError(f"the sums of the {name} differ")
            taken, least = compared(lambda: seconds(ours), lambda: seconds(plain), 9)
            found.append(Figure(f"100,000 posted, {name} by instrument × technician", BOUND, taken / least, "×", in_ms(taken, least)))
        connection.close()
    return found
