"""A year's performance as the window shows it: the institution beside the nation, groups, each set with its score, what users said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from desktop.actions import benefit, evaluations, performance, rules_in_force
from desktop.actions.benefit import Scored
from desktop.actions.performance import Measured
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.rules.figure import Figure
from desktop.rules.performance import number
from desktop.rules.ratings import Ratings
from desktop.store import performance as rows
from desktop.store.performance import SetUse


@dataclass(frozen=True, slots=True)
class IndicatorSeen:
    """One figure of the institution; ``kind`` hours, ratio or money; ``before`` None: nothing was posted a year before, ``nation`` None: not published."""

    name: str
    kind: str
    figure: Figure
    before: Decimal | int | None
    nation: Figure | None


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A department or an innovation platform (``kind``); ``name`` "" is for sets without one."""

    kind: str
    name: str
    n_sets: int
    measured: Measured
    figure: Figure


@dataclass(frozen=True, slots=True)
class SetSeen:
    """One set with what is measured of it, its platform in words and its benefit score."""

    one: SetUse
    measured: Measured
    platform: str
    scored: Scored


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
    with workspace.read() as connection:
        by_department = rows.n_users_by_department(connection, period)
        by_platform = rows.n_users_by_platform(connection, period)
    known = rules_in_force.of(workspace)
    groups = [
        _group("department", name, performance.together([one for _, one in sets], by_department.get(name, 0), known, as_of), len(sets))
        for name, sets in performance.departments(found).items()
    ]
    groups += [
        _group("platform", platform_words(key), performance.together([one for _, one in sets], by_platform.get(key, 0), known, as_of), len(sets))
        for key, sets in performance.platforms(found).items()
        if any(key)
    ]
    sets = tuple(SetSeen(one, measured, platform_words(one.platform), by_key[one.instrument_id]) for one, measured in found.sets)
    return Overview(
        period, _indicators(found, earlier), tuple(groups), sets, evaluations.ratings(workspace, period.name), scores.n_of, found.n_withheld,
        performance.evaluated_in(workspace, period),
    )  # fmt: skip


def platform_words(platform: tuple[str, str]) -> str:
    """A platform by its kind and number, the same said once."""
    return " ".join(part for part in dict.fromkeys(platform) if part)


def _group(kind: str, name: str, measured: Measured, n_sets: int) -> GroupSeen:
    income = Figure("performance.income", measured.use.income_fen, "fen", "sum")
    external = Figure("performance.external_income", measured.use.external_income_fen, "fen", "sum")
    users = Figure("performance.n_users", measured.n_users, "count", "count")
    inputs = (measured.sharing_rate, measured.utilisation, income, external, users)
    whole = Figure(
        "performance.group", measured.effective.value, "minutes", "collected", inputs=inputs, params=(("name", name), ("n", str(n_sets)))
    )
    return GroupSeen(kind, name, n_sets, measured, whole)


def _indicators(found: performance.Year, earlier: performance.Year) -> tuple[IndicatorSeen, ...]:
    now, then = found.whole, earlier.whole
    posted = then.use.n_records > 0
    told = [
        IndicatorSeen(name, kind, found.means[name], number(earlier.means[name]) if posted else None, found.nation[name])
        for name, kind in (("effective", "hours"), ("external", "hours"), ("sharing_rate", "ratio"))
    ]
    told.append(IndicatorSeen("utilisation", "ratio", now.utilisation, number(then.utilisation) if posted else None, None))
    for name, fen, before in (
        ("income", now.use.income_fen, then.use.income_fen), ("external_income", now.use.external_income_fen, then.use.external_income_fen),
    ):  # fmt: skip
        told.append(IndicatorSeen(name, "money", Figure(f"performance.{name}", fen, "fen", "sum"), before if posted else None, None))
    return tuple(told)
