"""One number written in full-width signs at one seat and in plain ones at the other is one thing, as it is when a file is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop.actions import records, sync_same
from desktop.actions.workspace import Workspace
from desktop.formats.cell_codes import code, same_code
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.people import Technician
from desktop.store.facts import INSTRUMENTS, RECORDS, TECHNICIANS
from tests.actions.making import draft, sound
from tests.actions.two_seats import Seats, exchange, in_step, rows

KINDS = {"instrument": "asset_number", "technician": "staff_number", "service_record": "number"}


def enter(ledger: Workspace, instrument: str, staff: str, record: str) -> None:
    """As an older version, or another program, may have written them."""
    with ledger.read() as connection:
        made = records.settled(connection, draft(ledger, "R9"))
    with ledger.write("for tests") as operation:
        INSTRUMENTS.insert(operation.connection, [Instrument(new_key(), instrument, "扫描电镜", 50_000_000, True, False, date(2020, 1, 1))])
        TECHNICIANS.insert(operation.connection, [Technician(new_key(), staff, "赵四", "分析测试中心")])
        RECORDS.insert(operation.connection, [replace(made, id=new_key(), number=record)])


def numbers(ledger: Workspace) -> dict[str, list[str]]:
    return {kind: [row[0] for row in rows(ledger, f"SELECT {name} FROM {kind} ORDER BY id")] for kind, name in KINDS.items()}


WIDE, PLAIN = ("ＡＢ－１", "Ｔ　００９", "Ｒ９－１"), ("AB-1", "T 009", "R9-1")


@pytest.mark.parametrize(("here", "there"), [(PLAIN, WIDE), (WIDE, PLAIN)], ids=["wide at the second", "wide at the first"])
def test_wide_signs_make_no_other_number(seats: Seats, here: tuple[str, str, str], there: tuple[str, str, str]) -> None:
    first, second = seats
    before = numbers(first)
    enter(first, *here)
    enter(second, *there)
    exchange(first, second)
    exchange(first, second)
    assert in_step(first, second)
    assert numbers(first) == numbers(second)
    for kind, own in zip(KINDS, here, strict=True):
        assert sorted(numbers(first)[kind]) == sorted([*before[kind], own]), kind
    assert sound(first)
    assert sound(second)


def test_numbers_that_read_alike_and_are_two_things_stay_two(seats: Seats) -> None:
    first, second = seats
    enter(first, *PLAIN)
    enter(second, "ＡＢ－１", "Ｔ０１０", "Ｒ９－２")
    with second.write("for tests") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET name = '质谱仪' WHERE asset_number = 'ＡＢ－１'")
    exchange(first, second)
    assert {"AB-1", "ＡＢ－１"} <= set(numbers(second)["instrument"])


def test_without_folding_two_rows_of_one_number_are_stuck(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    first, second = seats
    monkeypatch.setattr(sync_same, "same_code", lambda text: text)
    enter(first, *PLAIN)
    enter(second, *WIDE)
    told = exchange(first, second)
    assert told.parked > 0
    assert {"AB-1", "ＡＢ－１"} <= set(numbers(second)["instrument"])


@pytest.mark.parametrize("text", ["ＡＢ－１", " AB-1 ", "AB—1", "Ａ　１", "A\u00a01", "甲－１"])
def test_a_number_is_compared_as_it_is_read_from_a_cell(text: str) -> None:
    read = code(text)
    assert same_code(text) == getattr(read, "value", read)
