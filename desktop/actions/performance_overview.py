"""A year's performance as the window shows it: the institution beside the nation, groups, each set with its score, what users said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.actions import benefit, benefit_groups, evaluations, performance, rules_in_force, transfer_candidates
from desktop.actions.benefit import Scored
from desktop.actions.performance import Measured, platform_words
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules.benefit_group import GroupScore
from desktop.rules.figure import Figure
from desktop.rules.performance import number
from desktop.rules.ratings import Ratings
from desktop.rules.transfer import Assessment
from desktop.store import performance as rows
from desktop.store.performance import SetUse

INSTITUTION = "institution"
"""The key under which the whole institution is explained."""
# A name may have a colon of its own.
_GROUP = re.compile(r"(department|platform)[:：](.*)")


@dataclass(frozen=True, slots=True)
class IndicatorSeen:
    """One figure of the institution; ``kind`` hours, ratio or money; ``before`` None: nothing was posted a year before, ``nation`` None: not
    published, or (``like`` False) of other sets than this figure.
    """

    name: str
    kind: str
    figure: Figure
    before: Decimal | int | None
    nation: Figure | None
    like: bool = True


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A department or an innovation platform (``kind``) with the benefit scores of its sets together; ``name`` "" is for sets without one."""

    kind: str
    name: str
    n_sets: int
    measured: Measured
    score: GroupScore
    figure: Figure


@dataclass(frozen=True, slots=True)
class SetSeen:
    """One set with what is measured of it, its platform in words, its benefit score and whether its year makes it a candidate for transfer."""

    one: SetUse
    measured: Measured
    platform: str
    scored: Scored
    transfer: Assessment


@dataclass(frozen=True, slots=True)
class Overview:
    """A calendar or academic year, confidential sets left out (``n_withheld``); ``evaluated_in`` in words, "" for none."""

    period: Period
    indicators: tuple[IndicatorSeen, ...]
    groups: tuple[GroupSeen, ...]
    sets: tuple[SetSeen, ...]
    ratings: Ratings
    n_of: Mapping[str, int]
    n_withheld: int
    evaluated_in: str


def see(workspace: Workspace, text: str) -> Overview:
    """The year as it stands now. Raises Refused for what is no year."""
    period = performance.span(workspace, text)
    as_of = benefit.last_day(period)
    found = performance.year(workspace, period, as_of)
    earlier = performance.year(workspace, performance.before(period), as_of)
    scores = benefit.year(workspace, period, as_of)
    by_key = {one.one.instrument_id: one for one in scores.sets}
    moved = {one.use.instrument_id: one.assessment for one in transfer_candidates.year(workspace, period, as_of).judged}
    sets = tuple(
        SetSeen(one, measured, platform_words(one.platform), by_key[one.instrument_id], moved[one.instrument_id]) for one, measured in found.sets
    )
    return Overview(
        period, _indicators(found, earlier), groups(workspace, found, as_of, scores), sets, evaluations.ratings(workspace, period.name), scores.n_of,
        found.n_withheld, performance.evaluated_in(workspace, period),
    )  # fmt: skip


def groups(workspace: Workspace, found: performance.Year, as_of: date, scores: benefit.Year | None = None) -> tuple[GroupSeen, ...]:
    """The departments of a year, then its innovation platforms; ``scores`` of the same year when they are known already."""
    scored = benefit_groups.groups(workspace, scores or benefit.year(workspace, found.period, as_of))
    score_of = {(one.kind, one.name): one.score for one in scored}
    return tuple(_group(kind, name, one, score_of) for kind, name, one in measured(workspace, found, as_of) if kind == "department" or name)


def measured(workspace: Workspace, found: performance.Year, as_of: date) -> Iterator[tuple[str, str, Measured]]:
    """The departments of a year, then its innovation platforms, as kind, name ("" for the sets of none) and what is measured."""
    with workspace.read() as connection:
        by_department = rows.n_users_by_department(connection, found.period)
        by_platform = rows.n_users_by_platform(connection, found.period)
    known = rules_in_force.of(workspace)
    for name, sets in performance.departments(found).items():
        yield "department", name, performance.together([one for _, one in sets], by_department.get(name, 0), known, as_of)
    for key, sets in performance.platforms(found).items():
        yield "platform", platform_words(key), performance.together([one for _, one in sets], by_platform.get(key, 0), known, as_of)


