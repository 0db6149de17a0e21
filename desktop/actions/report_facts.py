"""Gathers the facts of each report from the ledger and hands them to the report's own function."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop.actions import duties, payout_report, rules_in_force
from desktop.actions.workspace import Workspace
from desktop.ledger.fee_terms import FeeTerms, Fixed
from desktop.ledger.fees import FeeLine
from desktop.ledger.period import Period
from desktop.reports import fee_standard, joining, quarterly, transactions
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.rules.duties import JOIN_DAYS, THRESHOLD
from desktop.rules.parameters import Parameters
from desktop.rules.price_text import price_phrase
from desktop.store import fees, reporting
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


GATHER: dict[str, Gather] = {
    "joining": _joining,
    "fees": _fees,
    "quarterly": _quarterly,
    "transactions": _transactions,
    "payout": payout_report.gather,
}
