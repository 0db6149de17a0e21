"""Vouchers at two seats of one institution: what one enters the other sees; what both did at once ends as one, or stands twice and is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from desktop.actions import (
    history,
    parameter_sets,
    records,
    sync_resolving,
    sync_views,
    syncing,
    voucher_claims,
    voucher_enterprises,
    voucher_outside,
    voucher_renumbering,
    voucher_report,
    vouchers,
)
from desktop.actions.workspace import Workspace
from desktop.ledger.voucher import EVIDENCE
from desktop.ledger.voucher_rows import OutsideUse
from desktop.reports import plain
from desktop.store import reach, sync_rows
from desktop.store.columns import metadata
from tests.actions import making
from tests.actions.making import OUTSIDE, refused
from tests.actions.test_vouchers import eligible
from tests.actions.two_seats import Seats, at_one_hub, exchange, in_step, rows
from tests.reports.samples import LETTERHEAD
from tests.rules.voucher_making import codes

DAY = date(2025, 7, 1)
KINDS = (
    "voucher_enterprise", "voucher_group", "voucher_mark", "province_search", "outside_use", "voucher_claim", "voucher_claim_line",
    "voucher_claim_step", "voucher_paper",
)  # fmt: skip


@pytest.fixture
def seats(small_home: Path, tmp_path: Path) -> Iterator[Seats]:
    """R1 and R2 are posted, marked and with their papers, at both seats."""
    with at_one_hub(small_home, tmp_path / "seats") as both:
        first, second = both
        eligible(first)
        for number in ("R1", "R2"):
            making.posted(first, number)
            vouchers.mark(first, number, True)
            papers(first, number)
        exchange(first, second)
        yield both


def papers(ledger: Workspace, number: str) -> None:
    for item in EVIDENCE:
        voucher_claims.paper(ledger, number, item, given=f"{item}-{number}")


def elsewhere(number: str, fee_fen: int = 100_00) -> OutsideUse:
    return OutsideUse("", number, "", "电镜", "外省大学", "江苏省", date(2025, 5, 1), datetime(2025, 5, 2, 9), fee_fen)


def submitted(ledger: Workspace, claim: str, *numbers: str) -> None:
    voucher_claims.draft(ledger, claim, numbers)
    voucher_claims.step(ledger, claim, "submit", DAY)


def kept(ledger: Workspace, kind: str) -> list[tuple[object, ...]]:
    """The rows of a kind, but for what stays on its seat."""
    names = [c.name for c in metadata.tables[kind].columns if c.info["reach"] != "local"]
    return rows(ledger, f"SELECT {', '.join(names)} FROM {kind} ORDER BY id")


def alike(*seats: Workspace) -> None:
    """Nothing waits anywhere, and both seats say the same of every claim and use."""
    assert in_step(*seats)
    one, other = seats
    for kind in KINDS:
        assert kept(one, kind) == kept(other, kind), kind
    assert seen(one) == seen(other)
    assert all(making.sound(seat) for seat in seats)


def seen(ledger: Workspace) -> object:
    """What a person sees of a year and its claims, but for how amounts were worked out."""
    year = [(g.use, g.eligible, g.amount_fen, g.top_up_fen, codes(g.findings)) for g in vouchers.year(ledger, 2025).grants]
    shown = [voucher_claims.show(ledger, claim.number) for claim, _ in voucher_claims.claims(ledger)]
    claims = [(s.claim, s.customer, s.stands, s.papers, codes(s.findings), codes(s.told), s.steps) for s in shown]
    return year, claims, voucher_outside.searches(ledger), voucher_outside.every(ledger)


def choose(ledger: Workspace, side: str) -> None:
    for found in syncing.conflicts(ledger, remote="hub"):
        sync_resolving.resolve(ledger, found.kind, found.id, dict.fromkeys(sync_views.contested(found), side), "核对过", remote="hub")


# What one seat enters


def test_what_one_seat_enters_the_other_sees_and_edits(seats: Seats) -> None:
    first, second = seats
    voucher_enterprises.describe(first, OUTSIDE, "山东省聊城市东昌府区")
    voucher_enterprises.group(first, OUTSIDE, "某某集团", date(2025, 1, 1), "股权证明")
    voucher_outside.enter(first, elsewhere("W1"), OUTSIDE)
    voucher_claims.draft(first, "C1", ["R1"], "备注一句")
    exchange(first, second)
    assert all(kept(second, kind) for kind in KINDS if kind not in ("province_search", "voucher_claim_step"))
    alike(first, second)
    vouchers.mark(second, "R2", False, "WL-9")
    voucher_outside.enter(second, elsewhere("W1", 50_00), OUTSIDE)
    voucher_claims.paper(second, "R1", "contract", given="HT-2")
    voucher_claims.step(second, "C1", "submit", DAY)
    exchange(second, first)
    alike(first, second)
    assert voucher_claims.show(first, "C1").stands.state == "submitted"
    assert vouchers.changeable.__doc__
    assert refused(vouchers.mark, first, "R1", False) == ["voucher.claim_holds"], "what the other seat submitted stands here too"


def test_a_part_of_the_city_that_is_unknown_at_one_seat_is_unknown_at_the_other(seats: Seats) -> None:
    first, second = seats
    voucher_enterprises.describe(first, OUTSIDE, "山东省临沂市兰山区")
    submitted(first, "C1", "R1")
    exchange(first, second)
    alike(first, second)
    for seat in seats:
        shown = voucher_claims.show(seat, "C1")
        assert ([line.top_up_fen for line in shown.lines], shown.stands.n_unknown) == ([None], 1)
    assert "市级部分：未知，由市级核定。" in plain.text(voucher_report.content(voucher_claims.show(second, "C1"), LETTERHEAD))
    assert vouchers.explain(second, "R1").value is None


def test_a_draft_that_was_sent_is_withdrawn_not_undone(seats: Seats) -> None:
    first, second = seats
    voucher_claims.draft(first, "C1", ["R1"])
    exchange(first, second)
    assert refused(history.undo_last, first) == ["undo.sent"]
    voucher_claims.step(first, "C1", "withdraw", DAY, reason="起草错了")
    exchange(first, second)
    alike(first, second)
    assert [stands.state for _, stands in voucher_claims.claims(second)] == ["withdrawn"]


def test_what_is_deleted_at_one_seat_is_gone_at_the_other(seats: Seats) -> None:
    first, second = seats
    voucher_outside.enter(first, elsewhere("W1"), OUTSIDE)
    voucher_claims.draft(first, "C1", ["R1"])
    exchange(first, second)
    with second.write("deletion for tests") as operation:
        for kind in ("voucher_claim_line", "voucher_claim", "outside_use", "voucher_paper"):
            operation.connection.exec_driver_sql(f"DELETE FROM {kind}")
    exchange(second, first)
    alike(first, second)
    assert [kept(first, kind) for kind in ("voucher_claim_line", "voucher_claim", "outside_use", "voucher_paper")] == [[]] * 4


def test_a_use_that_a_claim_names_is_not_removed_and_its_papers_go_with_it(seats: Seats) -> None:
    """Neither by removing nor by undo: the claim would wait for it for good, and no count would say so."""
    first, second = seats
    making.enter(first, "R7")
    entered = history.latest(first)[0].seq
    voucher_outside.enter(first, elsewhere("W1"), OUTSIDE)
    outside = history.latest(first)[0].seq
    for number in ("R7", "W1"):
        papers(first, number)
    voucher_claims.draft(first, "C1", ["R7", "W1"])
    assert refused(records.remove, first, ["R7"]) == ["voucher.use_claimed"]
    for seq in (entered, outside):
        assert refused(history.undo_one, first, seq) == ["undo.use_claimed"]
    voucher_claims.step(first, "C1", "withdraw", DAY, reason="起草错了")
    n = len(kept(first, "voucher_paper"))
    records.remove(first, ["R7"])
    assert len(kept(first, "voucher_paper")) == n - len(EVIDENCE)
    history.undo_last(first)
    assert len(kept(first, "voucher_paper")) == n
    for seq in (entered, outside):
        history.undo_one(first, seq)
    assert len(kept(first, "voucher_paper")) == n - 2 * len(EVIDENCE)
    exchange(first, second)
    alike(first, second)
    assert len(kept(second, "voucher_claim_line")) == 2


def test_a_claim_waits_no_longer_for_a_use_that_the_other_seat_deleted(seats: Seats) -> None:
    first, second = seats
    making.enter(first, "R7")
    exchange(first, second)
    records.remove(first, ["R7"])
    papers(second, "R7")
    voucher_claims.draft(second, "C1", ["R7"])
    exchange(first, second)
    alike(first, second)
    assert [claim.number for claim, _ in voucher_claims.claims(first)] == ["C1"]
    assert "voucher.claim_withheld" in codes(voucher_claims.show(first, "C1").findings)
    # The broken variant waits whether or not there is anything to wait for.
    waits = reach._WAITS["voucher_claim"].replace(reach._HERE.format(of="y"), "1")
    assert waits != reach._WAITS["voucher_claim"]
    with second.read() as connection:
        asked = [f"SELECT {sql.format(remote='hub')} FROM voucher_claim" for sql in (reach._WAITS["voucher_claim"], waits)]
        told = [connection.exec_driver_sql(sql).scalar_one() for sql in asked]
    assert told == [0, 1]


def test_how_an_amount_was_worked_out_is_said_to_be_where_it_was_submitted(seats: Seats) -> None:
    first, second = seats
    submitted(first, "C1", "R1")
    exchange(first, second)
    assert [line.explained for ledger in seats for line in voucher_claims.show(ledger, "C1").lines] == [True, False]
    assert (voucher_claims.show(first, "C1").elsewhere, voucher_claims.show(second, "C1").elsewhere) == (0, 1)
    here, there = vouchers.explain(first, "R1"), vouchers.explain(second, "R1")
    assert (here.value, here.how, len(here.inputs)) == (162_00, "claimed", 1)
    assert (there.value, there.how, there.inputs) == (162_00, "claimed_elsewhere", ())


def test_a_tree_of_other_amounts_than_those_that_came_explains_nothing(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both submit the same draft with different amounts; here the other's are taken."""
    first, second = seats
    voucher_claims.draft(first, "C1", ["R1"])
    exchange(first, second)
    voucher_claims.step(first, "C1", "submit", DAY)
    vouchers.mark(second, "R1", True, invoiced_fen=100_00)
    voucher_claims.step(second, "C1", "submit", DAY)
    exchange(first, second)
    choose(second, "theirs")
    exchange(second, first)
    alike(first, second)
    assert (vouchers.explain(second, "R1").value, vouchers.explain(second, "R1").how) == (162_00, "claimed_elsewhere")
    # The broken variant takes whatever tree is here.
    (line,) = voucher_claims.show(second, "C1").lines
    assert line.explained
    assert vouchers.fixed(line) is None


