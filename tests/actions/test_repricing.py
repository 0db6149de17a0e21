"""A year under other prices: the version really in force gives what was posted, and what is left out is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from desktop.actions import fees, institution, instruments, records, repricing
from desktop.actions.repricing import Asked, Repriced
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.ledger.problem import Cancelled, Refused
from desktop.rules import repricing as rules
from desktop.rules.charging import Usage
from tests.actions.explained import unexplained
from tests.actions.making import APPROVER, INSIDE, OFFICE, PINS, fee_version, posted, sound

YEAR = parse("2025")


def over(workspace: Workspace, asked: Asked, period: str = "2025") -> Repriced:
    return repricing.over(workspace, repricing.span(workspace, period), asked)


def by_set(found: Repriced) -> dict[str, tuple[int, int, int | None]]:
    return {one.instrument.asset_number: (one.tally.n, one.tally.fen, one.tally.difference_fen) for one in found.sets}


def of_practice(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """Asset number and version of everything that priced an external service."""
    sql = (
        "SELECT DISTINCT i.asset_number, p.schedule_id FROM posting p JOIN instrument i ON i.id = p.instrument_id "
        "WHERE p.external = 1 AND NOT i.confidential AND p.ended_on LIKE '2025%' ORDER BY 1, 2"
    )
    with workspace.read() as connection:
        yield from [(row[0], row[1]) for row in connection.exec_driver_sql(sql)]


def otherwise(workspace: Workspace) -> list[str]:
    """The services that are reckoned otherwise than they were posted, by the prices they were posted under."""
    found = over(workspace, Asked())
    faults = [f"{one.instrument.asset_number}: {one.tally.difference_fen}" for one in found.sets if one.tally.difference_fen]
    with workspace.read() as connection:
        standing = connection.exec_driver_sql(
            "SELECT count(*), sum(p.amount_fen) FROM posting p JOIN instrument i ON i.id = p.instrument_id WHERE p.external = 1 "
            "AND NOT p.confidential AND NOT i.confidential AND p.ended_on LIKE '2025%'"
        ).one()
    if (found.whole.n, found.whole.fen, found.whole.n_open) != (standing[0], standing[1], 0):
        faults.append(f"{standing} were posted, {found.whole} were counted")
    return faults


def test_the_version_really_in_force_gives_what_was_posted(practice: Workspace) -> None:
    records.post(practice)
    assert otherwise(practice) == []
    for asset, version in of_practice(practice):
        of_set = over(practice, Asked(asset, version)).whole
        assert (of_set.difference_fen or 0, of_set.n_open) == (0, 0), asset
        assert of_set.n


def of_every_kind(workspace: Workspace) -> None:
    """Services of A1 under fees with an urgent rate, a minimum, consumables and a band: each part of a use counts in one of them."""
    cells = {"测试": ("180", "加急1.5倍，耗材另计"), "议价测试": ("70–260", "")}
    read = {item: fees.read_row(fees.PriceRow("小时", {"external": price}, "", "", note)) for item, (price, note) in cells.items()}
    assert not any(one.to_confirm for one in read.values()), read
    lines = [fees.FeeLine("", "", n, item, one.terms, one.source_text) for n, (item, one) in enumerate(read.items())]
    key = fees.add_version(workspace, "A1", date(2025, 3, 1), person=OFFICE, pin=PINS[OFFICE], lines=lines)
    fees.approve(workspace, key, APPROVER, PINS[APPROVER])
    for number, more in (("R1", {"urgent": True}), ("R2", {"consumables_fen": 1_234}), ("R3", {"item": "议价测试", "agreed_price_fen": 20_000})):
        posted(workspace, number, minutes=100, **more)


def test_a_part_of_the_use_left_out_is_noticed(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The property above, on a broken reckoning."""
    of_every_kind(small)
    assert otherwise(small) == []
    sound_one = rules.reprice
    for gone in ({"urgent": False}, {"consumables_fen": 0}, {"agreed_price_fen": 20_001}, {"minutes": 99}):
        def broken(usage: Usage, line: fees.FeeLine, whose: str, change: Decimal = Decimal(0), gone: dict[str, Any] = gone) -> Any:
            return sound_one(replace(usage, **gone), line, whose, change)

        monkeypatch.setattr(rules, "reprice", broken)
        assert otherwise(small), gone


