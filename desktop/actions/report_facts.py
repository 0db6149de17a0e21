"""Gathers the facts of each report from the ledger and hands them to the report's own function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from desktop.actions import (
    award,
    duties,
    fee_building,
    management,
    national_report,
    payout_report,
    performance,
    pilot_report,
    pilot_view,
    publications,
    rectification,
    rules_in_force,
    sensor_views,
    transfer_candidates,
    yearly_balance,
)
from desktop.actions.day import day_of
from desktop.actions.fees import Version
from desktop.actions.printed_figures import of_set
from desktop.actions.workspace import Workspace
from desktop.ledger.fee_terms import FeeTerms, Fixed
from desktop.ledger.fees import CostComponent, FeeLine
from desktop.ledger.period import Period
from desktop.reports import fee_standard, joining, quarterly, transactions
from desktop.reports import yearly_balance as balance_report
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.rules import duty_figures
from desktop.rules import management as management_rules
from desktop.rules.duties import JOIN_DAYS, THRESHOLD
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters
from desktop.rules.public_price import public_minimum, public_notes, public_price, public_startup
from desktop.rules.unit_words import unit_name
from desktop.rules.yearly_balance import YEARLY
from desktop.store import fees, reporting
from desktop.store.facts import INSTRUMENTS
from desktop.words import say, tr

Gather = Callable[[Workspace, Period, date, str | None, Letterhead], Content]


def _joining(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    with workspace.read() as connection:
        instruments = {i.asset_number: i for i in INSTRUMENTS.find(connection)}
    known = rules_in_force.of(workspace)
    threshold, days = known.in_force(THRESHOLD, as_of), known.in_force(JOIN_DAYS, as_of)
    calendar = duties.calendar_of(workspace)
    lines = []
    for duty in duties.every(workspace, as_of):
        one = instruments[duty.asset_number]
        tree = None if one.confidential else of_set(one.asset_number, one.name, duty_figures.explain(duties.facts_of(one), as_of, known, calendar))
        lines.append(
            joining.JoiningLine(
                one.asset_number, one.name, one.department, one.value_fen, one.accepted_on, duty.deadline, duty.days_left, duty.state,
                _clause(known, one.accepted_on or as_of), duty.provisional, one.joined_on, one.network_number, bool(one.confidential), tree,
            )
        )  # fmt: skip
    facts = joining.JoiningFacts(
        as_of,
        tuple(lines),
        threshold.integer if threshold else None,
        days.integer if days else None,
        days.certainty if days else "",
        **_published(workspace, as_of),
    )
    return joining.report(facts, head)


def _published(workspace: Workspace, as_of: date) -> dict[str, Any]:
    """What the network says of the instruments; nothing where it has said nothing."""
    found = publications.overview(workspace, as_of)
    if not found.known:
        return {}
    lines = tuple(
        joining.PublishedLine(line.instrument.asset_number, line.instrument.name, line.instrument.network_number, line.told, line.standing)
        for line in found.lines
        if line.told is not None or line.findings
    )
    told_on = day_of(found.as_of) if found.as_of else as_of
    return {"published": lines, "told_on": told_on, "n_elsewhere": len(found.elsewhere)}


def _clause(known: Parameters, day: date) -> str:
    """The rule a set accepted on a day is judged by, as its explanation cites it."""
    rule = known.in_force(THRESHOLD, day)
    return f"{rule.source} {rule.clause}".strip() if rule is not None else ""


def _fees(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    with workspace.read() as connection:
        instruments = {i.id: i for i in INSTRUMENTS.find(connection, "retired_on IS NULL OR retired_on > ?", (as_of.isoformat(),))}
        found = fees.pricing_versions(connection)
        parts: dict[str, list[CostComponent]] = {}
        for part in fees.COMPONENTS.find(connection):
            parts.setdefault(part.schedule_id, []).append(part)
    papers = {kind: _paper(workspace, kind, as_of) for kind in ("sharing", "fees", "flow")}
    told, trees = [], []
    n_above = n_uncompared = 0
    for key, versions in found.items():
        one = instruments.get(key)
        version = next((v for v in versions if v.schedule.covers(as_of)), None)
        if one is None or version is None:
            continue
        items = tuple(_item(line) for line in version.lines)
        if not one.confidential:
            whole = Version(version.schedule, one, version.lines, tuple(parts.get(version.schedule.id, ())), used=False)
            trees.append(of_set(one.asset_number, one.name, fee_building.explain(whole)))
            by_line: dict[str, set[str]] = {}
            for check in fee_building.live(whole.components, whole.lines).checks:
                by_line.setdefault(check.line_id, set()).add(check.state)
            n_above += sum("above" in states for states in by_line.values())
            n_uncompared += sum(not states & {"above", "within"} for states in by_line.values())
        schedule = version.schedule
        told.append(
            fee_standard.InstrumentFees(
                one.asset_number, one.name, one.model, one.department, items, schedule.from_on, schedule.to_on, schedule.document,
                bool(one.confidential), one.service_content, one.user_notes, one.booking_url, one.contact, one.phone,
            )
        )  # fmt: skip
    rules = tr("、").join(paper for kind in ("sharing", "fees") if (paper := papers[kind]))
    sheet = fee_standard.FeeFacts(as_of, tuple(told), rules, papers["flow"], n_above, n_uncompared)
    return replace(fee_standard.report(sheet, head), figures=tuple(trees))


def _paper(workspace: Workspace, kind: str, day: date) -> str:
    """The management document of a kind that is in force on a day, by title and number; "" for none."""
    found = management_rules.counts((one for one in management.every(workspace) if one.kind == kind), day)
    if found is None or not management_rules.good(found, day):
        return ""
    bare = found.title.strip()
    if bare.startswith("《") and bare.find("》") == len(bare) - 1:  # a title that was entered with its marks
        bare = bare[1:-1]
    return tr("《{title}》（{number}）", title=bare, number=found.number)


def _item(line: FeeLine) -> fee_standard.FeeItem:
    terms = line.terms
    if terms is None or line.to_confirm:
        return fee_standard.FeeItem(line.item, "", None, None, None, "")
    startup = public_startup(terms)
    minimum = public_minimum(terms)
    return fee_standard.FeeItem(
        line.item,
        unit_name(terms.unit.name),
        _price(terms, "internal"),
        _price(terms, "external"),
        startup if isinstance(startup, int) else "\n".join(one.told() for one in startup),
        minimum.told() if minimum else "",
        say("fee.joiner").join(one if isinstance(one, str) else one.told() for one in public_notes(terms)),
        terms.unit.kind,
    )


def _price(terms: FeeTerms, customer_class: str) -> fee_standard.Price:
    price = public_price(terms, customer_class)
    if price is None:
        return ""
    return price.fen if isinstance(price, Fixed) else price.told()


def _quarterly(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    with workspace.read() as connection:
        found = reporting.shared(connection, period)
        waiting = reporting.n_unposted(connection, period)
    confirmed = sensor_views.confirmed(workspace, period, as_of)
    lines = tuple(
        quarterly.SharingLine(
            one.asset_number, one.name, one.department, one.n_records, one.effective_minutes, one.external_minutes, one.income_fen,
            one.external_income_fen, one.asset_number in confirmed, one.confidential,
        )
        for one in found
    )  # fmt: skip
    used = performance.year(workspace, period, as_of)
    trees = tuple(of_set(one.asset_number, one.name, *_use(measured)) for one, measured in used.sets if measured.use.n_records)
    said = quarterly.report(quarterly.QuarterlyFacts(period_words(period), lines, waiting), head)
    return replace(said, figures=(*_use(used.whole), *trees, *said.figures))


def _use(one: performance.Measured) -> tuple[Figure, ...]:
    return one.effective, one.external, one.sharing_rate


def _transactions(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    with workspace.read() as connection:
        lines = [
            transactions.TransactionLine(
                one.record_number, one.asset_number, one.instrument, one.customer, one.ended_on, one.amount_fen, one.contract, one.invoice,
                one.external, one.reversed_on, one.confidential,
            )
            for one in reporting.transactions(connection, period.start.year)
        ]  # fmt: skip
    said = transactions.report(transactions.TransactionFacts(period.start.year, lines), head)
    return replace(said, figures=(award.amount(workspace, period.start.year, as_of), *said.figures))


def _performance(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    from desktop.actions import performance_report

    return performance_report.gather(workspace, period, as_of, head)


def _benefit(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    from desktop.actions import benefit_report

    return benefit_report.gather(workspace, period, as_of, run, head)


def _balance(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    found = yearly_balance.year(workspace, period, as_of)
    rule = rules_in_force.of(workspace).in_force(YEARLY, as_of)
    lines = tuple(
        balance_report.BalanceLine(
            line.instrument.asset_number, line.instrument.name, line.instrument.department, line.balance.minutes, line.balance.income_fen,
            line.balance.cost_fen, line.declared_fen, line.balance.verdict, _balanced(line),
        )
        for line in found.lines
    )  # fmt: skip
    facts = balance_report.BalanceFacts(
        period_words(period),
        lines,
        found.declared,
        found.whole_unit_fen,
        sum(line.balance.unknown_minutes for line in found.lines),
        found.n_withheld,
        rule.certainty if rule else "",
        as_of < period.last_day,
        found.whole.state,
        found.declared_rows,
    )
    said = balance_report.report(facts, head)
    return replace(said, figures=(found.whole.figure, *said.figures))


def _balanced(line: yearly_balance.Line) -> Figure:
    """Why a set's year is within its cost, and what was declared for it alone."""
    declared = Figure("balance.declared", line.declared_fen, "fen", "by_days", rows=line.declared_rows)
    return of_set(line.instrument.asset_number, line.instrument.name, line.balance.figure, *([declared] if line.declared_rows.keys else []))


