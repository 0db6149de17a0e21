"""Importing 10 000 service records from a workbook, with every check, against reading it with calamine and bare inserts."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from desktop.actions import history, importing
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.keys import new_key
from tests.bench import bare, institution
from tests.bench.measuring import Figure, Place, compared, in_ms, median, seconds

N_ROWS = 10_000
BOUND = 6.0
INDEXES = (("c1", "c5"), ("c6",), ("c3",))  # instrument and start, end, customer


def bare_import(path: Path, ledger: Path) -> None:
    """Read the workbook and store its cells: one table with keys and the indexes a list needs, one transaction, nothing checked."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]
    connection = bare.connect(ledger)
    columns = ", ".join(f"c{place} ANY" for place in range(1, len(institution.HEADERS)))
    connection.execute(f"CREATE TABLE record (id TEXT PRIMARY KEY, number TEXT UNIQUE, {columns}) STRICT")
    for index in INDEXES:
        connection.execute(f"CREATE INDEX ix_{index[0]} ON record ({', '.join(index)})")
    connection.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * (1 + len(institution.HEADERS)))
    connection.executemany(
        f"INSERT INTO record VALUES ({marks})",
        [[new_key(), *[str(cell) if isinstance(cell, date) else cell for cell in row]] for row in rows],
    )
    connection.execute("COMMIT")
    connection.close()


def figures(place: Place) -> list[Figure]:
    """The ratio; and how long it takes to take the import back."""
    folder = place.folder / "import"
    workspace = institution.open_new(folder / "template")
    path = folder / "records.xlsx"
    institution.write_file(path, institution.rows_of_file(workspace, N_ROWS))
    workspace.close()
    undone: list[float] = []
    turn = 0

    def ours() -> float:
        home = folder / f"ours{turn}"
        shutil.copytree(folder / "template", home)
        with open_ledger(home) as opened:
            took = seconds(lambda: _import(opened, path))
            undone.append(seconds(lambda: history.undo_last(opened)))
        shutil.rmtree(home)
        return took

    def plain() -> float:
        nonlocal turn
        turn += 1
        ledger = folder / f"bare{turn}.db"
        took = seconds(lambda: bare_import(path, ledger))
        ledger.unlink()
        return took

    mine, least = compared(ours, plain)
    return [
        Figure(f"import of {N_ROWS:,} records (xlsx) with all checks", BOUND, mine / least, "×", in_ms(mine, least)),
        Figure("taking this import back", None, median(iter(undone).__next__, len(undone)), "s"),
    ]


def _import(workspace: Workspace, path: Path) -> None:
    done = importing.import_file(workspace, "records", path)
    if done.accepted != N_ROWS * 99 // 100 or done.rejected != N_ROWS // 100:
        raise AssertionError(f"the import took {done.accepted} rows and rejected {done.rejected}")
