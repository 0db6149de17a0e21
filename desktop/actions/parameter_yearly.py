"""The figures of a year that hang on rule values, as its papers and windows have them: performance, benefit scores, what users said, SJ3, pilot bases.

Each is told by its use, the code of its words and its subject, so that ``parameter_effects`` can hold two workings-out side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from desktop.actions import (
    benefit,
    benefit_groups,
    evaluations,
    performance,
    performance_overview,
    pilot_view,
    rules_in_force,
    university_year,
)
from desktop.actions.performance import Measured
from desktop.actions.workspace import Workspace
from desktop.ledger import period as periods
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules.benefit import Range
from desktop.rules.benefit_group import GroupScore
from desktop.rules.figure import Figure, Value
from desktop.store import reporting as rows
from desktop.words import say

Place = tuple[str, str, str]
Found = Iterator[tuple[Place, str, Value]]


def plain(use: str, figure: Figure, subject: str) -> tuple[Place, str, Value]:
    """A figure as it is compared."""
    return (use, figure.code, subject), figure.unit, figure.value


def calendar_years(workspace: Workspace, day: date, since: date) -> list[int]:
    """The calendar years up to a day that a value from ``since`` can still reach: their reports are dated no later than their last day."""
    with workspace.read() as connection:
        first = rows.first_year(connection)
    return [] if first is None else list(range(max(first, since.year), day.year + 1))


def academic_years(workspace: Workspace, day: date, since: date) -> Iterator[Period]:
    """The academic years begun by the day whose last day is not before ``since``; none while no first month is in force."""
    for first in range(min([day.year, *calendar_years(workspace, day, since)]) - 1, day.year + 1):
        try:
            period = performance.span(workspace, f"{first}-{first + 1}")
        except Refused:  # no first month of the academic year is in force
            continue
        if period.start <= day and period.last_day >= since:
            yield period


def either(workspace: Workspace, day: date, since: date) -> Iterable[Period]:
    """The calendar years, then the academic years: most papers of a year are made of either."""
    return [*(periods.parse(str(year)) for year in calendar_years(workspace, day, since)), *academic_years(workspace, day, since)]


def yearly_performance(workspace: Workspace, day: date, since: date) -> Found:
    """The institution with the nation's figures and the year before beside it, its departments and platforms, and each set."""
    for period in either(workspace, day, since):
        as_of, name = min(period.last_day, day), period.name
        found = performance.year(workspace, period, as_of)
        whole = found.whole
        own = (whole.effective, whole.external, whole.sharing_rate, whole.utilisation, whole.hours_score)
        for figure in (*own, *_sums(whole), *found.means.values(), *found.alike.values(), *found.nation.values()):
            yield plain("performance", figure, name)
        earlier = performance.year(workspace, performance.before(period), as_of)
        for figure in (earlier.whole.utilisation, *_sums(earlier.whole), *earlier.means.values(), *earlier.alike.values()):
            yield plain("performance", figure, say("parameter_effect.year_before", year=earlier.period.name, of=name))
        yield ("performance", "parameter_effect.n_above", name), "count", found.n_above
        yield ("performance", "parameter_effect.n_alike", name), "count", found.n_alike
        for kind, group, measured in performance_overview.measured(workspace, found, as_of):
            for figure in (measured.effective, measured.external, measured.sharing_rate, measured.utilisation, *_sums(measured)):
                yield plain("performance", figure, _group(kind, group, name))
        for one, of_set in found.sets:
            for figure in (of_set.effective, of_set.external, of_set.sharing_rate, of_set.utilisation, of_set.hours_score, *_sums(of_set)):
                yield plain("performance", figure, f"{one.asset_number} {name}")


def _sums(one: Measured) -> tuple[Figure, ...]:
    """Income, users and records: they move where a year gets other days."""
    return (
        Figure("performance.income", one.use.income_fen, "fen", "sum"),
        Figure("performance.external_income", one.use.external_income_fen, "fen", "sum"),
        Figure("performance.n_users", one.n_users, "count", "count"),
        Figure("parameter_effect.n_records", one.use.n_records, "count", "count"),
    )


