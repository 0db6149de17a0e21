"""Self-checks of integrity (诚信自查): what an inspector would ask about in a year's posted records, with the records behind each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from desktop.actions import integrity_charges, integrity_sensors, rules_in_force
from desktop.actions.workspace import Workspace
from desktop.ledger.integrity import INTEGRITY_CHECKS
from desktop.ledger.period import Period
from desktop.rules.figure import Figure, Rows
from desktop.store import integrity as rows
from desktop.store.database import Connection
from desktop.store.integrity import Seen
from desktop.words import say

# Check -> the rule value that limits it; a check whose value is not in force looks at nothing and says so.
LIMITS = {
    "beyond_day": "integrity.day_minutes", "round_run": "integrity.round_run", "late": "integrity.late_days",
    integrity_sensors.CHECK: "sensor.hours_tolerance",
}  # fmt: skip
PROMPTLY = "record.entered_promptly"
_ASKS = {"late": (PROMPTLY,)}
"""Check -> the rules that ask for what it looks at; they limit nothing by themselves and stand beside the limit."""
_BOUND = {"beyond_day": "day_minutes", "round_run": "round_run", "late": "late_days"}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it saw, in order; ``figure`` is the count with its limit and rows. ``looked`` False: no limit is in force."""

    name: str
    seen: tuple[Seen, ...]
    figure: Figure
    looked: bool = True

    @property
    def on_paper(self) -> Figure:
        """The count, naming of the records behind it those that a paper may name."""
        if self.figure.rows is None:
            return self.figure
        hidden = {one.number for one in self.seen if one.confidential}
        return replace(self.figure, rows=replace(self.figure.rows, keys=tuple(key for key in self.figure.rows.keys if key not in hidden)))


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """All checks over the posted records of a period (``n_records``, reversed ones not among them)."""

    period: Period
    n_records: int
    checks: tuple[Check, ...]


def self_check(workspace: Workspace, period: Period, as_of: date, names: Collection[str] = INTEGRITY_CHECKS) -> SelfCheck:
    """Look at a period's posted records; nothing is written. Limits are those in force on ``as_of``; ``names``: only these checks."""
    known = rules_in_force.of(workspace)
    values = {name: known.in_force(key, as_of) for name, key in LIMITS.items()}
    bound = {name: value.integer if (value := values[check]) is not None else 0 for check, name in _BOUND.items()}
    checks = []
    with workspace.read() as connection:
        n_records = rows.n_standing(connection, period)
        for name in (one for one in INTEGRITY_CHECKS if one in names):
            if name in LIMITS and values[name] is None:
                checks.append(Check(name, (), Figure(f"integrity.{name}", None, "count"), looked=False))
                continue
            by_sensor = name == integrity_sensors.CHECK
            found = tuple(integrity_sensors.seen(workspace, period, as_of) if by_sensor else _seen(connection, name, period, bound))
            cited = (*([LIMITS[name]] if name in LIMITS else []), *_ASKS.get(name, ()))
            inputs = tuple(known.figure(key, as_of) for key in cited)
            behind = Rows("record_number", tuple(one.number for one in found))
            checks.append(Check(name, found, Figure(f"integrity.{name}", len(found), "count", "count", inputs=inputs, rows=behind)))
    return SelfCheck(period, n_records, tuple(checks))


def _seen(connection: Connection, name: str, period: Period, bound: dict[str, int]) -> Iterable[Seen]:
    if name == integrity_charges.CHECK:
        return integrity_charges.seen(connection, period)
    return rows.seen(connection, name, period, bound)


def detail_words(check: str, detail: str) -> str:
    """What a check saw, as a person reads it."""
    if check == integrity_charges.CHECK:
        return integrity_charges.told(detail)
    if check in ("beyond_day", "beyond_times", integrity_sensors.CHECK):
        detail = f"{Decimal(detail) / 60:.2f}"
    return say(f"integrity.detail.{check}", detail=detail)
