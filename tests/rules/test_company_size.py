"""The size of an enterprise: every limit one below and at it, certificates by day, and an explanation that says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ledger.voucher import Enterprise
from desktop.rules import company_size
from desktop.rules.company_size import SIZES, after_years, size_on
from desktop.rules.parameters import Parameters, packaged
from tests.rules.voucher_making import assert_said, cases, codes, found

CASES = cases("company_size")
DAY = date(2026, 6, 1)
USUAL = ["voucher.no_certificate", "voucher.size_calculated"]


def enterprise(facts: dict[str, Any]) -> Enterprise:
    return Enterprise(
        "甲公司",
        industry=facts.get("industry", ""),
        n_staff=facts.get("staff"),
        revenue_wan=Decimal(facts["revenue"]) if "revenue" in facts else None,
        assets_wan=Decimal(facts["assets"]) if "assets" in facts else None,
        size_class=facts.get("size_class", ""),
        size_on=date.fromisoformat(facts["size_on"]) if "size_on" in facts else None,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    size = size_on(enterprise(case["facts"]), case.get("day", DAY), packaged())
    assert (size.value or "?") == case["size"]
    assert size.figure.value == size.value
    assert size.basis == case.get("basis", "calculated")
    assert codes(size.findings) == case.get("findings", USUAL)
    assert_said(size.figure, size.findings)


def test_the_cases_stand_on_both_sides_of_every_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """以上 read as "more than" fails every case that stands on a limit."""
    wrong = next
    monkeypatch.setattr(
        company_size, "_rank", lambda value, limits: wrong((n for n, limit in enumerate(limits) if value > limit), len(limits))
    )
    on_it = [case for case in CASES if "恰在" in case["name"]]
    assert len(on_it) == 36
    for case in on_it:
        assert size_on(enterprise(case["facts"]), DAY, packaged()).value != case["size"]


def test_the_tree_shows_both_and_what_each_was_made_of() -> None:
    one = Enterprise(
        "甲", industry="工业", n_staff=299, revenue_wan=Decimal(2000), size_class="中型", size_on=date(2026, 1, 1)
    )
    tree = size_on(one, DAY, packaged()).figure
    assert found(tree, "voucher.figure.certificate").value == "medium"
    assert found(tree, "voucher.figure.calculated").value == "small"
    assert found(tree, "voucher.figure.by_staff").value == "small"
    assert found(tree, "voucher.figure.by_revenue").value == "medium"
    assert found(tree, "parameter.sme.industry_staff").certainty == "B"
    assert tree.weakest == "C", "how long a certificate is good no text says"


def test_without_a_rule_for_certificates_none_is_taken_for_good() -> None:
    lacking = Parameters(own=MappingProxyType({company_size.CERTIFICATE_YEARS: ()}))
    one = Enterprise("甲", size_class="小型", size_on=date(2026, 1, 1))
    size = size_on(one, DAY, lacking)
    assert (size.value, codes(size.findings)) == (None, ["parameter.not_in_force", "voucher.no_industry"])


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(0, 8))
def test_some_years_on_is_the_same_day_or_the_day_after_a_leap_day(day: date, years: int) -> None:
    later = after_years(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) in {(day.month, day.day), (3, 1)}


limits = st.integers(0, 3000)


@given(st.sampled_from(["工业", "批发业", "软件信息服务"]), limits, st.integers(0, 120_000), limits)
def test_more_staff_never_makes_an_enterprise_smaller(industry: str, staff: int, revenue: int, more: int) -> None:
    one = Enterprise("甲", industry=industry, n_staff=staff, revenue_wan=Decimal(revenue))
    before, after = (size_on(each, DAY, packaged()).value for each in (one, replace(one, n_staff=staff + more)))
    assert before is not None
    assert after is not None
    assert SIZES.index(after) <= SIZES.index(before)
