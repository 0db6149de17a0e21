"""What a payout run is made from: the lines of the scheme's basis, what must be taken back of the other basis, costs, people.

When an institution changes from money received to posted fees, money that came in for a posting settled by parts still waits
for a run on money received: such a run is asked for first, and what has not come in yet is named for the approver.
"""

from __future__ import annotations

from datetime import date

from desktop.actions import doubles, rules_in_force
from desktop.actions.schemes import find_scheme
from desktop.ledger import money
from desktop.ledger.allocation import Scheme, SettlementLine
from desktop.ledger.finding import Finding, finding
from desktop.ledger.problem import Refused
from desktop.rules import received
from desktop.rules import staff as staff_rules
from desktop.rules.settlement import CAP_KEY, Evaluated, RunInput
from desktop.store import payout_marks, payouts, staff, unsettled
from desktop.store.database import Connection
from desktop.store.facts import TECHNICIANS
from desktop.words import say

ELSEWHERE = "payout.settled_elsewhere"


def gather(connection: Connection, to: date, scheme_name: str, institution_kind: str) -> tuple[RunInput, tuple[Finding, ...]]:
    """The input of a run up to a day and what its approver should know of it.

    Raises Refused with findings that name the records when the lines cannot be made.
    """
    scheme = find_scheme(connection, scheme_name, to)
    lines, told = (_received if scheme.basis == "received" else _posted)(connection, to)
    told = (*doubles.replaced_twice(connection), *told)
    n_away, numbers = payout_marks.settled_away(connection, to)
    if n_away:
        told = (*told, finding(ELSEWHERE, "note", n=n_away, runs=say("report.list").join(numbers)))
    errors = tuple(f for f in told if f.severity == "error")
    if errors:
        raise Refused("payout.refused", findings=errors)
    costs = tuple(payouts.open_costs(connection, to))
    technicians = tuple(TECHNICIANS.find(connection))
    cap = rules_in_force.within(connection).in_force(CAP_KEY, to)
    return RunInput(to, scheme, institution_kind, lines, costs or None, technicians, cap, _evaluated(connection, scheme, to)), told


def _evaluated(connection: Connection, scheme: Scheme, to: date) -> tuple[Evaluated, ...]:
    """Whose evaluation with a factor is in force on the last day of a run, where the scheme asks for it."""
    if not scheme.evaluation_facts:
        return ()
    in_force = {key: staff_rules.held(facts, "evaluation", to) for key, facts in staff.facts(connection).items()}
    return tuple(
        Evaluated(key, one.factor, one.from_on) for key, one in sorted(in_force.items()) if one is not None and one.factor is not None
    )


def told_of_runs(connection: Connection, to: date, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What forbids a run, told by the runs that are there: what an earlier one has settled or deducted is not missing."""
    told = {one.code: one for one in found}
    nothing, no_costs = told.get("payout.nothing_to_settle"), told.get("payout.no_cost_statement")
    waiting = dict(nothing.params) if nothing is not None else {}
    run = payouts.run_reaching(connection, to, waiting["basis"].rpartition(".")[2]) if waiting else None
    if run is not None:
        settled = finding(
            "payout.settled_already", kind="payout_run", key=run.id, to=to, run=run.number, state=f"payout.state.{run.state}",
            until=run.to_on, n_waiting=waiting["n_waiting"], n_left_out=waiting["n_left_out"],
        )  # fmt: skip
        return (settled, *(one for one in found if one not in (nothing, no_costs)))
    if no_costs is not None and (numbers := payouts.deducting(connection, to)):
        deducted = finding("payout.costs_deducted", to=to, runs="、".join(numbers))
        return tuple(deducted if one is no_costs else one for one in found)
    return found


def _posted(connection: Connection, to: date) -> tuple[tuple[SettlementLine, ...], tuple[Finding, ...]]:
    told = []
    for part in unsettled.settled_by_parts(connection, to):
        key, record = part.posting_id, part.record_number
        if part.waiting_fen:
            told.append(
                finding("payout.receipts_wait", kind="posting", key=key, record=record, yuan=money.text(part.waiting_fen))
            )
        else:
            told.append(
                finding("payout.by_receipts", "warning", kind="posting", key=key, record=record, yuan=money.text(part.open_fen))
            )
    lines = (*unsettled.unsettled_postings(connection, to), *unsettled.refunded_since(connection, to))
    return lines, tuple(told)


def _received(connection: Connection, to: date) -> tuple[tuple[SettlementLine, ...], tuple[Finding, ...]]:
    found = unsettled.money_received(connection, to)
    lines, told = received.by_receipts(found.postings, found.receipts, found.originals, found.settled)
    waiting = tuple(line for line in lines if line.receipt_id not in found.settled and line.receipt_id not in found.away)
    return (*waiting, *unsettled.reversed_since(connection, to)), told
