"""A set's period day by day: what is claimed, what its sensors saw at work and idle, and on which days one sat there. Source: measure clause 4.

A picture of what ``rules.sensor`` compares, by its rules: a claim counts as seen by sensors only when one sat there on each of its days, and a
service over the edge of a period belongs to it whole, here on the day at the edge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from desktop.ledger.period import Period, month_of
from desktop.ledger.sensor import SensorBinding, SensorSession
from desktop.rules.sensor import Claim, minutes
from desktop.rules.sensor_time import Stretch, days_of, joined, local_day, merged, midnight, seconds, without


@dataclass(frozen=True, slots=True)
class SeenDay:
    """One day (Asia/Shanghai). ``claimed`` minutes of records a sensor could see, ``unseen`` those of the others; ``working`` and ``idle`` seconds."""

    day: date
    sat: bool
    claimed: int = 0
    unseen: int = 0
    working: int = 0
    idle: int = 0


@dataclass(frozen=True, slots=True)
class SeenMonth:
    """The days of a month (``2026-01``) added up: minutes, seen ones rounded half up once."""

    month: str
    claimed: int
    unseen: int
    working: int
    idle: int


def by_day(
    claims: Iterable[Claim], sessions: Iterable[SensorSession], bindings: Sequence[SensorBinding], period: Period, day: date
) -> tuple[SeenDay, ...]:
    """Every day of a period up to ``day``. A record over several days has its minutes on each by its share of the time, and in all just its minutes."""
    every = days_of(period.start, min(period.last_day, day))
    if not every:
        return ()
    sat = {one for one in every if any(each.holds(one) for each in bindings)}
    claimed: Counter[date] = Counter()
    unseen: Counter[date] = Counter()
    aside = []
    for claim in claims:
        shares = _shares(claim)
        held = all(any(each.holds(one) for each in bindings) for one, _ in shares)
        if not held and claim.timed:
            aside.append((claim.started_at, claim.ended_at))
        for one, share in shares:
            (claimed if held else unseen)[min(max(one, every[0]), every[-1])] += share
    seen, aside = list(sessions), joined(aside)
    working = _seconds(without(merged(seen), aside), every)
    # Of two sensors one at work and the other idle are a set at work.
    on = _seconds(without(merged(replace(one, band="working") for one in seen), aside), every)
    return tuple(SeenDay(one, one in sat, claimed[one], unseen[one], working[one], on[one] - working[one]) for one in every)


def by_month(days: Iterable[SeenDay]) -> tuple[SeenMonth, ...]:
    """Months of any number of sets' days, oldest first."""
    sums: dict[str, list[int]] = {}
    for one in days:
        of = sums.setdefault(month_of(one.day), [0, 0, 0, 0])
        for place, value in enumerate((one.claimed, one.unseen, one.working, one.idle)):
            of[place] += value
    return tuple(SeenMonth(month, of[0], of[1], minutes(of[2]), minutes(of[3])) for month, of in sorted(sums.items()))


def _shares(claim: Claim) -> list[tuple[date, int]]:
    """(day, minutes) of a claim: whole minutes that add up to its own."""
    if not claim.timed or claim.ended_at <= claim.started_at:
        return [(local_day(claim.started_at), claim.minutes)]
    whole = claim.ended_at - claim.started_at
    found, before = [], 0
    for day, end in _midnights(claim.started_at, claim.ended_at):
        until = claim.minutes * (end - claim.started_at) // whole
        found.append((day, until - before))
        before = until
    return found


def _seconds(stretches: Iterable[Stretch], every: Sequence[date]) -> Counter[date]:
    found: Counter[date] = Counter()
    for start, end in stretches:
        begun = start
        for day, until in _midnights(start, end):
            found[min(max(day, every[0]), every[-1])] += seconds(until - begun)
            begun = until
    return found


def _midnights(start: datetime, end: datetime) -> list[tuple[date, datetime]]:
    """The days a time reaches into, each with the moment it leaves it."""
    days = days_of(local_day(start), local_day(end - timedelta(microseconds=1)))
    return [(day, min(midnight(day + timedelta(1)), end)) for day in days]
