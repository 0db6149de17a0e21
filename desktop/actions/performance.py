"""How a calendar or academic year's use measures up: of each set, each department and the institution, with the rules behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop.actions import rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import performance as rules
from desktop.rules.duties import THRESHOLD
from desktop.rules.figure import Figure, Rows
from desktop.rules.national_effect import THRESHOLD as NATIONAL_THRESHOLD
from desktop.rules.parameters import Parameters
from desktop.rules.performance import BENCHMARKS, Use
from desktop.store import performance as rows
from desktop.store.performance import SetUse
from desktop.words import say

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years outside are slips of the pen: nothing of them is in a ledger, and the year before or after must be one too."""

YEAR_STARTS = "moe.year_starts_month"
YEARS_BACK = "evaluation.years_back"
_RULES = (rules.EFFECTIVE_HOURS, rules.UNSENSED, rules.SHARING_RATE, rules.MEAN_HOURS, rules.UTILISATION_BASE)


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of one set or of several together."""

    use: Use
    n_users: int
    effective: Figure
    external: Figure
    sharing_rate: Figure
    utilisation: Figure
    hours_score: Figure


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the institution, confidential sets left out (``n_withheld``). ``means`` by name of BENCHMARKS, with the nation's; ``alike``
    the same of the sets that the nation's are of (``n_alike`` from ``national_threshold``), ``n_above`` sets from the province's ``threshold``.
    """

    period: Period
    sets: tuple[tuple[SetUse, Measured], ...]
    whole: Measured
    n_withheld: int
    n_above: int
    threshold: Figure
    means: dict[str, Figure]
    nation: dict[str, Figure]
    n_alike: int
    national_threshold: Figure
    alike: dict[str, Figure]


def span(workspace: Workspace, text: str | None) -> Period:
    """``2025`` or ``2024-2025`` (学年, its first month a parameter); this year when none is given.

    Raises Refused for anything else: these figures are defined for a year only.
    """
    asked = text or str(today().year)
    first = periods.academic_first(asked)
    if not all(FIRST_YEAR <= int(year) <= LAST_YEAR for year in re.findall(r"\d{4}", asked)):
        raise Refused("report.period", period=asked)
    if first is not None:
        rule = rules_in_force.of(workspace).in_force(YEAR_STARTS, date(first, 12, 31))
        if rule is None:
            raise Refused("report.period", period=text)
        return periods.academic_year(first, rule.integer)
    try:
        found = periods.parse(asked)
    except ValueError as error:
        raise Refused("report.period", period=text) from error
    if (found.end - found.start).days < 365:
        raise Refused("report.period_year", period=found.name)
    return found


def evaluated(workspace: Workspace, on: date | None = None) -> str:
    """The calendar year that an evaluation held on a day (today when None) looks at; that day's own year while no rule says another."""
    day = on or today()
    rule = rules_in_force.of(workspace).in_force(YEARS_BACK, day)
    return str(day.year - (rule.integer if rule else 0))


def evaluated_in(workspace: Workspace, period: Period) -> str:
    """Which year's evaluation looks at a calendar year, in words with the source; "" for an academic year or without a rule for it."""
    if not period.name.isdigit():
        return ""
    known = rules_in_force.of(workspace)
    for year in range(period.start.year, period.start.year + 4):
        rule = known.in_force(YEARS_BACK, date(year, 12, 31))
        if rule is not None and year - rule.integer == period.start.year:
            return say("performance.evaluated_in", year=year, source=f"{rule.source}{rule.clause}", certainty=rule.certainty)
    return ""


def before(period: Period) -> Period:
    """The same twelve months a year earlier."""
    year, month = period.start.year - 1, period.start.month
    return periods.academic_year(year, month) if periods.academic_first(period.name) is not None else periods.parse(str(year))


def year(workspace: Workspace, period: Period, as_of: date) -> Year:
    """The figures of a year as the ledger has them; rule values are those of ``as_of``."""
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        found = rows.of_sets(connection, period)
        n_users, _ = rows.n_users(connection, period)
    shown = [one for one in found if not one.confidential]
    sets = tuple((one, _measured(_use(one), one.n_users, known, as_of, one.category)) for one in shown)
    whole = together([measured for _, measured in sets], n_users, known, as_of)
    threshold, national = known.figure(THRESHOLD, as_of), known.figure(NATIONAL_THRESHOLD, as_of)
    above, valuable = from_value(shown, threshold), from_value(shown, national)
    means = _means(above, threshold, known, as_of) | {"sharing_rate": whole.sharing_rate}
    alike = {name: rules.alike(name, one, national, known, as_of) for name, one in _means(valuable, national, known, as_of).items()}
    nation = {name: known.figure(key, as_of) for name, key in BENCHMARKS.items()}
    return Year(period, sets, whole, len(found) - len(shown), len(above), threshold, means, nation, len(valuable), national, alike)


