"""Payout runs: prepare, approve by another person, close, withdraw, reverse; what each technician gets and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from desktop.actions import institution, payout_trees, payout_words, people, sync_periods
from desktop.actions.costs import cost_add, costs
from desktop.actions.months import close_month, months, prepare_month, reopen_month, withdraw_month
from desktop.actions.payout_input import ELSEWHERE, gather, told_of_runs
from desktop.actions.payroll_file import export_payroll
from desktop.actions.schemes import add_scheme, adopt_example, examples, schemes
from desktop.actions.workspace import Workspace, now
from desktop.ledger import allocation_json
from desktop.ledger.allocation import PayoutLine, PayoutRun, WrittenScheme
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import new_key
from desktop.ledger.people import Person, Technician
from desktop.ledger.problem import Refused
from desktop.rules import approval, figure_json, payout_facts, settlement_figure
from desktop.rules.figure import Figure
from desktop.rules.payout_facts import PayoutFacts
from desktop.rules.settlement import Settlement, settle
from desktop.store import payout_marks
from desktop.store import payouts as rows
from desktop.store.database import Connection
from desktop.store.facts import TECHNICIANS as TECHNICIAN_ROWS

__all__ = [
    "Draft",
    "Run",
    "RunShare",
    "add_scheme",
    "adopt_example",
    "approve",
    "close",
    "close_month",
    "cost_add",
    "costs",
    "draft",
    "every",
    "examples",
    "explain",
    "export_payroll",
    "months",
    "prepare",
    "prepare_month",
    "preview",
    "reopen_month",
    "reverse",
    "schemes",
    "show",
    "statement",
    "withdraw",
    "withdraw_month",
]  # fmt: skip


NOTHING_YET = Changes()
Keys = Callable[[], str]


@dataclass(frozen=True, slots=True)
class RunShare:
    """One receiver's share of a run; ``staff_number`` is set for technicians, ``n_lines`` is how many lines stand behind it.

    ``how`` says in words by which share of the scheme it comes, or for which record it is given back; empty for technicians.
    """

    receiver: str
    technician_id: str | None
    staff_number: str
    name: str
    department: str
    weight: str
    fen: int
    remainder: bool
    n_lines: int
    how: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is shown: people by name, amounts in fen; ``findings`` were told when it was prepared.

    ``changes`` is what the step that answered it wrote.
    """

    id: str
    number: str
    state: str
    to_on: date
    scheme_name: str
    basis: str
    income_fen: int
    cost_fen: int
    pool_fen: int
    prepared_by: str
    prepared_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    closed_by: str | None
    reverses: str | None
    reason: str
    shares: tuple[RunShare, ...]
    findings: tuple[Finding, ...] = ()
    changes: Changes = NOTHING_YET


def _named(connection: Connection, number: str) -> PayoutRun:
    run = rows.RUNS.one(connection, "number = ?", (number.strip(),))
    if run is None:
        raise Refused("payout.unknown_run", number=number)
    return run


def _told(findings: tuple[Finding, ...]) -> str:
    """Findings as the run keeps them."""
    return json.dumps([[f.code, f.severity, f.params, f.kind, f.key] for f in findings], ensure_ascii=False)


def _findings(text: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(code, severity, tuple((name, value) for name, value in params), None, kind, key)
        for code, severity, params, kind, key in json.loads(text)
    )


def _weight(text: str, scheme: WrittenScheme | None) -> str:
    """A weight by amount is kept in fen × coefficient and shown in yuan, as the office knows the amounts."""
    if not text or "/" in text or scheme is None or allocation_json.read(scheme).weigh != "amount":
        return text
    return f"{Decimal(text) / 100:.2f}"


