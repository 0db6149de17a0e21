"""The first glance: what is due, what waits, what is wrong, how external use stands against last year and the benchmark.

Sums are made by the database; every number is a Figure that knows its rows. Nothing here judges: the rules do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from desktop.actions import duties, library, months, payout_views, rules_in_force, sync_pending, sync_status
from desktop.actions.duties import Duty
from desktop.actions.months import Month
from desktop.actions.payout_views import OpenBalance
from desktop.actions.sync_status import Status
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.notice import Notice
from desktop.ledger.period import Period
from desktop.rules import parameters
from desktop.rules.figure import Figure, Rows
from desktop.rules.national_effect import THRESHOLD
from desktop.rules.parameters import Parameters
from desktop.store import overview as rows
from desktop.store import sync_rows
from desktop.store.database import Connection
from desktop.store.overview import MonthSum

BENCHMARK = "hours.benchmark_external"
SOON_DAYS = 10
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Due:
    """One set whose deadline runs or has passed; ``days_left`` in working days, negative when past."""

    asset_number: str
    name: str
    state: str
    deadline: date
    provisional: bool
    days_left: int
    confidential: bool


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Counts with their rows, and the nearest deadlines, the most overdue first."""

    overdue: Figure
    soon: Figure
    to_join: Figure
    to_file: Figure
    unknown: Figure
    nearest: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Problems:
    """Records of the period by their worst problem, and how often each problem occurs (severity, code, records)."""

    by_severity: Mapping[str, Figure]
    by_code: tuple[tuple[str, str, int], ...]
    n_drafts: int
    n_posted: int


@dataclass(frozen=True, slots=True)
class Series:
    """One quantity by month of the period: now, and in the same months a year before; with both totals and their ratio."""

    unit: str
    months: tuple[str, ...]
    values: tuple[int, ...]
    before: tuple[int, ...]
    total: Figure
    total_before: Figure
    growth: Figure


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Mean external hours of a set against the published mean, both for the months gone by; unknown parts are None inside."""

    mean: Figure
    published: Figure


@dataclass(frozen=True, slots=True)
class Sending:
    """Where the ledger stands with the network and the hub; ``n_pending``, ``n_pending_hub`` None: not enrolled with it. ``n_withheld``
    confidential rows stay here.

    ``notices`` nobody has marked as read, the nearest day to answer by first.
    """

    status: Status
    n_pending: int | None
    n_withheld: int
    notices: tuple[Notice, ...] = ()
    hub: Status = field(default_factory=lambda: Status(False))
    n_pending_hub: int | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the first page shows for a period, as it stands on a day."""

    on: date
    period: Period
    deadlines: Deadlines
    sending: Sending
    problems: Problems
    hours: Series
    income: Series
    benchmark: Benchmark
    balance: OpenBalance
    unsettled: Figure
    months: tuple[Month, ...]
    begun: frozenset[str] = frozenset()  # the kinds a new ledger needs of which there is something


def read(workspace: Workspace, period: Period, on: date | None = None) -> Overview:
    """The overview of a period on a day (today when not given)."""
    day = on or today()
    last_day = min(period.end - timedelta(days=1), day)
    balance = payout_views.open_balance(workspace, last_day)
    assessed = duties.every(workspace, day)
    closed = tuple(month for month in months.months(workspace) if _in(period, month.month))
    n_pending, status = sync_pending.n_pending(workspace), sync_status.status(workspace)
    n_pending_hub, hub = sync_pending.n_pending(workspace, sync_pending.HUB), sync_status.status(workspace, sync_pending.HUB)
    unread = tuple(one for one in library.notices(workspace) if one.read_at is None)
    with workspace.read() as connection:
        known = rules_in_force.within(connection)
        names = rows.named_sets(connection)
        now = _sums(connection, period)
        before = _sums(connection, a_year_before(period))
        return Overview(
            on=day,
            period=period,
            deadlines=_deadlines(assessed, names),
            sending=Sending(status, n_pending, sync_rows.n_secret(connection), unread, hub, n_pending_hub),
            problems=_problems(connection, period),
            hours=_series("minutes", period, now, before),
            income=_series("fen", period, now, before),
            benchmark=_benchmark(connection, known, period, last_day),
            balance=balance,
            unsettled=_unsettled(balance),
            months=closed,
            begun=rows.begun(connection),
        )


def a_year_before(period: Period) -> Period:
    """The same months a year earlier."""
    return periods.parse(period.name.replace(str(period.start.year), str(period.start.year - 1), 1))


def months_of(period: Period) -> tuple[str, ...]:
    """``2025-07``, ``2025-08``, ``2025-09``."""
    told = []
    day = period.start
    while day < period.end:
        told.append(periods.month_of(day))
        day = periods.parse(periods.month_of(day)).end
    return tuple(told)


def _in(period: Period, month: str) -> bool:
    return month in months_of(period)


def _sums(connection: Connection, period: Period) -> dict[str, MonthSum]:
    named = months_of(period)
    return rows.external_by_month(connection, named[0], named[-1])


# Duties


