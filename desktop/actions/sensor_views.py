"""What sensors saw against what is claimed, as it is shown, printed and explained: all sets of a period, or one.

Confidential sets are among them; what leaves the machine on paper says so beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from desktop.actions import performance, rules_in_force, sensors
from desktop.actions.workspace import Workspace, today
from desktop.ledger import period as periods
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.ledger.sensor import PowerBand, SensorBinding, SensorSession
from desktop.rules import sensor as rules
from desktop.rules import sensor_time
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters
from desktop.rules.sensor import Claim, Coverage, Fitted, Reconciliation
from desktop.rules.sensor_days import SeenDay, by_day
from desktop.store import performance as uses
from desktop.store import sensors as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS
from desktop.store.sensors import Told

__all__ = ["Line", "Overview", "Seen", "confirmed", "explain", "overview", "seen", "span"]

COVERAGE_KEY = "coverage"


@dataclass(frozen=True, slots=True)
class Line:
    """One set with a sensor in a period: ``seen_days`` of ``sat_days`` have a session. ``days`` are all of it up to the day asked, where asked for."""

    instrument: Instrument
    sensors: tuple[str, ...]
    sat_days: int
    seen_days: int
    reconciled: Reconciliation
    days: tuple[SeenDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """The sets of a period that have had a sensor, reckoned, by asset number. ``unbound``: in service on the day of the coverage without one, and
    large, or of unknown value.
    """

    period: Period
    day: date
    covered: Coverage
    lines: tuple[Line, ...]
    unbound: tuple[Instrument, ...]

    @property
    def coverage(self) -> Figure:
        """The share of large sets with a sensor as a tree."""
        return self.covered.figure

    @property
    def target_met(self) -> bool | None:
        """Whether it reaches the target; None: cannot be said."""
        return self.covered.met


@dataclass(frozen=True, slots=True)
class Seen:
    """One set in a period. ``sessions`` as far as they count for it; ``claims`` are the records that belong to it."""

    instrument: Instrument
    period: Period
    bindings: tuple[SensorBinding, ...]
    bands: tuple[PowerBand, ...]
    sessions: tuple[SensorSession, ...]
    claims: tuple[Claim, ...]
    sat_days: int
    seen_days: int
    reconciled: Reconciliation


def span(workspace: Workspace, text: str | None) -> Period:
    """A year, academic year, quarter or month; this year when none is named. Raises Refused for what is none."""
    asked = text or str(today().year)
    if periods.academic_first(asked) is not None:
        return performance.span(workspace, asked)
    try:
        return periods.parse(asked)
    except ValueError as error:
        raise Refused("report.period", period=asked) from error


def overview(workspace: Workspace, period: Period, day: date | None = None, *, daily: bool = False) -> Overview:
    """Every set in service in a period, by the rules in force on its last day, or on ``day`` (today when None) before it is over, as the paper of it.
    The coverage is of the sets in service, and the sensors on them, on that day. ``daily``: with the days of each set that is not confidential.
    """
    on = _judged(period, day)
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        in_service = {one.instrument_id for one in uses.of_sets(connection, period)}
        sets = [one for one in INSTRUMENTS.find(connection, order="asset_number") if one.id in in_service]
        bound = rows.bindings(connection)
        claims = {key: list(each) for key, each in groupby(rows.claimed(connection, period), key=lambda one: one.instrument_id)}
        seen_here = [one for one in sets if _of(bound.get(one.id, ()), period)]
        lines = [_line(_seen(connection, one, bound[one.id], claims.get(one.id, ()), period, known, on), on if daily else None) for one in seen_here]
    there = {one.id: one for one in sets if _serves(one, on)}
    fitted = [Fitted(one.id, one.value_fen, any(each.holds(on) for each in bound.get(one.id, ()))) for one in there.values()]
    covered = rules.coverage(fitted, known, on)
    large = {one.id for one in covered.large}
    bare = tuple(there[one.id] for one in fitted if not one.sensed and (one.id in large or one.value_fen is None))
    return Overview(period, on, covered, tuple(lines), bare)


def seen(workspace: Workspace, asset_number: str, period: Period, day: date | None = None) -> Seen:
    """One set in a period, by the rules of the same day as ``overview``. Raises Refused for an unknown set."""
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        one = sensors.named(connection, asset_number)
        bound = rows.bindings(connection, one.id).get(one.id, [])
        return _seen(connection, one, bound, list(rows.claimed(connection, period, one.id)), period, known, _judged(period, day))


def _judged(period: Period, day: date | None) -> date:
    """The day by whose rules a period is judged: a value that came into force later does not change a period that is over."""
    return min(period.last_day, day or today())


def confirmed(workspace: Workspace, period: Period, day: date | None = None) -> frozenset[str]:
    """The asset numbers of sets whose claimed hours of a period sensors stand behind."""
    return frozenset(one.instrument.asset_number for one in overview(workspace, period, day).lines if rules.confirms(one.reconciled))


def explain(workspace: Workspace, key: str, period: str | None = None, on: date | None = None) -> Figure:
    """Why claimed and measured hours of a set (by asset number) agree or not; ``coverage``: the share of sets with a sensor.

    Raises Refused for an unknown set, or a period that is none.
    """
    asked = span(workspace, period)
    if key.strip() == COVERAGE_KEY:
        return overview(workspace, asked, on).coverage
    found = seen(workspace, key, asked, on)
    if not found.bindings:
        raise Refused("sensor.none_bound", asset_number=found.instrument.asset_number)
    figure = found.reconciled.figure
    days = (Figure("sensor.seen_days", found.seen_days, "days", "count"), Figure("sensor.sat_days", found.sat_days, "days", "count"))
    return replace(figure, inputs=(*figure.inputs, *days))


def _line(found: Seen, daily_to: date | None) -> Line:
    """A set's line; with its days up to one when that is given. The sessions themselves are let go: a year has hundreds of thousands of them."""
    names = tuple(dict.fromkeys(one.sensor for one in _of(found.bindings, found.period)))
    days: tuple[SeenDay, ...] = ()
    if daily_to is not None and not found.instrument.confidential:
        days = by_day(found.claims, found.sessions, found.bindings, found.period, daily_to)
    return Line(found.instrument, names, found.sat_days, found.seen_days, found.reconciled, days)


