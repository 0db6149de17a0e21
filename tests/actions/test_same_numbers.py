"""One number written in full-width signs at one seat and in plain ones at the other is one thing, as it is when a file is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop.actions import pilot, records, sync_same
from desktop.actions.workspace import Workspace
from desktop.formats.cell_codes import code, same_code
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.people import Technician
from desktop.ledger.pilot import PilotPartner
from desktop.ledger.sensor import SensorBinding
from desktop.store.facts import INSTRUMENTS, RECORDS, TECHNICIANS
from desktop.store.pilot import PARTNERS
from desktop.store.sensors import BINDINGS
from tests.actions.making import draft, sound
from tests.actions.test_pilot_by_two_seats import BASE
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


def name_partner_and_sensor(ledger: Workspace, partner: str, sensor: str) -> None:
    with ledger.write("for tests") as operation:
        run = operation.connection.exec_driver_sql
        (base,) = run("SELECT id FROM pilot_base").one()
        (owner,) = run("SELECT id FROM instrument ORDER BY asset_number LIMIT 1").one()
        PARTNERS.insert(operation.connection, [PilotPartner(new_key(), base, partner, "company")])
        for day in (date(2025, 1, 1), date(2025, 5, 1)):
            BINDINGS.insert(operation.connection, [SensorBinding(new_key(), owner, sensor, day)])


@pytest.mark.parametrize("wide_at", ["first", "second"])
def test_a_partner_of_a_base_and_a_sensor_of_a_set_are_one_whatever_the_width(seats: Seats, wide_at: str) -> None:
    """The bindings of two days stay two: the day is compared as it is."""
    first, second = seats
    pilot.add_base(first, BASE)
    exchange(first, second)
    given = [("AB 公司", "CG-1"), ("ＡＢ　公司", "ＣＧ－１")]
    for ledger, one in zip(seats, reversed(given) if wide_at == "first" else given, strict=True):
        name_partner_and_sensor(ledger, *one)
    exchange(first, second)
    told = exchange(first, second)
    assert (told.parked, told.conflicts) == (0, 0)
    assert in_step(first, second)
    for sql, n in (("SELECT name FROM pilot_partner", 1), ("SELECT sensor, from_on FROM sensor_binding ORDER BY from_on", 2)):
        assert rows(first, sql) == rows(second, sql)
        assert len(rows(first, sql)) == n


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