def from_value(sets: Sequence[SetUse], threshold: Figure) -> list[SetUse]:
    """The sets worth a threshold or more (以上 includes it); none while it is unknown, and none of an unknown value."""
    least = threshold.value
    return [one for one in sets if isinstance(least, int) and one.value_fen is not None and one.value_fen >= least]


def _means(sets: Sequence[SetUse], threshold: Figure, known: Parameters, day: date) -> dict[str, Figure]:
    """Mean hours a set, and the sharing rate of them together; all unknown without a set."""
    use = rules.together([_use(one) for one in sets])
    rate = rules.sharing_rate(rules.external(use), rules.effective(use, known, day), known, day)
    return {
        "effective": rules.mean_hours("performance.mean_effective", use.effective_minutes, len(sets), threshold, known, day),
        "external": rules.mean_hours("performance.mean_external", use.external_minutes, len(sets), threshold, known, day),
        "sharing_rate": rate if sets else replace(rate, value=None),
    }


def together(parts: Sequence[Measured], n_users: int, known: Parameters, as_of: date) -> Measured:
    """Several sets measured as one: the hours each could give count once for each."""
    return _measured(rules.together([one.use for one in parts]), n_users, known, as_of, n_sets=len(parts))


def departments(found: Year) -> dict[str, list[tuple[SetUse, Measured]]]:
    """The sets by department, departments in order of their names."""
    told: dict[str, list[tuple[SetUse, Measured]]] = {}
    for one, measured in sorted(found.sets, key=lambda pair: (pair[0].department, pair[0].asset_number)):
        told.setdefault(one.department, []).append((one, measured))
    return told


def platforms(found: Year) -> dict[tuple[str, str], list[tuple[SetUse, Measured]]]:
    """The sets by innovation platform (kind and number), those without one last under empty texts."""
    told: dict[tuple[str, str], list[tuple[SetUse, Measured]]] = {}
    for one, measured in sorted(found.sets, key=lambda pair: (not any(pair[0].platform), pair[0].platform, pair[0].asset_number)):
        told.setdefault(one.platform, []).append((one, measured))
    return told


def platform_words(platform: tuple[str, str]) -> str:
    """A platform by its kind and number, the same said once."""
    return " ".join(part for part in dict.fromkeys(platform) if part)


def explain(workspace: Workspace, asset_number: str, text: str | None = None) -> Figure:
    """Every figure of one set in a year, down to its postings; confidential sets too, for they stay on this screen.

    Raises Refused for an unknown set, or one that was not in service in the year.
    """
    period = span(workspace, text)
    as_of = min(period.end - timedelta(days=1), today())
    with workspace.read() as connection:
        one = next((one for one in rows.of_sets(connection, period) if one.asset_number == asset_number.strip()), None)
        if one is None:
            raise Refused("performance.not_in_service", asset_number=asset_number, period=period.name)
        every = Rows("posting", rows.postings_of(connection, one.instrument_id, period))
        outside = Rows("posting", rows.postings_of(connection, one.instrument_id, period, external=True))
    known = rules_in_force.of(workspace)
    told = _measured(_use(one), one.n_users, known, as_of, one.category, every=every, outside=outside)
    income = Figure("performance.income", one.income_fen, "fen", "sum", rows=every)
    external_income = Figure("performance.external_income", one.external_income_fen, "fen", "sum", rows=outside)
    users = Figure("performance.n_users", one.n_users, "count", "count")
    inputs = (told.sharing_rate, told.utilisation, told.hours_score, income, external_income, users)
    return Figure(
        "performance.set", told.effective.value, "minutes", "collected", inputs=inputs,
        params=(("asset_number", one.asset_number), ("name", one.name), ("period", period.name)),
    )  # fmt: skip


def _use(one: SetUse) -> Use:
    return Use(one.effective_minutes, one.external_minutes, one.income_fen, one.external_income_fen, one.n_records)


def _measured(
    use: Use,
    n_users: int,
    known: Parameters,
    day: date,
    category: str = "",
    *,
    n_sets: int = 1,
    every: Rows | None = None,
    outside: Rows | None = None,
) -> Measured:
    inside = rules.effective(use, known, day, every)
    external = rules.external(use, outside)
    return Measured(
        use,
        n_users,
        inside,
        external,
        rules.sharing_rate(external, inside, known, day),
        rules.utilisation(inside, known, day, n_sets),
        rules.hours_score(inside, rules.rated_hours(category, known, day)),
    )


def cited(workspace: Workspace, as_of: date) -> dict[str, tuple[str, str]]:
    """The definitions these figures rest on: the key's last part -> source with clause, certainty."""
    known = rules_in_force.of(workspace)
    told = {}
    for key in _RULES:
        rule = known.in_force(key, as_of)
        if rule is not None:
            told[key.partition(".")[2]] = (f"{rule.source} {rule.clause}".strip(), rule.certainty)
    return told