def test_another_version_a_day_and_a_draft(small: Workspace) -> None:
    posted(small, "R1", minutes=100)  # 300.00
    posted(small, "R2", "A2", quantity=Decimal(3))  # 99.00
    later = fee_version(small, "A1", date(2026, 1, 1), "测试", "小时", "60", "200.01")
    assert by_set(over(small, Asked("A1", later))) == {"A1": (1, 30_000, 3_335)}
    assert by_set(over(small, Asked(on=date(2026, 1, 1)))) == {"A1": (1, 30_000, 3_335), "A2": (1, 9_900, 0)}
    assert by_set(over(small, Asked(on=date(2025, 12, 31)))) == {"A1": (1, 30_000, 0), "A2": (1, 9_900, 0)}
    none = over(small, Asked(on=date(2024, 12, 31)))
    assert (none.whole.n_open, none.whole.open_fen, none.whole.difference_fen) == (2, 39_900, None)
    assert [(one.finding.code, one.n, one.fen) for one in none.reasons] == [("record.no_fee", 2, 39_900)]
    read = fees.read_line("小时", "60", "240")
    line = fees.FeeLine("", "", 0, "测试", read.terms, read.source_text)
    draft = fees.add_version(small, "A1", date(2026, 6, 1), person=OFFICE, pin=PINS[OFFICE], lines=[line])
    assert by_set(over(small, Asked("A1", draft))) == {"A1": (1, 30_000, 10_000)}
    assert by_set(over(small, Asked("A1", later, lines=(line,)))) == {"A1": (1, 30_000, 10_000)}
    assert sound(small)


