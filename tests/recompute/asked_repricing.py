"""What the program says a year would have come to under other prices, and which costs of an hour it suggests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from desktop.actions import fee_building, repricing, rules_in_force
from desktop.actions.repricing import Asked, Repriced
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.rules.repricing import Tally
from desktop.store.facts import INSTRUMENTS

Told = dict[Any, Any]


def by_versions(workspace: Workspace, period: Period, keys: tuple[str, str], change: Decimal) -> Told:
    """The year of the set of every version whose key is like the first, and of every draft of the very item whose key is like the second, by it."""
    told: Told = {}
    with workspace.read() as connection:
        sql = "SELECT s.id, i.asset_number FROM fee_schedule s JOIN instrument i ON i.id = s.instrument_id "
        versions = connection.exec_driver_sql(f"{sql} WHERE s.id LIKE ? OR s.title LIKE '拟%' AND s.id LIKE ?", keys).all()
    for version, asset in versions:
        found = _summed(repricing.over(workspace, period, Asked(asset, version, change=change)))
        told |= {(version, key): sums for key, sums in found.items()}
    return told


def by_day(workspace: Workspace, period: Period, day: date, change: Decimal) -> Told:
    """The year of every set by the prices of a day."""
    return _summed(repricing.over(workspace, period, Asked(on=day, change=change)))


def single(workspace: Workspace, ending: str, day: date) -> Told:
    """Records of the year, each alone."""
    with workspace.read() as connection:
        sql = (
            "SELECT p.record_number, i.asset_number FROM posting p JOIN instrument i ON i.id = p.instrument_id WHERE p.external AND NOT p.confidential "
            "AND NOT coalesce(i.confidential, 0) AND p.reverses IS NULL AND p.ended_on LIKE '2025-%' AND p.record_number LIKE ? "
            "AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)"
        )
        chosen = connection.exec_driver_sql(sql, (f"%{ending}",)).all()
    return {number: repricing.of_record(workspace, number, Asked(asset, on=day)).value for number, asset in chosen}


def _summed(found: Repriced) -> Told:
    told: Told = {"whole": _sums(found.whole), "difference": found.figure.value, "withheld": found.n_withheld}
    told |= {f"set {one.instrument.asset_number}": _sums(one.tally) for one in found.sets}
    for one in found.customers:  # two customers may bear one name
        key = f"customer {one.name}"
        told[key] = tuple(a + b for a, b in zip(told.get(key, (0,) * 5), _sums(one.tally), strict=True))
    return told | {"reasons": {one.finding.code: (one.n, one.fen) for one in found.reasons}}


def _sums(one: Tally) -> tuple[int, ...]:
    return (one.n, one.fen, one.n_open, one.open_fen, one.would_fen)


def suggested(workspace: Workspace, day: date) -> Told:
    """The costs of an hour that are suggested of every set by the values of a day."""
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        sets = INSTRUMENTS.find(connection)
    return {one.asset_number: tuple((part.kind, figure.value) for part, figure in fee_building.suggested(one, known, day)) for one in sets}


def suggested_now(workspace: Workspace) -> Told:
    """The same as the fee builder offers it, set by set."""
    with workspace.read() as connection:
        assets = [one.asset_number for one in INSTRUMENTS.find(connection)]
    return {asset: tuple((part.kind, part.amount_fen) for part, _ in fee_building.suggestions(workspace, asset)) for asset in assets}
