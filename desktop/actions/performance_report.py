"""Gathers a year's performance for its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from desktop.actions import evaluations, performance, rules_in_force
from desktop.actions.performance import Measured, Year
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.reports import performance as paper
from desktop.reports.content import Content, Letterhead
from desktop.reports.performance import DepartmentLine, Indicator, Measures, PerformanceFacts, SetLine
from desktop.reports.phrases import period_words
from desktop.rules import ratings
from desktop.rules.performance import Use, number
from desktop.store import performance as rows
from desktop.store import reporting
from desktop.store.performance import SetUse
from desktop.words import say


def gather(workspace: Workspace, period: Period, as_of: date, head: Letterhead) -> Content:
    """The report of a year, the year before beside it."""
    found = performance.year(workspace, period, as_of)
    earlier = performance.year(workspace, performance.before(period), as_of)
    with workspace.read() as connection:
        waiting = reporting.n_unposted(connection, period)
        users = rows.n_users_by_department(connection, period)
        platform_users = rows.n_users_by_platform(connection, period)
    known = rules_in_force.of(workspace)
    by_department = performance.departments(found)
    alike = {one.instrument_id for one in performance.from_value([one for one, _ in found.sets], found.national_threshold)}

    def group(name: str, sets: Sequence[tuple[SetUse, Measured]], n_users: int) -> DepartmentLine:
        measured = performance.together([one for _, one in sets], n_users, known, as_of)
        minutes = [one.effective_minutes for one, _ in sets if one.instrument_id in alike]
        return DepartmentLine(name, len(sets), sum(_idle(one.use) for _, one in sets), _measures(measured), len(minutes), sum(minutes))

    departments = [group(name, sets, users.get(name, 0)) for name, sets in by_department.items()]
    platforms = [
        group(performance.platform_words(platform), sets, platform_users.get(platform, 0))
        for platform, sets in performance.platforms(found).items()
    ]
    said = evaluations.ratings(workspace, period.name)
    lines = tuple(
        SetLine(one.asset_number, one.name, one.department, one.category, _measures(measured), one.instrument_id in alike)
        for sets in by_department.values()
        for one, measured in sets
    )
    threshold, national = found.threshold.value, found.national_threshold.value
    said_of = paper.report(
        PerformanceFacts(
            period_words(period),
            threshold if isinstance(threshold, int) else None,
            found.n_above,
            _indicators(found, earlier),
            tuple(departments),
            lines,
            _measures(found.whole),
            found.n_withheld,
            waiting,
            performance.cited(workspace, as_of),
            as_of < period.last_day,
            tuple(platforms),
            (*((ratings.said(word), n) for word, n in said.n_of.items()), *(((say("rating.other"), said.n_other),) if said.n_other else ())),
            said.n_silent,
            number(said.satisfied),
            performance.evaluated_in(workspace, period),
            found.n_alike,
            national if isinstance(national, int) else None,
        ),
        head,
    )
    whole = found.whole
    own = (whole.effective, whole.external, whole.sharing_rate, whole.utilisation, whole.hours_score)
    return replace(said_of, figures=(*own, *found.means.values(), *found.alike.values(), *found.nation.values(), *said_of.figures))


def _idle(use: Use) -> bool:
    return use.n_records == 0


def _measures(one: Measured) -> Measures:
    use = one.use
    return Measures(
        use.n_records, one.n_users, use.effective_minutes, use.external_minutes, number(one.sharing_rate),
        number(one.utilisation), use.income_fen, use.external_income_fen, number(one.hours_score),
    )  # fmt: skip


def _indicators(found: Year, earlier: Year) -> tuple[Indicator, ...]:
    now, then = found.whole, earlier.whole

    def alike(name: str, kind: str) -> Indicator:
        nation = found.nation[name]
        before = number(earlier.alike[name]) if then.use.n_records else None
        return Indicator(f"alike_{name}", kind, number(found.alike[name]), before, number(nation), nation.clause)

    def own(name: str, kind: str, value: Decimal | int | None, before: Decimal | int | None, *, like: bool = True) -> Indicator:
        return Indicator(name, kind, value, before if then.use.n_records else None, like=like)

    kinds = {"effective": "hours", "external": "hours", "sharing_rate": "ratio"}
    return (
        *(own(name, kind, number(found.means[name]), number(earlier.means[name]), like=False) for name, kind in kinds.items()),
        own("utilisation", "ratio", number(now.utilisation), number(then.utilisation)),
        *(alike(name, kind) for name, kind in kinds.items()),
        own("income", "money", now.use.income_fen, then.use.income_fen),
        own("external_income", "money", now.use.external_income_fen, then.use.external_income_fen),
    )
