"""What is open up to a day: what the next run would settle, and apart from it, with the reason, what it would not."""

from __future__ import annotations

from datetime import date

from desktop.actions import overview, payout_views, payouts, records
from desktop.actions.payout_views import OpenBalance
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from tests.actions.making import (
    INSIDE,
    JULY,
    JUNE,
    MAY,
    approve,
    declare,
    paid,
    posted,
    prepare,
    scheme,
    settled,
    some_work,
    sound,
)  # fmt: skip


def lots(found: OpenBalance) -> dict[str, tuple[int, int]]:
    every = {name: getattr(found, name) for name in ("payable", "left_out", "no_operator", "not_received")}
    return {name: (lot.n, lot.fen) for name, lot in every.items() if lot.n or lot.fen}


def test_what_the_scheme_leaves_out_is_not_open(small: Workspace) -> None:
    """180, 300 and 99 outside, 60 inside: without a run and with two schemes nobody knows which counts, then the run's does."""
    payouts.add_scheme(small, scheme("对外", include_internal=False))
    some_work(small)
    assert lots(payout_views.open_balance(small, MAY)) == {"payable": (4, 639_00)}
    named = payout_views.open_balance(small, MAY, "对外")
    assert lots(named) == {"payable": (3, 579_00), "left_out": (1, 60_00)}
    run = settled(small, name="对外")
    assert run.income_fen == 579_00
    found = payout_views.open_balance(small, MAY)
    assert lots(found) == {"left_out": (1, 60_00)}
    assert found.scheme is not None
    assert found.scheme.name == "对外"
    tree = overview.read(small, parse("2025-05"), JULY).unsettled
    assert tree.value == 0
    (left,) = [part for part in tree.inputs if part.code == "overview.figure.left_out"]
    assert left.rows is not None
    assert (left.value, left.rows.keys) == (60_00, found.left_out.keys)
    assert sound(small)


def test_a_newer_version_may_pay_what_was_left_out_and_from_when(small: Workspace) -> None:
    payouts.add_scheme(small, scheme("对外", include_internal=False))
    posted(small, "R1", day=date(2025, 5, 6), customer_name=INSIDE, contract="")
    posted(small, "R2", day=date(2025, 5, 7))
    settled(small, name="对外")
    posted(small, "R3", day=date(2025, 6, 6), customer_name=INSIDE, contract="")
    payouts.add_scheme(small, scheme("对外", from_on=date(2025, 6, 1), include_internal=True, internal_from=date(2025, 6, 1)))
    assert lots(payout_views.open_balance(small, JUNE)) == {"payable": (1, 60_00), "left_out": (1, 60_00)}
    run = prepare(small, JUNE, "对外")
    told = {f.code: dict(f.params) for f in run.findings}
    assert (run.income_fen, told["payout.internal_before"]["n"]) == (60_00, "1")
    approve(small, run)
    assert lots(payout_views.open_balance(small, JUNE)) == {"left_out": (1, 60_00)}
    payouts.add_scheme(small, scheme("对外", from_on=date(2025, 6, 2), include_internal=True))
    assert lots(payout_views.open_balance(small, JUNE)) == {"payable": (1, 60_00)}
    late = prepare(small, JUNE, "对外")
    warned = [f for f in late.findings if f.code == "payout.internal_late"]
    assert [(f.severity, dict(f.params)["month"]) for f in warned] == [("warning", "2025-05")]
    assert (late.income_fen, paid(late)) == (60_00, {"T001": 27_00})
    assert lots(payout_views.open_balance(small, JUNE)) == {}
    assert sound(small)


def test_money_received_is_open_and_what_has_not_come_in_is_not(small: Workspace) -> None:
    some_work(small)
    records.receive(small, "R1", date(2025, 5, 20), 100_00, "FP-1")
    records.receive(small, "R2", date(2025, 6, 20), 300_00, "FP-2")
    found = payout_views.open_balance(small, MAY, "到账")
    assert lots(found) == {"payable": (1, 100_00), "not_received": (4, 539_00)}
    assert prepare(small, MAY, "到账").income_fen == found.payable.fen
    assert lots(payout_views.open_balance(small, JUNE, "到账")) == {"payable": (1, 300_00), "not_received": (3, 239_00)}


def test_taking_back_is_payable_whatever_the_scheme_leaves_out(small: Workspace) -> None:
    posted(small, "R1", customer_name=INSIDE, contract="")
    settled(small)
    records.reverse(small, "R1", "重复")
    payouts.add_scheme(small, scheme("记账", from_on=date(2025, 5, 2), include_internal=False))
    found = payout_views.open_balance(small, MAY)
    assert lots(found) == {"payable": (1, -60_00)}
    declare(small)
    assert payouts.draft(small, MAY, "记账").run.income_fen == -60_00
