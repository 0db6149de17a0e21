"""What sensors saw against what is claimed: coverage of the sets, and claimed hours against measured ones. Source: measure clause 4.

Only time in the working band is measured work; a set that is on but idle does no service. A claim of a day on which no sensor sat on the set
is neither confirmed nor doubted. A difference is a finding for a person to answer, never a correction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from desktop.ledger.finding import Finding, finding
from desktop.ledger.money import half_up
from desktop.ledger.period import Period
from desktop.ledger.sensor import SensorBinding, SensorSession
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters
from desktop.rules.sensor_time import Stretch, days_of, joined, local_day, merged, seconds, seconds_inside

COVERAGE = "sensor.coverage"
COVERED = "definition.sensor_coverage"
THRESHOLD = "duty.threshold_fen"
TOLERANCE = "sensor.hours_tolerance"


@dataclass(frozen=True, slots=True)
class Claim:
    """One service record as it is compared: moments UTC; ``timed`` False: only its minutes are known, not when they were."""

    record_id: str
    number: str
    started_at: datetime
    ended_at: datetime
    minutes: int
    timed: bool = True


@dataclass(frozen=True, slots=True)
class Compared:
    """One claim and the seconds of it that sensors saw at work; None: no sensor sat there all the while, or its times are unknown."""

    claim: Claim
    seen_seconds: int | None
    over: bool | None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A set's period: each claim compared, and the sums. ``state``: agrees, over, under, unknown (no sensor or no rule, or a sensor that sent
    nothing where nothing is claimed: silence confirms no idle set)."""

    state: str
    compared: tuple[Compared, ...]
    findings: tuple[Finding, ...]
    figure: Figure


@dataclass(frozen=True, slots=True)
class Fitted:
    """A set in service on the day of the coverage: original value in fen (None: unknown), and whether a sensor sits on it."""

    id: str
    value_fen: int | None
    sensed: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """``large`` are the sets that count, ``n_small`` those below the limit, ``n_open`` those of unknown value: neither counts.

    ``met``: whether the target is reached, exactly, whatever the unknown values are; None: cannot be said.
    """

    large: tuple[Fitted, ...]
    n_small: int
    n_open: int
    met: bool | None
    figure: Figure


def coverage(fitted: Iterable[Fitted], known: Parameters, day: date) -> Coverage:
    """传感器覆盖率: the target of clause 4 is of large instruments, so a set counts from the limit of clause 2 on (``definition.sensor_coverage``).

    Unknown without such a set, or without a limit in force on the day.
    """
    every, limit = list(fitted), known.in_force(THRESHOLD, day)
    least = None if limit is None else limit.integer
    large = tuple(one for one in every if least is not None and one.value_fen is not None and one.value_fen >= least)
    undecided = [one for one in every if least is None or one.value_fen is None]
    sensed = tuple(one.id for one in large if one.sensed)
    counted = (known.figure(THRESHOLD, day), *([Figure("sensor.value_unknown", len(undecided), "count")] if undecided else []))
    figure = Figure(
        "sensor.coverage", Decimal(len(sensed)) / Decimal(len(large)) if large else None, "ratio", "quotient",
        inputs=(
            Figure("sensor.sets_bound", None if least is None else len(sensed), "count", rows=Rows("instrument", sensed)),
            Figure("sensor.sets", None if least is None else len(large), "count", inputs=counted),
            known.figure(COVERAGE, day),
            known.figure(COVERED, day),
        ),
    )  # fmt: skip
    met = _target_met(len(sensed), len(large), [one.sensed for one in undecided], known, day)
    return Coverage(large, len(every) - len(large) - len(undecided), len(undecided), met, figure)


def _target_met(bound: int, sets: int, undecided: Sequence[bool], known: Parameters, day: date) -> bool | None:
    """Of the sets of unknown value those with a sensor could only raise the share, those without one only lower it."""
    rule = known.in_force(COVERAGE, day)
    if rule is None or sets == 0:
        return None
    target, more = Fraction(rule.decimal), sum(undecided)
    if Fraction(bound, sets + len(undecided) - more) >= target:
        return True
    return None if Fraction(bound + more, sets + more) >= target else False


