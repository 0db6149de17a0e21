"""What is said of an enterprise: entered as one operation, seen in what its services get, taken back by undo; what makes no sense is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from desktop.actions import history, voucher_enterprises, vouchers
from desktop.actions.voucher_enterprises import Said
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.store.facts import CUSTOMERS
from tests.actions import making
from tests.actions.making import OUTSIDE, sound
from tests.actions.test_vouchers import eligible, only


def test_a_certificate_is_entered_counts_from_its_day_and_is_taken_back(small: Workspace) -> None:
    eligible(small)
    making.posted(small, "R1")
    vouchers.mark(small, "R1", True)
    before = voucher_enterprises.profile(small, OUTSIDE)
    said = replace(before.said, size_class="大型", size_on=date(2025, 1, 2), n_staff=5000, revenue_wan=Decimal("90000.5"), industry="制造业")
    done = voucher_enterprises.describe(small, OUTSIDE, before.place, Decimal("120000"), said)
    assert only(small).amount_fen == 0, "a large enterprise gets nothing"
    kept = voucher_enterprises.profile(small, OUTSIDE)
    assert (kept.said, kept.assets_wan) == (said, Decimal("120000"))
    history.undo_one(small, done.operation)
    assert voucher_enterprises.profile(small, OUTSIDE) == before
    assert only(small).amount_fen == 108_00
    assert sound(small)


def test_what_is_not_said_stays(small: Workspace) -> None:
    eligible(small)
    before = voucher_enterprises.profile(small, OUTSIDE).said
    with small.read() as connection:
        row = CUSTOMERS.one(connection, "name = ?", (OUTSIDE,))
    voucher_enterprises.describe(small, OUTSIDE, "青岛市即墨区")
    kept = voucher_enterprises.profile(small, OUTSIDE)
    assert (kept.place, kept.said) == ("青岛市即墨区", before)
    with small.read() as connection:
        assert CUSTOMERS.one(connection, "name = ?", (OUTSIDE,)) == row


WRONG = [
    (Said(size_class="巨型"), "voucher.size_not_read"),
    (Said(size_on=date(2025, 1, 2)), "voucher.certificate_without_size"),
    (Said(size_class="小型", size_on=date(2999, 1, 1)), "voucher.certificate_to_come"),
    (Said(n_staff=-1), "voucher.size_negative"),
    (Said(revenue_wan=Decimal(-1)), "voucher.size_negative"),
]


@pytest.mark.parametrize(("said", "code"), WRONG, ids=[code for _, code in WRONG[:3]] + ["staff", "revenue"])
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(small: Workspace, said: Said, code: str) -> None:
    eligible(small)
    before = voucher_enterprises.profile(small, OUTSIDE)
    with pytest.raises(Refused, match=code):
        voucher_enterprises.describe(small, OUTSIDE, "济南市历下区", None, said)
    with pytest.raises(Refused, match=r"voucher\.unknown_customer"):
        voucher_enterprises.describe(small, "没有这家", "济南市历下区", None, Said())
    assert voucher_enterprises.profile(small, OUTSIDE) == before


def test_every_class_a_person_can_choose_is_read_again() -> None:
    stored = {code: voucher_enterprises.size_word(code) for code in voucher_enterprises.SIZES}
    assert stored == {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
    assert [voucher_enterprises.size_code(word) for word in stored.values()] == list(stored)
    assert (voucher_enterprises.size_code(""), voucher_enterprises.size_code("巨型")) == (None, None)
