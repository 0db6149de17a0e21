"""Gathers the facts of each report from the ledger and hands them to the report's own function."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime

from desktop.actions import duties, payouts, rules_in_force
from desktop.actions.payouts import Run
from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import KEPT
from desktop.ledger.fee_terms import FeeTerms, Fixed
from desktop.ledger.fees import FeeLine
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.reports import fee_standard, joining, payout_sheet, quarterly, statement, transactions
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.rules.duties import JOIN_DAYS, THRESHOLD
from desktop.rules.parameters import Parameters
from desktop.rules.price_text import price_phrase
from desktop.store import fees, reporting
from desktop.store import payouts as payout_rows
from desktop.store.facts import INSTRUMENTS
from desktop.words import say

Gather = Callable[[Workspace, Period, date, str | None, Letterhead], Content]


def _joining(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    with workspace.read() as connection:
        instruments = {i.asset_number: i for i in INSTRUMENTS.find(connection)}
    known = rules_in_force.of(workspace)
    threshold, days = known.in_force(THRESHOLD, as_of), known.in_force(JOIN_DAYS, as_of)
    lines = []
    for duty in duties.every(workspace, as_of):
        one = instruments[duty.asset_number]
        lines.append(
            joining.JoiningLine(
                one.asset_number, one.name, one.department, one.value_fen, one.accepted_on, duty.deadline, duty.days_left, duty.state,
                _clause(known, one.accepted_on or as_of), duty.provisional, one.joined_on, one.network_number, bool(one.confidential),
            )
        )  # fmt: skip
    facts = joining.JoiningFacts(
        as_of,
        tuple(lines),
        threshold.integer if threshold else None,
        days.integer if days else None,
        days.certainty if days else "",
    )
    return joining.report(facts, head)


def _clause(known: Parameters, day: date) -> str:
    """The rule a set accepted on a day is judged by, as its explanation cites it."""
    rule = known.in_force(THRESHOLD, day)
    return f"{rule.source} {rule.clause}".strip() if rule is not None else ""


def _fees(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    with workspace.read() as connection:
        instruments = {i.id: i for i in INSTRUMENTS.find(connection, "retired_on IS NULL")}
        found = fees.pricing_versions(connection)
    told = []
    for key, versions in found.items():
        one = instruments.get(key)
        version = next((v for v in versions if v.schedule.covers(as_of)), None)
        if one is None or version is None:
            continue
        items = tuple(_item(line) for line in version.lines)
        schedule = version.schedule
        told.append(
            fee_standard.InstrumentFees(
                one.asset_number, one.name, one.model, one.department, items, schedule.from_on, schedule.to_on, schedule.document,
                bool(one.confidential),
            )
        )  # fmt: skip
    return fee_standard.report(fee_standard.FeeFacts(as_of, tuple(told)), head)


def _item(line: FeeLine) -> fee_standard.FeeItem:
    terms = line.terms
    if terms is None or line.to_confirm:
        return fee_standard.FeeItem(line.item, "", None, None, None, "", line.source_text)
    minimum = ""
    if terms.minimum_minutes:
        minimum = (
            say("explain.minutes", n=terms.minimum_minutes)
            if terms.minimum_minutes % 60
            else say("explain.hours", n=terms.minimum_minutes // 60)
        )
    elif terms.minimum_units:
        minimum = f"{terms.minimum_units} {terms.unit.name}"
    startup = {terms.startup_of(name) for name in ("internal", "external")}
    return fee_standard.FeeItem(
        line.item,
        terms.unit.name,
        _price(terms, "internal"),
        _price(terms, "external"),
        startup.pop() if len(startup) == 1 else None,
        minimum,
        _notes(line),
    )


def _price(terms: FeeTerms, customer_class: str) -> fee_standard.Price:
    form = terms.price_of(customer_class)
    if form is None:
        return ""
    if isinstance(form, Fixed):
        return form.fen
    return price_phrase(form, terms.unit).told()


def _notes(line: FeeLine) -> str:
    """The published remark stands at the end of the source text."""
    return line.source_text.rpartition(" | ")[2]


def _quarterly(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    with workspace.read() as connection:
        found = reporting.shared(connection, period)
        waiting = reporting.n_unposted(connection, period)
    lines = tuple(
        quarterly.SharingLine(
            one.asset_number, one.name, one.department, one.n_records, one.effective_minutes, one.external_minutes, one.income_fen,
            one.external_income_fen, False, one.confidential,
        )
        for one in found
    )  # fmt: skip
    return quarterly.report(quarterly.QuarterlyFacts(period_words(period), lines, waiting), head)


def _transactions(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    with workspace.read() as connection:
        lines = [
            transactions.TransactionLine(
                one.record_number, one.asset_number, one.instrument, one.customer, one.ended_on, one.amount_fen, one.contract, one.invoice,
                one.external, one.reversed_on, one.confidential,
            )
            for one in reporting.transactions(connection, period.start.year)
        ]  # fmt: skip
    return transactions.report(transactions.TransactionFacts(period.start.year, lines), head)


def _chosen_run(workspace: Workspace, period: Period, number: str | None) -> Run:
    if number:
        return payouts.show(workspace, number)
    standing = [
        r
        for r in payouts.every(workspace)
        if r.to_on in period and r.reverses is None and r.state in ("prepared", "approved", "closed")
    ]
    if not standing:
        raise Refused("report.no_run", period=period.name)
    return payouts.show(workspace, standing[0].number)


def statements(workspace: Workspace, run: Run) -> tuple[statement.Statement, ...]:
    """Each technician of a run with every line behind the sum."""
    behind: dict[str, list[statement.StatementLine]] = defaultdict(list)
    with workspace.read() as connection:
        for (
            technician,
            record,
            asset,
            name,
            customer,
            ended,
            month,
            minutes,
            amount,
            fen,
            late,
            taken_back,
            secret,
        ) in reporting.behind_run(connection, run.id):
            behind[technician].append(
                statement.StatementLine(
                    record, f"{name}（{asset}）", customer, ended, month, minutes, amount, fen, late, taken_back, secret
                )
            )
    return tuple(
        statement.Statement(
            share.staff_number,
            share.name,
            share.department,
            share.weight,
            share.fen,
            tuple(behind[share.technician_id or ""]),
            share.remainder,
        )
        for share in run.shares
        if share.technician_id
    )


def statement_of(workspace: Workspace, number: str, staff_number: str, head: Letterhead) -> Content:
    """One technician's statement of a run. Raises Refused for an unknown run and for a person whom the run pays nothing."""
    run = payouts.show(workspace, number)
    own = next((one for one in statements(workspace, run) if one.staff_number == staff_number), None)
    if own is None:
        known = say("report.list").join(share.staff_number for share in run.shares if share.technician_id)
        raise Refused("payout.no_share", run=run.number, staff_number=staff_number, known=known or "—")
    period = say("report.statement_period", day=run.to_on, state=f"payout.state.{run.state}")
    return statement.report(statement.StatementFacts(run.number, period, own), head)