def days_seen(bindings: Sequence[SensorBinding], sessions: Iterable[SensorSession], period: Period, day: date) -> tuple[int, int]:
    """(days with a session, days a sensor sat there) of a period up to a day. A day without a session may be one on which the set was off."""
    sat = {one for one in days_of(period.start, min(period.last_day, day)) if any(each.holds(one) for each in bindings)}
    seen = set()
    for one in sessions:
        last = one.ended_at - timedelta(microseconds=1)  # what ends at midnight does not reach the next day
        seen.update(days_of(local_day(one.started_at), local_day(last)))
    return len(seen & sat), len(sat)


def reconcile(
    claims: Sequence[Claim], sessions: Sequence[SensorSession], bindings: Sequence[SensorBinding], known: Parameters, day: date, asset_number: str = ""
) -> Reconciliation:
    """Compare what a set's records claim with what its sensors saw; ``sessions`` are those of the same period (``sensor_time.of_period``).

    Each record with times: its minutes against the working time inside them. All records of days with a sensor together: the sum of
    their minutes against all working time outside the others. More than the tolerance apart (a share of the claimed minutes) is a finding; exactly that is not.
    """
    rule = known.in_force(TOLERANCE, day)
    tolerance = None if rule is None else Fraction(rule.decimal)
    work = merged(sessions)
    compared = tuple(_compare(one, work, bindings, tolerance) for one in claims)
    under_sensor = [one for one in claims if _sat(one, bindings)]
    n_claimed = sum(one.minutes for one in under_sensor) * 60
    # What a sensor saw of a claim that is not judged is set aside with it, else it would look like work that nobody entered.
    aside = joined((one.started_at, one.ended_at) for one in claims if one.timed and not _sat(one, bindings))
    n_seen = sum(seconds(end - start) for start, end in work) - sum(seconds_inside(work, start, end) for start, end in aside)
    heard = bool(sessions) or bool(under_sensor)
    state = _state(n_claimed, n_seen, tolerance if bindings and heard else None)
    told = [
        finding(
            "sensor.record_over", "warning", kind="service_record", key=one.claim.record_id, number=one.claim.number,
            claimed=one.claim.minutes, seen=minutes(one.seen_seconds or 0),
        )
        for one in compared
        if one.over
    ]  # fmt: skip
    if state in ("over", "under"):
        told.append(finding(f"sensor.total_{state}", "warning", asset_number=asset_number, claimed=minutes(n_claimed), seen=minutes(n_seen)))
    parts = (
        Figure("sensor.claimed", minutes(n_claimed), "minutes", "sum", rows=Rows("service_record", tuple(one.record_id for one in under_sensor))),
        Figure("sensor.seen", minutes(n_seen) if bindings else None, "minutes", "sum"),
        Figure("sensor.unseen", sum(one.minutes for one in claims) - minutes(n_claimed), "minutes", "difference"),
        known.figure(TOLERANCE, day),
    )
    figure = Figure("sensor.reconciled", state, "state", "comparison", inputs=parts)
    return Reconciliation(state, compared, tuple(told), figure)


def confirms(found: Reconciliation) -> bool:
    """Whether sensors stand behind the hours claimed of a set: one sat there during all of them, and saw no less of the sum
    and of each record than the tolerance allows."""
    if any(one.over for one in found.compared):
        return False
    sums = {part.code: part.value for part in found.figure.walk()}
    return found.state in ("agrees", "under") and bool(sums["sensor.claimed"]) and not sums["sensor.unseen"]


def minutes(n_seconds: int) -> int:
    """Whole minutes, half up: what is shown; what is compared stays in seconds."""
    return half_up(Decimal(n_seconds) / 60)


def _compare(one: Claim, work: list[Stretch], bindings: Sequence[SensorBinding], tolerance: Fraction | None) -> Compared:
    if not one.timed or not _sat(one, bindings):
        return Compared(one, None, None)
    seen = seconds_inside(work, one.started_at, one.ended_at)
    claimed = one.minutes * 60
    return Compared(one, seen, None if tolerance is None else claimed - seen > claimed * tolerance)


def _sat(one: Claim, bindings: Sequence[SensorBinding]) -> bool:
    # Each day of it: a claim that began before the sensor came cannot be measured whole.
    last = max(one.started_at, one.ended_at - timedelta(microseconds=1))
    return all(any(each.holds(day) for each in bindings) for day in days_of(local_day(one.started_at), local_day(last)))


def _state(claimed: int, seen: int, tolerance: Fraction | None) -> str:
    if tolerance is None:
        return "unknown"
    if claimed - seen > claimed * tolerance:
        return "over"
    return "under" if seen - claimed > claimed * tolerance else "agrees"
