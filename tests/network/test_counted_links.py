"""What is referred to is not deleted: how many links there are to a row is counted, and always as many as there are."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text

from network import database, migrations, schema
from network.standing import Standing
from tests.network.rig import Body, Seat, Service, create, delete, instrument, new_id, service_record, update, uscc

Key = tuple[str, str]


def stored(service: Service) -> tuple[dict[Key, int], dict[Key, int]]:
    """Links to each row as they are counted, and as they stand one by one."""
    link, count = schema.link.c, schema.referred.c
    with service.db.read() as connection:
        one_by_one = select(link.target_kind, link.target_id, func.count()).group_by(link.target_kind, link.target_id)
        told = {(row[0], row[1]): row[2] for row in connection.execute(one_by_one)}
        counted = {(row[0], row[1]): row[2] for row in connection.execute(select(count.kind, count.id, count.n)) if row[2]}
    return counted, told


def living(service: Service) -> tuple[set[Key], Counter[Key]]:
    """The rows that are not deleted, and how many of them name each instrument and customer in their bodies."""
    rows: set[Key] = set()
    named: Counter[Key] = Counter()
    with service.db.read() as connection:
        for row in connection.execute(select(schema.entity).where(schema.entity.c.deleted.is_(False))):
            rows.add((row.kind, row.id))
            body = json.loads(row.body)
            named.update((name.removesuffix("_id"), body[name]) for name in ("instrument_id", "customer_id") if body.get(name))
    return rows, named


class Walk:
    """Batches of changes drawn at random: rows made, moved to others, deleted, made again, several times within one batch."""

    def __init__(self, seat: Seat, seed: int) -> None:
        self.seat, self.draw = seat, random.Random(seed)
        self.standing: dict[str, tuple[Body, str]] = {}
        self.answers: Counter[str] = Counter()

    def step(self) -> None:
        sent: list[Body] = []
        now = dict(self.standing)
        for _ in range(self.draw.randrange(1, 9)):
            change = self._change(now)
            sent.append(change)
            # What a later change of the batch builds on; if this one is refused, that one is stale.
            now[change["id"]] = change, f"{int(now.get(change['id'], (None, '0.'))[1].partition('.')[0]) + 1}.{change['op_id']}"
        for change, result in zip(sent, self.seat.send(*sent), strict=True):
            self.answers[result["status"] if result["problem"] is None else result["problem"]["code"]] += 1
            if result["status"] == "applied":
                self.standing[change["id"]] = change, result["token"]

    def _change(self, now: dict[str, tuple[Body, str]]) -> Body:
        made: dict[str, list[Body]] = {"instrument": [], "customer": [], "service_record": []}
        for change, _ in now.values():
            if change["body"] is not None:
                made[change["kind"]].append(change)
        way = self.draw.randrange(10)
        if way == 0 or not made["instrument"]:
            return instrument(asset_number=new_id())
        if way == 1 or not made["customer"]:
            return create("customer", name=f"单位 {new_id()}")
        # Of those deleted too: a link to one of them is refused.
        owner, buyer = (self.draw.choice([key for key, (change, _) in now.items() if change["kind"] == kind]) for kind in ("instrument", "customer"))
        if way in (2, 3) or not made["service_record"]:
            return service_record(owner, customer_id=self.draw.choice((buyer, None)), number=new_id())
        kind = self.draw.choice(("service_record", "service_record", "instrument", "customer"))
        before, token = now[self.draw.choice(made[kind])["id"]]
        if way in (4, 5, 6):
            moved: dict[str, Any] = {"instrument_id": owner, "customer_id": buyer} if kind == "service_record" else {}
            return update(before, token, **moved)
        return delete(before, token)


def walked(service: Service, seed: int) -> Counter[str]:
    """Walk; after each batch the counts and the rows themselves must agree. What the batches were answered."""
    walk = Walk(service.seat(service.institution(uscc(1), "齐鲁样本大学")), seed)
    for _ in range(40):
        walk.step()
        counted, one_by_one = stored(service)
        rows, named = living(service)
        assert counted == one_by_one
        assert {place: n for place, n in named.items() if n} == one_by_one
        assert set(one_by_one) <= rows
    return walk.answers


@pytest.mark.parametrize("seed", range(3))
def test_links_are_counted_as_they_are(fresh: Service, seed: int) -> None:
    answers = walked(fresh, seed)
    assert all(answers[status] for status in ("applied", "link.held", "link.unknown")), answers


def _never_less(self: Standing, place: Key, numbers: dict[str, str], targets: dict[str, Key]) -> None:
    self.n_more.update(targets.values())
    self.links_of[place] = targets


def test_a_count_that_only_grows_is_caught(fresh: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Standing, "replace", _never_less)
    with pytest.raises(AssertionError):
        walked(fresh, 0)


def test_a_deletion_that_looks_at_no_count_is_caught(fresh: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Standing, "refers", lambda self, target: False)
    with pytest.raises(AssertionError):
        walked(fresh, 0)


def test_the_links_of_an_older_database_are_counted(new_database: Callable[[], str]) -> None:
    url = new_database()
    engine = database._engine(url)
    migrations.bring_up(engine, to="0004")
    home, owner, lonely = new_id(), new_id(), new_id()
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            for target in (owner, owner, lonely):
                row = f"'{home}', 'service_record', '{new_id()}', 'instrument_id', 'instrument', '{target}'"
                connection.execute(text(f"INSERT INTO link VALUES ({row})"))
    migrations.bring_up(engine)
    with engine.connect() as connection:
        counted = {row.id: row.n for row in connection.execute(select(schema.referred))}
        n_links = connection.execute(select(func.count()).select_from(schema.link)).scalar_one()
    engine.dispose()
    assert (counted, n_links) == ({owner: 2, lonely: 1}, 3)
