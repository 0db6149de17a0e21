"""Sensors said to sit in two places on a day: cases from tests/cases/sensor_overlaps.toml."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.ledger.sensor import SensorBinding
from desktop.rules.sensor_overlaps import overlaps

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "sensor_overlaps.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_bindings_that_share_days_are_found(case: dict[str, Any]) -> None:
    bindings = [
        SensorBinding(str(n), asset, sensor, date.fromisoformat(start), date.fromisoformat(end) if end else None)
        for n, (sensor, asset, start, end) in enumerate(case["bindings"])
    ]
    # The order in which they come decides nothing.
    for given in (bindings, bindings[::-1]):
        found = overlaps(given)
        assert [
            [int(one.one.id), int(one.other.id), one.first.isoformat(), one.last.isoformat() if one.last else "", one.elsewhere] for one in found
        ] == case["found"]
