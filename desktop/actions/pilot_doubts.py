"""What is doubtful about pilot bases and equipment as they stand, mostly after two seats have entered them: told until a person has decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop.actions.pilot_view import BaseSeen, EquipmentSeen
from desktop.ledger.finding import Finding, finding
from desktop.ledger.pilot import PilotOpenness, contradicted

__all__ = ["doubts"]

_NAMED = 5


def doubts(bases: Sequence[BaseSeen], equipment: Sequence[EquipmentSeen]) -> tuple[Finding, ...]:
    """Two open states of different people for one day, a number that a base and equipment both have, equipment of which nobody said whether
    it is confidential, so that no remote is told of it."""
    told = [_said(one.base.number, one.openness, one.history) for one in bases]
    told += [_said(one.equipped.equipment.number, one.openness, one.history) for one in equipment]
    shared = {one.base.number for one in bases} & {one.equipped.equipment.number for one in equipment}
    told += [finding("pilot.number_shared", number=number) for number in sorted(shared)]
    unsaid = [one.equipped.equipment.number for one in equipment if one.equipped.unsaid]
    if unsaid:
        told.append(finding("pilot.not_sent", "warning", n=len(unsaid), numbers=_named(unsaid)))
    return tuple(one for one in told if one is not None)


def _said(number: str, holds: PilotOpenness | None, history: Iterable[PilotOpenness]) -> Finding | None:
    other = contradicted(history, holds)
    if holds is None or other is None:
        return None
    return finding(
        "pilot.said_otherwise", "warning", kind="pilot_openness", key=holds.id, number=number, day=holds.from_on, state=f"pilot.state.{holds.state}",
        by=holds.said_by, other_state=f"pilot.state.{other.state}", other_by=other.said_by,
    )  # fmt: skip


def _named(numbers: Sequence[str]) -> str:
    return "、".join(numbers[:_NAMED]) + ("…" if len(numbers) > _NAMED else "")
