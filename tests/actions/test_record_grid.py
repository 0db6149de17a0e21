"""Rows pasted from a spreadsheet: read by the import's rules, found wanting cell by cell, stored together or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.actions import history, record_entry, record_grid, record_list, record_views, records
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.store.facts import RECORDS
from desktop.store.records import by_numbers
from tests.actions import making

GOOD = {
    "number": "N1", "asset_number": "A1", "customer_name": making.OUTSIDE, "started_at": "2025-11-03 09:00", "ended_at": "2025-11-03 10:40",
    "item": "测试", "operator_name": "张一", "contract": "HT-1",
}  # fmt: skip

KEY = "0198c5a0-0000-7000-8000-000000000070"


def row(**changed: str) -> dict[str, str]:
    return {**GOOD, **changed}


def codes(checked: record_grid.Checked, field: str) -> set[str]:
    return {one.code for one in checked.findings if one.field == field}


def test_a_header_row_decides_the_columns_whatever_their_order() -> None:
    told = record_grid.paste("使用单位\t编号\t仪器编号\t不认识的列\n本校\tN1\tA1\tx\n\n本校\tN2\tA1\ty\n")
    assert told == [
        {"customer_name": "本校", "number": "N1", "asset_number": "A1"},
        {"customer_name": "本校", "number": "N2", "asset_number": "A1"},
    ]


def test_without_a_header_the_columns_follow_the_grid() -> None:
    assert record_grid.paste("N1\tA1\t本校")[0] == {"number": "N1", "asset_number": "A1", "customer_name": "本校"}


def test_quoted_cells_keep_their_line_ends_and_quotes() -> None:
    told = record_grid.paste('编号\t仪器编号\t使用单位\t备注\nN1\tA1\t本校\t"两行\n说""明"""\n')
    assert told[0]["note"] == '两行\n说"明"'


def test_five_hundred_rows_are_the_most() -> None:
    assert len(record_grid.paste("\n".join(f"N{n}\tA1" for n in range(500)))) == 500
    with pytest.raises(Refused, match=r"record\.too_many_rows"):
        record_grid.paste("\n".join(f"N{n}\tA1" for n in range(501)))


def test_a_sound_row_shows_what_it_would_cost(small: Workspace) -> None:
    (checked,) = record_grid.check(small, [row()])
    assert checked.amount_fen == 30_000  # 100 minutes at 180.00 an hour
    assert not checked.findings


def test_findings_stand_at_their_cells(small: Workspace) -> None:
    cells = [
        row(number=""),
        row(number="N2", asset_number="ZZ"),
        row(number="N3", started_at="下午"),
        row(number="N4", ended_at="2025-11-03 08:00"),
        row(number="N5", customer_name="没登记的公司", started_at="2025-11-04 09:00", ended_at="2025-11-04 10:00"),
        row(number="N6", contract="", started_at="2025-11-05 09:00", ended_at="2025-11-05 10:00"),
    ]
    blank, unknown, unread, backwards, customer, contract = record_grid.check(small, cells)
    assert codes(blank, "number") == {"import.blank"}
    assert codes(unknown, "asset_number") == {"ledger_import.unknown_instrument"}
    assert codes(unread, "started_at") == {"import.moment_unreadable"}
    assert codes(backwards, "ended_at") == {"import.end_not_after_start"}
    assert not any(one.storable for one in (blank, unknown, unread, backwards))
    assert codes(customer, "customer_name") == {"record.unknown_customer"}
    assert codes(contract, "contract") == {"record.no_contract"}
    assert customer.storable
    assert contract.storable


