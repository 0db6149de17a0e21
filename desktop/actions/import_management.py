"""Management documents from files: new ones entered, known ones (by number) corrected in the columns the file has; none is taken out.

A cell the file leaves empty takes nothing away: that there is no end is said by 长期, and what is to become blank is made so by hand
(``management change``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Options, Weighed, content, present_fields
from desktop.actions.workspace import today
from desktop.formats import management as files
from desktop.formats.management import PaperRow
from desktop.formats.reading import Sheet
from desktop.ledger.document_number import picked
from desktop.ledger.keys import new_key
from desktop.ledger.management import MANAGEMENT_KINDS, ManagementDocument
from desktop.rules import management as rules
from desktop.store.database import Connection, Operation
from desktop.store.management import DOCUMENTS
from desktop.words import say_in


class _Management(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[PaperRow], options: Options) -> Weighed:
        weighed = Weighed()
        present = present_fields(sheet, PaperRow)
        called = {said: kind for kind in MANAGEMENT_KINDS for said in (kind, *(_name(kind, language) for language in ("zh", "en")))}
        known = DOCUMENTS.find(connection)
        for row in sheet.rows:
            kind = called.get(row.kind.casefold())
            if kind is None:
                kinds = "|".join(f"management.kinds.{one}" for one in MANAGEMENT_KINDS)
                weighed.refuse(sheet, row.row, "kind", "management.file_kind", shown=row.kind, kinds=kinds)
                continue
            old = picked(known, row.number, lambda one: one.number)
            if old is not None and old.kind != kind:
                # Another kind under a known number is another paper sooner than a correction; `management change` corrects the kind.
                kept = f"management.kinds.{old.kind}"
                weighed.refuse(sheet, row.row, "number", "management.file_other_kind", number=row.number, kept=kept, title=old.title)
                continue
            made = _paper(old, content(row, present) | {"kind": kind})
            wrong = rules.faults(made, today())
            if wrong:
                at = {"management.party": "party", "management.to_come": "issued_on"}.get(wrong, "number")
                weighed.refuse(sheet, row.row, at, wrong, title=made.title, day=made.issued_on.isoformat())
            elif old is None:
                weighed.new.append(made)
                weighed.n_accepted += 1
            elif made != old:
                weighed.changed.append(made)
                weighed.n_accepted += 1
            else:
                weighed.unchanged += 1
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        DOCUMENTS.insert(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.new])
        DOCUMENTS.update(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.changed])


def _name(kind: str, language: Any) -> str:
    return say_in(language, f"management.kinds.{kind}").casefold()


def _paper(old: ManagementDocument | None, values: dict[str, Any]) -> ManagementDocument:
    told = {name: value for name, value in values.items() if value not in (None, "")}
    if told.get("last_on") == files.ENDLESS:
        told["last_on"] = None
    if old is not None:
        # Its number stays as it was entered: the file may write the same one with other brackets.
        return replace(old, **told | {"number": old.number})
    # A paper is in force from the day it was issued unless the file says another.
    return ManagementDocument(id=new_key(), **{"from_on": told["issued_on"]} | told)


MANAGEMENT_IMPORT = _Management()
