"""An instrument of another province: searched for first, what was found answered, then used and claimed; each wrong turn is refused in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from desktop.actions import evidence, history, library, voucher_claims, voucher_outside, vouchers
from desktop.actions.workspace import Workspace, today
from desktop.ledger.problem import Refused
from desktop.ledger.voucher import EVIDENCE
from desktop.ledger.voucher_rows import OutsideUse
from tests.actions import making
from tests.actions.making import INSIDE, OUTSIDE, refused
from tests.actions.test_purchases import keep
from tests.actions.test_vouchers import eligible, only
from tests.rules.voucher_making import assert_said, codes, found

DAY = date(2025, 5, 6)


def read(ledger: Workspace, *names: str) -> None:
    """The catalogue as read on 30 April 2025, with these sets."""
    keep(ledger, *({"id": f"N{n}", "name": name} for n, name in enumerate(names)))
    ledger.keep(library._READ_AT + "network", "2025-04-29T20:00:00+00:00")  # past midnight in Shanghai


def use(**more: object) -> OutsideUse:
    plain = OutsideUse("", "W1", "", "透射电镜", "某省某所", "江苏省", DAY, datetime(2025, 5, 7, 23, 59), 1000_00, through_network=True)
    return replace(plain, **more)  # type: ignore[arg-type]  # names of the fact


@pytest.fixture
def searched(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Searched on 1 May 2025, two sets found, one of them answered."""
    eligible(small)
    read(small, "透射电镜", "冷冻透射电镜", "离心机")
    monkeypatch.setattr(voucher_outside, "today", lambda: date(2025, 5, 1))
    voucher_outside.search(small, " 透射电镜 ")
    voucher_outside.answer(small, 1, [1], "停机检修", "省内没有可用的")
    return small


def test_a_search_keeps_what_it_found_and_when(searched: Workspace) -> None:
    (kept,) = voucher_outside.searches(searched)
    assert (kept.search.asked, kept.search.searched_on, kept.search.catalogue_on) == ("透射电镜", date(2025, 5, 1), date(2025, 4, 30))
    assert sorted(hit.name for hit in kept.hits) == ["冷冻透射电镜", "透射电镜"]
    assert [hit.why_not for hit in kept.hits] == ["停机检修", ""]
    read(searched, "别的仪器")
    assert voucher_outside.searches(searched) == [kept], "a newer catalogue changes nothing of it"


def test_every_set_found_is_answered_before_there_is_an_amount(searched: Workspace) -> None:
    voucher_outside.enter(searched, use(), OUTSIDE, 1)
    assert only(searched).amount_fen is None
    assert "voucher.hits_unanswered" in codes(only(searched).findings)
    voucher_outside.answer(searched, 1, [2], "不对外")
    grant = only(searched)
    assert grant.amount_fen == 600_00
    tree = vouchers.explain(searched, "W1")
    assert found(tree, "voucher.figure.n_hits").value == 2
    assert_said(tree, grant.findings)
    history.undo_last(searched)
    assert only(searched).amount_fen is None


def test_a_search_after_the_service_began_proves_nothing(searched: Workspace) -> None:
    voucher_outside.answer(searched, 1, [2], "不对外")
    voucher_outside.enter(searched, use(started_on=date(2025, 4, 30)), OUTSIDE, 1)
    assert only(searched).eligible is False
    assert "voucher.search_late" in codes(only(searched).findings)


def test_a_use_that_never_was_is_struck_out_with_a_reason_and_comes_back(searched: Workspace) -> None:
    voucher_outside.enter(searched, use(), OUTSIDE, 1)
    voucher_claims.paper(searched, "W1", "contract", given="HT-1")
    assert refused(voucher_outside.drop, searched, "W1", " ") == ["voucher.outside_drop_reason"]
    assert refused(voucher_outside.drop, searched, "W2", "登记错了") == ["voucher.no_outside_here"]
    voucher_outside.drop(searched, " W1 ", "登记错了")
    assert voucher_outside.every(searched) == []
    assert len(voucher_outside.searches(searched)) == 1
    with searched.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM voucher_paper").scalar() == 0
    assert making.sound(searched)
    history.undo_last(searched)
    assert [one.number for one, _, _ in voucher_outside.every(searched)] == ["W1"]
    with searched.read() as connection:
        assert connection.exec_driver_sql("SELECT number FROM voucher_paper").scalar() == "HT-1"


def test_a_use_with_a_claim_or_a_file_is_not_struck_out(searched: Workspace, tmp_path: Path) -> None:
    voucher_outside.answer(searched, 1, [2], "不对外")
    voucher_outside.enter(searched, use(), OUTSIDE, 1)
    path = tmp_path / "合同.pdf"
    path.write_text("%PDF- W1", "utf-8")
    file = evidence.add(searched, "outside_use", evidence.subject(searched, "outside_use", "W1"), path)[0]
    assert refused(voucher_outside.drop, searched, "W1", "登记错了") == ["voucher.outside_files"]
    evidence.remove(searched, file.id)
    for item in EVIDENCE:
        voucher_claims.paper(searched, "W1", item, given=f"{item}-1")
    voucher_claims.draft(searched, "C1", ["W1"])
    assert refused(voucher_outside.drop, searched, "W1", "登记错了") == ["voucher.outside_claimed"]
    assert [one.number for one, _, _ in voucher_outside.every(searched)] == ["W1"]