# What both do at once


def test_both_mark_one_record_and_what_differs_is_asked(seats: Seats) -> None:
    first, second = seats
    making.posted(first, "R3")
    exchange(first, second)
    vouchers.mark(first, "R3", True, "WL-1")
    vouchers.mark(second, "R3", True, "WL-2")
    papers(first, "R3")
    papers(second, "R3")
    voucher_claims.paper(second, "R3", "contract", given="另一份")
    done = exchange(first, second)
    assert (done.parked, done.conflicts) == (0, 2)
    assert {view.label.split()[0] for view in sync_views.conflicts(second, remote="hub")} == {"R3"}
    choose(second, "mine")
    exchange(second, first)
    alike(first, second)
    assert rows(first, "SELECT m.order_number FROM voucher_mark m JOIN service_record r ON r.id = m.record_id WHERE r.number = 'R3'") == [("WL-2",)]


def test_both_describe_one_enterprise(seats: Seats) -> None:
    first, second = seats
    for ledger, place in ((first, "聊城市东昌府区"), (second, "聊城市临清市")):
        voucher_enterprises.describe(ledger, OUTSIDE, place)
        voucher_enterprises.group(ledger, OUTSIDE, "某某集团", date(2025, 1, 1), f"证明 {place}")
    assert exchange(first, second).conflicts >= 2
    choose(second, "theirs")
    exchange(second, first)
    alike(first, second)
    assert len(kept(first, "voucher_enterprise")) == len(kept(first, "voucher_group")) == 1


