"""Fee terms are stored as text and come back as they were; anything else is refused."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ledger.fees import Agreed, FeeSchedule, FeeTerms, FirstFurther, Fixed, ShareOf, Tier, Unit, from_json, to_json

FULL = FeeTerms(
    unit=Unit("product", "样×温度点", factors=("样", "温度点")),
    prices=(
        ("internal", Fixed(10000)),
        ("external", ShareOf("internal", 250, 200)),
        ("own_school", Agreed(1, 2)),
        ("x", FirstFurther(3, 4, 2)),
    ),
    minimum_units=2,
    startup=(("*", 20000), ("external", 30000)),
    tiers=(
        Tier(Decimal("500"), Decimal("800"), Decimal("0.45"), classes=("internal",)),
        Tier(Decimal(800), None, Decimal("0.40"), True),
    ),
    tier_method="marginal",
    urgent_rate=Decimal("1.50"),
    management_rate=Decimal("0.15"),
    tax_rate=Decimal("0.03"),
    consumables_extra=True,
    day_caps=(("internal", 66000),),
    note='校内 "特价"\n',
)

amounts = st.integers(0, 10**12)
names = st.sampled_from(["internal", "external", "own_school", "合作单位"])
decimals = st.decimals(0, 10_000, allow_nan=False)
prices = st.one_of(
    st.builds(Fixed, amounts),
    st.builds(FirstFurther, amounts, amounts, st.integers(1, 9)),
    st.builds(Agreed, amounts, amounts),
    st.builds(ShareOf, names, st.integers(), st.integers()),
)
pairs = st.lists(st.tuples(names, amounts), max_size=3).map(tuple)
units = st.builds(
    Unit,
    st.sampled_from(["hour", "block", "day", "count", "product"]),
    st.text(max_size=6),
    st.integers(0, 1440),
    st.lists(st.text(max_size=3), max_size=2).map(tuple),
)
classes = st.lists(names, max_size=2, unique=True).map(tuple)
tiers = st.builds(Tier, decimals, st.none() | decimals, decimals, st.booleans(), st.booleans(), classes)
terms = st.builds(
    FeeTerms,
    units,
    st.lists(st.tuples(names, prices), max_size=3).map(tuple),
    st.integers(0, 5000),
    st.integers(0, 50),
    pairs,
    st.lists(tiers, max_size=3).map(tuple),
    st.sampled_from(["whole", "marginal"]),
    st.none() | decimals,
    st.none() | decimals,
    st.none() | decimals,
    st.booleans(),
    pairs,
    st.text(max_size=20),
)


@given(terms)
def test_terms_come_back_as_they_were(value: FeeTerms) -> None:
    text = to_json(value)
    again = from_json(text)
    assert again == value
    assert again is not None
    assert repr(again) == repr(value)
    assert to_json(again) == text


def test_the_text_is_canonical_and_holds_no_float() -> None:
    text = to_json(FULL)
    table = json.loads(text, parse_float=lambda found: pytest.fail(f"a float: {found}"))
    assert list(table) == sorted(table)
    assert table["urgent_rate"] == "1.50"
    assert "\n" not in text
    assert from_json(text) == FULL


def test_no_terms_yet() -> None:
    assert to_json(None) == "{}"
    assert from_json("{}") is None


def changed(*path: str | int, value: Any) -> str:
    table = json.loads(to_json(FULL))
    place = table
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(table)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"unit": {}}',
        changed("surprise", value=1),
        changed("unit", "kind", value="week"),
        changed("unit", "surprise", value=1),
        changed("unit", value=[]),
        changed("unit", "minutes", value=True),
        changed("unit", "factors", value=["样", 1]),
        changed("unit", "factors", value="样"),
        changed("prices", 0, "kind", value="gift"),
        changed("prices", 0, "kind", value=["fixed"]),
        changed("prices", 0, "fen", value=100.0),
        changed("prices", 0, "fen", value="100"),
        changed("prices", value={}),
        changed("startup", value=[["*", True]]),
        changed("startup", value=[["*", 1, 2]]),
        changed("startup", value=[["*", 1.5]]),
        changed("tiers", 0, "rate", value=0.45),
        changed("tiers", 0, "rate", value="45 percent"),
        changed("tiers", 0, "low", value=None),
        changed("tier_method", value="best"),
        changed("consumables_extra", value=1),
    ],
)
def test_text_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        from_json(text)


def test_a_missing_entry_is_refused_by_name() -> None:
    table = json.loads(to_json(FULL))
    del table["tax_rate"]
    with pytest.raises(ValueError, match="missing: tax_rate"):
        from_json(json.dumps(table))


def test_a_version_covers_its_first_day_and_not_its_last() -> None:
    version = FeeSchedule("s", "i", date(2025, 1, 1), date(2026, 1, 1))
    assert version.covers(date(2025, 1, 1))
    assert version.covers(date(2025, 12, 31))
    assert not version.covers(date(2026, 1, 1))
    assert not version.covers(date(2024, 12, 31))
    assert FeeSchedule("s", "i", date(2025, 1, 1)).covers(date(2099, 1, 1))


def test_a_start_up_fee_of_a_class_stands_before_the_general_one() -> None:
    assert (FULL.startup_of("external"), FULL.startup_of("internal")) == (30000, 20000)
    assert FULL.price_of("nobody") is None
