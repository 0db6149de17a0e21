"""What a university's yearly tables need, from files: what is stated of sets, and their use in an academic year; weighed with what is there already."""

from __future__ import annotations

from dataclasses import replace

from desktop.actions import university
from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Assets, Options, Weighed
from desktop.actions.performance import FIRST_YEAR, LAST_YEAR
from desktop.actions.workspace import today
from desktop.formats import university_sets, university_use
from desktop.formats.reading import Sheet
from desktop.formats.university_sets import StatedRow
from desktop.formats.university_use import UseRow
from desktop.ledger import period as periods
from desktop.ledger.keys import new_key
from desktop.ledger.university import STATES, USES, StatedSet, UseCount
from desktop.store import university as rows
from desktop.store.database import Connection, Operation
from desktop.words import say_in


def _codes(name: str, codes: tuple[str, ...]) -> dict[str, str]:
    """Code and words in both languages -> code."""
    return {said: code for code in codes for said in (code, *(say_in(language, f"university.{name}_{code}").casefold() for language in ("zh", "en")))}


class _Sets(Unasked):
    """What is stated of sets."""

    read_rows = staticmethod(university_sets.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[StatedRow], options: Options) -> Weighed:
        weighed, assets = Weighed(), Assets(connection)
        uses, states = _codes("use", USES), _codes("state", STATES)
        known = rows.stated(connection)
        for row in sheet.rows:
            key = _open(weighed, assets, sheet, row.row, row.asset_number)
            if key is None:
                continue
            told = row.told
            for name, listed in (("use", uses), ("state", states)):
                if name in told:
                    told[name] = listed.get(told[name].casefold(), told[name])
            fault = university.stated_faults(told)
            if fault is not None:
                weighed.refuse(sheet, row.row, fault[0].partition(".")[2], fault[0], shown=fault[1])
                continue
            old = known.get(key)
            made = replace(old or StatedSet(new_key(), key), **told)
            weighed.take(old, made)
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        rows.SETS.insert(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.new])
        rows.SETS.update(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.changed])


class _Use(Unasked):
    """The use of sets in an academic year."""

    read_rows = staticmethod(university_use.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[UseRow], options: Options) -> Weighed:
        weighed, assets = Weighed(), Assets(connection)
        known: dict[tuple[str, str], dict[str, UseCount]] = {}
        for one in rows.COUNTS.find(connection):
            known.setdefault((one.instrument_id, one.year), {})[one.item] = one
        said: set[tuple[str, str, str]] = set()  # one year can be written two ways
        for row in sheet.rows:
            key = _open(weighed, assets, sheet, row.row, row.asset_number)
            if key is None:
                continue
            year = _year(row.year)
            if year is None:
                weighed.refuse(sheet, row.row, "year", "university.year", period=row.year)
                continue
            if any((key, year, item) in said for item in row.amounts):
                weighed.refuse(sheet, row.row, "year", "university.said_twice", asset_number=row.asset_number, year=year)
                continue
            said |= {(key, year, item) for item in row.amounts}
            entered = known.setdefault((key, year), {})
            wrong = university.amount_fault({item: one.amount for item, one in entered.items()} | row.amounts)
            if wrong:
                weighed.refuse(sheet, row.row, "asset_number", wrong, asset_number=row.asset_number)
                continue
            before = len(weighed.new) + len(weighed.changed)
            for item, amount in row.amounts.items():
                old = entered.get(item)
                if old is None:
                    one = UseCount(new_key(), key, year, item, amount, row.ground, today())
                    weighed.new.append(one)
                elif (old.amount, old.ground) != (amount, row.ground or old.ground):
                    one = replace(old, amount=amount, ground=row.ground or old.ground, noted_on=today())
                    weighed.changed.append(one)
                else:
                    continue
                entered[item] = one
            if len(weighed.new) + len(weighed.changed) == before:
                weighed.unchanged += 1
            else:
                weighed.n_accepted += 1
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        rows.COUNTS.insert(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.new])
        rows.COUNTS.update(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.changed])


def _open(weighed: Weighed, assets: Assets, sheet: Sheet[StatedRow] | Sheet[UseRow], row: int, number: str) -> str | None:
    """The key of a set that is reported; an unknown or confidential one is refused."""
    key = assets.key(number)
    if key is None:
        assets.refuse(weighed, sheet, row, number)
    elif assets.secret(number):
        weighed.refuse(sheet, row, "asset_number", "university.confidential", asset_number=number)
        return None
    return key


def _year(text: str) -> str | None:
    """The name of an academic year; None for anything else."""
    first = periods.academic_first(text)
    return f"{first}-{first + 1}" if first is not None and FIRST_YEAR <= first < LAST_YEAR else None


UNIVERSITY_SETS_IMPORT = _Sets()
UNIVERSITY_USE_IMPORT = _Use()