def _view(connection: Connection, facts: PayoutFacts) -> Run:
    run = facts.run
    names = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, name FROM person")}
    scheme = rows.SCHEMES.get(connection, run.scheme_id)
    technicians = {t.id: t for t in TECHNICIAN_ROWS.find(connection)}
    behind: dict[str, int] = {}
    for line in facts.lines:
        behind[line.technician_id] = behind.get(line.technician_id, 0) + 1
    mirrored = rows.RUNS.get(connection, run.reverses) if run.reverses and facts.shares else None
    tree = figure_json.from_json(run.figure) if run.figure and facts.shares else None  # none where it is at another seat
    terms = allocation_json.read(scheme) if scheme and facts.shares else None
    hows = payout_words.hows(connection, facts, terms, tree, mirrored.number if mirrored else "") if terms else []
    shares = []
    for share, how in zip(facts.shares, hows or [""] * len(facts.shares), strict=True):
        person = technicians.get(share.technician_id or "")
        shares.append(
            RunShare(
                share.receiver, share.technician_id, person.staff_number if person else "", share.name, person.department if person else "",
                _weight(share.weight, scheme), share.fen, share.remainder, behind.get(share.technician_id or "", 0), how,
            )
        )  # fmt: skip
    return Run(
        run.id, run.number, run.state, run.to_on, scheme.name if scheme else "", run.basis, run.income_fen, run.cost_fen, run.pool_fen,
        names.get(run.prepared_by, run.prepared_by), run.prepared_at, names.get(run.approved_by or ""), run.approved_at,
        names.get(run.closed_by or ""), run.reverses, run.reason, tuple(shares), _findings(run.findings),
    )  # fmt: skip


def _settled(connection: Connection, to: date, scheme_name: str, kind: str) -> Settlement:
    run, told = gather(connection, to, scheme_name, kind)
    result = settle(run)
    names = sync_periods.in_payout(connection, run)
    disputed = (finding("payout.contested", n=len(names), names=sync_periods.in_short(names)),) if names else ()
    if not isinstance(result, Settlement):
        noted = (one for one in told if one.code == ELSEWHERE)
        raise Refused("payout.refused", findings=(*told_of_runs(connection, to, result), *disputed, *noted))
    if disputed:
        raise Refused("payout.refused", findings=disputed)
    return replace(result, findings=(*result.findings, *told))


def preview(workspace: Workspace, to: date, scheme_name: str) -> Settlement:
    """What a run would be, without writing. Raises Refused with the findings that forbid it."""
    kind = institution.get(workspace).kind
    with workspace.read() as connection:
        return _settled(connection, to, scheme_name, kind)


@dataclass(frozen=True, slots=True)
class Draft:
    """A run as it would be prepared now, with the tree behind its pool; nothing is written. ``run.number`` is empty."""

    run: Run
    figure: Figure


def draft(workspace: Workspace, to: date, scheme_name: str) -> Draft:
    """The run that ``prepare`` would make, to look at before it is made. Raises Refused with the findings that forbid it."""
    settlement = preview(workspace, to, scheme_name)
    tree = settlement_figure.explain(settlement)
    facts = payout_facts.prepared(
        settlement, key="", number="", figure=figure_json.to_json(tree), by="", at=now(), new_key=new_key
    )
    with workspace.read() as connection:
        return Draft(_view(connection, _with(facts, settlement.findings)), tree)


def _checked(findings: tuple[Finding, ...]) -> None:
    """Raise the first thing that forbids a step, with all of them as findings."""
    errors = tuple(f for f in findings if f.severity == "error")
    if errors:
        raise Refused(errors[0].code, findings=errors[1:], **dict(errors[0].params))


def _person(workspace: Workspace, name: str | None, pin: str, step: str) -> Person:
    return people.acting(workspace, name, pin, approval.ROLES_FOR[step])