def explain(workspace: Workspace, key: str, text: str | None = None) -> Figure:
    """Every figure of a year's performance of ``institution``, ``department:NAME``, ``platform:NAME``, or of one set by its asset number.

    Raises Refused ``performance.no_group`` for a name that is none, and as ``benefit.explain``.
    """
    asked = _GROUP.fullmatch(key.strip())
    if asked is None and key.strip() != INSTITUTION:
        return benefit.explain(workspace, key, text)
    period = performance.span(workspace, text)
    as_of = benefit.last_day(period)
    found = performance.year(workspace, period, as_of)
    if asked is None:
        return _institution(workspace, found, benefit_groups.whole(workspace, benefit.year(workspace, period, as_of)))
    kind, name = asked[1], asked[2].strip()
    those = [one for one in groups(workspace, found, as_of) if one.kind == kind]
    one = next((one for one in those if one.name == name), None)
    if one is None:
        raise Refused("performance.no_group", name=name, period=period.name, names="、".join(one.name for one in those if one.name) or "—")
    return one.figure


def _institution(workspace: Workspace, found: performance.Year, score: GroupScore) -> Figure:
    whole, nation = found.whole, found.nation
    alike = [Figure("performance.beside_nation", one.value, one.unit, "collected", inputs=(one, nation[name])) for name, one in found.alike.items()]
    inputs = (
        found.means["effective"], found.means["external"], whole.sharing_rate, whole.utilisation, *alike,
        Figure("performance.income", whole.use.income_fen, "fen", "sum"),
        Figure("performance.external_income", whole.use.external_income_fen, "fen", "sum"),
        Figure("performance.n_users", whole.n_users, "count", "count"), evaluations.ratings(workspace, found.period.name).satisfied,
        score.figure,
    )  # fmt: skip
    params = (("period", found.period.name), ("n", str(len(found.sets))))
    return Figure("performance.institution", whole.effective.value, "minutes", "collected", inputs=inputs, params=params)


def _group(kind: str, name: str, measured: Measured, score_of: Mapping[tuple[str, str], GroupScore]) -> GroupSeen:
    score = score_of[kind, name]
    n_sets = sum(score.n_of.values())
    income = Figure("performance.income", measured.use.income_fen, "fen", "sum")
    external = Figure("performance.external_income", measured.use.external_income_fen, "fen", "sum")
    users = Figure("performance.n_users", measured.n_users, "count", "count")
    inputs = (measured.sharing_rate, measured.utilisation, income, external, users, score.figure)
    whole = Figure(
        "performance.group", measured.effective.value, "minutes", "collected", inputs=inputs, params=(("name", name), ("n", str(n_sets)))
    )
    return GroupSeen(kind, name, n_sets, measured, score, whole)


def _indicators(found: performance.Year, earlier: performance.Year) -> tuple[IndicatorSeen, ...]:
    now, then = found.whole, earlier.whole
    posted = then.use.n_records > 0
    kinds = (("effective", "hours"), ("external", "hours"), ("sharing_rate", "ratio"))
    told = [IndicatorSeen(name, kind, found.means[name], number(earlier.means[name]) if posted else None, None, like=False) for name, kind in kinds]
    told.append(IndicatorSeen("utilisation", "ratio", now.utilisation, number(then.utilisation) if posted else None, None))
    told += [
        IndicatorSeen(f"alike_{name}", kind, found.alike[name], number(earlier.alike[name]) if posted else None, found.nation[name])
        for name, kind in kinds
    ]
    for name, fen, before in (
        ("income", now.use.income_fen, then.use.income_fen), ("external_income", now.use.external_income_fen, then.use.external_income_fen),
    ):  # fmt: skip
        told.append(IndicatorSeen(name, "money", Figure(f"performance.{name}", fen, "fen", "sum"), before if posted else None, None))
    return tuple(told)
