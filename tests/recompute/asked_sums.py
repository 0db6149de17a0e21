"""What the program prints of sums: the transaction amount with its ranks and records, and what every payout run says of each person."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from desktop.actions import payout_report, payouts, reporting
from desktop.actions.workspace import Workspace
from desktop.reports.content import KeyValues, Paragraph, Table
from desktop.rules import payroll
from desktop.store import payouts as rows
from desktop.store.facts import TECHNICIANS

Told = dict[Any, Any]


def transactions(workspace: Workspace, year: int) -> Told:
    """年度服务交易额 as it goes to paper: the sums, the ranks of users and of sets, every record."""
    found = reporting.content(workspace, "transactions", str(year))
    (pairs,) = (block.pairs for block in found.blocks if isinstance(block, KeyValues))
    by_user, by_set, records = (block for block in found.blocks if isinstance(block, Table))
    wanting = next((block.text for block in found.blocks if isinstance(block, Paragraph)), "0")
    told: Told = {name: tuple(number(part) for part in text.split("，")) for name, text in pairs}
    told |= {"wanting": number(wanting), "withheld": found.withheld}
    told |= {f"user {row[1]}": (row[0], *row[2:]) for row in by_user.rows} | {f"set {row[1]}": (row[0], *row[2:]) for row in by_set.rows}
    told |= {word: None if table.total is None else table.total[2:] for word, table in (("users", by_user), ("sets", by_set))}
    for day, record, asset, name, customer, fen, contract, invoice, note in records.rows:
        told[f"record {record} {bool(note)}"] = (str(day), asset, name, customer, fen, contract, frozenset(str(invoice).split(",")))
    return told | {"records": (len(records.rows), records.total and records.total[5])}


def number(text: str) -> Decimal:
    """The number in a printed text."""
    return Decimal("".join(sign for sign in text if sign in "0123456789.-"))


def paid(workspace: Workspace) -> Told:
    """Everybody's statement and payroll line of every run, and every line behind them."""
    told: Told = {}
    with workspace.read() as connection:
        people = {one.id: one for one in TECHNICIANS.find(connection)}
        facts = {one.number: rows.facts_of(connection, one) for one in rows.RUNS.find(connection)}
    for run in payouts.every(workspace):
        payroll_lines = {one.staff_number: one for one in payroll.payroll(facts[run.number], people)}
        for one in payout_report.statements(workspace, payouts.show(workspace, run.number)):
            weighed, line = one.weighing, payroll_lines.get(one.staff_number)
            how = weighed and (weighed.base, weighed.coefficient, weighed.evaluation, weighed.quotient_fen, weighed.remainder_fen, weighed.back_fen)
            notes = None if line is None else (line.gross_fen, tuple(_note(note) for note in line.notes))
            told[run.number, one.staff_number] = (one.fen, how, one.weight, notes)
            behind: Counter[Any] = Counter()
            for each in one.lines:
                behind[each.record_number, each.reversal, each.minutes, each.amount_fen, each.fen, each.late, each.confidential, each.service_month] += 1
            told[run.number, one.staff_number, "lines"] = frozenset(behind.items())
    return told


def _note(note: Any) -> tuple[Any, ...]:
    return (note.code.removeprefix("payout.note_"), *(number(str(value)) for _, value in note.params))