def test_what_a_claim_rests_on_stays(searched: Workspace) -> None:
    voucher_outside.answer(searched, 1, [2], "不对外")
    voucher_outside.enter(searched, use(), OUTSIDE, 1)
    for item in EVIDENCE:
        voucher_claims.paper(searched, "W1", item, given=f"{item}-1")
    voucher_claims.draft(searched, "C1", ["W1"])
    voucher_claims.step(searched, "C1", "submit", date(2025, 7, 1))
    assert refused(voucher_outside.enter, searched, use(fee_fen=2000_00), OUTSIDE, 1) == ["voucher.claim_holds"]
    assert refused(voucher_outside.answer, searched, 1, [2], "改口") == ["voucher.claim_holds"]
    voucher_claims.step(searched, "C1", "send_back", date(2025, 7, 2), reason="补正")
    voucher_outside.enter(searched, use(fee_fen=900_00), OUTSIDE, 1)
    ((entered, customer, place),) = voucher_outside.every(searched)
    assert (entered.fee_fen, customer, place) == (900_00, OUTSIDE, 1)


def test_a_use_that_is_not_over_is_not_claimed(searched: Workspace) -> None:
    """A record is posted once its service is over; a use elsewhere may be entered before."""
    voucher_outside.answer(searched, 1, [2], "不对外")
    voucher_outside.enter(searched, use(), OUTSIDE, 1)
    for item in EVIDENCE:
        voucher_claims.paper(searched, "W1", item, given=f"{item}-1")
    voucher_claims.draft(searched, "C1", ["W1"])
    assert refused(voucher_claims.step, searched, "C1", "submit", use().ended_at.date() - timedelta(days=1)) == ["voucher.use_running"]
    assert voucher_claims.show(searched, "C1").stands.state == "draft"
    voucher_claims.step(searched, "C1", "submit", use().ended_at.date())
    assert voucher_claims.show(searched, "C1").stands.state == "submitted"


def test_before_the_catalogue_was_read_a_search_is_refused(small: Workspace) -> None:
    assert refused(voucher_outside.search, small, "透射电镜") == ["voucher.search_no_catalogue"]
    assert refused(voucher_outside.search, small, "  ") == ["voucher.search_words"]
    read(small, *(f"电镜{n}" for n in range(voucher_outside.MOST_HITS + 1)))
    assert refused(voucher_outside.search, small, "电镜") == ["voucher.search_too_many"]
    assert voucher_outside.searches(small) == []


def test_a_search_that_found_nothing_needs_only_its_reason(small: Workspace) -> None:
    eligible(small)
    read(small, "离心机")
    voucher_outside.search(small, "同步辐射", "省内没有")
    begins = today()
    ended = datetime.combine(begins + timedelta(days=1), datetime.min.time())
    voucher_outside.enter(small, use(started_on=begins, ended_at=ended), OUTSIDE, 1)
    ((_, _, place),) = voucher_outside.every(small)
    assert place == 1
    assert "voucher.hits_unanswered" not in codes(only(small, ended.year).findings)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"number": " "}, "outside_empty"), ({"institution": ""}, "outside_empty"), ({"province": "山东省济南市"}, "outside_here"),
        ({"province": "某省"}, "outside_where"), ({"province": "昆山市"}, "outside_where"),
        ({"started_on": date(2025, 5, 8)}, "outside_span"), ({"fee_fen": -1}, "negative"), ({"excluded_fen": 1}, "excluded_needs_reason"),
        ({"number": "R1"}, "outside_taken"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_not_entered(searched: Workspace, more: dict[str, object], code: str) -> None:
    making.posted(searched, "R1")
    assert refused(voucher_outside.enter, searched, use(**more), OUTSIDE, 1) == [f"voucher.{code}"]
    assert voucher_outside.every(searched) == []


@pytest.mark.parametrize("province", ["江苏省", "江苏", "南京市", "北京", "内蒙古自治区"])
def test_another_province_is_known_by_its_name_or_by_a_city(searched: Workspace, province: str) -> None:
    voucher_outside.enter(searched, use(province=province), OUTSIDE, 1)
    assert [one.province for one, _, _ in voucher_outside.every(searched)] == [province]


def test_a_place_taken_for_elsewhere_because_nobody_can_read_it_would_be_seen(searched: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.rules.regions.in_text", lambda text: ("99", None))
    with pytest.raises(pytest.fail.Exception):
        test_what_makes_no_sense_is_not_entered(searched, {"province": "某省"}, "outside_where")


def test_unknown_names_and_places_are_refused(searched: Workspace) -> None:
    assert refused(voucher_outside.enter, searched, use(), "没有这家") == ["voucher.unknown_customer"]
    assert refused(voucher_outside.enter, searched, use(), INSIDE) == ["voucher.outside_internal"]
    for place in (0, 2):
        assert refused(voucher_outside.enter, searched, use(), OUTSIDE, place) == ["voucher.no_search_at"]
    assert refused(voucher_outside.answer, searched, 1, [3], "停机") == ["voucher.search_no_hit"]
    assert refused(voucher_outside.answer, searched, 1, [2]) == ["voucher.search_nothing_said"]
    with pytest.raises(Refused, match="search_nothing_said"):
        voucher_outside.answer(searched, 1, [], "停机")
