"""Sensors, reckoned a second time: every set's time is cut at each moment at which anything begins or ends, and each piece is looked at by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain, nearest

Told = dict[Any, Any]
_DAY = 86_400
_EPOCH = datetime(1, 1, 1)
_STANDS = "p.reverses IS NULL AND p.id NOT IN (SELECT reverses FROM posting WHERE reverses IS NOT NULL)"


def sensors(plain: Plain, start: str, end: str, day: date) -> Told:
    """Coverage, and of every set with a sensor in a span: the sums, the verdict, each record, each day up to ``day`` and each month."""
    sets = _in_service(plain, start, end)
    bindings, sessions, records = _by_set(plain, "sensor_binding"), _by_set(plain, "sensor_session"), _records(plain, start, end)
    last = min(date.fromisoformat(end).toordinal() - 1, day.toordinal())
    told: Told = {"coverage": _coverage(plain, [one for one in sets.values() if _there(one, last)], bindings, last, day)}
    for key, one in sets.items():
        own = [each for each in bindings[key] if each["from_on"] < end and (each["until_on"] or "9999") >= start]
        if own:
            told |= _Set(plain, one, bindings[key], sessions[key], records[key], start, end, day).told(own)
    return told


def _in_service(plain: Plain, start: str, end: str) -> dict[str, Any]:
    rows = plain.rows(
        "SELECT * FROM instrument WHERE (coalesce(accepted_on, '') < ?2 AND coalesce(retired_on, '9999') >= ?1) "
        "OR id IN (SELECT instrument_id FROM posting WHERE ended_on >= ?1 AND ended_on < ?2)", start, end,
    )  # fmt: skip
    return {one["id"]: one for one in rows}


def _there(one: Any, ordinal: int) -> bool:
    day = date.fromordinal(ordinal).isoformat()
    return (one["accepted_on"] or "") <= day < (one["retired_on"] or "9999")


def _coverage(plain: Plain, there: list[Any], bindings: dict[str, list[Any]], last: int, day: date) -> tuple[Any, ...]:
    """Large sets with a sensor, large sets, their share, whether the target is reached, and how many sets are small and of unknown value."""
    least, target = plain.rule("duty.threshold_fen", day), plain.rule("sensor.coverage", day)
    unknown = [one for one in there if one["value_fen"] is None]
    large = [one for one in there if one["value_fen"] is not None and one["value_fen"] >= int(least)]

    def sensed(some: list[Any]) -> int:
        return sum(any(_holds(each, last) for each in bindings[one["id"]]) for one in some)

    n, rate = sensed(large), Fraction(sensed(large), len(large)) if large else None
    reached = [
        Fraction(n + sensed(taken), len(large) + len(taken)) >= Fraction(target)
        for taken in ([one for one in unknown if sensed([one])], [one for one in unknown if not sensed([one])])
        if large and target is not None
    ]  # with the unknown ones that can only raise the share, and with those that can only lower it
    met = reached[0] if reached and reached[0] == reached[1] else None
    return n, len(large), rate, met, len(there) - len(large) - len(unknown), len(unknown)


def _by_set(plain: Plain, table: str) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = defaultdict(list)
    for one in plain.rows(f"SELECT * FROM {table}"):
        told[one["instrument_id"]].append(one)
    return told


def _records(plain: Plain, start: str, end: str) -> dict[str, list[Any]]:
    """Standing records whose time touches the span, of sets with a sensor; ``own``: they end in it."""
    told: dict[str, list[Any]] = defaultdict(list)
    for one in plain.rows(
        f"SELECT p.instrument_id, p.ended_on, r.* FROM posting p JOIN service_record r ON r.id = p.record_id WHERE {_STANDS} "
        "AND p.instrument_id IN (SELECT instrument_id FROM sensor_binding) AND r.ended_at > ? AND r.started_at < ?", start, end,
    ):  # fmt: skip
        told[one["instrument_id"]].append(one)
    return told


def _holds(binding: Any, ordinal: int) -> bool:
    day = date.fromordinal(ordinal).isoformat()
    return bool(binding["from_on"] <= day and (binding["until_on"] is None or day <= binding["until_on"]))


def _local(text: str) -> int:
    """Seconds of wall-clock time in Asia/Shanghai, from a wall-clock moment or one in UTC (``Z``)."""
    utc = text.endswith("Z")
    return int((datetime.fromisoformat(text.removesuffix("Z")) - _EPOCH).total_seconds()) + 8 * 3600 * utc


def _days(start: int, end: int) -> Iterator[tuple[int, int]]:
    """(ordinal, seconds of it) of a time."""
    while start < end:
        until = min(end, (start // _DAY + 1) * _DAY)
        yield start // _DAY + 1, until - start
        start = until


class _Set:
    """One set in a span. Of each piece of time: which claims lie over it, which sensors saw it at work or on, and whether it counts."""

    def __init__(
        self, plain: Plain, one: Any, bindings: list[Any], sessions: list[Any], records: list[Any], start: str, end: str, day: date
    ) -> None:
        self.one, self.bindings = one, bindings
        self.first, self.after = date.fromisoformat(start).toordinal(), date.fromisoformat(end).toordinal()
        self.last = min(self.after - 1, day.toordinal())
        tolerance = plain.rule("sensor.hours_tolerance", day)
        self.tolerance = None if tolerance is None else Fraction(Decimal(tolerance))
        self.own = {each["number"]: each for each in records if start <= each["ended_on"] < end}
        self.spans = {each["number"]: (_local(each["started_at"]), _local(each["ended_at"])) for each in records}
        self.sat = {number: self._sat(*self.spans[number]) for number in self.own}
        self.seen: dict[str, int] = defaultdict(int)
        self.working: dict[int, int] = defaultdict(int)
        self.idle: dict[int, int] = defaultdict(int)
        self.touched: set[int] = set()
        self._sweep(sessions, records)

    def _sat(self, start: int, end: int) -> bool:
        days = range(start // _DAY + 1, max(start, end - 1) // _DAY + 2)
        return all(any(_holds(each, day) for each in self.bindings) for day in days)

    def _sweep(self, sessions: Iterable[Any], records: Iterable[Any]) -> None:
        events: list[tuple[int, int, str, str]] = [((self.first - 1) * _DAY, 1, "period", ""), ((self.after - 1) * _DAY, -1, "period", "")]

        def over(start: int, end: int, what: str, name: str = "") -> None:
            if start < end:
                events.extend(((start, 1, what, name), (end, -1, what, name)))

        for each in sessions:
            start, end = _local(each["started_at"]), _local(each["ended_at"])
            for sitting in self.bindings:
                if sitting["sensor"] == each["sensor"]:
                    came = (date.fromisoformat(sitting["from_on"]).toordinal() - 1) * _DAY
                    left = end if sitting["until_on"] is None else date.fromisoformat(sitting["until_on"]).toordinal() * _DAY
                    over(max(start, came), min(end, left), each["band"])
        for each in records:
            if not each["derived"]:
                number = each["number"]
                over(*self.spans[number], "own" if number in self.own else "other", number)
        now: dict[str, int] = defaultdict(int)
        claimed: set[str] = set()
        before = 0
        for at, step, what, name in sorted(events):
            if at > before:
                self._piece(before, at, now, claimed)
            before = at
            now[what] += step
            if what == "own":
                (claimed.add if step > 0 else claimed.discard)(name)

    def _piece(self, start: int, end: int, now: dict[str, int], claimed: set[str]) -> None:
        counts = claimed or (now["period"] and not now["other"])
        if not counts or not (now["working"] or now["idle"]):
            return
        aside = any(not self.sat[number] for number in claimed)
        for number in claimed if now["working"] else ():
            self.seen[number] += end - start
        for day, seconds in _days(start, end):
            self.touched.add(day)
            if not aside:
                (self.working if now["working"] else self.idle)[day] += seconds

    def told(self, bound: list[Any]) -> Told:
        asset, told = self.one["asset_number"], {}
        over = {}
        for number, each in self.own.items():
            judged = not each["derived"] and self.sat[number]
            seen, claim = self.seen[number], each["minutes"] * 60
            over[number] = claim - seen > claim * self.tolerance if judged and self.tolerance is not None else None
            told[f"record {number}"] = (seen if judged else None, over[number])
        claimed = sum(each["minutes"] for number, each in self.own.items() if self.sat[number])
        unseen = sum(each["minutes"] for number, each in self.own.items() if not self.sat[number])
        seen = sum(self.working.values())
        silent = not self.touched and not any(self.sat[number] for number in self.own)
        state = "unknown" if silent else self._state(claimed * 60, seen)
        stood = {day for day in range(self.first, self.last + 1) if any(_holds(each, day) for each in self.bindings)}
        confirmed = state in ("agrees", "under") and claimed > 0 and unseen == 0 and True not in over.values()
        told[f"set {asset}"] = (
            frozenset(each["sensor"] for each in bound), len(stood), len(stood & self.touched), claimed, nearest(Fraction(seen, 60)), unseen, state,
            sum(value is True for value in over.values()), confirmed,
        )  # fmt: skip
        if not self.one["confidential"]:
            told |= self._by_day(asset, stood)
        return told

    def _state(self, claimed: int, seen: int) -> str:
        if self.tolerance is None:
            return "unknown"
        apart = claimed - seen
        return "agrees" if abs(apart) <= claimed * self.tolerance else "over" if apart > 0 else "under"

    def _by_day(self, asset: str, stood: set[int]) -> Told:
        """What lies beside the days shown is told on the first or the last of them."""
        days = {day: [0, 0, 0, 0] for day in range(self.first, self.last + 1)}
        if not days:
            return {f"days {asset}": (), f"months {asset}": ()}

        def add(day: int, place: int, value: int) -> None:
            days[min(max(day, self.first), self.last)][place] += value

        for number, each in self.own.items():
            start, end = self.spans[number]
            place = 0 if self.sat[number] else 1
            given, passed = 0, 0
            parts = list(_days(start, end)) if end > start and not each["derived"] else [(start // _DAY + 1, max(1, end - start))]
            for day, seconds in parts:
                passed += seconds
                due = each["minutes"] * passed // sum(part for _, part in parts)
                add(day, place, due - given)
                given = due
        for place, found in ((2, self.working), (3, self.idle)):
            for day, seconds in found.items():
                add(day, place, seconds)
        told = tuple((date.fromordinal(day).isoformat(), day in stood, *values) for day, values in days.items())
        months: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for named, _, *values in told:
            for place, value in enumerate(values):
                months[str(named)[:7]][place] += int(value)
        shown = tuple((name, claimed, unseen, *(nearest(Fraction(one, 60)) for one in seen)) for name, (claimed, unseen, *seen) in sorted(months.items()))
        return {f"days {asset}": told, f"months {asset}": shown}


def beyond(plain: Plain, start: str, end: str, day: date) -> Told:
    """The self-check of hours: the records that claim more than was seen and the tolerance, with the minutes seen."""
    judged = {key.removeprefix("record "): one for key, one in sensors(plain, start, end, day).items() if key.startswith("record ")}
    return {"beyond_sensor": frozenset((number, str(nearest(Fraction(seen, 60)))) for number, (seen, over) in judged.items() if over)}
