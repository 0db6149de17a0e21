"""A year of vouchers at a glance: the cap of an enterprise used, left and unknown, and which claim a use is in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from desktop.actions import parameter_sets, rules_in_force, voucher_claims, voucher_overview, vouchers
from desktop.actions.workspace import Workspace
from desktop.ledger.voucher import EVIDENCE
from tests.actions import making
from tests.actions.test_vouchers import eligible
from tests.rules.voucher_making import found


@pytest.fixture
def year(small: Workspace) -> Workspace:
    eligible(small)
    for number in ("R1", "R2", "R3"):
        making.posted(small, number, minutes=60)
    return small


def test_what_is_left_is_unknown_while_one_use_is_open(year: Workspace) -> None:
    for number in ("R1", "R2"):
        vouchers.mark(year, number, True)
    (meter,) = voucher_overview.see(year, 2025).meters
    assert (meter.used_fen, meter.n_open, meter.left_fen) == (216_00, 1, None)
    assert found(meter.figure, "voucher.figure.used").value is None, "not the part that is known"
    vouchers.mark(year, "R3", False)
    (meter,) = voucher_overview.see(year, 2025).meters
    assert (meter.used_fen, meter.n_open, meter.left_fen) == (216_00, 0, 50_000_000 - 216_00)
    assert meter.figure.value == 50_000_000 - 216_00


def test_without_a_cap_in_force_nothing_is_left_or_used_up(year: Workspace) -> None:
    vouchers.mark(year, "R1", True)
    grants = [replace(one, use=replace(one.use, ended_at=one.use.ended_at.replace(year=2020))) for one in vouchers.year(year, 2025).grants[:1]]
    (meter,) = voucher_overview.meters(2020, grants, rules_in_force.of(year))
    assert (meter.cap_fen, meter.left_fen) == (None, None)


def test_what_the_conditions_allow_but_no_cap_has_left_cannot_be_claimed(year: Workspace) -> None:
    """216.00 of province and 108.00 of the city: of the third use both have nothing left. What the city alone still gives can be claimed."""
    for number in ("R1", "R2", "R3"):
        vouchers.mark(year, number, True)
    parameter_sets.add(year, "voucher.cap_fen", "216", date(2025, 1, 1), "鲁科字〔2026〕1号", reason="新规定")
    third = voucher_overview.see(year, 2025).uses[2]
    assert (third.state, third.grant.amount_fen, third.grant.top_up_fen) == ("met", 0, 54_00)
    parameter_sets.add(year, "voucher.city_3715_cap_fen", "324", date(2025, 1, 1), "聊科字〔2026〕1号", reason="新规定")
    third = voucher_overview.see(year, 2025).uses[2]
    assert (third.state, third.grant.amount_fen, third.grant.top_up_fen) == ("nothing", 0, 0)


def test_a_use_names_the_claim_that_holds_it_before_a_draft(year: Workspace) -> None:
    for number in ("R1", "R2"):
        vouchers.mark(year, number, True)
    for item in EVIDENCE:
        voucher_claims.paper(year, "R1", item, given="1")
    voucher_claims.draft(year, "A", ["R1"])
    voucher_claims.draft(year, "B", ["R1", "R2"])
    voucher_claims.step(year, "A", "submit", date(2026, 3, 2))
    seen = voucher_overview.see(year, 2025)
    told = {one.grant.use.number: (one.claim, one.state, one.rate) for one in seen.uses}
    assert told == {
        "R1": ("A", "submitted", Decimal("0.6")), "R2": ("B", "draft", Decimal("0.6")), "R3": ("", "open", Decimal("0.6")),
    }  # fmt: skip
    voucher_claims.step(year, "A", "withdraw", date(2026, 3, 2), reason="重做")
    told_after = {one.grant.use.number: one.claim for one in voucher_overview.see(year, 2025).uses}
    assert told_after["R1"] == "B", "a withdrawn claim holds nothing"
