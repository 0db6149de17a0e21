"""Many records at once: rows typed or pasted from a spreadsheet, checked by the rules of the import, stored together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.actions import records
from desktop.actions.import_records import RECORDS_IMPORT
from desktop.actions.import_replacing import REPLACING
from desktop.actions.import_weighing import Options
from desktop.actions.judging import Judge
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace
from desktop.formats import service_records
from desktop.formats.headers import Names, heading
from desktop.formats.spreadsheet import Grid, Value, Workbook
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.problem import Refused
from desktop.ledger.service_record import ServiceRecord
from desktop.rules.record_checks import Interval, overlaps
from desktop.store import record_views as rows
from desktop.store.database import Connection

MOST_ROWS = 500
NAMES = (
    "number", "asset_number", "customer_name", "started_at", "ended_at", "item", "quantity", "operator_name", "contract",
    "urgent", "contact", "note",
)  # fmt: skip
_BY_NAME = {field.name: field for field in service_records.FIELDS}
COLUMNS: tuple[tuple[str, str], ...] = tuple((name, _BY_NAME[name].header) for name in NAMES)
REQUIRED = frozenset(name for name in NAMES if _BY_NAME[name].blank == "error")

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """One row of the grid: the record it would become (None: it cannot be stored), findings with ``field`` naming the cell
    ("" for the whole row), and what it would cost in fen (None: not yet known)."""

    record: ServiceRecord | None
    findings: tuple[Finding, ...]
    amount_fen: int | None = None

    @property
    def storable(self) -> bool:
        """Whether the row can be stored, if only as a draft with problems."""
        return self.record is not None


def paste(text: str) -> list[dict[str, str]]:
    """Tab-separated text as rows by column. A first row that names at least three columns is a header and decides the order;
    else the cells follow ``COLUMNS``. Blank rows are left out. Raises Refused for more than 500 rows."""
    lines = [[cell.strip() for cell in line] for line in _cells(text) if any(cell.strip() for cell in line)]
    if not lines:
        return []
    match = Names(service_records.FIELDS).match([heading(cell) for cell in lines[0]])
    if len(match.columns) >= 3:
        order = {at: name for name, at in match.columns.items()}
        lines = lines[1:]
    else:
        order = dict(enumerate(NAMES))
    if len(lines) > MOST_ROWS:
        raise Refused("record.too_many_rows", n=len(lines), most=MOST_ROWS)
    wanted = set(NAMES)
    return [{order[at]: cell for at, cell in enumerate(line) if order.get(at, "") in wanted} for line in lines]


def _cells(text: str) -> list[list[str]]:
    """Rows and cells of what a spreadsheet puts on the clipboard: cells with tabs or line ends stand in double quotes."""
    table: list[list[str]] = [[]]
    cell, quoted, at = "", False, 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while at < len(text):
        sign = text[at]
        if quoted:
            if sign == '"' and text[at + 1 : at + 2] == '"':
                cell, at = cell + '"', at + 1
            elif sign == '"':
                quoted = False
            else:
                cell += sign
        elif sign == '"' and not cell:
            quoted = True
        elif sign in "\t\n":
            table[-1].append(cell)
            cell = ""
            if sign == "\n":
                table.append([])
        else:
            cell += sign
        at += 1
    table[-1].append(cell)
    return table


def check(workspace: Workspace, cells: Sequence[Cells], *, progress: Progress = UNWATCHED) -> list[Checked]:
    """What each row would become, as an import of the same rows would read it; nothing is written."""
    with workspace.read() as connection:
        return _check(connection, cells, progress)


def _check(connection: Connection, cells: Sequence[Cells], progress: Progress) -> list[Checked]:
    if not cells:
        return []
    book = Workbook("grid", "csv", (Grid("", (_head(), *[_line(row) for row in cells])),))
    sheet = service_records.read_rows(book, cancelled=progress.cancelled)
    weighed = RECORDS_IMPORT.weigh(connection, sheet, Options())
    told: dict[int, list[Finding]] = defaultdict(list)
    names = {column.header: column.field.name for column in sheet.table.columns}
    for one in (*sheet.findings, *weighed.findings):
        if one.cell is not None and one.cell.row > 1:
            told[one.cell.row - 2].append(Finding(one.code, one.severity, one.params, field=names.get(one.cell.column, "")))
    by_number = {row.number: row.row - 2 for row in sheet.rows}
    replacing = {record.id: row - 2 for row, record in weighed.extra.get(REPLACING, [])}
    new: dict[int, ServiceRecord] = {replacing.get(r.id, by_number.get(r.number, -1)): r for r in weighed.new}
    have = rows.taken(connection, list(by_number))
    for number, place in by_number.items():
        if number in have and place not in new and not any(one.severity == "error" and one.code.startswith("ledger_import.") for one in told[place]):
            told[place].append(finding("record.taken", field="number", number=number))
    clashes = _clashes(connection, new)
    judge = Judge(connection, {record.instrument_id for record in new.values()})
    checked = []
    for place in range(len(cells)):
        progress.check()
        record = new.get(place)
        if record is None:
            checked.append(Checked(None, tuple(told[place])))
            continue
        judged = judge.judge(record)
        found = [*told[place], *(one for one in judged.findings if one.code not in _SAID_BY_CELL), *clashes.get(place, ())]
        checked.append(Checked(record, tuple(found), judged.priced.amount_fen if judged.priced else None))
    return checked


# The reader of the cells has said these already.
_SAID_BY_CELL = frozenset({"record.absurd_quantity"})


def _head() -> list[Value]:
    return [header for _, header in COLUMNS]


def _line(row: Cells) -> list[Value]:
    # A row without any cell would be skipped: it keeps its place with a blank that is no cell's value.
    return [row.get(name) or None for name in NAMES] if any(row.values()) else ["\u3000", *[None] * (len(NAMES) - 1)]


def _clashes(connection: Connection, new: Mapping[int, ServiceRecord]) -> dict[int, list[Finding]]:
    """Overlaps among the rows, and with what is stored."""
    found: dict[int, list[Finding]] = defaultdict(list)
    by_instrument: dict[str, list[tuple[int, ServiceRecord]]] = defaultdict(list)
    for place, record in new.items():
        by_instrument[record.instrument_id].append((place, record))
    for instrument_id, group in by_instrument.items():
        others: dict[int, set[str]] = defaultdict(set)
        for place, record in group:
            stored = rows.overlapping(connection, instrument_id, record.started_at, record.ended_at)
            others[place] |= {number for number, _, _ in stored}
        numbers = {str(place): record.number for place, record in group}
        for one, other in overlaps([Interval(str(place), record.started_at, record.ended_at) for place, record in group]):
            others[int(one)].add(numbers[other])
            others[int(other)].add(numbers[one])
        for place, record in group:
            if others[place]:
                named = "、".join(sorted(others[place])[:5])
                found[place].append(finding("record.overlap", field="started_at", number=record.number, others=named))
    return found


def commit(workspace: Workspace, cells: Sequence[Cells], *, progress: Progress = UNWATCHED) -> tuple[Changes, list[int]]:
    """Store every row that can be stored, in one operation. Returns what changed and the places of the rows that were stored."""
    checked = check(workspace, cells, progress=progress)
    good = [place for place, one in enumerate(checked) if one.storable]
    drafts: list[Any] = [checked[place].record for place in good]
    if not drafts:
        return Changes(), []
    progress.report(0, 0, "work.writing")
    return records.add_many(workspace, drafts), good