def _serves(one: Instrument, day: date) -> bool:
    """Whether a set is in service on a day: from its retirement on it is not."""
    return (one.accepted_on is None or one.accepted_on <= day) and (one.retired_on is None or day < one.retired_on)


def _of(bindings: Iterable[SensorBinding], period: Period) -> list[SensorBinding]:
    """Those that reach into a period."""
    return [one for one in bindings if one.from_on < period.end and (one.until_on or date.max) >= period.start]


def _seen(
    connection: Connection, one: Instrument, bound: Sequence[SensorBinding], told: Iterable[Told], period: Period, known: Parameters, day: date
) -> Seen:
    own: list[Claim] = []
    others: list[Claim] = []
    for each in told:
        claim = Claim(
            each.record_id, each.number, sensor_time.utc(each.started_at), sensor_time.utc(each.ended_at), each.minutes, not each.derived
        )
        (own if date.fromisoformat(each.ended_on) in period else others).append(claim)
    first = min([sensor_time.midnight(period.start), *(each.started_at for each in own)])
    last = max([sensor_time.midnight(period.end), *(each.ended_at for each in own)])
    sessions = sensor_time.of_period(
        rows.sessions_between(connection, one.id, first, last), bound, period,
        [(each.started_at, each.ended_at) for each in own if each.timed], [(each.started_at, each.ended_at) for each in others if each.timed],
    )  # fmt: skip
    seen_days, sat_days = rules.days_seen(bound, sessions, period, day)
    # One that left with the old year saw its part of a service over New Year; a set that had none at all in the period is not compared.
    sitting = bound if _of(bound, period) else ()
    reconciled = rules.reconcile(own, sessions, sitting, known, day, one.asset_number)
    return Seen(one, period, tuple(bound), tuple(rows.bands(connection, one.id)), tuple(sessions), tuple(own), sat_days, seen_days, reconciled)
