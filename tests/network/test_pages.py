"""Pages are bounded by bytes: however long the rows are, no page is longer than a client takes in, and none is empty."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy

from desktop.sync import wire
from desktop.sync.outcome import RemoteProblem
from network import library, pages, schema
from tests.network.rig import Seat, Service, instrument, new_id, uscc
from tests.sync import rig

LONG = dict.fromkeys(("technical", "functions", "service_content", "fee_text"), "长" * 20_000)
N_LONG = 40
N_ABOUT = 1_048_576
"""What a page may be over the bound: the envelope."""


def report(seat: Seat, *names: str) -> None:
    """Long rows, as many in a batch as it takes."""
    changes = [instrument(name=name, **LONG) for name in names]
    for n in range(0, len(changes), 4):
        assert all(result["status"] == "applied" for result in seat.send(*changes[n : n + 4]))


def walk(seat: Seat, route: str, limit: int = 1000) -> list[list[dict[str, Any]]]:
    """The pages of a list; no page is too long, and none but the only one is empty."""
    found = []
    cursor, more = "", True
    while more:
        reply = seat.ask("GET", route, params={"cursor": cursor, "limit": limit})
        told = reply.json()
        assert len(reply.content) <= 8 * 1_048_576 + N_ABOUT
        assert told["items"]
        assert len(told["items"]) <= limit
        found.append(told["items"])
        cursor, more = told["cursor"], told["more"]
    return found


def longs(fresh: Service, route: str) -> tuple[Seat, list[str]]:
    """A list of long rows at the service, who reads it, and what the rows are called."""
    names = [f"长{n:03}" for n in range(N_LONG)]
    home = fresh.institution(uscc(1), "齐鲁样本大学")
    seat = fresh.seat(home)
    if route == "/v1/changes":
        report(seat, *names)
    elif route == "/v1/notices":
        with fresh.db.write() as connection:
            for name in names:
                library.send_notice(connection, home, "circular", name, "长" * 80_000, "2026-01-15", None)
    else:
        half = N_LONG // 2
        report(fresh.seat(fresh.institution(uscc(2), "泉城样本仪器公司")), *names[:half])
        with fresh.db.write() as connection:
            entries = [{"id": new_id(), "institution_name": "外省单位", "name": name} | LONG for name in names[half:]]
            connection.execute(sqlalchemy.insert(schema.catalogue), [library.catalogue_row(entry) for entry in entries])
    return seat, names


def named(items: list[dict[str, Any]]) -> list[str]:
    return [str((item.get("body") or item).get("name") or item.get("title")) for item in items]


@pytest.mark.parametrize("route", ["/v1/changes", "/v1/catalogue", "/v1/notices"])
def test_a_page_of_long_rows_ends_by_bytes_without_gap_or_double(fresh: Service, monkeypatch: pytest.MonkeyPatch, route: str) -> None:
    seat, names = longs(fresh, route)
    found = walk(seat, route)
    assert len(found) == 2
    assert sorted(name for items in found for name in named(items)) == names
    assert {len(items) for items in walk(seat, route, 3)[:-1]} == {3}
    monkeypatch.setattr(pages, "N_BYTES", 1)
    assert [len(items) for items in walk(seat, route)] == [1] * N_LONG
    monkeypatch.setattr(pages, "N_BYTES", 1 << 40)
    with pytest.raises(AssertionError):
        walk(seat, route)


def test_the_bytes_of_a_page_do_not_part_two_rows_of_one_key_in_the_catalogue(fresh: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_id()
    for n in (2, 3):
        fresh.seat(fresh.institution(uscc(n), f"样本单位{n}")).send(instrument(id=key, name=f"同一键{n}"), instrument(name="别的"))
    monkeypatch.setattr(pages, "N_BYTES", 1)
    found = walk(fresh.seat(fresh.institution(uscc(1), "齐鲁样本大学")), "/v1/catalogue")
    assert sorted(len(items) for items in found) == [1, 1, 2]
    assert {item["institution_name"] for items in found if len(items) == 2 for item in items} == {"样本单位2", "样本单位3"}


def test_a_second_seat_takes_in_long_rows_that_no_single_page_could_bring(fresh: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_DECODED", 9 * 1_048_576)
    home = fresh.institution(uscc(1), "齐鲁样本大学")
    there: Any = SimpleNamespace(address=fresh.base)
    first, second, third = (rig.Seat(there) for _ in range(3))
    for seat in (first, second, third):
        seat.enrol(fresh.code(home))
    keys = {first.instrument(**LONG) for _ in range(N_LONG)}
    assert first.sync().in_sync
    taken = second.sync()
    assert (taken.received, taken.in_sync) == (N_LONG, True)
    assert keys == {key for _, key in second.memory.tables.rows}
    monkeypatch.setattr(pages, "N_BYTES", 1 << 40)
    with pytest.raises(RemoteProblem) as stopped:
        third.sync()
    assert stopped.value.code == "sync.not_service"
