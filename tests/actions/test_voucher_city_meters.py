"""The cap of a city's rule over a year: by enterprise, or by all under one controller, with what is open; and on the paper of a claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from desktop.actions import voucher_city_meters, voucher_claims, voucher_enterprises, voucher_report
from desktop.actions.voucher_city_meters import CityMeter, city_meters
from desktop.actions.workspace import Workspace
from desktop.ledger.voucher import Enterprise, VoucherUse
from desktop.reports import plain
from desktop.reports.content import Letterhead
from desktop.rules.parameters import packaged
from desktop.rules.voucher_city import places
from desktop.rules.vouchers import grants
from tests.actions.making import OUTSIDE
from tests.actions.test_voucher_claims import filed

JIA = Enterprise("甲", uscc="91370102MA0000015A", place="聊城市", size_class="小型", size_on=date(2026, 1, 1), group="张某")
YI = replace(JIA, name="乙", uscc="91370203MA0000023Q")
# 700 000.00: the province gives 420 000.00 and the city 210 000.00; 20 000.00 of the 650 000.00 are left.
FIRST_FEE = 700_000_00


def uses(second_fee: int | None, second: Enterprise = YI) -> list[VoucherUse]:
    first = VoucherUse("a", "R1", JIA, datetime(2026, 6, 1, 10), FIRST_FEE, invoiced_fen=FIRST_FEE, through_network=True)
    return [first, replace(first, key="b", number="R2", enterprise=second, ended_at=datetime(2026, 6, 2, 10), fee_fen=second_fee, invoiced_fen=second_fee)]


def seen(*found: VoucherUse) -> tuple[CityMeter, ...]:
    return city_meters(grants(found, packaged()), packaged())


def test_the_first_use_alone_leaves_what_its_case_says() -> None:
    (meter,) = seen(uses(0)[0])
    assert (meter.city, meter.name, meter.per_group, meter.members) == ("聊城市", "张某", True, ("甲",))
    # The province's own cap of 500 000.00 is not reached.
    assert (meter.cap_fen, meter.used_fen, meter.left_fen) == (650_000_00, 630_000_00, 20_000_00)


# A fee of 22 222.22 would get 13 333.33 and 6 666.67: 20 000.00 together, exactly what is left of the cap.
@pytest.mark.parametrize(("fee", "used", "left"), [(22_222_20, 649_999_98, 2), (22_222_22, 650_000_00, 0), (22_222_24, 650_000_00, 0)])
def test_the_group_is_counted_together_up_to_its_cap(fee: int, used: int, left: int) -> None:
    (meter,) = seen(*uses(fee))
    assert (meter.name, meter.members, meter.used_fen, meter.left_fen) == ("张某", ("甲", "乙"), used, left)
    assert meter.figure.value == left
    assert set(meter.uses) == {"a", "b"}


def test_one_that_counted_by_enterprise_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voucher_city_meters, "places", lambda use: places(use)[:1])
    assert len(seen(*uses(22_222_22))) == 2


def test_another_controller_and_none_are_counted_apart() -> None:
    other = seen(*uses(1000_00, replace(YI, group="李某")))
    assert sorted((one.name, one.used_fen, one.unstated) for one in other) == [("张某", 630_000_00, False), ("李某", 900_00, False)]
    alone = seen(*uses(1000_00, replace(YI, group="")))
    assert sorted((one.name, one.per_group, one.unstated) for one in alone) == [("乙", False, True), ("张某", True, False)]


def test_one_that_changed_its_controller_has_no_more_left_than_it_may_get() -> None:
    (meter,) = seen(*uses(1000_00, replace(JIA, group="李某")))
    assert (meter.name, meter.per_group, meter.unstated, meter.used_fen, meter.left_fen) == ("甲", False, False, 630_900_00, 19_100_00)
    assert set(meter.uses) == {"a", "b"}
    third = replace(uses(0)[0], key="c", number="R3", enterprise=YI, ended_at=datetime(2026, 6, 3, 10), fee_fen=0, invoiced_fen=0)
    told = {one.name: (one.used_fen, one.uses) for one in seen(*uses(1000_00, replace(JIA, group="李某")), third)}
    assert told == {"甲": (630_900_00, ("a", "b")), "张某": (630_000_00, ("c",))}, "what it got counts for those it was with"


def test_while_one_fee_is_unknown_so_is_what_is_left() -> None:
    (meter,) = seen(*uses(None))
    assert (meter.used_fen, meter.n_open, meter.left_fen) == (630_000_00, 1, None)


def test_a_city_without_a_rule_has_no_meter() -> None:
    assert seen(replace(uses(0)[0], enterprise=replace(JIA, place="临沂市"))) == ()


def test_every_cap_with_what_is_used_is_on_the_paper(small: Workspace) -> None:
    filed(small)
    voucher_enterprises.group(small, OUTSIDE, "张某", date(2025, 1, 1), "股权证明-1")
    content = voucher_report.content(voucher_claims.show(small, "C1"), Letterhead("某校", date(2025, 7, 1), "", ""))
    lines = [[cell.strip() for cell in line.split("|")] for line in plain.text(content).splitlines()]
    assert ["省", OUTSIDE, "500,000.00", "108.00", "499,892.00"] in lines
    assert ["省市合计（聊城市）", "实际控制人 张某", "650,000.00", "162.00", "649,838.00"] in lines
