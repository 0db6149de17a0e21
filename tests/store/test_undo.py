"""Undo takes an operation back exactly, over random walks; the verifier finds every kind of tampering."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Problem, Refused
from desktop.store import backup, undo
from desktop.store.connect import raw
from desktop.store.database import Connection, Database
from desktop.store.facts import INSTRUMENTS
from desktop.store.verify import verify

KEY = bytes(range(32))


def contents(connection: Connection) -> list[Instrument]:
    return INSTRUMENTS.find(connection, order="id")


def step(database: Database, rng: random.Random) -> int:
    with database.read() as connection:
        have = contents(connection)
    with database.write("edit", who="t") as operation:
        for _ in range(rng.randint(1, 4)):
            choice = rng.random()
            if choice < 0.5 or not have:
                INSTRUMENTS.insert(operation.connection, [Instrument(new_key(), f"A{rng.random()}", "新")])
            elif choice < 0.8:
                INSTRUMENTS.update(
                    operation.connection, [replace(rng.choice(have), name=f"改{rng.random()}", value_fen=rng.randint(0, 10**9))]
                )
            else:
                gone = have.pop(rng.randrange(len(have)))
                INSTRUMENTS.delete(operation.connection, [gone.id])
    return operation.changes.operation


@pytest.mark.parametrize("seed", range(4))
def test_undo_of_do_is_identity_over_a_random_walk(database: Database, seed: int) -> None:
    rng = random.Random(seed)
    states = []
    for _ in range(25):
        with database.read() as connection:
            before = contents(connection)
        seq = step(database, rng)
        if seq:
            states.append((seq, before))
    for seq, before in reversed(states):
        with database.write("undo", who="t", undoes=seq) as operation:
            undo.take_back(operation, seq)
        with database.read() as connection:
            assert contents(connection) == before
    with database.read() as connection:
        assert verify(connection).ok
        assert contents(connection) == []


def test_redo_brings_back_what_was_undone(database: Database) -> None:
    tool = Instrument(new_key(), "A1", "电镜")
    with database.write("import", who="t") as first:
        INSTRUMENTS.insert(first.connection, [tool])
    with database.write("undo", who="t", undoes=first.seq) as second:
        undo.take_back(second, first.seq)
    with database.read() as connection:
        again = undo.next_redo(connection)
    assert again is not None
    assert again.seq == second.seq
    with database.write("redo", who="t", undoes=again.seq) as third:
        undo.take_back(third, again.seq)
    with database.read() as connection:
        assert contents(connection) == [tool]


def test_undo_is_refused_when_the_rows_changed_since(database: Database) -> None:
    tool = Instrument(new_key(), "A1", "电镜")
    with database.write("import", who="t") as first:
        INSTRUMENTS.insert(first.connection, [tool])
    with database.write("edit", who="t") as second:
        INSTRUMENTS.update(second.connection, [replace(tool, name="改名")])
    with pytest.raises(Refused, match="undo.changed_since"), database.write("undo", who="t", undoes=first.seq) as third:
        undo.take_back(third, first.seq)
    with database.read() as connection:
        assert contents(connection)[0].name == "改名"


def test_a_final_operation_is_not_offered_and_not_undone(database: Database) -> None:
    with database.write("record post", who="t", undoable=False) as operation:
        INSTRUMENTS.insert(operation.connection, [Instrument(new_key(), "A1", "电镜")])
    with database.read() as connection:
        assert undo.next_undo(connection) is None
    with pytest.raises(Refused, match="undo.final"), database.write("undo", who="t", undoes=1) as second:
        undo.take_back(second, 1)


TAMPERED = {
    "a changed value": ("UPDATE instrument SET value_fen = 1", "verify.row_changed"),
    "a removed row": ("DELETE FROM instrument WHERE asset_number = 'A0'", "verify.row_gone"),
    "an added row": ("INSERT INTO instrument (id, asset_number) VALUES ('x', 'X')", "verify.row_unknown"),
    "a changed author": ("UPDATE operation SET who = 'someone else'", "verify.leaf"),
    "a removed operation": ("DELETE FROM operation WHERE seq = 1", "verify.gap"),
    "a changed old image": ("UPDATE journal SET old = '{}' WHERE verb = 'update'", "verify.leaf"),
    "a changed digest": ("UPDATE journal_after SET digest = 'f'", "verify.leaf"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_shows(database: Database, path: Path, how: str) -> None:
    sql, code = TAMPERED[how]
    tools = [Instrument(new_key(), f"A{n}", "电镜", 100) for n in range(3)]
    with database.write("import", who="t") as operation:
        INSTRUMENTS.insert(operation.connection, tools)
    with database.write("edit", who="t") as operation:
        INSTRUMENTS.update(operation.connection, [replace(tools[1], name="改")])
    with database.read() as connection:
        assert verify(connection).ok
    database.close()
    outside = raw(path, KEY)
    names = [row[0] for row in outside.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    kept = [row[0] for row in outside.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
    for name in names:
        outside.execute(f"DROP TRIGGER {name}")
    outside.execute(sql)
    for statement in kept:
        outside.execute(statement)
    outside.close()
    with database.read() as connection:
        assert code in {finding.code for finding in verify(connection).findings}


def test_a_dropped_protection_shows(database: Database, path: Path) -> None:
    database.close()
    outside = raw(path, KEY)
    outside.execute("DROP TRIGGER fact_posting_update")
    outside.close()
    with database.read() as connection:
        assert [f.code for f in verify(connection).findings] == ["verify.trigger"]


def test_a_backup_is_opened_and_checked(database: Database, tmp_path: Path) -> None:
    with database.write("import", who="t") as operation:
        INSTRUMENTS.insert(operation.connection, [Instrument(new_key(), "A1", "电镜")])
    target = tmp_path / "copy" / "ledger.db"
    backup.backup(database, target, KEY)
    copy = Database(target, KEY)
    with copy.read() as connection:
        assert verify(connection).ok
        assert contents(connection)[0].asset_number == "A1"
    copy.close()
    assert [p.name for p in target.parent.iterdir()] == ["ledger.db"]
    with pytest.raises(Problem, match="backup.exists"):
        backup.backup(database, target, KEY)


def test_a_damaged_copy_is_not_a_backup(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    backup.backup(database, target, KEY)
    content = bytearray(target.read_bytes())
    content[20_000:20_100] = bytes(100)
    target.write_bytes(content)
    with pytest.raises(Problem, match=r"backup\.|store\.damaged"):
        backup.check(target, KEY)
