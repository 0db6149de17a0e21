"""The catalogue of other institutions: 30 000 invented instruments, paged without gaps, the same from the same seed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from network import seeding
from tests.network.rig import Seat, Service, instrument, uscc

# Changes only when the invented names do: whoever compares figures over the catalogue compares over the same one.
DIGEST_OF_SEED_1 = "1ebbc5f0588273e95c9a16eba28c7be13dca1137124a1ab4bc616e7192f24302"


def digest_of(entries: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(entries, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def walk(seat: Seat, limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor, more = "", True
    while more:
        page = seat.ask("GET", "/v1/catalogue", params={"cursor": cursor, "limit": limit}).json()
        found, cursor, more = found + page["items"], page["cursor"], page["more"]
    return found


def test_thirty_thousand_instruments_are_paged_without_gap_or_double(fresh: Service) -> None:
    with fresh.db.write() as connection:
        assert seeding.seed_catalogue(connection, seeding.N_INSTRUMENTS, 1) == 30_000
    home, away = (fresh.seat(fresh.institution(uscc(n), f"样本单位{n}")) for n in (1, 2))
    reported = instrument(name="别家上报的")
    away.send(reported)
    home.send(instrument(name="自己的"))
    found = walk(home, 1000)
    ids = [item["id"] for item in found]
    assert len(ids) == len(set(ids)) == 30_001
    assert ids == sorted(ids)
    names = {item["name"] for item in found}
    assert "别家上报的" in names
    assert "自己的" not in names
    seeded = [item for item in found if item["id"] != reported["id"]]
    assert digest_of(seeded) == DIGEST_OF_SEED_1


def test_another_seed_gives_another_catalogue_and_small_pages_the_same_one(fresh: Service) -> None:
    seat = fresh.seat(fresh.institution(uscc(1), "样本单位"))
    seen = []
    for seed in (1, 2, 1):
        with fresh.db.write() as connection:
            seeding.seed_catalogue(connection, 30, seed)
        seen.append(walk(seat, 7))
    assert seen[0] == seen[2] != seen[1]
    assert seen[0] == walk(seat, 1000)


def test_invented_instruments_are_whole(fresh: Service) -> None:
    entries = list(seeding.instruments(200, 3))
    for entry in entries:
        assert all(entry.values()), entry
        assert str(entry["class_code"])[2:] == "0000"
    assert len({entry["city"] for entry in entries}) > 10
