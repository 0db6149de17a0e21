"""Instruments from the national 40-column sheet: the asset number is the key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from desktop.actions.day import today
from desktop.actions.import_register import Register
from desktop.actions.import_weighing import Options, Weighed, content, digest, present_fields, stated
from desktop.formats import instruments
from desktop.formats.instruments import InstrumentRow
from desktop.formats.national import NOTHING, hundredths
from desktop.formats.reading import Sheet
from desktop.ledger import money
from desktop.ledger.finding import Severity, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.rules import classes, customs
from desktop.store import reclassifications, records
from desktop.store.database import Connection, Operation
from desktop.store.facts import INSTRUMENTS

_PAST = ("accepted_on", "booked_on", "joined_on", "filed_on", "released_on")


class _Instruments(Register):
    """New sets are inserted; known ones are corrected in the columns the file has."""

    facts = INSTRUMENTS
    read_rows = staticmethod(instruments.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[InstrumentRow], options: Options) -> Weighed:
        weighed = Weighed()
        # One column may state both: 机密 under 涉密, or a level alone.
        secrecy = instruments.SECRECY_COLUMNS if any(sheet.table.column(name) for name in instruments.SECRECY_COLUMNS) else ()
        present = present_fields(sheet, InstrumentRow, secrecy)
        known: dict[str, Instrument] = {i.asset_number: i for i in INSTRUMENTS.find(connection)}
        ahead = today()
        pending: list[tuple[InstrumentRow, dict[str, Any], Instrument | None]] = []
        for row in sheet.rows:
            values = content(row, present)
            values["imported"] = digest(values)
            for told in classes.check(row.class_code) if row.class_code else ():
                severity: Severity = "note" if told.severity == "note" else "warning"
                weighed.remark(sheet, row.row, "class_code", told.code, severity, **dict(told.params))
            for name in customs.FORMS:
                if odd := customs.odd(name, getattr(row, name)):
                    weighed.remark(sheet, row.row, name, odd.code, odd.severity, **dict(odd.params))
            for name in _PAST:
                if (day := values.get(name)) is not None and day > ahead:
                    weighed.remark(sheet, row.row, name, "ledger_import.date_ahead", day=day)
            old = known.get(row.asset_number)
            if old is not None and old.imported == values["imported"]:
                weighed.unchanged += 1
            elif old is not None and old.confidential and values.get("confidential") is not True and "confidential" in values:
                weighed.refuse(sheet, row.row, "confidential", "ledger_import.declassify", asset_number=row.asset_number)
            elif old is not None and old.confidential is False and values.get("confidential") is True:
                weighed.refuse(sheet, row.row, "confidential", "ledger_import.reclassify", asset_number=row.asset_number)
            else:
                pending.append((row, values, old))
        taken = _taken([row for row, _, _ in pending], known)
        for row, values, old in pending:
            if row.asset_number in taken:
                carrier = {"number": row.network_number, "asset_number": taken[row.asset_number]}
                weighed.refuse(sheet, row.row, "network_number", "ledger_import.network_number_taken", **carrier)
            elif old is None:
                weighed.settle(None, Instrument(id=new_key(confidential=bool(row.confidential)), **values))
            else:
                kept = _kept(old, stated(sheet, row.row, values))
                if kept.get("value_fen") != values.get("value_fen"):
                    both = {"wan": money.wan_text(row.value_fen), "yuan": money.text(old.value_fen or 0)}
                    weighed.remark(sheet, row.row, "value_fen", "ledger_import.value_kept", "note", **both)
                weighed.settle(old, replace(old, **kept))
        _unsaid(weighed, sheet, known)
        return weighed

    def concerned(self, operation: Operation, weighed: Weighed) -> Sequence[str]:
        reclassifications.follow(operation.connection, [i.id for i in weighed.changed if i.confidential])
        return records.draft_keys(operation.connection, "instrument_id", [i.id for i in weighed.changed])


def _taken(rows: Iterable[InstrumentRow], known: Mapping[str, Instrument]) -> dict[str, str]:
    """Asset number of each row that asks for a network number another instrument keeps -> who keeps it.

    A file may hand numbers on among the sets it names; a row that is refused keeps its own, which may refuse another.
    """
    wanted = {row.asset_number: row.network_number for row in rows if row.network_number}
    taken: dict[str, str] = {}
    while True:
        staying = (i for i in known.values() if i.network_number and (i.asset_number in taken or i.asset_number not in wanted))
        carrier = {i.network_number: i.asset_number for i in staying}
        more = {asset: carrier[number] for asset, number in wanted.items() if asset not in taken and carrier.get(number, asset) != asset}
        if not more:
            return taken
        taken |= more


def _unsaid(weighed: Weighed, sheet: Sheet[InstrumentRow], known: dict[str, Instrument]) -> None:
    """Say of the file how many of its sets stay without a word on whether they are confidential: a column that is missing has no cell to say it at."""
    after = known | {one.asset_number: one for one in (*weighed.new, *weighed.changed)}
    named = {row.asset_number for row in sheet.rows if row.row not in weighed.refused}
    if n := sum(after[number].confidential is None for number in named):
        weighed.findings.append(finding("ledger_import.secrecy_unsaid", "warning", n=n))


def _kept(old: Instrument, values: dict[str, Any]) -> dict[str, Any]:
    """What joining and filing recorded here stays when the sheet leaves it blank; what the national sheet's shape made of our own stays ours.

    That sheet has 万元 with two decimals and 无 for what is not there: neither is a change when the ledger says the same more exactly.
    """
    values = {name: "" if value == NOTHING and getattr(old, name) == "" else value for name, value in values.items()}
    if (fen := old.value_fen) is not None and values.get("value_fen") not in (None, fen) and values["value_fen"] == hundredths(fen):
        values["value_fen"] = fen
    for name in ("network_number", "joined_on", "filing_number", "filed_on"):
        if name in values and not values[name]:
            values = {**values, name: getattr(old, name)}
    if values.get("confidential", True) is None:  # a blank cell unsays nothing
        values = {**values, "confidential": old.confidential}
    if not values.get("secrecy_level", True):  # that it is confidential unsays no level
        values = {**values, "secrecy_level": old.secrecy_level}
    return values


INSTRUMENTS_IMPORT = _Instruments()