def _integrity(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    from desktop.actions import integrity_report

    return integrity_report.gather(workspace, period, as_of, run, head)


def _award(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    from desktop.actions import award_report

    return award_report.gather(workspace, period, as_of, head)


def _management(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    from desktop.actions import management_report

    return management_report.gather(workspace, period, as_of, run, head)


def _trainings(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    from desktop.actions import training_report

    return training_report.gather(workspace, period, as_of, run, head)


def _sensors(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    from desktop.actions import sensor_report

    return sensor_report.gather(workspace, period, as_of, run, head)


def _university(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    from desktop.actions import university_report

    return university_report.gather(workspace, period, as_of, run, head)


def _cers(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    from desktop.actions import cers_report

    return cers_report.gather(workspace, period, as_of, run, head)


def _national_audit(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    from desktop.actions import national_audit_report

    return national_audit_report.gather(workspace, period, as_of, run, head)


def _pilot(draw: Callable[[Workspace, Period, date, str | None, Letterhead], Content]) -> Gather:
    """Reports of pilot bases are of calendar years; ``run`` names the base when only one is asked for."""

    def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
        pilot_view.year_of(period.name)
        return draw(workspace, period, as_of, run, head)

    return gather


GATHER: dict[str, Gather] = {
    "joining": _joining,
    "fees": _fees,
    "quarterly": _quarterly,
    "transactions": _transactions,
    "performance": _performance,
    "benefit": _benefit,
    "balance": _balance,
    "transfers": transfer_candidates.gather,
    "award": _award,
    "integrity": _integrity,
    "national_income": national_report.income,
    "national_assets": national_report.assets,
    "national_audit": _national_audit,
    "pilot_catalogue": pilot_report.catalogue,
    "pilot_award": _pilot(pilot_report.award),
    "pilot_performance": _pilot(pilot_report.performance),
    "rectification": rectification.gather,
    "trainings": _trainings,
    "management": _management,
    "sensors": _sensors,
    "university": _university,
    "cers": _cers,
    "payout": payout_report.gather,
}
