"""Claims: every step that may and may not follow, what is held, which papers are there, and what keeps uses from being claimed together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest

from desktop import words
from desktop.ledger.finding import Finding
from desktop.ledger.voucher import ClaimEvent, ClaimLine, ClaimState, ClaimVerb, Enterprise, Evidence, VoucherUse
from desktop.rules import voucher_claims
from desktop.rules.parameters import packaged
from desktop.rules.voucher_claims import HOLDING, Claim, after, faults, held, may_follow, ready, stands
from desktop.rules.voucher_evidence import Checklist, checklist
from desktop.rules.vouchers import grants
from tests.rules.voucher_making import assert_said, cases, codes, layered

CLAIMS = cases("voucher_claims")
PAPERS = cases("voucher_evidence")
LETTERS = {"attached": "a", "named": "n", "waived": "w", "missing": "-"}


def event_of(step: dict[str, Any], place: int) -> ClaimEvent:
    return ClaimEvent(
        step["verb"], step.get("on", date(2026, 6, 1 + place)), "张某", step.get("fen"), step.get("document", "鲁科字〔2026〕5号"),
        step.get("reason", "核对后决定"),
    )  # fmt: skip


def lines_of(case: dict[str, Any]) -> tuple[ClaimLine, ...]:
    return tuple(ClaimLine(f"k{n}", granted, None if top_up == "?" else top_up) for n, (granted, top_up) in enumerate(case.get("lines", [[1000_00, 0]])))


def played(case: dict[str, Any]) -> tuple[Claim, list[str]]:
    """Where a claim stands, and why its last step was refused; no step before the last may be refused."""
    claim = stands(lines_of(case), ())
    told: list[Finding] = []
    for place, step in enumerate(case["steps"]):
        assert not told, "only the last step of a case may be refused"
        event = event_of(step, place)
        told = list(faults(claim, event, case.get("fees")))
        if not told:
            claim = after(claim, event)
        for one in told:
            assert words.known(one.code)
            assert "{" not in words.say(one.code, **dict(one.params))
    return claim, codes(told)


@pytest.mark.parametrize("case", CLAIMS, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    claim, told = played(case)
    assert (claim.state, claim.held_fen, told) == (case["state"], case["held"], case.get("told", []))
    shares = held(lines_of(case), claim)
    shared = sum(line.granted_fen + (line.top_up_fen or 0) for line in shares)
    assert shared == claim.held_fen or (shared < claim.held_fen and sum(line.top_up_fen is None for line in shares) > 1)
    if "left" in case:
        assert [[line.granted_fen, "?" if line.top_up_fen is None else line.top_up_fen] for line in shares] == case["left"]
    if not told:
        events = [event_of(step, place) for place, step in enumerate(case["steps"])]
        assert stands(lines_of(case), events) == claim


def test_the_cases_reach_every_state_and_take_every_step() -> None:
    assert {case["state"] for case in CLAIMS} == set(get_args(ClaimState))
    taken = {(stands(lines_of(c), [event_of(s, n) for n, s in enumerate(c["steps"][:-1])]).state, c["steps"][-1]["verb"])
             for c in CLAIMS if c["steps"] and "told" not in c}  # fmt: skip
    assert taken == set(voucher_claims._NEXT)


def test_every_state_and_step_has_words_and_an_end() -> None:
    for state in get_args(ClaimState):
        assert words.known(f"voucher.claim.{state}")
        assert bool(may_follow(state)) == (state not in {"refused", "withdrawn", "recovered"})
    for verb in get_args(ClaimVerb):
        assert words.known(f"voucher.verb.{verb}")
    assert may_follow("submitted") == ("send_back", "accept", "refuse", "withdraw")


def test_the_cases_would_notice_an_unknown_part_that_counts_as_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voucher_claims, "asked", lambda lines: (sum(one.granted_fen + (one.top_up_fen or 0) for one in lines), 0))
    more = [case for case in CLAIMS if case["name"] in ("市级未知：通过的可以多于已知部分", "两项市级未知：多出的不分到哪一项")]
    assert [played(case)[1] for case in more] == [["voucher.claim_amount_above"]] * 2


def test_the_cases_would_notice_a_decision_that_nothing_bounds() -> None:
    (case,) = (one for one in CLAIMS if one["name"] == "市级未知：通过的比费用合计多一分，不能通过")
    assert (played(case)[1], played({name: value for name, value in case.items() if name != "fees"})[1]) == (["voucher.claim_amount_above"], [])


def test_the_cases_would_notice_a_claim_that_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for state in HOLDING:
        with monkeypatch.context() as patch:
            patch.setattr(voucher_claims, "HOLDING", HOLDING - {state})
            assert [case["name"] for case in CLAIMS if played(case)[0].held_fen != case["held"]], state


@pytest.mark.parametrize("case", PAPERS, ids=lambda case: case["name"])
def test_papers(case: dict[str, Any]) -> None:
    have = [Evidence(one["item"], one.get("file", ""), one.get("number", ""), one.get("why", "")) for one in case["have"]]
    found = checklist("R1", have, case.get("day", date(2026, 6, 1)), layered(case.get("own", {})))
    assert "".join(LETTERS[state] for _, state in found.papers) == case["papers"]
    assert ("?" if found.complete is None else found.complete) == case["complete"]
    assert codes(found.findings) == case["told"]
    assert_said(found.figure, found.findings)
    assert [words.known(f"voucher.paper.{code}") for code, _ in found.papers if code != "photo"].count(False) == 0


JIA = Enterprise("甲", uscc="91370102MA0000015A", place="临沂市", size_class="小型", size_on=date(2026, 1, 1))
LIAO = replace(JIA, place="聊城市", group="张某")
USE = VoucherUse("k1", "1", JIA, datetime(2026, 6, 1, 10), 1000_00, through_network=True)
FULL = Checklist((), True, checklist("1", (), date(2026, 6, 1), packaged()).figure, ())

READY = {
    "可以申报": ([USE], FULL, []),
    "没有选": ([], FULL, ["voucher.claim_empty"]),
    "两家企业": ([USE, replace(USE, key="k2", enterprise=replace(JIA, uscc="91370203MA0000023Q"))], FULL, ["voucher.claim_enterprises"]),
    "同一信用代码的两个名称": ([USE, replace(USE, key="k2", enterprise=replace(JIA, name="乙"))], FULL, []),
    "两个年度": ([USE, replace(USE, key="k2", ended_at=datetime(2026, 12, 31)), replace(USE, key="k3", ended_at=datetime(2027, 1, 1))],
                 FULL, ["voucher.claim_years", "voucher.claim_open"]),
    "已在别的申请里": ([replace(USE, held=True, granted_fen=1)], FULL, ["voucher.claim_twice"]),
    "不符合条件": ([replace(USE, through_network=False)], FULL, ["voucher.claim_not_eligible"]),
    "条件未知": ([replace(USE, through_network=None)], FULL, ["voucher.claim_open"]),
    "没有费用": ([replace(USE, fee_fen=None)], FULL, ["voucher.claim_open"]),
    "没有金额": ([replace(USE, fee_fen=0)], FULL, ["voucher.claim_zero"]),
    "省级没有、市级有": ([replace(USE, enterprise=LIAO, held=True, granted_fen=500_000_00), replace(USE, key="k2", enterprise=LIAO)],
                 FULL, ["voucher.claim_twice"]),
    "省级没有、市级未知": ([replace(USE, held=True, granted_fen=500_000_00), replace(USE, key="k2")], FULL, ["voucher.claim_twice", "voucher.claim_zero"]),
    "规模是推算的": ([replace(USE, enterprise=replace(JIA, size_class="", industry="农林牧渔", revenue_wan=Decimal(100)))], FULL,
                 ["voucher.size_calculated"]),
    "缺材料": ([USE], checklist("1", (), date(2026, 6, 1), packaged()), ["voucher.paper_missing"] * 6),
    "清单未知": ([USE], checklist("1", (), date(2024, 7, 31), packaged()), ["parameter.not_in_force"]),
}  # fmt: skip


@pytest.mark.parametrize("name", READY)
def test_what_keeps_uses_from_being_claimed(name: str) -> None:
    uses, papers, expected = READY[name]
    told = ready(grants(uses, packaged()), [papers])
    assert codes(told) == expected
    assert all(words.known(one.code) for one in told)
