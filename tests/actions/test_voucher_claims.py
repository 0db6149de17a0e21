"""A claim in a real ledger from draft to paid: refused until all is there, fixed when submitted, holding the cap, released when refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from desktop import words
from desktop.actions import evidence, management, reclassifying, voucher_claims, voucher_enterprises, voucher_report, vouchers
from desktop.actions.workspace import Workspace, today
from desktop.ledger.keys import new_key
from desktop.ledger.management import ManagementDocument
from desktop.ledger.problem import Refused
from desktop.ledger.voucher import EVIDENCE
from desktop.reports import plain
from desktop.rules import figure_json
from desktop.store import vouchers as rows
from tests.actions import making
from tests.actions.making import INSIDE, OUTSIDE
from tests.actions.test_vouchers import eligible, only
from tests.reports.samples import LETTERHEAD
from tests.rules.voucher_making import codes
from tests.rules.voucher_making import found as found_in

DAY = date(2025, 7, 1)


def filed(workspace: Workspace, *, papers: bool = True) -> None:
    """One eligible service R1 in a draft C1, with its papers."""
    eligible(workspace)
    making.posted(workspace, "R1")
    vouchers.mark(workspace, "R1", True)
    if papers:
        for item in EVIDENCE:
            voucher_claims.paper(workspace, "R1", item, given=f"{item}-1")
    voucher_claims.draft(workspace, "C1", ["R1"])


def test_a_claim_goes_from_draft_to_paid(small: Workspace) -> None:
    filed(small)
    assert voucher_claims.show(small, "C1").stands.state == "draft"
    voucher_claims.step(small, "C1", "submit", DAY)
    found = voucher_claims.show(small, "C1")
    assert (found.stands.state, found.stands.claimed_fen) == ("submitted", 162_00)
    fixed = figure_json.from_json(found.lines[0].figure)
    assert fixed.value == 162_00
    assert [found_in(fixed, f"voucher.figure.{part}").value for part in ("amount", "top_up")] == [108_00, 54_00]
    assert only(small).use.held
    voucher_claims.step(small, "C1", "accept", DAY, fen=162_00, document="鲁科字〔2025〕1号")
    voucher_claims.step(small, "C1", "pay", date(2025, 8, 1), fen=162_00)
    ((claim, stands),) = voucher_claims.claims(small)
    assert (claim.number, stands.state, stands.paid_fen) == ("C1", "paid", 162_00)
    assert [step.verb for step in voucher_claims.show(small, "C1").steps] == ["submit", "accept", "pay"]


def test_nothing_is_submitted_while_something_is_missing(small: Workspace) -> None:
    filed(small, papers=False)
    vouchers.mark(small, "R1", None)
    with pytest.raises(Refused, match=r"voucher\.claim_not_ready") as refused:
        voucher_claims.step(small, "C1", "submit", DAY)
    told = codes(refused.value.findings)
    assert told == ["voucher.claim_open", *["voucher.paper_missing"] * 6]
    assert "合同" in words.say_in("zh", refused.value.findings[2].code, **dict(refused.value.findings[2].params))
    assert voucher_claims.show(small, "C1").stands.state == "draft"
    assert voucher_claims.show(small, "C1").steps == ()


def test_a_refused_claim_leaves_its_uses_to_be_claimed_again(small: Workspace) -> None:
    filed(small)
    voucher_claims.step(small, "C1", "submit", DAY)
    voucher_claims.draft(small, "C2", ["R1"])
    with pytest.raises(Refused, match=r"voucher\.claim_not_ready") as refused:
        voucher_claims.step(small, "C2", "submit", DAY)
    assert codes(refused.value.findings) == ["voucher.claim_twice"]
    voucher_claims.step(small, "C1", "refuse", DAY, document="鲁科字〔2025〕2号", reason="材料不符")
    voucher_claims.step(small, "C2", "submit", DAY)
    assert voucher_claims.show(small, "C2").stands.state == "submitted"


def test_a_claim_that_is_over_says_what_was_claimed(small: Workspace) -> None:
    """What its use would get today is another amount, and not what the steps of the claim were about."""
    filed(small)
    voucher_claims.step(small, "C1", "submit", DAY)
    assert voucher_claims.show(small, "C1").amounts == [("R1", 108_00, 54_00)]
    voucher_claims.step(small, "C1", "accept", DAY, fen=120_00, document="鲁科字〔2025〕1号")
    assert voucher_claims.show(small, "C1").amounts == [("R1", 108_00, 12_00)], "what it holds"
    voucher_claims.step(small, "C1", "refuse", DAY, document="鲁科字〔2025〕2号", reason="材料不符")
    vouchers.mark(small, "R1", True, excluded_fen=80_00, excluded_why="耗材不计")
    found = voucher_claims.show(small, "C1")
    assert [one.amount_fen for one in found.grants] == [60_00]
    assert found.amounts == [("R1", 108_00, 54_00)]


def test_what_a_claim_rests_on_is_changed_only_when_it_comes_back(small: Workspace) -> None:
    filed(small)
    vouchers.mark(small, "R1", True, "WL-1")
    voucher_claims.step(small, "C1", "submit", DAY)
    for change in (lambda: vouchers.mark(small, "R1", False), lambda: voucher_claims.paper(small, "R1", "contract", given="HT-9")):
        with pytest.raises(Refused, match=r"voucher\.claim_holds"):
            change()
    voucher_claims.step(small, "C1", "send_back", DAY, reason="合同编号不清")
    voucher_claims.paper(small, "R1", "contract", given="HT-9")
    voucher_claims.step(small, "C1", "submit", date(2025, 7, 2))
    voucher_claims.step(small, "C1", "withdraw", date(2025, 7, 3), reason="重新申报")
    vouchers.mark(small, "R1", False)
    assert only(small).amount_fen == 0


def test_what_a_claim_holds_is_explained_as_it_was_claimed(small: Workspace) -> None:
    filed(small)
    voucher_claims.step(small, "C1", "submit", DAY)
    voucher_enterprises.describe(small, OUTSIDE, "青岛市即墨区")
    tree = vouchers.explain(small, "R1")
    assert (tree.value, tree.how) == (162_00, "claimed")
    assert found_in(tree, "voucher.figure.rate").value == Decimal("0.60"), "the rate of Liaocheng, where it was then"
    voucher_claims.step(small, "C1", "accept", DAY, fen=150_00, document="鲁科字〔2025〕1号")
    assert vouchers.explain(small, "R1").value == 150_00


def test_a_use_that_became_confidential_keeps_its_claim_back(small: Workspace) -> None:
    filed(small)
    making.posted(small, "R2", "A2")
    vouchers.mark(small, "R2", True)
    for item in EVIDENCE:
        voucher_claims.paper(small, "R2", item, given=f"{item}-2")
    voucher_claims.draft(small, "C2", ["R1", "R2"])
    reclassifying.prepare(small, "A2", True, "定密", making.OFFICE, making.PINS[making.OFFICE])
    found = voucher_claims.show(small, "C2")
    assert [one.use.number for one in found.grants] == ["R1"]
    with pytest.raises(Refused, match=r"voucher\.claim_not_ready") as refused:
        voucher_claims.step(small, "C2", "submit", DAY)
    assert codes(refused.value.findings) == ["voucher.claim_withheld"]


def test_a_wrong_step_changes_nothing(small: Workspace) -> None:
    filed(small)
    with pytest.raises(Refused, match=r"voucher\.claim_step"):
        voucher_claims.step(small, "C1", "pay", DAY, fen=1)
    voucher_claims.step(small, "C1", "submit", DAY)
    with pytest.raises(Refused, match=r"voucher\.claim_amount_above"):
        voucher_claims.step(small, "C1", "accept", DAY, fen=162_01, document="鲁科字〔2025〕1号")
    with pytest.raises(Refused, match=r"voucher\.claim_before"):
        voucher_claims.step(small, "C1", "accept", date(2025, 6, 30), fen=1, document="鲁科字〔2025〕1号")
    assert voucher_claims.show(small, "C1").stands.state == "submitted"


def test_what_cannot_be_in_a_claim_is_refused(small: Workspace) -> None:
    filed(small)
    making.posted(small, "R2", customer_name=INSIDE)
    making.posted(small, "R3", day=date(2026, 1, 6))
    making.posted(small, "S9", asset="S1")
    for numbers, code in (
        ([], "claim_empty"), (["R9"], "no_use"), (["S9"], "no_use"), (["R1", "R2"], "claim_enterprises"), (["R1", "R3"], "claim_years"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=rf"voucher\.{code}"):
            voucher_claims.draft(small, "C9", numbers)
    with pytest.raises(Refused, match=r"voucher\.claim_taken"):
        voucher_claims.draft(small, "C1", ["R3"])
    with pytest.raises(Refused, match=r"voucher\.claim_number"):
        voucher_claims.draft(small, " ", ["R3"])
    with pytest.raises(Refused, match=r"voucher\.no_claim"):
        voucher_claims.show(small, "C9")


def test_a_paper_says_one_of_three(small: Workspace) -> None:
    filed(small)
    with pytest.raises(Refused, match=r"voucher\.paper_empty"):
        voucher_claims.paper(small, "R1", "contract")
    with pytest.raises(Refused, match=r"voucher\.paper_unknown"):
        voucher_claims.paper(small, "R1", "photo", given="1")
    with pytest.raises(Refused, match=r"voucher\.no_use"):
        voucher_claims.paper(small, "R9", "contract", given="1")
    with pytest.raises(Refused, match=r"voucher\.paper_no_file"):
        voucher_claims.paper(small, "R1", "contract", attachment_id="nowhere")
    voucher_claims.paper(small, "R1", "acceptance", waived_why="以报告为准")
    (papers,) = voucher_claims.show(small, "C1").papers
    assert dict(papers.papers)["acceptance"] == "waived"


def test_a_file_that_stays_here_is_no_paper_of_what_is_sent(small: Workspace, tmp_path: Path) -> None:
    """One of a confidential record, or of a row that no remote knows; one of the record itself is."""
    filed(small)
    making.enter(small, "SECRET-1", "S1")
    file = tmp_path / "合同.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    management.enter(small, ManagementDocument("", "sharing", "校办〔2025〕1号", "开放共享管理办法", DAY, DAY))
    found = []
    for kind, named in (("service_record", "SECRET-1"), ("management_document", "校办〔2025〕1号"), ("service_record", "R1")):
        key = evidence.subject(small, kind, named)
        evidence.add(small, kind, key, file)
        found += [one.id for one in evidence.listing(small, kind, key).items]
    secret, at_home, own = found
    for one in (secret, at_home):
        with pytest.raises(Refused, match=r"voucher\.paper_file_stays"):
            voucher_claims.paper(small, "R1", "contract", attachment_id=one)
    voucher_claims.paper(small, "R1", "contract", attachment_id=own)
    (papers,) = voucher_claims.show(small, "C1").papers
    assert dict(papers.papers)["contract"] == "attached"


def test_steps_of_one_minute_are_in_the_order_of_their_seconds(small: Workspace) -> None:
    """Two seats may take them from the same place, and then the moment alone says which was first."""
    filed(small)
    voucher_claims.step(small, "C1", "submit", DAY)
    moment = datetime(2025, 7, 2, 1, 0, tzinfo=UTC)
    with small.write("steps for tests") as operation:
        (submitted,) = rows.STEPS.find(operation.connection)
        keys = sorted(new_key() for _ in range(2))
        later, earlier = (
            replace(submitted, id=key, position=2, verb="send_back", at=moment + timedelta(seconds=seconds)) for key, seconds in zip(keys, (9, 3), strict=True)
        )
        rows.STEPS.insert(operation.connection, [later, earlier])
        assert [one.id for one in rows.parts(operation.connection, submitted.claim_id)[1]] == [submitted.id, earlier.id, later.id]
    assert later.at.isoformat(timespec="minutes") == earlier.at.isoformat(timespec="minutes")


def test_a_step_of_a_day_to_come_is_refused_and_one_of_today_is_not(small: Workspace) -> None:
    """It could not be taken back, and no later step could be of an earlier day."""
    filed(small)
    ahead = today() + timedelta(days=1)
    assert making.refused(voucher_claims.step, small, "C1", "submit", ahead) == ["voucher.step_ahead"]
    voucher_claims.step(small, "C1", "submit", today())
    assert making.refused(voucher_claims.step, small, "C1", "accept", ahead, fen=1_00, document="文号") == ["voucher.step_ahead"]
    voucher_claims.step(small, "C1", "accept", today(), fen=1_00, document="文号")
    assert voucher_claims.show(small, "C1").stands.state == "accepted"


def back(workspace: Workspace) -> None:
    """C1 with R1 was submitted, 108.00 and 54.00, and came back."""
    filed(workspace)
    voucher_claims.step(workspace, "C1", "submit", DAY)
    voucher_claims.step(workspace, "C1", "send_back", DAY, reason="发票金额不清")


def test_what_came_back_is_worked_out_anew_when_it_goes_again(small: Workspace) -> None:
    back(small)
    vouchers.mark(small, "R1", True, excluded_fen=80_00, excluded_why="耗材不计")
    shown = voucher_claims.show(small, "C1")
    assert [(one.amount_fen, one.top_up_fen) for one in shown.grants] == [(60_00, 30_00)], "what it would get now"
    assert shown.findings == ()
    voucher_claims.step(small, "C1", "submit", DAY)
    again = voucher_claims.show(small, "C1")
    assert [(line.granted_fen, line.top_up_fen) for line in again.lines] == [(60_00, 30_00)]
    assert (again.stands.state, again.stands.claimed_fen) == ("submitted", 90_00)
    assert found_in(figure_json.from_json(again.lines[0].figure), "voucher.figure.excluded").value == 80_00, "the tree is the new one"
    assert only(small).amount_fen == 60_00, "and so is what it holds"
    assert making.refused(voucher_claims.step, small, "C1", "accept", DAY, fen=90_01, document="文号") == ["voucher.claim_amount_above"]


def test_what_may_not_be_claimed_any_more_does_not_go_again(small: Workspace) -> None:
    back(small)
    vouchers.mark(small, "R1", False)
    with pytest.raises(Refused, match=r"voucher\.claim_not_ready") as refused:
        voucher_claims.step(small, "C1", "submit", DAY)
    assert "voucher.claim_not_eligible" in codes(refused.value.findings)
    assert voucher_claims.show(small, "C1").stands.state == "sent_back"


def test_what_another_claim_holds_goes_before_what_came_back(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is worked out as if it held nothing itself; a variant that leaves it its old place is seen."""
    back(small)
    voucher_claims.step(small, "C1", "submit", DAY)
    assert [line.granted_fen for line in voucher_claims.show(small, "C1").lines] == [108_00], "nothing changed: the same again"
    voucher_claims.step(small, "C1", "send_back", DAY, reason="再补")
    vouchers.mark(small, "R1", True, excluded_fen=80_00, excluded_why="耗材不计")
    plain = vouchers.year
    monkeypatch.setattr(vouchers, "year", lambda workspace, number, released="": plain(workspace, number))
    assert [one.amount_fen for one in voucher_claims.show(small, "C1").grants] == [108_00], "the variant"