def _deadlines(assessed: list[Duty], names: dict[str, tuple[str, str, bool]]) -> Deadlines:
    def counted(code: str, chosen: list[Duty]) -> Figure:
        keys = tuple(names[duty.asset_number][0] for duty in chosen if duty.asset_number in names)
        return Figure(f"overview.figure.{code}", len(chosen), "count", "count", rows=Rows("instrument", keys))

    def state(name: str) -> list[Duty]:
        return [duty for duty in assessed if duty.state == name]

    open_ones = sorted(
        (duty for duty in assessed if duty.days_left is not None and duty.deadline is not None),
        key=lambda duty: (duty.days_left or 0, duty.asset_number),
    )
    soon = [duty for duty in open_ones if duty.state == "to_join" and (duty.days_left or 0) <= SOON_DAYS]
    nearest = tuple(
        Due(d.asset_number, names[d.asset_number][1], d.state, d.deadline, d.provisional, d.days_left, names[d.asset_number][2])
        for d in open_ones[:_SHOWN]
        if d.deadline is not None and d.days_left is not None and d.asset_number in names
    )
    return Deadlines(
        counted("overdue", state("overdue")),
        counted("soon", soon),
        counted("to_join", state("to_join")),
        counted("to_file", state("to_file")),
        counted("unknown", state("unknown")),
        nearest,
    )


# Records


def _problems(connection: Connection, period: Period) -> Problems:
    span = (period.start.isoformat(), period.end.isoformat())
    found = rows.records_by_severity(connection, *span)
    states = rows.record_states(connection, *span)

    def counted(severity: str) -> Figure:
        behind = Rows("service_record", rows.with_severity(connection, severity, *span), (("problem", "1"),))
        return Figure(f"overview.figure.{severity}", found.get(severity, 0), "count", "count", rows=behind)

    by_severity = {severity: counted(severity) for severity in ("error", "warning", "note")}
    return Problems(by_severity, tuple(rows.problems(connection, *span)), states.get("draft", 0), states.get("posted", 0))


# External use


def _series(unit: str, period: Period, now: Mapping[str, MonthSum], before: Mapping[str, MonthSum]) -> Series:
    earlier = a_year_before(period)
    named, named_before = months_of(period), months_of(earlier)
    values, values_before = _values(unit, named, now), _values(unit, named_before, before)
    total = _total(unit, period.name, named, now)
    total_before = _total(unit, earlier.name, named_before, before)
    growth = None
    if total_before.value:
        growth = (Decimal(sum(values)) / Decimal(sum(values_before)) - 1).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
    why = Figure("overview.figure.growth", growth, "ratio", "quotient", inputs=(total, total_before))
    return Series(unit, named, values, values_before, total, total_before, why)


def _values(unit: str, named: tuple[str, ...], sums: Mapping[str, MonthSum]) -> tuple[int, ...]:
    none = MonthSum(0, 0, 0)
    return tuple(getattr(sums.get(month, none), unit) for month in named)


def _total(unit: str, name: str, named: tuple[str, ...], sums: Mapping[str, MonthSum]) -> Figure:
    values = _values(unit, named, sums)
    parts = tuple(
        Figure(
            f"overview.figure.month_{unit}", value, unit, "sum", params=(("month", month),),
            rows=Rows("posting", sums[month].keys, (("state", "posted"),)),
        )
        for month, value in zip(named, values, strict=True)
        if month in sums
    )  # fmt: skip
    return Figure(f"overview.figure.external_{unit}", sum(values), unit, "sum", inputs=parts, params=(("period", name),))


def _benchmark(connection: Connection, known: Parameters, period: Period, last_day: date) -> Benchmark:
    gone = tuple(month for month in months_of(period) if month <= periods.month_of(last_day)) if last_day >= period.start else ()
    n_months = Figure("overview.figure.months_gone", len(gone), "count", "count")
    rule, threshold = known.in_force(BENCHMARK, last_day), known.in_force(THRESHOLD, last_day)
    share = None
    if rule is not None and gone:
        share = (rule.decimal * len(gone) / 12).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    published = Figure(
        "overview.figure.benchmark", share, "hours", "share", inputs=(known.figure(BENCHMARK, last_day), n_months),
        clause=rule.source if rule else "", certainty=rule.certainty if rule else "",
    )  # fmt: skip
    if threshold is None or not gone:
        return Benchmark(Figure("overview.figure.mean_hours", None, "hours", "quotient"), published)
    n_sets = rows.sets_from(connection, threshold.integer, gone[0], last_day)
    minutes = rows.external_minutes_of_sets(connection, threshold.integer, gone[0], last_day)
    mean = (Decimal(minutes) / 60 / n_sets).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) if n_sets else None
    inputs = (
        Figure("overview.figure.sets_minutes", minutes, "minutes", "sum"),
        Figure("overview.figure.n_sets", n_sets, "count", "count", inputs=(parameters.figure(threshold),)),
    )
    return Benchmark(Figure("overview.figure.mean_hours", mean, "hours", "quotient", inputs=inputs), published)


# Money


def _unsettled(balance: OpenBalance) -> Figure:
    """What a run would settle, and beside it, not in the sum, what it would not and why."""
    name = balance.scheme.name if balance.scheme else ""
    inputs = [Figure("overview.figure.unsettled_records", balance.payable.n, "count", "count")]
    for code, lot, kind in (
        ("without_operator", balance.no_operator, balance.row_kind),
        ("left_out", balance.left_out, balance.row_kind),
        ("not_received", balance.not_received, "posting"),
    ):
        if lot.n:
            inputs.append(
                Figure(
                    f"overview.figure.{code}", lot.fen, "fen", "difference" if code == "not_received" else "total", rows=Rows(kind, lot.keys),
                    params=(("scheme", name), ("n", str(lot.n))),
                )
            )  # fmt: skip
    inputs.append(Figure("overview.figure.costs", balance.cost_fen, "fen", "total", rows=Rows("cost_row", balance.cost_keys)))
    return Figure(
        "overview.figure.unsettled" if name else "overview.figure.unsettled_any", balance.payable.fen, "fen", "total", inputs=tuple(inputs),
        rows=Rows(balance.row_kind, balance.payable.keys) if balance.payable.keys else None,
        params=(("to", balance.to.isoformat()), ("scheme", name)),
    )  # fmt: skip
