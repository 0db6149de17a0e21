"""The rows of the payroll file: gross payouts of a run, one row a person. Tax is not computed here: payroll does that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.ledger import money
from desktop.ledger.finding import Finding, finding
from desktop.ledger.people import Technician
from desktop.rules.payout_facts import PayoutFacts


@dataclass(frozen=True, slots=True)
class PayrollRow:
    """``gross_fen`` before tax; negative: to be deducted. ``notes``: late lines, remainder, taken back, deduction."""

    staff_number: str
    name: str
    department: str
    gross_fen: int
    run_number: str
    notes: tuple[Finding, ...]


def payroll(facts: PayoutFacts, technicians: Mapping[str, Technician]) -> tuple[PayrollRow, ...]:
    """The rows by staff number; Σ = the pool. Whoever gets 0 has no row. A technician (by key) who is missing raises KeyError."""
    rows = []
    for share in facts.shares:
        if share.technician_id is None or not share.fen:
            continue
        person = technicians[share.technician_id]
        notes = _notes(facts, share.technician_id, share.remainder, share.fen)
        rows.append(PayrollRow(person.staff_number, person.name, person.department, share.fen, facts.run.number, notes))
    return tuple(sorted(rows, key=lambda row: row.staff_number))


def _notes(facts: PayoutFacts, technician_id: str, remainder: bool, fen: int) -> tuple[Finding, ...]:
    lines = [line for line in facts.lines if line.technician_id == technician_id]
    notes = []
    if facts.run.reverses is not None:
        notes.append(finding("payout.note_reversal", "note"))
    else:
        back = sum(line.fen for line in lines if line.reverses is not None)
        if back:
            notes.append(finding("payout.note_back", "note", yuan=money.text(-back)))
    n_late = sum(line.late for line in lines)
    if n_late:
        notes.append(finding("payout.note_late", "note", n=n_late))
    if remainder:
        notes.append(finding("payout.note_remainder", "note"))
    if fen < 0:
        notes.append(finding("payout.note_deduction", "note"))
    return tuple(notes)