def unruled(workspace: Workspace) -> None:
    """C1 with R1 (180.00, of Linyi: 60 %), where nobody has entered what the city adds, was submitted."""
    filed(workspace)
    voucher_enterprises.describe(workspace, OUTSIDE, "山东省临沂市兰山区")
    voucher_claims.step(workspace, "C1", "submit", DAY)


def test_what_a_city_without_a_rule_adds_stays_unknown(small: Workspace) -> None:
    unruled(small)
    found = voucher_claims.show(small, "C1")
    assert [(line.granted_fen, line.top_up_fen) for line in found.lines] == [(108_00, None)]
    assert (found.stands.claimed_fen, found.stands.n_unknown, found.elsewhere) == (108_00, 1, 0)
    held = only(small)
    assert (held.use.held, held.amount_fen, held.top_up_fen) == (True, 108_00, None)
    tree = vouchers.explain(small, "R1")
    assert (tree.value, tree.how, found_in(tree, "voucher.figure.amount").value) == (None, "claimed", 108_00)
    said = plain.text(voucher_report.content(found, LETTERHEAD))
    assert "申请省级创新券：108.00 元，大写 壹佰零捌元整。" in said
    assert "市级部分：未知，由市级核定。" in said
    assert "已知部分合计申请 108.00 元" in said


