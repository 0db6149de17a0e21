"""The rate of a voucher by place and day, with each boundary."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from desktop.rules import voucher_rate
from desktop.rules.parameters import Parameters
from desktop.rules.voucher_rate import CITIES, rate_on
from tests.rules.voucher_making import assert_said, cases, codes, found, layered

CASES = cases("voucher_rate")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    rate = rate_on(case["place"], case["day"], layered(case.get("own", {})))
    assert (str(rate.value) if rate.value is not None else "?") == case["rate"]
    assert rate.figure.value == rate.value
    assert rate.least == case.get("least", False)
    assert codes(rate.findings) == case.get("findings", [])
    assert_said(rate.figure, rate.findings)


def test_the_cases_would_notice_a_rate_for_the_whole_province(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voucher_rate, "_supported", lambda region, day, known: (False, False, ()))
    wrong = [case["name"] for case in CASES if str(rate_on(case["place"], case["day"], layered(case.get("own", {}))).value) != case["rate"]]
    assert len([name for name in wrong if "重点支持" in name]) == 6


def test_a_rate_is_as_sure_as_what_was_quoted() -> None:
    tree = rate_on("聊城市", date(2026, 6, 1), layered({})).figure
    assert tree.weakest == "B"
    assert found(tree, "voucher.figure.supported").value is True
    assert found(tree, "parameter.voucher.rate_high").certainty == "B"


def test_without_the_list_of_cities_the_lower_rate_is_the_least() -> None:
    rate = rate_on("聊城市", date(2026, 6, 1), Parameters(own=MappingProxyType({CITIES: ()})))
    assert (str(rate.value), rate.least, codes(rate.findings)) == ("0.40", True, ["parameter.not_in_force"])
