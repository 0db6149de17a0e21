"""Grants under the cap: each edge by case, an independent reckoning, and what holds whatever the uses are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.ledger.voucher import Enterprise, VoucherUse
from desktop.rules import voucher_city, vouchers
from desktop.rules.parameters import packaged
from desktop.rules.vouchers import Grant, grants
from tests.rules.voucher_making import assert_said, cases, codes, found, layered

CASES = cases("voucher_grants")
JIA = Enterprise("甲", uscc="91370102MA0000015A", place="临沂市", size_class="小型", size_on=date(2026, 1, 1))
CITY = "voucher.city_rule_unknown"


def use_of(case: dict[str, Any]) -> VoucherUse:
    enterprise = Enterprise(
        case.get("enterprise", "甲"),
        uscc=case.get("uscc", JIA.uscc),
        place=case.get("place", JIA.place),
        size_class="小型",
        size_on=case.get("size_on", JIA.size_on),
        group=case.get("group", ""),
    )
    return VoucherUse(
        case["number"],
        case["number"],
        enterprise,
        case.get("ended", datetime(2026, 6, 1, 10)),
        case.get("fee"),
        invoiced_fen=case.get("invoiced"),
        excluded_fen=case.get("excluded", 0),
        excluded_why=case.get("why", ""),
        through_network=None if case.get("network") == "?" else case.get("network", True),
        held="held" in case,
        granted_fen=case.get("held", 0),
        top_up_fen=case.get("held_top_up", 0),
    )


def got(case: dict[str, Any]) -> dict[str, Grant]:
    return {one.use.number: one for one in grants([use_of(use) for use in case["uses"]], layered(case.get("own", {})))}


def shown(fen: int | None) -> int | str:
    return "?" if fen is None else fen


def amounts(case: dict[str, Any]) -> dict[str, int | str]:
    return {number: shown(grant.amount_fen) for number, grant in got(case).items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    found_ = got(case)
    assert amounts(case) == case["gets"]
    if "top_up" in case:
        assert {number: shown(grant.top_up_fen) for number, grant in found_.items()} == case["top_up"]
    told = {number: [code for code in codes(grant.findings) if case.get("city") or code != CITY] for number, grant in found_.items()}
    assert {number: several for number, several in told.items() if several} == case.get("told", {})
    for grant in found_.values():
        assert grant.figure.value == grant.amount_fen
        assert_said(grant.figure, grant.findings)
        if grant.top_up is not None:
            assert_said(grant.top_up)


def failing(names: str = "") -> list[str]:
    return [case["name"] for case in CASES if names in case["name"] and amounts(case) != case["gets"]]


def test_the_cases_would_notice_a_cap_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Enterprise, "counted_as", property(lambda one: one.name))
    assert any("一个信用代码" in name for name in failing())


def test_the_cases_would_notice_the_order_of_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vouchers, "in_order", list)
    assert len(failing()) >= 3


def test_the_cases_would_notice_a_group_in_the_cap_of_the_province(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Enterprise, "counted_as", property(lambda one: one.group or one.uscc))
    assert any("省里各计各的" in name for name in failing())


def test_the_cases_would_notice_a_city_that_counts_no_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voucher_city.Granted, "of", lambda granted, use, *, per_group: (0, ""))
    wrong = [c["name"] for c in CASES if "top_up" in c and {n: shown(g.top_up_fen) for n, g in got(c).items()} != c["top_up"]]
    assert any("两家合计" in name for name in wrong)


def test_the_cases_would_notice_an_enterprise_that_begins_anew_under_another_controller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        voucher_city.Granted, "of", lambda granted, use, *, per_group: (granted._fen.get(voucher_city.places(use)[-1 if per_group else 0], 0), "")
    )
    wrong = [c["name"] for c in CASES if "top_up" in c and {n: shown(g.top_up_fen) for n, g in got(c).items()} != c["top_up"]]
    assert wrong == ["聊城：年中换了实际控制人，自己此前得的仍在上限里"]


def test_the_cases_would_notice_an_open_amount_that_nobody_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voucher_city.Granted, "open_for", lambda granted, use, *, per_group: "")
    (case,) = [one for one in CASES if "另一家金额未知" in one["name"]]
    second = got(case)["2"]
    assert "voucher.earlier_open" not in codes(second.findings)
    monkeypatch.undo()
    (told,) = [one for one in got(case)["2"].findings if one.code == "voucher.earlier_open"]
    assert dict(told.params) == {"number": "2", "name": "张某"}, "the controller, whose other enterprise it is"


def test_a_tree_names_the_uses_that_took_the_cap() -> None:
    case = next(one for one in CASES if one["name"] == "两笔合计恰为上限")
    tree = got(case)["2"].figure
    used = found(tree, "voucher.figure.used")
    assert used.value == 300_000_00
    assert used.rows is not None
    assert used.rows.keys == ("1",)
    assert found(tree, "voucher.figure.room").value == 200_000_00
    assert found(tree, "parameter.voucher.cap_fen").certainty == "D"
    assert found(tree, "parameter.voucher.order").certainty == "C"
    assert tree.weakest == "C"


ENTERPRISES = (JIA, replace(JIA, name="乙", uscc="91370203MA0000023Q", place="聊城市", group="张某"), replace(JIA, place="青岛市"))
any_use = st.builds(
    VoucherUse,
    key=st.uuids().map(str),
    number=st.integers(1, 9).map(str),
    enterprise=st.sampled_from(ENTERPRISES),
    ended_at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31, 23, 59)),
    fee_fen=st.integers(0, 900_000_00),
    through_network=st.just(True),
    excluded_why=st.just(""),
)


@settings(max_examples=60)
@given(st.lists(any_use, max_size=8, unique_by=lambda one: one.key), st.randoms())
def test_what_holds_for_any_uses(several: list[VoucherUse], shuffled: Any) -> None:
    before = grants(several, packaged())
    again = list(several)
    shuffled.shuffle(again)
    assert grants(again, packaged()) == before, "the order of entry does not matter"
    sums: dict[str, int] = defaultdict(int)
    for grant in before:
        assert grant.amount_fen is not None
        assert 0 <= grant.amount_fen + (grant.top_up_fen or 0) <= (grant.use.fee_fen or 0)
        sums[grant.use.enterprise.uscc] += grant.amount_fen
    assert all(fen <= 500_000_00 for fen in sums.values())


@settings(max_examples=60)
@given(st.lists(any_use, max_size=8, unique_by=lambda one: one.key))
def test_a_second_reckoning_agrees(several: list[VoucherUse]) -> None:
    """Plain decimals over plain lists, written from formula 8 alone."""
    left: dict[str, Decimal] = {}
    expected = {}
    for use in sorted(several, key=lambda one: (one.ended_at, one.number, one.key)):
        rate = Decimal("0.4") if use.enterprise.place == "青岛市" else Decimal("0.6")
        share = (rate * (use.fee_fen or 0)).quantize(Decimal(1), ROUND_HALF_UP)
        room = left.get(use.enterprise.uscc, Decimal(50_000_000))
        expected[use.key] = int(min(share, room))
        left[use.enterprise.uscc] = room - min(share, room)
    assert {one.use.key: one.amount_fen for one in grants(several, packaged())} == expected