def prepare(workspace: Workspace, to: date, scheme_name: str, person_name: str, pin: str = "") -> Run:
    """Settle everything unsettled up to a day by a scheme; a preparer without a PIN is named in the run's findings.

    Raises Refused: role, PIN, no cost statement, nothing to settle, a conflict in what it is made from waits for a choice …
    """
    person = _person(workspace, person_name, pin, "prepare")
    kind = institution.get(workspace).kind
    with workspace.write("payout prepare", who=person.name, undoable=False, params={"to": to.isoformat()}) as operation:
        connection = operation.connection
        settlement = _settled(connection, to, scheme_name, kind)
        number, at = rows.next_number(connection, to.year), now()
        figure = figure_json.to_json(settlement_figure.explain(settlement))
        told = (*settlement.findings, *approval.unproven(person))

        def made(keys: Keys) -> PayoutFacts:
            facts = payout_facts.prepared(settlement, key=keys(), number=number, figure=figure, by=person.id, at=at, new_key=keys)
            return _with(facts, told)

        facts = _written(connection, made)
        view = _view(connection, facts)
    return replace(view, changes=operation.changes)


def _written(connection: Connection, made: Callable[[Keys], PayoutFacts]) -> PayoutFacts:
    """A run that is confidential by what it holds is made anew, with keys that tell no time."""
    keys: Keys = new_key
    facts = made(keys)
    if rows.is_secret(connection, facts):
        keys = partial(new_key, confidential=True)
        facts = made(keys)
    rows.insert(connection, facts, keys)
    return facts


def _with(facts: PayoutFacts, findings: tuple[Finding, ...]) -> PayoutFacts:
    return replace(facts, run=replace(facts.run, findings=_told(findings)))


def approve(workspace: Workspace, number: str, person_name: str, pin: str = "") -> Run:
    """Approve a prepared run; never the person who prepared it. A reversing run takes the run it reverses out of force.

    Of a person without a PIN the run says so among its findings, and the journal keeps it.
    """
    person = _person(workspace, person_name, pin, "approve")
    told = approval.unproven(person)
    params = {"run": number, **({"pin": "none"} if told else {})}
    with workspace.write("payout approve", who=person.name, undoable=False, params=params) as operation:
        connection = operation.connection
        run = _named(connection, number)
        _checked(approval.approve(run, person))
        approved = replace(run, state="approved", approved_by=person.id, approved_at=now())
        rows.RUNS.update(connection, [approved])
        if run.reverses is not None:
            original = rows.RUNS.get(connection, run.reverses)
            if original is None:  # runs are never deleted: the database refuses it
                raise Refused("payout.unknown_run", number=run.reverses)
            if original.state != "reversed":
                # Else another seat's reversal of it had been approved, and gave way to this one.
                _checked(payout_facts.irreversible(rows.facts_of(connection, original), rows.later_lines(connection, original.id)))
                rows.RUNS.update(connection, [replace(original, state="reversed")])
                payout_marks.release(connection, original.id)
        view = _view(connection, rows.facts_of(connection, approved))
    return replace(view, findings=(*view.findings, *told), changes=operation.changes)


def close(workspace: Workspace, number: str, person_name: str, pin: str = "") -> Run:
    """Mark an approved run as paid."""
    person = _person(workspace, person_name, pin, "close")
    with workspace.write("payout close", who=person.name, undoable=False, params={"run": number}) as operation:
        run = _named(operation.connection, number)
        _checked(approval.close(run, person))
        closed = replace(run, state="closed", closed_by=person.id, closed_at=now())
        rows.RUNS.update(operation.connection, [closed])
        view = _view(operation.connection, rows.facts_of(operation.connection, closed))
    return replace(view, changes=operation.changes)


