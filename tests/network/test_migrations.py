"""The database: made by its steps, a database of the first version brought up with all it holds, a newer one refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from network import database, migrations, schema
from network.database import Database
from tests.network.rig import Service, instrument, new_id, service_record, uscc

LONG = "长编号" * 120


def tables(url: str) -> list[object]:
    """What differs between the tables there are and those the program knows."""
    engine = database._engine(url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), schema.metadata)
    engine.dispose()
    return found


def first_version(url: str) -> None:
    """A database as the first version made it, before revisions were kept: no table of versions."""
    engine = database._engine(url)
    migrations.bring_up(engine, to="0001")
    institution, device = new_id(), new_id()
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            connection.execute(text("DROP TABLE alembic_version"))
            for statement in (
                "INSERT INTO service VALUES ('server_id', '0198c5a0-0000-4000-8000-0000000000f0'), ('epoch', '1768464000')",
                f"INSERT INTO institution VALUES ('{institution}', '{uscc(1)}', '旧单位', FALSE, 0, '2026-01-01')",
                f"INSERT INTO device VALUES ('{device}', '{institution}', '旧机', '2026-01-01', NULL)",
                f"INSERT INTO token VALUES ('spent', 'refresh', '{device}', 1, 7), ('kept', 'refresh', '{device}', 1, NULL)",
                f"INSERT INTO unique_key VALUES ('{institution}', 'instrument', 'asset_number', 'SB-1', '{new_id()}')",
                f"INSERT INTO unique_key VALUES ('{institution}', 'service_record', 'number', '{LONG}', '{new_id()}')",
            ):
                connection.execute(text(statement))
    engine.dispose()


def test_the_steps_make_the_tables_the_program_knows(new_database: Callable[[], str]) -> None:
    url = new_database()
    Database(url).close()
    assert tables(url) == []


def test_a_missing_step_would_be_seen(new_database: Callable[[], str]) -> None:
    url = new_database()
    engine = database._engine(url)
    migrations.bring_up(engine, to="0001")
    engine.dispose()
    assert tables(url) != []


def test_a_database_of_the_first_version_keeps_what_it_holds(new_database: Callable[[], str]) -> None:
    url = new_database()
    first_version(url)
    running = Service(url)
    try:
        assert tables(url) == []
        assert running.db.server_id == "0198c5a0-0000-4000-8000-0000000000f0"
        with running.db.read() as connection:
            home = str(connection.execute(text("SELECT id FROM institution")).scalar_one())
            numbers = set(connection.execute(text("SELECT value FROM unique_key")).scalars())
            tokens = connection.execute(text("SELECT digest, succeeded_at FROM token ORDER BY digest")).all()
        assert [tuple(row) for row in tokens] == [("kept", None), ("spent", 7)]
        assert "SB-1" in numbers
        assert LONG not in numbers
        seat, owner = running.seat(home), instrument(asset_number="SB-1")
        assert seat.headers["Yixiang-Epoch"] == "1768464000"
        taken = seat.send(owner, other := instrument(), service_record(other["id"], number=LONG))
        assert [result["problem"]["code"] if result["problem"] else None for result in taken] == ["key.taken", None, "key.taken"]
        assert len(seat.ask("GET", "/v1/capabilities").json()["keys"]) == 1
    finally:
        running.stop()


def test_services_that_found_the_same_empty_database_begin_it_once(new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each looked before any of them had written."""
    url, together = new_database(), threading.Barrier(4)
    looked = Database._known

    def known(self: Database) -> str | None:
        found = looked(self)
        together.wait(timeout=60)
        return found

    monkeypatch.setattr(Database, "_known", known)
    with ThreadPoolExecutor(4) as several:
        opened = [each.result() for each in [several.submit(Database, url) for _ in range(4)]]
    assert len({db.server_id for db in opened}) == 1
    with opened[0].read() as connection:
        assert connection.execute(text("SELECT count(*) FROM service_key")).scalar_one() == 1
    for db in opened:
        db.close()


def test_two_services_that_start_at_once_make_one_database(new_database: Callable[[], str]) -> None:
    url = new_database()
    opened: list[Database] = []
    failed: list[Exception] = []

    def start() -> None:
        try:
            opened.append(Database(url))
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len({db.server_id for db in opened}) == 1
    for db in opened:
        db.close()


def test_a_database_of_a_newer_version_is_refused(new_database: Callable[[], str]) -> None:
    url = new_database()
    Database(url).close()
    engine = database._engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(migrations.OtherRevision, match="9999"):
        Database(url)


@pytest.mark.parametrize("kind", ["posting", "receipt", "payout_line", "payout_share", "payout_cost", "month_event"])
def test_facts_are_kept_by_the_database_itself(fresh: Service, kind: str) -> None:
    home = fresh.institution(uscc(1), "齐鲁样本大学")
    with fresh.db.write() as connection:
        connection.execute(
            schema.entity.insert().values(
                institution_id=home, kind=kind, id=new_id(), revision=1, token="1.x", deleted=False, position=1
            )
        )
    for statement in ("UPDATE entity SET revision = 2", "DELETE FROM entity"):
        with pytest.raises(DatabaseError, match="append-only"), fresh.db.write() as connection:
            connection.execute(text(statement))


def test_text_is_compared_byte_for_byte_on_every_engine(fresh: Service) -> None:
    """The PostgreSQL of the tests sorts by Chinese rules; pages and digests are in the order of bytes all the same."""
    home = fresh.institution(uscc(1), "齐鲁样本大学")
    seat = fresh.seat(home)
    ids = ["0a000000-0000-4000-8000-00000000000" + last for last in "0a9f"]
    seat.send(*(instrument(id=key) for key in ids))
    with fresh.db.read() as connection:
        found = connection.execute(schema.entity.select().order_by(schema.entity.c.id)).all()
    assert [row.id for row in found] == sorted(ids)