def test_a_record_that_takes_the_other_seats_key_keeps_its_mark_and_papers(seats: Seats) -> None:
    first, second = seats
    for ledger in seats:
        making.enter(ledger, "R7")
        vouchers.mark(ledger, "R7", True)
        papers(ledger, "R7")
        voucher_claims.draft(ledger, f"C-{ledger is first}", ["R7"])
    exchange(first, second)
    alike(first, second)
    ((key,),) = rows(second, "SELECT id FROM service_record WHERE number = 'R7'")
    assert {row[0] for row in rows(second, "SELECT use_id FROM voucher_claim_line")} == {key}
    assert rows(second, "SELECT count(*) FROM voucher_paper WHERE use_id = ?", key) == [(len(EVIDENCE),)]
    assert len(voucher_claims.claims(first)) == 2


def test_papers_that_do_not_wait_for_their_record_collide(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: ours were at the hub under a key that our record gave up."""
    first, second = seats
    for ledger in seats:
        making.enter(ledger, "R7")
        papers(ledger, "R7")
    caches = (sync_rows._differs, sync_rows._withheld)
    monkeypatch.setitem(reach._WAITS, "voucher_paper", "0")
    for made in caches:
        made.cache_clear()
    try:
        exchange(first, second)
        assert syncing.sync(second, remote="hub").parked > 0
    finally:
        for made in caches:
            made.cache_clear()


STEPS = [
    ("accept", "accept", {"fen": 162_00, "document": "鲁科字1号"}, {"fen": 100_00, "document": "鲁科字2号"}, "accepted", 162_00),
    ("accept", "send_back", {"fen": 162_00, "document": "鲁科字1号"}, {"reason": "缺章"}, "accepted", 162_00),
    ("withdraw", "accept", {"reason": "重报"}, {"fen": 162_00, "document": "鲁科字2号"}, "withdrawn", 0),
]


@pytest.mark.parametrize(("one", "other", "said", "otherwise", "state", "held_fen"), STEPS)
def test_two_seats_each_take_a_step_and_both_read_them_alike(
    seats: Seats, one: str, other: str, said: dict[str, object], otherwise: dict[str, object], state: str, held_fen: int
) -> None:
    first, second = seats
    submitted(first, "C1", "R1")
    exchange(first, second)
    voucher_claims.step(first, "C1", one, DAY, **said)  # type: ignore[arg-type]
    voucher_claims.step(second, "C1", other, DAY, **otherwise)  # type: ignore[arg-type]
    exchange(first, second)
    alike(first, second)
    for ledger in seats:
        shown = voucher_claims.show(ledger, "C1")
        assert (shown.stands.state, shown.stands.held_fen, [one.verb for one in shown.stands.beside]) == (state, held_fen, [other])
        assert codes(shown.told) == ["voucher.claim_beside" if other == "send_back" else "voucher.claim_beside_fen"]
    if state == "accepted":
        voucher_claims.step(second, "C1", "pay", DAY, fen=held_fen)
        exchange(second, first)
        alike(first, second)
        assert voucher_claims.show(first, "C1").stands.paid_fen == held_fen


def test_both_submit_and_pay_one_claim_and_it_counts_once(seats: Seats) -> None:
    first, second = seats
    voucher_claims.draft(first, "C1", ["R1"])
    exchange(first, second)
    for ledger in seats:
        voucher_claims.step(ledger, "C1", "submit", DAY)
        voucher_claims.step(ledger, "C1", "accept", DAY, fen=162_00, document="鲁科字1号")
        voucher_claims.step(ledger, "C1", "pay", DAY, fen=162_00)
    exchange(first, second)
    alike(first, second)
    shown = voucher_claims.show(second, "C1")
    assert (shown.stands.state, shown.stands.paid_fen, shown.stands.held_fen) == ("paid", 162_00, 162_00)
    assert len(shown.steps) == 6
    assert [grant.amount_fen for grant in shown.grants] == [108_00]


def test_one_use_in_two_claims_is_told_at_both_counted_once_and_not_paid_twice(seats: Seats) -> None:
    first, second = seats
    submitted(first, "C1", "R1")
    submitted(second, "C2", "R1")
    exchange(first, second)
    alike(first, second)
    for ledger in seats:
        for number in ("C1", "C2"):
            told = voucher_claims.show(ledger, number).told
            assert codes(told) == ["voucher.claimed_twice"]
            assert dict(told[0].params)["claims"] == "C1、C2"
        assert sum(grant.amount_fen or 0 for grant in vouchers.year(ledger, 2025).grants if grant.use.number == "R1") == 108_00
    voucher_claims.step(first, "C1", "accept", DAY, fen=162_00, document="鲁科字1号")
    voucher_claims.step(second, "C2", "send_back", DAY, reason="重了")
    exchange(first, second)
    assert refused(voucher_claims.step, first, "C1", "pay", DAY, fen=162_00) == ["voucher.claim_contested"]
    assert refused(voucher_claims.step, second, "C2", "submit", DAY) == ["voucher.claim_contested"]
    voucher_claims.step(second, "C2", "withdraw", DAY, reason="另一台电脑已申报")
    exchange(second, first)
    voucher_claims.step(first, "C1", "pay", DAY, fen=162_00)
    exchange(first, second)
    alike(first, second)
    assert [stands.state for _, stands in voucher_claims.claims(second)] == ["paid", "withdrawn"]


def test_claims_of_two_seats_that_together_pass_the_cap_are_told(seats: Seats) -> None:
    """Each fits the yearly cap of what its seat knew of."""
    first, second = seats
    plan = parameter_sets.propose(first, "voucher.cap_fen", "150", date(2025, 1, 1), "鲁科字〔2026〕1号")
    parameter_sets.commit(first, plan, "新文件")
    for number in ("R1", "R2"):
        vouchers.mark(first, number, False)
    exchange(first, second)
    for number, ledger in (("R3", first), ("R4", second)):
        making.posted(ledger, number)
        vouchers.mark(ledger, number, True)
        papers(ledger, number)
        submitted(ledger, f"C-{number}", number)
        assert codes(voucher_claims.show(ledger, f"C-{number}").told) == []
    exchange(first, second)
    alike(first, second)
    for ledger in seats:
        assert sum(grant.amount_fen or 0 for grant in vouchers.year(ledger, 2025).grants) == 216_00
        assert [code for n in ("R3", "R4") for code in codes(voucher_claims.show(ledger, f"C-{n}").told)] == ["voucher.held_above_cap"]
    voucher_claims.step(first, "C-R3", "accept", DAY, fen=42_00, document="鲁科字1号")
    assert all(codes(voucher_claims.show(first, f"C-{n}").told) == [] for n in ("R3", "R4"))


# One number for two things


def test_two_claims_of_one_number_both_stand_after_one_takes_another(seats: Seats) -> None:
    first, second = seats
    submitted(first, "C1", "R1")
    submitted(second, "C1", "R2")
    exchange(first, second)
    assert {view.kind for view in sync_views.parked(second, "hub")} >= {"voucher_claim"}
    with second.read() as connection:
        (row,) = connection.exec_driver_sql("SELECT id FROM voucher_claim").all()
        assert voucher_renumbering.offered(connection, "voucher_claim", row[0], "C1") == "C1-2"
    assert refused(voucher_renumbering.claim, first, "C1", None, "换一个") == ["voucher.number_submitted"]
    assert refused(voucher_renumbering.claim, second, "C1", None, " ") == ["record.no_reason"]
    assert voucher_renumbering.claim(second, "C1", None, "与另一台电脑的编号重复") == "C1-2"
    exchange(second, first)
    alike(first, second)
    assert [(claim.number, stands.claimed_fen) for claim, stands in voucher_claims.claims(first)] == [("C1", 162_00), ("C1-2", 162_00)]


def test_two_uses_elsewhere_of_one_number_both_stand_after_one_takes_another(seats: Seats) -> None:
    first, second = seats
    voucher_outside.enter(first, elsewhere("W1"), OUTSIDE)
    voucher_outside.enter(second, elsewhere("W1", 70_00), OUTSIDE)
    exchange(first, second)
    assert {view.kind for view in sync_views.parked(second, "hub")} == {"outside_use"}
    assert refused(voucher_renumbering.outside, second, "W1", "R1", "换一个") == ["voucher.number_taken"]
    assert voucher_renumbering.outside(second, "W1", "W9", "与另一台电脑的编号重复") == "W9"
    exchange(second, first)
    alike(first, second)
    assert [(use.number, use.fee_fen) for use, _, _ in voucher_outside.every(first)] == [("W1", 100_00), ("W9", 70_00)]


def test_a_new_number_is_undone_until_it_is_sent(seats: Seats) -> None:
    first, _ = seats
    voucher_claims.draft(first, "C1", ["R1"])
    assert voucher_renumbering.claim(first, "C1", "C8", "写错了") == "C8"
    assert history.undo_last(first) is not None
    assert [claim.number for claim, _ in voucher_claims.claims(first)] == ["C1"]
    voucher_claims.draft(first, "C2", ["R2"])
    assert refused(voucher_renumbering.claim, first, "C1", "C2", "写错了") == ["voucher.claim_taken"]
