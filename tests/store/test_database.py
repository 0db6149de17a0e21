"""The two ways in, and what the database refuses by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.ledger.customer import Customer
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Problem, Refused
from desktop.ledger.service_record import Posting, ServiceRecord
from desktop.store import triggers
from desktop.store.connect import connect, raw
from desktop.store.create import create, ddl
from desktop.store.database import Database
from desktop.store.facts import CUSTOMERS, INSTRUMENTS, POSTINGS, RECORDS
from desktop.store.verify import verify

KEY = bytes(range(32))


def instrument(number: str = "A1") -> Instrument:
    return Instrument(new_key(), number, "扫描电镜", 29_850_000, True, False, date(2020, 11, 7), yearly_hours=Decimal("376.5"))


def record(of: Instrument, customer: Customer, number: str = "R1") -> ServiceRecord:
    return ServiceRecord(
        new_key(), number, of.id, customer.id, customer.name, datetime(2025, 5, 6, 9), datetime(2025, 5, 6, 10, 40), 100, "成像"
    )


def posting(of: ServiceRecord, schedule: str, line: str, fen: int = 30_000) -> Posting:
    return Posting(
        new_key(), of.id, of.number, of.instrument_id, None, of.customer_id or "", schedule, line, "external", True, False,
        Decimal("100"), "minutes", 18_000, fen, 100, "100 分钟 × 180.00 元/小时", date(2025, 5, 6), "2025-05", date(2025, 5, 7),
    )  # fmt: skip


def fees(database: Database, of: Instrument, start: str = "2025-01-01", end: str | None = None) -> tuple[str, str]:
    schedule, line = new_key(), new_key()
    with database.write("fee import", who="t") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO fee_schedule (id, instrument_id, from_on, to_on, state) VALUES (?, ?, ?, ?, 'published')",
            (schedule, of.id, start, end),
        )
        operation.connection.exec_driver_sql(
            "INSERT INTO fee_line (id, schedule_id, position, item) VALUES (?, ?, 0, '成像')", (line, schedule)
        )
    return schedule, line


def posted(database: Database) -> tuple[ServiceRecord, Posting]:
    tool, customer = instrument(), Customer(new_key(), "某单位", False)
    with database.write("import", who="t") as operation:
        INSTRUMENTS.insert(operation.connection, [tool])
        CUSTOMERS.insert(operation.connection, [customer])
    schedule, line = fees(database, tool)
    done = record(tool, customer)
    money = posting(done, schedule, line)
    with database.write("record post", who="t", undoable=False) as operation:
        RECORDS.insert(operation.connection, [done])
        POSTINGS.insert(operation.connection, [money])
        RECORDS.update(operation.connection, [replace(done, state="posted")])
    return done, money


def test_a_fact_comes_back_as_it_was_written(database: Database) -> None:
    tool = instrument()
    with database.write("import instruments", who="t") as operation:
        INSTRUMENTS.insert(operation.connection, [tool])
    assert operation.changes.kinds == {"instrument"}
    with database.read() as connection:
        assert INSTRUMENTS.find(connection) == [tool]


def test_the_file_is_encrypted_and_a_wrong_key_reads_nothing(database: Database, path: Path) -> None:
    with database.write("import", who="t") as operation:
        INSTRUMENTS.insert(operation.connection, [instrument("SECRET-ASSET-1")])
    database.close()
    content = path.read_bytes()
    assert b"SECRET-ASSET-1" not in content
    assert not content.startswith(b"SQLite format 3")
    with pytest.raises(Exception, match="not a database"):
        connect(path, bytes(32), readonly=True)


def test_a_write_outside_an_operation_is_refused_for_every_journalled_table(path: Path) -> None:
    connection = connect(path, KEY, readonly=False)
    connection.execute("PRAGMA foreign_keys=0")
    for table in triggers.journalled():
        columns = {c.name: "0" if str(c.type) == "INTEGER" else "'x'" for c in table.columns if not c.nullable}
        sql = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"
        with pytest.raises(Exception, match="journal.operation|CHECK|mirrors|begins prepared|a purchase|belongs to a row"):
            connection.execute(sql)
        assert connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (0,)
    connection.close()


def test_the_reader_cannot_write(database: Database) -> None:
    with pytest.raises(Problem, match="store.readonly"), database.read() as connection:
        connection.exec_driver_sql("INSERT INTO setting VALUES ('a', 'b')")


def test_a_failed_operation_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write("import", who="t") as operation:
            INSTRUMENTS.insert(operation.connection, [instrument()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as connection:
        assert INSTRUMENTS.find(connection) == []
        assert verify(connection).n_operations == 0


def test_an_operation_that_changes_nothing_leaves_no_leaf(database: Database) -> None:
    with database.write("import", who="t") as operation:
        pass
    assert not operation.changes
    assert operation.changes.operation == 0


def test_money_facts_refuse_change_and_deletion(database: Database) -> None:
    _, money = posted(database)
    for sql in ("UPDATE posting SET amount_fen = 1 WHERE id = ?", "DELETE FROM posting WHERE id = ?"):
        with (
            pytest.raises(Refused if "record" in sql else Problem, match="store.fact"),
            database.write("cheat", who="t") as operation,
        ):
            operation.connection.exec_driver_sql(sql, (money.id,))


def test_a_posted_record_never_changes_but_can_be_marked_reversed(database: Database) -> None:
    done, money = posted(database)
    with pytest.raises(Refused, match="record.posted"), database.write("cheat", who="t") as operation:
        operation.connection.exec_driver_sql(
            "UPDATE service_record SET minutes = 50, state = 'reversed' WHERE id = ?", (done.id,)
        )
    with pytest.raises(Refused, match="record.posted"), database.write("cheat", who="t") as operation:
        operation.connection.exec_driver_sql("UPDATE service_record SET state = 'draft' WHERE id = ?", (done.id,))
    mirror = replace(money, id=new_key(), amount_fen=-money.amount_fen, minutes=-money.minutes, reverses=money.id)
    with database.write("record reverse", who="t", undoable=False) as operation:
        POSTINGS.insert(operation.connection, [mirror])
        operation.connection.exec_driver_sql("UPDATE service_record SET state = 'reversed' WHERE id = ?", (done.id,))
    with database.read() as connection:
        assert verify(connection).ok


@pytest.mark.parametrize("fen", [-29_999, -30_001, 30_000])
def test_a_reversal_of_another_amount_is_refused(database: Database, fen: int) -> None:
    _, money = posted(database)
    wrong = replace(money, id=new_key(), amount_fen=fen, minutes=-100, reverses=money.id)
    with pytest.raises(Problem), database.write("record reverse", who="t") as operation:
        POSTINGS.insert(operation.connection, [wrong])


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        (("2025-01-01", "2025-07-01"), ("2025-07-01", None), True),
        (("2025-01-01", "2025-07-01"), ("2025-06-30", None), False),
        (("2025-01-01", None), ("2026-01-01", None), False),
        (("2025-01-01", None), ("2024-01-01", "2025-01-01"), True),
        (("2025-01-01", None), ("2024-01-01", "2025-01-02"), False),
    ],
)
def test_fee_versions_cannot_overlap(
    database: Database, first: tuple[str, str | None], second: tuple[str, str | None], fits: bool
) -> None:
    tool = instrument()
    with database.write("import", who="t") as operation:
        INSTRUMENTS.insert(operation.connection, [tool])
    fees(database, tool, *first)
    if fits:
        fees(database, tool, *second)
    else:
        with pytest.raises(Refused, match="fee.overlap"):
            fees(database, tool, *second)


def test_a_used_fee_line_and_version_keep_their_price(database: Database) -> None:
    _, money = posted(database)
    for sql, code in (
        ("UPDATE fee_line SET terms = '{\"a\":1}' WHERE id = ?", "fee.used"),
        ("UPDATE fee_schedule SET from_on = '2024-01-01' WHERE id = ?", "fee.used"),
        ("UPDATE fee_schedule SET to_on = '2025-05-06' WHERE id = ?", "fee.used"),
    ):
        key = money.line_id if "fee_line" in sql else money.schedule_id
        with pytest.raises(Refused, match=code), database.write("cheat", who="t") as operation:
            operation.connection.exec_driver_sql(sql, (key,))
    with database.write("fee version end", who="t") as operation:
        operation.connection.exec_driver_sql("UPDATE fee_schedule SET to_on = '2025-05-07' WHERE id = ?", (money.schedule_id,))
    assert operation.changes


def test_nothing_that_money_refers_to_can_be_deleted(database: Database) -> None:
    done, money = posted(database)
    for kind, key in (("instrument", done.instrument_id), ("customer", money.customer_id), ("fee_schedule", money.schedule_id)):
        with pytest.raises((Problem, Refused)), database.write("cheat", who="t") as operation:
            operation.connection.exec_driver_sql(f"DELETE FROM {kind} WHERE id = ?", (key,))


def test_schema_equals_migrations(path: Path, tmp_path: Path) -> None:
    """A ledger made at once and one brought up by the steps are the same; run scripts/freeze-schema after a new step."""
    from desktop.store.connect import APPLICATION_ID
    from desktop.store.migrations import upgrade

    stepped = tmp_path / "stepped.db"
    made = raw(stepped, KEY)
    made.execute("PRAGMA journal_mode=WAL")
    made.execute(f"PRAGMA application_id={APPLICATION_ID}")
    made.execute("CREATE TABLE alembic_version (version_num TEXT NOT NULL PRIMARY KEY) STRICT")
    made.close()
    upgrade(stepped, KEY)

    def schema(file: Path) -> list[tuple[str, str]]:
        connection = raw(file, KEY)
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.close()
        return [*rows, version]

    assert schema(stepped) == schema(path)


def test_a_newer_file_is_refused(path: Path) -> None:
    from desktop.store.migrations import upgrade

    connection = raw(path, KEY)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(Problem, match="store.other_revision"):
        upgrade(path, KEY)


def test_making_a_ledger_never_overwrites(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(Problem, match="store.exists"):
        create(path, KEY)
    assert path.read_bytes() == before


def test_every_journalled_table_has_its_triggers() -> None:
    text = "\n".join(ddl())
    for table in triggers.journalled():
        for verb in ("insert", "update", "delete"):
            assert f"journal_{table.name}_{verb} " in text or f"fact_{table.name}_{verb} " in text


def test_the_program_knows_the_schema_it_makes(path: Path) -> None:
    """Run scripts/freeze-schema when this fails: until then new ledgers would not open."""
    from desktop.store import fingerprint

    assert fingerprint.of(ddl()) == fingerprint.SCHEMA
    connection = raw(path, KEY)
    fingerprint.check(connection.execute)
    connection.close()
    assert fingerprint.of([*ddl(), "CREATE INDEX ix_one_more ON instrument (name)"]) != fingerprint.SCHEMA
    assert fingerprint.of([f"  {statement}\n" for statement in ddl()]) == fingerprint.SCHEMA, "layout is no difference"
