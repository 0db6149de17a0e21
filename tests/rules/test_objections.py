"""Finding what is wrong without working the price out, and pricing by what a unit charges, say the same as the whole price."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from desktop.ledger.fees import Agreed, FeeTerms, Fixed, ShareOf, Tier, Unit
from desktop.rules.charging import Priced, Usage, objections, price, relevant, telling

CLASSES = ("internal", "external", "nobody")
_UNITS = (
    Unit("hour", "小时", 60),
    Unit("block", "30分钟", 30),
    Unit("count", "样"),
    Unit("product", "样·元素", 0, ("样", "元素")),
)
_PRICES = (
    (("internal", Fixed(120_00)), ("external", ShareOf("internal", 3, 2))),
    (("internal", Fixed(120_00)), ("external", Agreed(100_00, 200_00))),
)
_TIERS = ((), (Tier(Decimal(10), Decimal(20), Decimal("0.8")), Tier(Decimal(30), None, Decimal("0.5"), classes=("internal",))))
terms = st.builds(
    FeeTerms,
    st.sampled_from(_UNITS),
    st.sampled_from(_PRICES),
    tiers=st.sampled_from(_TIERS),
    urgent_rate=st.sampled_from((None, Decimal("1.5"))),
    consumables_extra=st.booleans(),
)
_quantities = st.none() | st.sampled_from([Decimal(text) for text in ("-1", "0", "0.5", "1", "15", "25", "40", "NaN")])
usages = st.builds(
    Usage,
    st.none() | st.sampled_from((-5, 0, 1, 60, 900, 1500, 3000)),
    _quantities,
    _quantities,
    st.booleans(),
    st.none() | st.sampled_from((50_00, 150_00)),
    st.none() | st.sampled_from((-1, 0, 20_00)),
)


def told(usage: Usage, of: FeeTerms, customer_class: str) -> tuple[object, ...]:
    result = price(usage, of, customer_class)
    return tuple(result.findings if isinstance(result, Priced) else result)


@given(usages, terms, st.sampled_from(CLASSES))
def test_objections_are_the_findings_of_the_price(usage: Usage, of: FeeTerms, customer_class: str) -> None:
    assert objections(usage, of, customer_class) == told(usage, of, customer_class)


@given(usages, terms, st.sampled_from(CLASSES))
def test_what_a_unit_does_not_charge_changes_no_price(usage: Usage, of: FeeTerms, customer_class: str) -> None:
    assert repr(price(relevant(usage, of.unit), of, customer_class)) == repr(price(usage, of, customer_class))


@given(usages, terms, st.sampled_from(CLASSES))
def test_usages_that_tell_the_same_have_the_same_findings(usage: Usage, of: FeeTerms, customer_class: str) -> None:
    assert objections(telling(usage, of, customer_class), of, customer_class) == told(usage, of, customer_class)


def test_where_a_tier_asks_how_much_the_amount_is_kept() -> None:
    of = FeeTerms(_UNITS[2], _PRICES[0], tiers=_TIERS[1])
    gap, inside = Usage(60, Decimal(25)), Usage(60, Decimal(15))
    assert telling(gap, of, "internal").quantity == Decimal(25)
    assert [found.code for found in objections(gap, of, "internal")] == ["fee.tier_gap"]
    assert not objections(inside, of, "internal")
    without = replace(of, tiers=())
    assert telling(gap, without, "internal") == telling(inside, without, "internal")
