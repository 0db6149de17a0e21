"""Charges against the fee schedule in a real ledger: what is charged right is not listed, what is not is, with why and on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop.actions import explaining, instruments, integrity, integrity_answers, integrity_charges, records, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger.keys import new_key
from desktop.ledger.period import parse
from desktop.ledger.service_record import Posting
from desktop.reports import plain
from desktop.rules.figure import Figure
from desktop.store.facts import CUSTOMERS, POSTINGS, RECORDS
from desktop.store.records import posting_of
from tests.actions.making import INSIDE, enter, fee_version, posted

LAST = date(2025, 12, 31)
YEAR = parse("2025")


def seen(workspace: Workspace) -> dict[str, str]:
    (check,) = integrity.self_check(workspace, YEAR, LAST, ("off_schedule",)).checks
    assert check.figure.value == len(check.seen)
    return {one.number: one.detail for one in check.seen}


def posted_elsewhere(workspace: Workspace, number: str, like: str, fen: int, asset: str = "A1") -> None:
    """A posting as another seat's program may have made it: of the same line as that of ``like``, at its own amount."""
    enter(workspace, number, asset)
    with workspace.write("posted elsewhere", undoable=False) as operation:
        record = RECORDS.one(operation.connection, "number = ?", (number,))
        other = RECORDS.one(operation.connection, "number = ?", (like,))
        assert record is not None
        assert other is not None
        model = posting_of(operation.connection, other.id)
        assert isinstance(model, Posting)
        made = replace(
            model, id=new_key(confidential=record.confidential), record_id=record.id, record_number=number, customer_id=record.customer_id or "",
            minutes=record.minutes, ended_on=record.ended_at.date(), amount_fen=fen,
        )  # fmt: skip
        POSTINGS.insert(operation.connection, [made])
        operation.executemany("UPDATE service_record SET state = 'posted' WHERE id = ?", [(record.id,)])


def turn(workspace: Workspace, customer: str, *, internal: bool) -> None:
    with workspace.write("customer change") as operation:
        one = CUSTOMERS.one(operation.connection, "name = ?", (customer,))
        assert one is not None
        CUSTOMERS.update(operation.connection, [replace(one, internal=internal)])


def test_what_the_program_posts_is_by_the_schedule(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2", "A2")
    posted(small, "R3", "S1")
    posted(small, "R4", customer_name=INSIDE)
    assert seen(small) == {}


@pytest.mark.parametrize(("fen", "expected"), [(17_999, {"R2": "amount:17999:18000"}), (18_000, {}), (18_001, {"R2": "amount:18001:18000"})])
def test_a_fen_is_told(small: Workspace, fen: int, expected: dict[str, str]) -> None:
    posted(small, "R1")
    posted_elsewhere(small, "R2", "R1", fen)
    assert seen(small) == expected


def test_a_later_version_changes_nothing_of_what_came_before_it(small: Workspace) -> None:
    posted(small, "R1", day=date(2025, 5, 6))
    fee_version(small, "A1", date(2025, 5, 7), "测试", "小时", "60", "200")
    posted(small, "R2", day=date(2025, 5, 7))
    assert seen(small) == {}
    posted_elsewhere(small, "R3", "R2", 20_000)
    assert seen(small) == {"R3": "amount:20000:18000"}


def test_a_customer_that_changed_sides_is_told_and_what_is_taken_back_is_not(small: Workspace) -> None:
    posted(small, "R1", customer_name=INSIDE)
    turn(small, INSIDE, internal=False)
    assert seen(small) == {"R1": "customer_class:6000:18000"}
    records.reverse(small, "R1", "按校外重记")
    assert seen(small) == {}


def test_it_is_answered_explained_and_printed_without_what_is_confidential(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R3", "S1")
    posted_elsewhere(small, "R2", "R1", 16_200)
    posted_elsewhere(small, "R5", "R3", 8_100, "S1")
    assert set(seen(small)) == {"R2", "R5"}
    integrity_answers.answer(small, "off_schedule", "R2", "explained", "合同约定九折，见合同第 3 条")
    tree = explaining.explain(small, "integrity", "off_schedule:R2")
    told = {part.code: part.value for part in tree.inputs}
    assert (told["integrity.charged"], told["integrity.due"], told["integrity.schedule"]) == (16_200, 18_000, date(2025, 1, 1))
    assert told["integrity.saw"] == "应收 180.00 元，已收 162.00 元"
    due = next(part for part in tree.inputs if part.code == "integrity.due")
    assert any(isinstance(part, Figure) and part.code == "fee.unit_price" and part.value == 18_000 for part in due.walk())
    text = plain.text(reporting.content(small, "integrity", "2025"))
    rows = [" ".join(line.split()) for line in text.splitlines() if line.startswith("R2 ")]
    assert [row for row in rows if row.endswith("金额不同 | 162.00 | 180.00 | -18.00")], rows
    assert "R5" not in text
    assert "合同约定九折" in plain.text(reporting.content(small, "rectification", "2025"))


def test_a_set_without_a_schedule_on_the_day_is_told(small: Workspace) -> None:
    posted(small, "R1")
    instruments.add(small, replace(instruments.get(small, "A2"), id="", asset_number="A9", name="无标准"))
    posted_elsewhere(small, "R2", "R1", 100, "A9")
    assert seen(small) == {"R2": "no_schedule:100:"}
    tree = explaining.explain(small, "integrity", "off_schedule:R2")
    due = next(part for part in tree.inputs if part.code == "integrity.due")
    assert due.value is None, "unknown, not nothing"
    assert due.note


def test_many_are_read_in_portions(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity_charges, "_AT_ONCE", 2)
    posted(small, "R1")
    for n in range(2, 8):
        posted_elsewhere(small, f"R{n}", "R1", 18_000 + n)
    assert list(seen(small)) == [f"R{n}" for n in range(2, 8)]
