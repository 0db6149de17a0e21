"""Price lists: each instrument's lines become one published version from the list's day; an open earlier version ends there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from desktop.actions import judging
from desktop.actions.import_weighing import Assets, Options, Weighed
from desktop.formats import fees as files
from desktop.formats.fees import FeeRow
from desktop.formats.reading import Sheet
from desktop.ledger.fees import FeeLine, FeeSchedule
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.rules.price_text import PriceRow, RowRead, read_row
from desktop.store import fees, records
from desktop.store.database import Connection, Operation

_COLUMNS = {"unit": "unit_text", "internal": "internal_text", "external": "external_text", "startup": "startup_text", "minimum": "minimum_text"}


@dataclass(frozen=True, slots=True)
class _Known:
    schedules: list[FeeSchedule]
    lines: dict[str, list[FeeLine]]
    last_use: dict[str, str]


def _read(row: FeeRow) -> RowRead:
    prices = {"internal": row.internal_text, "external": row.external_text}
    return read_row(PriceRow(row.unit_text, prices, row.startup_text, row.minimum_text, row.note))


class _Fees:
    """A version that has priced a record is never changed: its rows are refused and a later day is asked for."""

    read_rows = staticmethod(files.read_rows)

    def options(self, sheet: Sheet[FeeRow], options: Options) -> Options:
        start = options.from_on or files.effective_on(sheet.table)
        if start is None:
            raise Refused("ledger_import.fee_from")
        return Options(start)

    def weigh(self, connection: Connection, sheet: Sheet[FeeRow], options: Options) -> Weighed:
        if options.from_on is None:
            raise Refused("ledger_import.fee_from")
        weighed = Weighed(extra={"new_lines": [], "changed_lines": [], "gone_lines": [], "instruments": []})
        assets = Assets(connection)
        known = _known(connection)
        grouped: dict[tuple[str, bool], list[tuple[FeeRow, RowRead]]] = defaultdict(list)
        for row in sheet.rows:
            key = assets.key(row.asset_number)
            if key is None:
                assets.refuse(weighed, sheet, row.row, row.asset_number)
                continue
            read = _read(row)
            for told in read.findings:
                severity = "warning" if told.severity == "error" else told.severity
                weighed.remark(sheet, row.row, _COLUMNS.get(told.field, "note"), told.code, severity, **dict(told.params))
            lines = grouped[key, assets.secret(row.asset_number)]
            if any(row.item == other.item for other, _ in lines):
                weighed.refuse(sheet, row.row, "item", "ledger_import.fee_item_twice", item=row.item)
                continue
            lines.append((row, read))
        title = sheet.table.preamble[0] if sheet.table.preamble else sheet.table.sheet
        for (key, secret), rows in grouped.items():
            self._one(weighed, sheet, known[key], key, rows, options.from_on, title, confidential=secret)
        return weighed

    def _one(
        self,
        weighed: Weighed,
        sheet: Sheet[FeeRow],
        known: _Known,
        instrument_id: str,
        rows: list[tuple[FeeRow, RowRead]],
        start: date,
        title: str,
        *,
        confidential: bool,
    ) -> None:
        same = next((s for s in known.schedules if s.from_on == start), None)
        if same is not None:
            self._same_day(weighed, sheet, known, same, rows, confidential=confidential)
            return
        earlier = next((s for s in known.schedules if s.covers(start)), None)
        if earlier is not None and known.last_use.get(earlier.id, "") >= start.isoformat():
            for row, _ in rows:
                weighed.refuse(sheet, row.row, "asset_number", "ledger_import.fee_used", day=start, used=known.last_use[earlier.id])
            return
        later = min((s.from_on for s in known.schedules if s.from_on > start), default=None)
        end = later if earlier is None else earlier.to_on
        schedule = FeeSchedule(new_key(confidential=confidential), instrument_id, start, end, "published", title)
        if earlier is not None:
            weighed.changed.append(replace(earlier, to_on=start))
        weighed.new.append(schedule)
        weighed.extra["new_lines"] += [_line(schedule.id, n, row, read, confidential=confidential) for n, (row, read) in enumerate(rows)]
        weighed.extra["instruments"].append(instrument_id)
        weighed.n_accepted += len(rows)

    def _same_day(
        self,
        weighed: Weighed,
        sheet: Sheet[FeeRow],
        known: _Known,
        schedule: FeeSchedule,
        rows: list[tuple[FeeRow, RowRead]],
        *,
        confidential: bool,
    ) -> None:
        have = {line.item: line for line in known.lines.get(schedule.id, [])}
        used = schedule.id in known.last_use
        for n, (row, read) in enumerate(rows):
            line = _line(schedule.id, n, row, read, confidential=confidential)
            old = have.get(row.item)
            if old is not None and old.source_text == line.source_text:
                weighed.unchanged += 1
                continue
            if used:
                weighed.refuse(
                    sheet, row.row, "asset_number", "ledger_import.fee_used", day=schedule.from_on, used=known.last_use[schedule.id]
                )
                continue
            if old is None:
                weighed.extra["new_lines"].append(replace(line, position=len(have) + n))
            else:
                weighed.extra["changed_lines"].append(replace(line, id=old.id, position=old.position))
            weighed.extra["instruments"].append(schedule.instrument_id)
            weighed.n_accepted += 1

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        connection = operation.connection
        fees.SCHEDULES.update(connection, weighed.changed)
        fees.SCHEDULES.insert(connection, weighed.new)
        fees.LINES.insert(connection, weighed.extra["new_lines"])
        fees.LINES.update(connection, weighed.extra["changed_lines"])
        judging.recheck(operation, records.draft_keys(connection, "instrument_id", dict.fromkeys(weighed.extra["instruments"])))


def _line(schedule_id: str, position: int, row: FeeRow, read: RowRead, *, confidential: bool = False) -> FeeLine:
    told = "；".join(reading.phrase.told("zh") for reading in read.readings)
    return FeeLine(new_key(confidential=confidential), schedule_id, position, row.item, read.terms, read.source_text, read.to_confirm, told)


def _known(connection: Connection) -> dict[str, _Known]:
    found: dict[str, _Known] = defaultdict(lambda: _Known([], {}, {}))
    owner: dict[str, str] = {}
    for schedule in fees.SCHEDULES.find(connection, "state <> 'draft'", (), "from_on"):
        found[schedule.instrument_id].schedules.append(schedule)
        owner[schedule.id] = schedule.instrument_id
    for line in fees.LINES.find(connection, "", (), "schedule_id, position"):
        if line.schedule_id in owner:
            found[owner[line.schedule_id]].lines.setdefault(line.schedule_id, []).append(line)
    for key, last in connection.exec_driver_sql("SELECT schedule_id, max(ended_on) FROM posting GROUP BY schedule_id"):
        found[owner[key]].last_use[key] = last
    return found


FEES_IMPORT = _Fees()
