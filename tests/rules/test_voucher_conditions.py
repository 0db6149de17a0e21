"""The conditions of a voucher: each met, not met and open, by day, and the search behind an instrument of another province."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from desktop.ledger.voucher import Enterprise, Hit, ProvinceSearch, VoucherUse
from desktop.rules import out_of_province, voucher_conditions
from desktop.rules.figure import Figure
from desktop.rules.voucher_conditions import judge
from tests.rules.voucher_making import assert_said, cases, codes, found, layered

CASES = cases("voucher_conditions")
PROVIDER = "91371302MA0000031N"


def use_of(facts: dict[str, Any]) -> VoucherUse:
    enterprise = Enterprise(
        "甲",
        uscc=facts.get("uscc", "91370102MA0000015A"),
        internal=facts.get("internal", False),
        place=facts.get("place", "临沂市"),
        industry=facts.get("industry", ""),
        n_staff=facts.get("staff"),
        revenue_wan=Decimal(facts["revenue"]) if "revenue" in facts else None,
        size_class=facts.get("size_class", "小型"),
        size_on=facts.get("size_on", date(2026, 1, 1)),
    )
    search = None
    if "searched" in facts:
        hits = tuple(Hit(f"仪器{n}", "某大学", why) for n, why in enumerate(facts.get("hits", ())))
        search = ProvinceSearch(facts["searched"], facts["asked"], facts["catalogue"] or None, hits, facts["reason"])
    ended = datetime.combine(facts.get("ended", date(2026, 6, 1)), time(10))
    said = facts.get("network", True)
    return VoucherUse(
        "k1", "R1", enterprise, ended, 1000_00, facts.get("began"),
        through_network=None if said == "?" else said,
        confidential=facts.get("confidential", False),
        outside=facts.get("outside", False),
        search=search,
    )  # fmt: skip


def shown(eligible: bool | None) -> bool | str:
    return "?" if eligible is None else eligible


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    judged = judge(use_of(case["facts"]), layered(case.get("own", {})), PROVIDER)
    assert shown(judged.eligible) == case["eligible"]
    assert judged.figure.value == judged.eligible
    assert codes(judged.findings) == case.get("told", [])
    assert_said(judged.figure, judged.findings)
    met = [part.value for part in judged.figure.inputs]
    assert (False in met) == (judged.eligible is False)
    assert (None in met) or judged.eligible is not None


def wrong() -> list[str]:
    return [c["name"] for c in CASES if shown(judge(use_of(c["facts"]), layered(c.get("own", {})), PROVIDER).eligible) != c["eligible"]]


def test_the_cases_would_notice_a_condition_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_ordinary", "_another", "_enterprise", "_province", "_size", "_network", "_outside"):
        with monkeypatch.context() as patch:
            met = voucher_conditions._Condition(True, Figure("voucher.figure.eligible", True, "flag"))
            patch.setattr(voucher_conditions, name, lambda *_, met=met: met)
            assert wrong(), name


def test_open_is_not_taken_for_met() -> None:
    case = next(one for one in CASES if "没有注明是否通过网络" in one["name"])
    judged = judge(use_of(case["facts"]), layered({}), PROVIDER)
    network = found(judged.figure, "voucher.condition.network")
    assert network.value is None
    assert found(network, "parameter.voucher.through_network").certainty == "D"


def test_a_search_says_what_it_looked_for_and_found() -> None:
    case = next(one for one in CASES if "每台都说明了" in one["name"])
    use = use_of(case["facts"])
    figure, told = out_of_province.searched(use)
    assert (figure.value, told) == (True, ())
    assert found(figure, "voucher.figure.n_hits").value == 2
    assert found(figure, "voucher.figure.asked").value == "场发射透射电镜"
    assert out_of_province.searched(replace(use, search=None))[0].value is None
