"""Gathers a year's benefit scores for their report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from desktop.actions import benefit, benefit_groups, rules_in_force
from desktop.actions.benefit_groups import GroupScored
from desktop.actions.printed_figures import of_set
from desktop.actions.workspace import Workspace
from desktop.ledger import period as periods
from desktop.ledger.document_number import compared
from desktop.ledger.evaluation import ITEMS
from desktop.ledger.period import Period
from desktop.reports import benefit as paper
from desktop.reports.benefit import BenefitFacts, BenefitLine, CountLine, GroupLine
from desktop.reports.content import Content, Letterhead
from desktop.reports.phrases import period_words
from desktop.rules import benefit as rules
from desktop.rules.benefit import Range
from desktop.rules.figure import Figure
from desktop.rules.performance import number
from desktop.words import say


def gather(workspace: Workspace, period: Period, as_of: date, run: str | None, head: Letterhead) -> Content:
    """The report of a year by the rules of a day."""
    found = benefit.year(workspace, period, as_of)
    known = rules_in_force.of(workspace)
    sources: dict[tuple[str, str], tuple[str, str]] = {}
    for key in (*rules.WEIGHTS.values(), *rules.POINTS.values(), rules.DEMONSTRATED, rules.INCOME_POINTS, rules.FUNCTION_POINTS):
        rule = known.in_force(key, as_of)
        if rule is not None:
            cited = f"{rule.source}{rule.clause}"
            sources.setdefault((compared(cited), rule.certainty), (cited, rule.certainty))
    limits = {name: known.in_force(key, as_of) for name, key in rules.GRADES}
    lines = tuple(
        BenefitLine(
            one.one.asset_number, one.one.name, one.one.department, one.one.category, tuple(_score(part.range) for part in one.score.parts),
            _score(one.score.range), one.grade, one.reportable,
        )
        for one in sorted(found.sets, key=lambda one: (one.one.department, one.one.asset_number))
    )  # fmt: skip
    counts = tuple(
        CountLine(one.one.asset_number, say(f"benefit.count_{item}"), one.facts[item].count, one.facts[item].ground)
        for one in found.sets
        for item in ITEMS
        if item in one.facts
    )
    groups = benefit_groups.groups(workspace, found)
    whole = benefit_groups.whole(workspace, found)
    threshold = found.threshold.value
    said = paper.report(
        BenefitFacts(
            period_words(period),
            periods.academic_first(period.name) is not None,
            lines,
            counts,
            tuple(number(known.figure(key, as_of)) for key in rules.WEIGHTS.values()),
            {name: rule.integer if rule else None for name, rule in limits.items()},
            tuple(sources.values()),
            threshold if isinstance(threshold, int) else None,
            found.n_withheld,
            as_of < period.last_day,
            tuple(_group(one) for one in groups if one.kind == "department"),
            tuple(_group(one) for one in groups if one.kind == "platform"),
            _score(whole.range),
        ),
        head,
    )
    means = tuple(Figure("report.of_group", one.name or None, "text", inputs=(one.score.figure,)) for one in groups)
    return replace(said, figures=(whole.figure, *means, *(of_set(one.one.asset_number, one.one.name, one.score.figure) for one in found.sets)))


def _group(one: GroupScored) -> GroupLine:
    return GroupLine(one.name, one.score.n_of, _score(one.score.range))


def _score(found: Range | None) -> Decimal | str:
    if found is not None and found.known:
        return Decimal(found.least.numerator) / Decimal(found.least.denominator)
    return benefit.shown(found)