def test_rows_that_clash_with_each_other_or_with_the_ledger_say_so(small: Workspace) -> None:
    records.add(small, making.draft(small, "R1"))  # 6 May, from 2:00
    cells = [
        row(number="N1"),
        row(number="N2", started_at="2025-11-03 10:00", ended_at="2025-11-03 11:00"),
        row(number="N3", started_at="2025-05-06 02:30", ended_at="2025-05-06 03:30"),
        row(number="N4", started_at="2025-11-03 11:00", ended_at="2025-11-03 12:00"),
        row(number="R1", started_at="2025-12-01 09:00", ended_at="2025-12-01 10:00"),
    ]
    one, other, with_stored, touching, taken = record_grid.check(small, cells)
    for checked, named in ((one, "N2"), (other, "N1"), (with_stored, "R1")):
        (clash,) = [each for each in checked.findings if each.code == "record.overlap"]
        assert dict(clash.params)["others"] == named
    assert not touching.findings
    assert codes(taken, "number") == {"record.taken"}
    assert not taken.storable


def test_good_rows_are_stored_in_one_operation_and_taken_back_in_one(small: Workspace) -> None:
    before = making.rows_of(small)
    cells = [
        row(),
        row(number="N2", asset_number="ZZ"),
        row(number="N3", started_at="2025-12-03 09:00", ended_at="2025-12-03 10:00"),
    ]
    changes, good = record_grid.commit(small, cells)
    assert good == [0, 2]
    assert [record_list.found(small, record_list.keys_of(small, [number]))[0].number for number in ("N1", "N3")] == ["N1", "N3"]
    assert history.latest(small, 1)[0].seq == changes.operation
    history.undo_last(small)
    assert making.rows_of(small) == before


def test_nothing_storable_writes_nothing(small: Workspace) -> None:
    before = making.everything(small)
    assert record_grid.commit(small, [row(asset_number="ZZ")])[1] == []
    assert making.everything(small) == before


@pytest.mark.parametrize(
    ("last", "following"), [("R000099", "R000100"), ("A-7b", "A-8b"), ("9", "10"), ("测试", "测试-1"), ("2025-099", "2025-100")]
)
def test_numbers_are_counted_on(last: str, following: str) -> None:
    assert record_entry.counted_on(last) == following


def test_the_next_number_is_free(small: Workspace) -> None:
    assert record_entry.next_number(small) == "1"
    for number in ("R9", "R10"):
        records.add(small, making.draft(small, number))
    assert record_entry.next_number(small) == "R11"
    assert record_entry.next_number(small, "R8") == "R11"


def test_a_seat_counts_on_its_own_numbers_after_a_sync(small: Workspace) -> None:
    """What another seat entered with numbers of its own came later: neither the next number nor "repeat last" goes on from it."""
    records.add(small, making.draft(small, "R9"))
    with small.read() as connection:
        (own,) = by_numbers(connection, ["R9"]).values()
    with small.write("sync", undoable=False) as operation:
        RECORDS.insert(operation.connection, [replace(own, id=KEY, number="B-70")])
    assert record_entry.next_number(small) == "R10"
    last = record_entry.last(small)
    assert last is not None
    assert last.number == "R9"
    records.remove(small, ["R9"])
    assert record_entry.next_number(small) == "B-71"


def test_filling_many_is_one_operation_and_all_or_nothing(small: Workspace) -> None:
    for number in ("R1", "R2"):
        records.add(small, making.draft(small, number, operator_name="", contract=""))
    assert {found.code for _, found in records.problems(small)} == {"record.no_operator", "record.no_contract"}
    with pytest.raises(Refused, match=r"record\.no_such_operator"):
        record_views.fill(small, ["R1", "R2"], operator="没有的人")
    record_views.fill(small, ["R1", "R2"], operator="T002", contract="HT-9")
    assert not records.problems(small)
    assert {records.get(small, number).operator_name for number in ("R1", "R2")} == {"李二"}
    history.undo_last(small)
    assert len(records.problems(small)) == 4


def test_the_preview_of_posting_is_what_posting_does(small: Workspace) -> None:
    for number, changed in (("R1", {}), ("R2", {"contract": ""}), ("R3", {})):
        records.add(small, making.draft(small, number, **changed))
    preview = record_views.would_post(small, None, making.MAY)
    done = records.post(small, to=making.MAY)
    assert (
        (preview.n_posted, preview.amount_fen, preview.n_refused)
        == (done.posted, done.amount_fen, len(done.refused))
        == (2, 36_000, 1)
    )