def test_every_price_moved(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    posted(small, "R2", "A2", quantity=Decimal(3))
    found = over(small, Asked(change=Decimal("0.05")))
    assert by_set(found) == {"A1": (1, 30_000, 1_500), "A2": (1, 9_900, 495)}
    assert by_set(over(small, Asked("A2", change=Decimal("-0.1")))) == {"A2": (1, 9_900, -990)}
    assert repricing.basis_words(found) == "记账时各自所用的收费标准，所有价格 +5%"
    assert [repricing.moved_words(fen) for fen in (1_995, -990, 0, None)] == ["+19.95", "-9.90", "0.00", "未知"]


def test_only_standing_external_services_of_the_span_count(small: Workspace) -> None:
    """Half-open by the end of the service; what was reversed, is internal or confidential is not in it."""
    days = {"R1": date(2025, 6, 30), "R2": date(2025, 7, 1), "R3": date(2025, 7, 31), "R4": date(2025, 8, 1)}
    for number, day in days.items():
        posted(small, number, day=day)
    posted(small, "R5", day=date(2025, 7, 2), customer_name=INSIDE)
    posted(small, "R6", day=date(2025, 7, 3))
    records.reverse(small, "R6", "登错")
    posted(small, "R7", "S1", day=date(2025, 7, 4))
    for period, n in (("2025-07", 2), ("2025Q3", 3), ("2025Q2", 1), ("2025", 4), ("2024-2025", 4), ("2026", 0)):
        found = over(small, Asked(change=Decimal("0.1")), period)
        assert found.whole.n == n, period
        assert found.n_withheld == (period not in ("2025Q2", "2026")), period
    assert over(small, Asked()).whole.difference_fen == 0
    with pytest.raises(Refused, match="report.period"):
        over(small, Asked(), "2025-13")


def test_by_customer_and_why_not(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2", "A2", quantity=Decimal(2))
    posted(small, "R3", "A2", day=date(2025, 5, 7), quantity=Decimal(2))
    with small.read() as connection:
        line = fees.FeeLine("", "", 0, "别的项目", fees.read_line("样", "10", "40").terms)
        key = connection.exec_driver_sql("SELECT s.id FROM fee_schedule s JOIN instrument i ON i.id = s.instrument_id WHERE i.asset_number = 'A2'").scalar_one()
    found = over(small, Asked("A2", key, lines=(line,)))
    assert [(one.finding.code, one.n, one.fen) for one in found.reasons] == [("record.no_fee_item", 2, 13_200)]
    assert "别的项目" in repricing.said(found.reasons[0].finding)
    assert [(one.name, one.tally.n_open, one.tally.difference_fen) for one in found.customers] == [("鲁信检测有限公司", 2, None)]
    whole = over(small, Asked(change=Decimal("0.1")))
    assert [(one.name, one.tally.difference_fen) for one in whole.customers] == [("鲁信检测有限公司", 3_120)]
    assert whole.whole.difference_fen == sum(one.tally.difference_fen or 0 for one in whole.sets) == 3_120


def test_a_record_and_the_whole_are_explained(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    posted(small, "R2", "A2", quantity=Decimal(3))
    posted(small, "R3", customer_name=INSIDE, day=date(2025, 5, 9))
    later = fee_version(small, "A1", date(2026, 1, 1), "测试", "小时", "60", "200.01")
    asked = Asked("A1", later, change=Decimal("0.05"))
    tree = repricing.of_record(small, "R1", asked)
    assert (tree.value, tree.certainty) == (35_002 - 30_000, "C")
    told = {part.code: part.value for part in tree.walk()}
    assert (told["repricing.posted"], told["repricing.would"], told["fee.price_change"]) == (30_000, 35_002, Decimal("0.05"))
    open_one = repricing.of_record(small, "R2", Asked(on=date(2024, 1, 1)))
    assert open_one.value is None
    assert "没有可用的收费标准" in str({part.code: part.value for part in open_one.walk()}["repricing.why_not"])
    trees = [tree, open_one, *(over(small, each).figure for each in (asked, Asked(on=date(2024, 1, 1)), Asked(change=Decimal("0.1"))))]
    assert [fault for each in trees for fault in unexplained(small, each)] == []
    for number, wrong, code in (
        ("R3", Asked(), "repricing.no_service"), ("R9", Asked(), "repricing.no_service"), ("R2", asked, "fee.other_instrument"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            repricing.of_record(small, number, wrong)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked("A9"), "instrument.unknown"), (Asked(version="x"), "repricing.version_without_set"), (Asked("A1", "x"), "fee.unknown_version"),
        (Asked(change=Decimal(-1)), "repricing.change"), (Asked(change=Decimal("10.01")), "repricing.change"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(small: Workspace, asked: Asked, code: str) -> None:
    with pytest.raises(Refused) as refused:
        over(small, asked)
    assert refused.value.code == code


def test_a_version_of_another_set_is_refused(small: Workspace) -> None:
    key = fees.versions(small, "A2")[0].schedule.id
    with pytest.raises(Refused) as refused:
        over(small, Asked("A1", key))
    assert refused.value.code == "repricing.other_version"


def test_nothing_is_written_and_it_can_be_stopped(small: Workspace) -> None:
    posted(small, "R1")

    class Stopping:
        def report(self, done: int, total: int, note_code: str = "") -> None: ...
        def cancelled(self) -> bool:
            return True

        def check(self) -> None:
            raise Cancelled

    def state() -> str:
        with small.read() as connection:
            return json.dumps([list(row) for row in connection.exec_driver_sql("SELECT max(seq), count(*) FROM operation")])

    before = state()
    over(small, Asked(change=Decimal("0.1")))
    with pytest.raises(Cancelled):
        repricing.over(small, YEAR, Asked(), Stopping())
    assert state() == before
    assert institution.get(small).name
    assert instruments.get(small, "A1").asset_number == "A1"