def test_no_more_than_the_fee_is_accepted_while_the_city_is_unknown(small: Workspace) -> None:
    """The fee is 180.00; a step is not taken back, so an amount with its point left out would stand."""
    unruled(small)
    assert making.refused(voucher_claims.step, small, "C1", "accept", DAY, fen=180_01, document="文号") == ["voucher.claim_amount_above"]
    voucher_claims.step(small, "C1", "accept", DAY, fen=180_00, document="文号")
    assert only(small).top_up_fen == 72_00


def test_a_decision_above_what_is_known_can_be_entered_while_the_city_is_unknown(small: Workspace) -> None:
    unruled(small)
    assert making.refused(voucher_claims.step, small, "C1", "accept", DAY, fen=150_00) == ["voucher.claim_document"]
    voucher_claims.step(small, "C1", "accept", DAY, fen=150_00, document="鲁科字〔2025〕1号")
    assert making.refused(voucher_claims.step, small, "C1", "pay", DAY, fen=150_01) == ["voucher.claim_amount_above"]
    voucher_claims.step(small, "C1", "pay", DAY, fen=150_00)
    held = only(small)
    assert (held.amount_fen, held.top_up_fen) == (108_00, 42_00), "what was decided above the province's part is the city's"
    assert voucher_claims.show(small, "C1").lines[0].top_up_fen is None, "what was claimed does not change"
    assert vouchers.explain(small, "R1").value == 150_00
