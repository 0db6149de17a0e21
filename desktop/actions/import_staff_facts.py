"""Dated facts about technicians from files: what is there already (same person, kind, content and first day) is corrected, nothing is taken out.

A cell the file leaves empty takes nothing away: that there is no end is said by 长期, and what is to become blank is made so by hand (``staff correct``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Options, Weighed, content, present_fields
from desktop.formats import staff_facts as files
from desktop.formats.reading import Sheet
from desktop.formats.staff_facts import FactRow
from desktop.ledger.keys import new_key
from desktop.ledger.staff_fact import STAFF_KINDS, StaffFact
from desktop.rules import staff as rules
from desktop.store import staff as rows
from desktop.store.database import Connection, Operation
from desktop.store.facts import TECHNICIANS
from desktop.words import say_in

_Same = tuple[str, str, str, date]


class _StaffFacts(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[FactRow], options: Options) -> Weighed:
        weighed = Weighed()
        present = present_fields(sheet, FactRow)
        called = {said: kind for kind in STAFF_KINDS for said in (kind, *(_name(kind, language) for language in ("zh", "en")))}
        technicians = {one.staff_number: one for one in TECHNICIANS.find(connection)}
        known = {_same(one): one for facts in rows.facts(connection).values() for one in facts}
        told: set[_Same] = set()
        begun = {(one.technician_id, one.from_on): one.value for one in known.values() if one.kind == "evaluation"}
        for row in sheet.rows:
            kind, technician = called.get(row.kind.casefold()), technicians.get(row.staff_number)
            if kind is None:
                kinds = "|".join(f"staff.kinds.{one}" for one in STAFF_KINDS)
                weighed.refuse(sheet, row.row, "kind", "staff.file_kind", shown=row.kind, kinds=kinds)
            elif technician is None:
                weighed.refuse(sheet, row.row, "staff_number", "payout.no_such_technician", staff_number=row.staff_number)
            elif row.person not in ("", technician.name):
                weighed.refuse(sheet, row.row, "person", "ledger_import.staff_number_taken", number=row.staff_number, name=technician.name)
            else:
                values = content(row, present) | {"kind": kind, "technician_id": technician.id}
                self._take(weighed, sheet, row, _fact(known.get((technician.id, kind, row.value, row.from_on)), values), known, told, begun)
        return weighed

    def _take(
        self, weighed: Weighed, sheet: Sheet[FactRow], row: FactRow, made: StaffFact, known: dict[_Same, StaffFact], told: set[_Same],
        begun: dict[tuple[str, date], str],
    ) -> None:  # fmt: skip
        old, wrong = known.get(_same(made)), rules.faults(made)
        if wrong:
            field = {"staff.days": "last_on", "staff.factor": "factor"}.get(wrong, "value")
            weighed.refuse(sheet, row.row, field, wrong, value=made.value)
            return
        if _same(made) in told:  # the file says its kind in another way
            weighed.refuse(sheet, row.row, "kind", "staff.file_twice", value=made.value)
            return
        # Two evaluations from one day on: which one weighs a payout nobody could say.
        if old is None and made.kind == "evaluation" and (other := begun.setdefault((made.technician_id, made.from_on), made.value)) != made.value:
            weighed.refuse(sheet, row.row, "value", "staff.file_other", value=made.value, other=other, day=made.from_on)
            return
        told.add(_same(made))
        weighed.take(old, made)

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        rows.STAFF_FACTS.insert(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.new])
        rows.STAFF_FACTS.update(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.changed])


def _same(one: StaffFact) -> _Same:
    return one.technician_id, one.kind, one.value, one.from_on


def _name(kind: str, language: Any) -> str:
    return say_in(language, f"staff.kinds.{kind}").casefold()


def _fact(old: StaffFact | None, values: dict[str, Any]) -> StaffFact:
    told = {name: value for name, value in values.items() if value not in (None, "") and name not in ("staff_number", "person")}
    if told.get("last_on") == files.ENDLESS:
        told["last_on"] = None
    if old is not None:
        return replace(old, **told)
    blank: dict[str, Any] = {"last_on": None, "issuer": "", "number": ""}
    return StaffFact(id=new_key(), **blank | told)


STAFF_FACTS_IMPORT = _StaffFacts()
