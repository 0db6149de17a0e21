"""Steps that two seats took at once: read alike everywhere, nothing counted twice, and told in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from desktop import words
from desktop.ledger.voucher import ClaimEvent, ClaimLine, Enterprise, VoucherUse
from desktop.rules import voucher_claims, vouchers
from desktop.rules.voucher_claims import disagreeing, faults, stands
from tests.rules.test_voucher_claims import event_of
from tests.rules.voucher_making import assert_said, cases, codes, layered

CASES = cases("voucher_two_seats")
LINES = (ClaimLine("k", 1000_00, 0),)


def events_of(case: dict[str, Any]) -> list[ClaimEvent]:
    return [event_of(step, place) for place, step in enumerate(case["steps"])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    claim = stands(LINES, events_of(case))
    assert (claim.state, claim.held_fen, claim.accepted_fen, claim.paid_fen) == (case["state"], case["held"], case.get("accepted"), case.get("paid"))
    assert [one.verb for one in claim.beside] == case["beside"]
    told = disagreeing(claim)
    assert codes(told) == case["told"]
    for one in told:
        assert "{" not in words.say(one.code, **dict(one.params))


def test_a_fold_that_takes_whatever_comes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: the last acceptance counts, whatever went before."""
    monkeypatch.setattr(voucher_claims, "_NEXT", voucher_claims._NEXT | {("accepted", "accept"): "accepted", ("paid", "pay"): "paid"})
    wrong = [case["name"] for case in CASES if (claim := stands(LINES, events_of(case))).accepted_fen != case.get("accepted") or claim.beside == ()]
    assert "两处通过的金额不同，只算前一步" in wrong
    assert "两处都兑付，只算一次" in wrong


def test_a_step_after_one_that_counts_for_nothing_is_judged_by_what_stands() -> None:
    claim = stands(LINES, [ClaimEvent("submit", date(2026, 6, 1)), ClaimEvent("submit", date(2026, 6, 9))])
    assert codes(faults(claim, ClaimEvent("accept", date(2026, 6, 2), fen=1, document="文"))) == [], "the day of what counts for nothing binds nobody"
    assert codes(faults(claim, ClaimEvent("submit", date(2026, 6, 9)))) == ["voucher.claim_step"]


@pytest.mark.parametrize(("cap_fen", "told"), [(200_01, []), (200_00, []), (199_99, ["voucher.held_above_cap"]), (99_99, ["voucher.held_above_cap"] * 2)])
def test_claims_that_together_hold_more_than_the_cap_are_told_and_keep_their_amounts(cap_fen: int, told: list[str]) -> None:
    enterprise = Enterprise("某企业", "91370102MA0000015A")
    uses = [VoucherUse(f"k{n}", f"R{n}", enterprise, datetime(2025, 5, n, 9), 300_00, held=True, granted_fen=100_00) for n in (1, 2)]
    found = vouchers.grants(uses, layered({"voucher.cap_fen": cap_fen}))
    assert [one.amount_fen for one in found] == [100_00, 100_00]
    assert [code for one in found for code in codes(one.findings)] == told
    for one in found:
        assert_said(one.figure, one.findings)
