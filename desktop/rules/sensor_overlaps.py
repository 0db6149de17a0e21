"""Sensors that are said to sit in two places, or twice in one, on the same day: two seats may each have entered their own. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop.ledger.sensor import SensorBinding


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two bindings of one sensor with days in common; ``last`` is the last of them, None: they go on."""

    sensor: str
    one: SensorBinding
    other: SensorBinding
    first: date
    last: date | None

    @property
    def elsewhere(self) -> bool:
        """Whether they are on two sets; else the same set has the sensor twice, which counts once."""
        return self.one.instrument_id != self.other.instrument_id


def overlaps(bindings: Iterable[SensorBinding]) -> tuple[Overlap, ...]:
    """Every pair of bindings of one sensor that share a day (both ends included), by sensor and first day in common."""
    of_sensor: dict[str, list[SensorBinding]] = defaultdict(list)
    for each in bindings:
        of_sensor[each.sensor].append(each)
    found = []
    for sensor, every in sorted(of_sensor.items()):
        every.sort(key=lambda each: (each.from_on, each.id))
        for place, one in enumerate(every):
            for other in every[place + 1 :]:
                last = min(one.until_on or date.max, other.until_on or date.max)
                if other.from_on <= last:
                    found.append(Overlap(sensor, one, other, other.from_on, None if last == date.max else last))
    return tuple(found)