def _payout(workspace: Workspace, period: Period, as_of: date, number: str | None, head: Letterhead) -> Content:
    run = _chosen_run(workspace, period, number)
    people = statements(workspace, run)
    with workspace.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT k.kind, c.fen, k.document, coalesce(i.name, ''), coalesce(i.confidential, 0) FROM payout_cost c JOIN cost_row k ON k.id = c.cost_row_id "
            "LEFT JOIN instrument i ON i.id = k.instrument_id WHERE c.run_id = ?",
            (run.id,),
        ).all()
        written = connection.exec_driver_sql(
            "SELECT s.document, s.terms FROM payout_run r JOIN scheme s ON s.id = r.scheme_id WHERE r.id = ?", (run.id,)
        ).one()
        mirrored = payout_rows.RUNS.get(connection, run.reverses) if run.reverses else None
    costs = tuple(payout_sheet.CostLine(r[0], r[1], r[2], r[3], bool(r[4])) for r in rows)
    others = tuple(
        payout_sheet.OtherShare(share.name or say("payout.receiver.kept"), share.fen)
        for share in run.shares
        if not share.technician_id and not (share.receiver == KEPT and share.fen == 0)
    )
    facts = payout_sheet.PayoutFacts(
        run_number=run.number,
        scheme=run.scheme_name,
        scheme_document=written[0],
        basis=run.basis,
        to_on=run.to_on,
        state=run.state,
        income_fen=run.income_fen,
        n_lines=sum(len(person.lines) for person in people),
        costs=costs,
        others=others,
        pool_fen=run.pool_fen,
        technicians=people,
        prepared_by=run.prepared_by,
        prepared_at=_moment(run.prepared_at),
        approved_by=run.approved_by or "",
        approved_at=_moment(run.approved_at),
        closed_by=run.closed_by or "",
        include_internal='"include_internal":true' in written[1],
        reverses=mirrored.number if mirrored else "",
        reason=run.reason,
    )
    return payout_sheet.report(facts, head)


def _moment(at: datetime | None) -> str:
    """UTC as the ledger keeps it, shown in Asia/Shanghai."""

    from desktop.actions.workspace import SHANGHAI

    return "" if at is None else at.replace(tzinfo=UTC).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


GATHER: dict[str, Gather] = {
    "joining": _joining,
    "fees": _fees,
    "quarterly": _quarterly,
    "transactions": _transactions,
    "payout": _payout,
}