def academic(workspace: Workspace, day: date, since: date) -> Found:
    """The days of the academic years about the day, a coming one too."""
    for first in (day.year - 1, day.year):
        name = f"{first}-{first + 1}"
        try:
            period = performance.span(workspace, name)
        except Refused:
            yield ("academic", "parameter_effect.academic_year", name), "text", None
            continue
        yield ("academic", "parameter_effect.academic_year", name), "text", f"{period.start} – {period.last_day}"


def benefits(workspace: Workspace, day: date, since: date) -> Found:
    """Scores of each set with their parts, of departments, platforms and the institution."""
    for period in either(workspace, day, since):
        found = benefit.year(workspace, period, min(period.last_day, day))
        for one in found.sets:
            subject = f"{one.one.asset_number} {period.name}"
            for part in one.score.parts:
                yield _scored(part.figure, part.range, subject)
            yield _scored(one.score.total, one.score.range, subject)
            yield plain("benefit", one.score.figure, subject)
            yield ("benefit", "parameter_effect.benefit_reported", subject), "", one.reportable
        for group in benefit_groups.groups(workspace, found):
            yield from _together(group.score, _group(group.kind, group.name, period.name))
        yield from _together(benefit_groups.whole(workspace, found), period.name)


def _together(score: GroupScore, subject: str) -> Found:
    yield _scored(score.figure, score.range, subject)
    for grade, n in score.n_of.items():
        yield ("benefit", f"benefit.n_{grade}", subject), "count", n


def _scored(figure: Figure, found: Range | None, subject: str) -> tuple[Place, str, Value]:
    """A score; one that is not settled by its least and its most, as it is printed."""
    value = figure.value if found is None or found.known else benefit.shown(found)
    return ("benefit", figure.code, subject), figure.unit, value


def _group(kind: str, name: str, year: str) -> str:
    """A department or a platform of a year in words; a department may be called as a platform is."""
    return f"{say(f'parameter_effect.of_{kind}', name=name or say('parameter_effect.no_name'))} {year}"


def ratings(workspace: Workspace, day: date, since: date) -> Found:
    """The share of the satisfied of all services."""
    for period in either(workspace, day, since):
        yield plain("rating", evaluations.ratings(workspace, period.name, on=day).satisfied, period.name)


def university(workspace: Workspace, day: date, since: date) -> Found:
    """Which sets belong into SJ3 of the academic years that a value from ``since`` reaches."""
    for period in academic_years(workspace, day, since):
        found = university_year.judge(workspace, period, day)
        yield ("university", "parameter_effect.sj3_sets", period.name), "count", len(found.valuable)
        for one in found.lines:
            yield ("university", "parameter_effect.sj3_set", f"{one.instrument.asset_number} {period.name}"), "", one.valuable


def pilots(workspace: Workspace, day: date, since: date) -> Found:
    """What bases meet on the day, the estimates of last year's award and of the running year's, and the satisfied of the years."""
    for seen in pilot_view.bases(workspace, day, ended=False):
        for figure in seen.judged.figure.inputs:
            yield plain("pilot", figure, seen.base.number)
    for of in (day.year - 1, day.year):
        for served in pilot_view.services(workspace, of, day):
            subject = served.base.number if of < day.year else f"{served.base.number} {of}"
            for figure in (served.estimate, *served.estimate.inputs[1:]):
                yield plain("pilot", figure, subject)
    known = rules_in_force.of(workspace)
    for year in calendar_years(workspace, day, since):
        as_of = min(date(year, 12, 31), day)
        for served in pilot_view.services(workspace, year, as_of):
            yield plain("pilot", pilot_view.satisfied(served, known, as_of), f"{served.base.number} {year}")