def withdraw(workspace: Workspace, number: str, person_name: str, pin: str = "") -> Run:
    """Drop a prepared run; its lines and costs are unsettled again.

    Raises Refused when a later run has taken back some of its lines: they would be taken back from nothing.
    """
    person = _person(workspace, person_name, pin, "withdraw")
    with workspace.write("payout withdraw", who=person.name, undoable=False, params={"run": number}) as operation:
        run = _named(operation.connection, number)
        _checked(approval.withdraw(run, person))
        _checked(
            payout_facts.taken_back(rows.facts_of(operation.connection, run), rows.later_lines(operation.connection, run.id))
        )
        gone = replace(run, state="withdrawn")
        rows.RUNS.update(operation.connection, [gone])
        payout_marks.release(operation.connection, gone.id)
        view = _view(operation.connection, rows.facts_of(operation.connection, gone))
    return replace(view, changes=operation.changes)


def reverse(workspace: Workspace, number: str, person_name: str, pin: str = "", reason: str = "") -> Run:
    """Prepare the exact negative of an approved or closed run; it takes effect when another person approves it."""
    person = _person(workspace, person_name, pin, "reverse")
    with workspace.write("payout reverse", who=person.name, reason=reason, undoable=False, params={"run": number}) as operation:
        connection = operation.connection
        run = _named(connection, number)
        _checked(approval.reverse(run, person, reason))
        waiting = rows.RUNS.one(connection, "reverses = ? AND state <> 'withdrawn'", (run.id,))
        if waiting is not None:
            raise Refused("payout.reversing_already", number=number, other=waiting.number)
        facts = rows.facts_of(connection, run)
        _checked(payout_facts.irreversible(facts, rows.later_lines(connection, run.id)))
        number, at = rows.next_number(connection, run.to_on.year), now()

        def made(keys: Keys) -> PayoutFacts:
            mirror = payout_facts.reversal(facts, key=keys(), number=number, by=person.id, at=at, reason=reason.strip(), new_key=keys)
            return _with(mirror, ())

        view = _view(connection, _written(connection, made))
    return replace(view, changes=operation.changes)


def show(workspace: Workspace, number: str) -> Run:
    """A run with its shares. Raises Refused when there is none of this number."""
    with workspace.read() as connection:
        return _view(connection, rows.facts_of(connection, _named(connection, number)))


def every(workspace: Workspace) -> list[Run]:
    """All runs, newest first, without their lines."""
    with workspace.read() as connection:
        return [_view(connection, PayoutFacts(run, (), (), ())) for run in rows.RUNS.find(connection, order="rowid DESC")]


def explain(workspace: Workspace, number: str) -> Figure:
    """The tree a run's pool was fixed with; of its lines where that is at another seat (``payout_trees``)."""
    with workspace.read() as connection:
        return payout_trees.tree(connection, _named(connection, number))


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line behind a technician's share."""

    record_number: str
    asset_number: str
    instrument_name: str
    customer_name: str
    line: PayoutLine
    confidential: bool


def statement(workspace: Workspace, number: str, staff_number: str) -> tuple[Run, Technician, list[StatementLine]]:
    """Every line behind one technician's share of a run, by month and record."""
    with workspace.read() as connection:
        run = _named(connection, number)
        technician = TECHNICIAN_ROWS.one(connection, "staff_number = ?", (staff_number,))
        if technician is None:
            raise Refused("payout.no_such_technician", staff_number=staff_number)
        facts = rows.facts_of(connection, run)
        sql = (
            "SELECT p.id, p.record_number, i.asset_number, i.name, c.name, p.confidential FROM payout_line l JOIN posting p ON p.id = l.posting_id "
            "JOIN instrument i ON i.id = p.instrument_id JOIN customer c ON c.id = p.customer_id WHERE l.run_id = ? AND l.technician_id = ?"
        )
        about = {row[0]: row for row in connection.exec_driver_sql(sql, (run.id, technician.id))}
        own = [line for line in facts.lines if line.technician_id == technician.id]
        told = []
        for line in own:
            _, record_number, asset_number, instrument, customer, confidential = about[line.posting_id]
            told.append(StatementLine(record_number, asset_number, instrument, customer, line, bool(confidential)))
        return _view(connection, facts), technician, sorted(told, key=lambda one: (one.line.service_month, one.record_number))
