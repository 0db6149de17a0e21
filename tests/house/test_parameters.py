"""Every rule value says since when it holds, who says so, and how sure that is."""

from __future__ import annotations

from datetime import date

import pytest

from tests.house.source import told, toml, tracked

CERTAINTIES = frozenset({"A", "A-", "B", "C", "D"})


def files() -> list[str]:
    return [name for name in tracked() if name.startswith("resources/rules/") and name.endswith(".toml")]


def uncited(name: str, file: dict[str, object]) -> list[str]:
    """What a parameter file leaves unsaid, its [defaults] counted in."""
    defaults = file.get("defaults", {})
    values = file.get("value", [])
    if not isinstance(defaults, dict) or not isinstance(values, list):
        return [f"{name}: values stand in [[value]], what they share in [defaults]"]
    strange = file.keys() - {"defaults", "value", "unset"}
    faults = [f"{name}: {extra!r} is neither [defaults], [[value]] nor [[unset]]" for extra in strange]
    since: set[tuple[object, object]] = set()
    for given in values:
        entry = defaults | given
        key = entry.get("key", "?")
        if not str(key).startswith(name.rsplit("/", 1)[-1].removesuffix(".toml") + "."):
            faults.append(f"{name}: {key} belongs to the file of its first word")
        if not isinstance(entry.get("from"), date):
            faults.append(f"{name}: {key} has no day it holds from")
        if not str(entry.get("source", "")).strip():
            faults.append(f"{name}: {key} names no source")
        if "clause" not in entry:
            faults.append(f"{name}: {key} names no clause (empty where the source has none)")
        if entry.get("certainty") not in CERTAINTIES:
            faults.append(f"{name}: {key} has the certainty {entry.get('certainty')!r}")
        if "value" not in entry or not str(entry.get("unit", "")).strip():
            faults.append(f"{name}: {key} lacks its value or unit")
        if (key, entry.get("from")) in since:
            faults.append(f"{name}: {key} stands twice from {entry.get('from')}")
        since.add((key, entry.get("from")))
    return faults


def test_every_rule_value_is_cited() -> None:
    assert files(), "no parameter files found in resources/rules"
    faults = [f for name in files() for f in uncited(name, toml(name))]
    assert not faults, told(faults, "A rule value without day, source, clause and certainty cannot be explained to anyone.")


GOOD: dict[str, object] = {
    "key": "duty.join_days",
    "from": date(2024, 8, 1),
    "value": 30,
    "unit": "workdays",
    "source": "measure",
    "clause": "2",
    "certainty": "D",
}


@pytest.mark.parametrize("gone", ["from", "source", "clause", "certainty", "value", "unit", "key"])
def test_an_uncited_value_is_seen(gone: str) -> None:
    assert uncited("resources/rules/duty.toml", {"value": [{k: v for k, v in GOOD.items() if k != gone}]})


def test_a_wrong_citation_is_seen() -> None:
    name = "resources/rules/duty.toml"
    assert uncited(name, {"value": [GOOD | {"certainty": "sure"}]})
    assert uncited(name, {"value": [GOOD, GOOD]})
    assert uncited(name, {"value": [GOOD], "threshold": 3})
    assert uncited("resources/rules/fees.toml", {"value": [GOOD]})
    assert not uncited(name, {"value": [GOOD]})
    assert not uncited(name, {"defaults": {"source": "measure"}, "value": [{k: v for k, v in GOOD.items() if k != "source"}]})
