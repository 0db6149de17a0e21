"""The two printable annexes of the yearly effect: money by voucher, and the sets at or above the national threshold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop import words
from desktop.actions import national_messages, rules_in_force
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.reports import national_assets, national_income
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.rules import classes
from desktop.rules.national_effect import THRESHOLD
from desktop.store import national as rows
from desktop.store import national_stated
from desktop.store.facts import INSTRUMENTS


def income(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """科研仪器开放服务收入汇总表 of a calendar year. Raises Refused ``national.effect_year``."""
    effect, _ = national_messages.effect(workspace, period)
    with workspace.read() as connection:
        found = rows.vouchers(connection, period)
    lines = tuple(
        national_income.IncomeLine(
            one.received_on, one.number, one.item, one.fen, one.instrument, one.customer, bool(one.confidential),
            words.say("report.list").join(one.handlers),
        )
        for one in found if one.confidential is not None
    )  # fmt: skip
    facts = national_income.IncomeFacts(
        period_words(period), lines, effect.n_vouchers, effect.vouchers_fen, effect.income_fen, as_of < period.last_day, effect.n_unstated_vouchers
    )
    return replace(national_income.report(facts, head), figures=(effect.figure,))


def assets(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """原值50万元以上大型仪器资产明细表 at the end of a calendar year. Raises Refused ``national.effect_year``."""
    effect, _ = national_messages.effect(workspace, period, as_of)
    # The sets are those of the year's last day, or of the day of the paper before it, and so is the threshold that is printed.
    rule = rules_in_force.of(workspace).in_force(THRESHOLD, min(period.last_day, as_of))
    with workspace.read() as connection:
        found = INSTRUMENTS.find(connection, order="asset_number")
        closed = national_stated.closed(connection)
    there = [one for one in found if national_messages.there(one, period)]
    large = set(effect.large)
    lines = tuple(
        national_assets.AssetLine(
            one.asset_number, classes.fine().get(one.class_code) or one.class_code, one.name, one.model, one.value_fen or 0, one.booked_on,
            one.department, one.manufacturer, *((why.reason, why.note) if (why := closed.get(one.id)) else ("", "")),
        )
        for one in there if one.id in large
    )  # fmt: skip
    facts = national_assets.AssetFacts(
        period_words(period),
        lines,
        rule.integer if rule else None,
        sum(one.value_fen is None and one.confidential is False for one in there),
        sum(bool(one.confidential) for one in there),
        effect.n_unstated_sets,
        sum(one.id in large and one.id in closed and closed[one.id].noted_on > period.last_day for one in there),
    )
    return replace(national_assets.report(facts, head), figures=(effect.figure,))
