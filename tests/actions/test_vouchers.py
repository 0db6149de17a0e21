"""Vouchers of a real ledger: what a posted service gets, what a person has to say first, groups by day, and that nothing confidential shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from desktop import words
from desktop.actions import (
    explaining,
    history,
    records,
    voucher_claims,
    voucher_enterprises,
    voucher_outside,
    voucher_renumbering,
    vouchers,
)
from desktop.actions.workspace import Workspace
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Problem, Refused
from desktop.ledger.voucher_rows import OutsideUse, SearchMade, VoucherClaim, VoucherClaimLine, VoucherClaimStep
from desktop.store import vouchers as rows
from desktop.store.facts import CUSTOMERS, RECORDS
from tests.actions import making
from tests.actions.making import OUTSIDE
from tests.rules.voucher_making import assert_said, codes, found


def eligible(workspace: Workspace) -> str:
    """Make the outside customer a small enterprise of Liaocheng. Returns its key."""
    with workspace.write("customer for tests") as operation:
        customer = CUSTOMERS.one(operation.connection, "name = ?", (OUTSIDE,))
        assert customer is not None
        changed = replace(customer, uscc="91370102MA0000015A", city="聊城市", size_class="小型", size_on=date(2025, 3, 1))
        CUSTOMERS.update(operation.connection, [changed])
    return customer.id


def only(workspace: Workspace, year: int = 2025) -> vouchers.Grant:
    (grant,) = vouchers.year(workspace, year).grants
    return grant


def test_a_posted_service_waits_for_what_a_person_must_say(small: Workspace) -> None:
    eligible(small)
    fee = making.posted(small, "R1", minutes=60)
    assert fee == 180_00
    before = only(small)
    assert (before.eligible, before.amount_fen) == (None, None)
    assert "voucher.network_unsaid" in codes(before.findings)
    vouchers.mark(small, "R1", True, "WL-2025-1")
    after = only(small)
    assert (after.eligible, after.amount_fen, after.top_up_fen) == (True, 108_00, 54_00)
    tree = vouchers.explain(small, "R1")
    assert tree.value == 162_00
    assert found(tree, "voucher.figure.fee").value == 180_00
    assert_said(tree, after.findings)
    history.undo_last(small)
    assert only(small).amount_fen is None, "undo takes the answer back"


def test_marking_again_changes_the_same_row(small: Workspace) -> None:
    eligible(small)
    making.posted(small, "R1")
    vouchers.mark(small, "R1", False)
    assert only(small).amount_fen == 0
    vouchers.mark(small, "R1", True, invoiced_fen=100_00, excluded_fen=20_00, excluded_why="耗材不计")
    assert only(small).amount_fen == 48_00
    with small.read() as connection:
        assert len(rows.MARKS.find(connection)) == 1


def test_a_marked_draft_says_that_the_mark_goes_first(small: Workspace) -> None:
    making.enter(small, "R1")
    entered = history.latest(small)[0].seq
    vouchers.mark(small, "R1", None)
    with small.read() as connection:
        assert rows.MARKS.find(connection) == [], "what says nothing is no mark"
    vouchers.mark(small, "R1", True, "WL-1")
    making.enter(small, "R2")
    for refused, code in ((lambda: records.remove(small, ["R2", "R1"]), "voucher.use_marked"), (lambda: history.undo_one(small, entered), "undo.use_marked")):
        with pytest.raises(Refused) as told:
            refused()
        one = told.value
        assert (one.code, one.params["number"]) == (code, "R1")
        places = (("zh", "“服务记录”里选中它，按“去掉创新券标注…”"), ("en", "under Records in the window and press"))
        for language, place in places:
            said = words.say_in(language, one.code, **one.params)  # type: ignore[arg-type]
            assert place in said
            assert "voucher mark R1 --network unknown" in said
    assert "voucher_mark" in vouchers.mark(small, "R1", None).kinds, "pages that show it hear of it"
    records.remove(small, ["R2", "R1"])
    history.undo_last(small)
    history.undo_last(small)
    with small.read() as connection:
        assert [one.order_number for one in rows.MARKS.find(connection)] == ["WL-1"], "what was taken off comes back with undo"


def test_the_mark_of_a_draft_that_became_confidential_can_be_taken_off(small: Workspace) -> None:
    making.enter(small, "R1")
    vouchers.mark(small, "R1", True)
    with small.write("record for tests") as operation:
        operation.connection.exec_driver_sql("UPDATE service_record SET customer_id = NULL WHERE number = 'R1'")
    vouchers.mark(small, "R1", None)
    records.remove(small, ["R1"])


def test_a_posted_service_keeps_a_mark_that_says_nothing(small: Workspace) -> None:
    making.posted(small, "R1")
    for through, n in ((None, 0), (True, 1), (None, 1)):
        vouchers.mark(small, "R1", through)
        with small.read() as connection:
            assert len(rows.MARKS.find(connection)) == n


def test_not_looking_for_a_mark_would_be_seen(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "marked", lambda *_: None)
    with pytest.raises(Problem, match=r"store\.in_use"):
        test_a_marked_draft_says_that_the_mark_goes_first(small)


def test_what_is_refused_names_the_kinds_of_uses_it_is_about(small: Workspace) -> None:
    eligible(small)
    making.enter(small, "R1")
    voucher_outside.enter(small, OutsideUse("", "W1", "", "电镜", "外省大学", "江苏省", date(2025, 5, 1), datetime(2025, 5, 2, 9), 100_00), OUTSIDE)
    cases = (
        (lambda: voucher_claims.draft(small, "C1", ["R9"]), "no_use", "R9", ("服务记录", "省外使用"), ("service records", "uses elsewhere")),
        (lambda: vouchers.mark(small, "W1", True), "mark_outside", "W1", ("创新券 · 省外使用",), ("Vouchers · Other provinces",)),
        (lambda: voucher_renumbering.outside(small, "R1", "W9", "重复"), "no_outside", "R1", ("没有编号为 R1 的省外使用",), ("No use elsewhere",)),
    )
    for refused, code, number, chinese, english in cases:
        with pytest.raises(Refused) as told:
            refused()
        assert (told.value.code, told.value.params["number"]) == (f"voucher.{code}", number)
        for language, parts in (("zh", chinese), ("en", english)):
            said = words.say_in(language, told.value.code, **told.value.params)  # type: ignore[arg-type]
            assert all(part in said for part in parts), said


def test_a_reversed_service_gets_nothing(small: Workspace) -> None:
    eligible(small)
    making.posted(small, "R1")
    vouchers.mark(small, "R1", True)
    records.reverse(small, "R1", "录错")
    assert only(small).amount_fen == 0
    assert "voucher.fee_nothing" in codes(only(small).findings)


def test_nothing_confidential_shows(small: Workspace) -> None:
    eligible(small)
    making.posted(small, "R1", asset="S1")
    found_ = vouchers.year(small, 2025)
    assert (found_.grants, found_.n_withheld) == ((), 1)
    with pytest.raises(Refused, match=r"voucher\.no_use"):
        vouchers.explain(small, "R1")
    with pytest.raises(Refused, match=r"voucher\.no_use"):
        vouchers.mark(small, "R1", True)


def test_a_group_holds_from_its_day_to_the_next(small: Workspace) -> None:
    eligible(small)
    making.posted(small, "R1", day=date(2025, 5, 6))
    making.posted(small, "R2", day=date(2025, 6, 3))
    voucher_enterprises.group(small, OUTSIDE, "张某", date(2025, 1, 1), "股权证明-1")
    voucher_enterprises.group(small, OUTSIDE, "李某", date(2025, 6, 3), "股权证明-2")
    assert [one.use.enterprise.group for one in vouchers.year(small, 2025).grants] == ["张某", "李某"]
    with pytest.raises(Refused, match=r"voucher\.group_later"):
        voucher_enterprises.group(small, OUTSIDE, "王某", date(2025, 6, 3), "股权证明-3")
    with pytest.raises(Refused, match=r"voucher\.group_needs_document"):
        voucher_enterprises.group(small, OUTSIDE, "王某", date(2025, 7, 1), " ")


def test_what_took_the_cap_before_is_named_and_opened(small: Workspace) -> None:
    eligible(small)
    for number in ("R1", "R2"):
        making.posted(small, number)
        vouchers.mark(small, number, True)
    used = found(vouchers.explain(small, "R2"), "voucher.figure.used")
    assert used.value == 108_00
    assert used.rows is not None
    assert [row["number"] for row in explaining.rows(small, used.rows)] == ["R1"]
    assert found(vouchers.explain(small, "R1"), "voucher.figure.used").rows is None


def test_a_place_down_to_the_county_goes_before_the_city_of_the_customer(small: Workspace) -> None:
    eligible(small)
    making.posted(small, "R1")
    vouchers.mark(small, "R1", True)
    voucher_enterprises.describe(small, OUTSIDE, "青岛市即墨区")
    grant = only(small)
    assert (grant.amount_fen, grant.top_up_fen, grant.least) == (72_00, None, True)


def test_a_use_elsewhere_needs_its_search(small: Workspace) -> None:
    customer = eligible(small)
    search = SearchMade(new_key(), date(2025, 5, 1), "透射电镜", date(2025, 4, 30), ('["电镜", "某大学", "停机"]',), "省内没有可用的")
    use = OutsideUse(
        new_key(), "W1", customer, "透射电镜", "某省某所", "江苏省", date(2025, 5, 6), datetime(2025, 5, 7, 9), 1000_00, through_network=True
    )
    with small.write("use elsewhere for tests") as operation:
        rows.SEARCHES.insert(operation.connection, [search])
        rows.OUTSIDE.insert(operation.connection, [use])
    assert (only(small).eligible, only(small).amount_fen) == (None, None)
    with small.write("search for tests") as operation:
        rows.OUTSIDE.update(operation.connection, [replace(use, search_id=search.id)])
    assert only(small).amount_fen == 600_00
    assert found(vouchers.explain(small, "W1"), "voucher.figure.asked").value == "透射电镜"


def test_what_a_claim_holds_is_fixed(small: Workspace) -> None:
    customer = eligible(small)
    making.posted(small, "R1")
    vouchers.mark(small, "R1", True)
    with small.write("claim for tests") as operation:
        record = RECORDS.one(operation.connection, "number = 'R1'", ())
        assert record is not None
        claim = VoucherClaim(new_key(), "C1", customer, 2025)
        line = VoucherClaimLine(new_key(), claim.id, 1, "service_record", record.id, 108_00, 54_00)
        rows.CLAIMS.insert(operation.connection, [claim])
        rows.LINES.insert(operation.connection, [line])
    assert not only(small).use.held, "a draft holds nothing"
    steps = [("submit", None), ("accept", 150_00)]
    for place, (verb, fen) in enumerate(steps):
        with small.write("step for tests") as operation:
            step = VoucherClaimStep(
                new_key(), claim.id, place, verb, date(2025, 7, 1), datetime(2025, 7, 1, 2), making.FINANCE, fen, "鲁科字〔2025〕1号"
            )
            rows.STEPS.insert(operation.connection, [step])
    grant = only(small)
    assert (grant.use.held, grant.amount_fen, grant.top_up_fen) == (True, 108_00, 42_00)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"invoiced_fen": -1}, r"voucher\.negative"),
        ({"excluded_fen": -1, "excluded_why": "x"}, r"voucher\.negative"),
        ({"excluded_fen": 1}, r"voucher\.excluded_needs_reason"),
    ],
)
def test_what_makes_no_sense_is_refused(small: Workspace, wrong: dict[str, object], code: str) -> None:
    making.posted(small, "R1")
    with pytest.raises(Refused, match=code):
        vouchers.mark(small, "R1", True, **wrong)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=r"voucher\.no_use"):
        vouchers.mark(small, "R9", True)
    with pytest.raises(Refused, match=r"voucher\.unknown_customer"):
        voucher_enterprises.describe(small, "没有这家", "青岛市")


@pytest.mark.parametrize("number", [-1, 0, 9999, 99999])
def test_what_is_no_year_is_refused_in_words(small: Workspace, number: int) -> None:
    assert making.refused(vouchers.year, small, number) == ["voucher.no_year"]
    assert vouchers.year(small, 1).grants == vouchers.year(small, 9998).grants == ()
