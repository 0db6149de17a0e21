"""Counts for yearly evaluations, from files: one row a set and year, weighed together with what is entered already."""

from __future__ import annotations

from dataclasses import replace

from desktop.actions import evaluations
from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Assets, Options, Weighed
from desktop.actions.performance import FIRST_YEAR, LAST_YEAR
from desktop.actions.workspace import today
from desktop.formats import evaluations as files
from desktop.formats.evaluations import EvaluationRow
from desktop.formats.reading import Sheet
from desktop.ledger import period as periods
from desktop.ledger.evaluation import EvaluationFact
from desktop.ledger.keys import new_key
from desktop.store import evaluation as rows
from desktop.store.database import Connection, Operation


class _Evaluations(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[EvaluationRow], options: Options) -> Weighed:
        weighed = Weighed()
        assets = Assets(connection)
        known = {(one.instrument_id, one.year, one.item): one for one in rows.FACTS.find(connection)}
        said: set[tuple[str, str, str]] = set()  # one year can be written two ways
        for row in sheet.rows:
            instrument_id = assets.key(row.asset_number)
            if instrument_id is None:
                assets.refuse(weighed, sheet, row.row, row.asset_number)
                continue
            year = _year(row.year)
            if year is None:
                weighed.refuse(sheet, row.row, "year", "report.period_year", period=row.year)
                continue
            repeated = [item for item in row.counts if (instrument_id, year, item) in said]
            if repeated:
                weighed.refuse(sheet, row.row, "year", "evaluation.said_twice", asset_number=row.asset_number, year=year)
                continue
            said |= {(instrument_id, year, item) for item in row.counts}
            entered = {item: one for (key, named, item), one in known.items() if key == instrument_id and named == year}
            wrong = evaluations.faults({item: one.count for item, one in entered.items()} | row.counts)
            if wrong:
                weighed.refuse(sheet, row.row, "asset_number", wrong, asset_number=row.asset_number)
                continue
            fresh = EvaluationFact("", instrument_id, year, "", 0, row.ground, today(), "")
            before = len(weighed.new) + len(weighed.changed)
            for item, count in row.counts.items():
                old = entered.get(item)
                if old is None:
                    key = new_key(confidential=assets.secret(row.asset_number))
                    one = replace(fresh, id=key, item=item, count=count)
                    weighed.new.append(one)
                elif (old.count, old.ground) != (count, row.ground):
                    one = replace(fresh, id=old.id, item=item, count=count)
                    weighed.changed.append(one)
                else:
                    continue
                known[instrument_id, year, item] = one
            if len(weighed.new) + len(weighed.changed) == before:
                weighed.unchanged += 1
            else:
                weighed.n_accepted += 1
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        rows.FACTS.insert(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.new])
        rows.FACTS.update(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.changed])


def _year(text: str) -> str | None:
    """The name of a calendar or academic year; None for anything else."""
    first = periods.academic_first(text)
    if first is not None:
        return f"{first}-{first + 1}" if FIRST_YEAR <= first <= LAST_YEAR else None
    try:
        found = periods.parse(text)
    except ValueError:
        return None
    return found.name if found.name.isdigit() and FIRST_YEAR <= int(found.name) <= LAST_YEAR else None


EVALUATIONS_IMPORT = _Evaluations()
