"""Seeded bugs that let a clock decide. Each does no harm as long as all clocks agree."""

from __future__ import annotations

from typing import Any

from desktop.sync import absorb
from desktop.sync import round as rounds
from desktop.sync.messages import Result
from tests.simulation.breaking import mutant
from tests.simulation.service import Service

CLOCKS = ("the later received_at wins", "the later recorded_at wins")

_absorb, _judge = absorb.absorb, Service.judge


@mutant(CLOCKS[0], (absorb, "absorb"), (rounds, "absorb"))
def _by_the_service(step: Any, item: Any) -> bool:
    base = step.base(item.kind, item.id)
    if base is not None and base.received_at > (item.received_at or ""):
        return False
    return _absorb(step, item)


@mutant(CLOCKS[1], (Service, "judge"))
def _by_the_seats(self: Any, change: dict[str, Any], device_id: str) -> Result:
    place, at = (change["kind"], change["id"]), change.get("recorded_at") or ""
    latest, held = self.__dict__.setdefault("latest", {}), self.held.entities.get(place)
    if held is not None and self.current(held, change["parent"]) and "" < at < latest.get(place, ""):
        return Result(change["op_id"], "duplicate", held.token)
    result = _judge(self, change, device_id)
    if result.status == "applied":
        latest[place] = at
    return result
