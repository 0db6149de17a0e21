"""Results of the national platform's duplicate review from files: new ones kept on their purchase, known ones corrected in the columns the file has.

A result is known by its purchase and the number of its paper. What a file says of the result must be one of the words people use for it:
nothing is guessed from a sentence. A cell the file leaves empty takes nothing away.
"""

from __future__ import annotations

from dataclasses import replace

from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Options, Weighed, content, present_fields
from desktop.actions.workspace import today
from desktop.formats import purchase_results as files
from desktop.formats.purchase_results import ResultRow
from desktop.formats.reading import Sheet
from desktop.ledger.document_number import picked
from desktop.ledger.keys import new_key
from desktop.ledger.purchase import NATIONAL_OUTCOMES, NationalOutcome, NationalResult
from desktop.rules import purchase_national as rules
from desktop.store.database import Connection, Operation
from desktop.store.purchases import NATIONAL, PROPOSALS
from desktop.words import say_in


class _PurchaseResults(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[ResultRow], options: Options) -> Weighed:
        weighed = Weighed()
        present = tuple(name for name in present_fields(sheet, ResultRow) if name not in ("number", "outcome"))
        called = _called()
        proposals = {one.number: one for one in PROPOSALS.find(connection)}
        known: dict[str, list[NationalResult]] = {}
        for one in NATIONAL.find(connection):
            known.setdefault(one.proposal_id, []).append(one)
        for row in sheet.rows:
            proposal, outcome = proposals.get(row.number), called.get(row.outcome.casefold())
            if proposal is None:
                weighed.refuse(sheet, row.row, "number", "purchase.national_of_none", number=row.number)
                continue
            if outcome is None:
                outcomes = "|".join(f"purchase.state.{one}" for one in NATIONAL_OUTCOMES)
                weighed.refuse(sheet, row.row, "outcome", "purchase.national_outcome", shown=row.outcome, outcomes=outcomes)
                continue
            told = {name: value for name, value in content(row, present).items() if value} | {"outcome": outcome}
            old = picked(known.get(proposal.id, ()), row.document, lambda one: one.document)
            # The number of a paper that is known stays as it was entered: the file may write it with other brackets.
            made = NationalResult(new_key(), proposal.id, noted_on=today(), **told) if old is None else replace(old, **told | {"document": old.document})
            wrong = rules.fault(made, proposal, today())
            if wrong:
                name = "number" if wrong == "purchase.national_withdrawn" else "decided_on"
                weighed.refuse(sheet, row.row, name, wrong, number=row.number, day=row.decided_on, proposed_on=proposal.proposed_on)
            elif old is None:
                weighed.new.append(made)
                weighed.n_accepted += 1
            elif made != old:
                weighed.changed.append(replace(made, noted_on=today()))
                weighed.n_accepted += 1
            else:
                weighed.unchanged += 1
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        NATIONAL.insert(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.new])
        NATIONAL.update(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.changed])


def _called() -> dict[str, NationalOutcome]:
    """What a result is called -> the result: its code, its words in both languages, and what else papers call it."""
    found: dict[str, NationalOutcome] = {}
    for one in NATIONAL_OUTCOMES:
        said = (one, say_in("zh", f"purchase.state.{one}"), say_in("en", f"purchase.state.{one}"), *files.ALSO[one])
        found |= {name.casefold(): one for name in said}
    return found


PURCHASE_RESULTS_IMPORT = _PurchaseResults()
