"""What the database lets become of a fact: a reversal becomes what a remote holds of it, and nothing else becomes anything."""

from __future__ import annotations

import json
from datetime import date

import pytest

from desktop.actions import records
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem
from desktop.store import schema_money, triggers
from tests.actions.making import posted, sound

Said = dict[str, object]
KINDS = {"posting": schema_money.posting, "receipt": schema_money.receipt}


@pytest.fixture
def reversed_twice(small: Workspace) -> Workspace:
    posted(small, "R1")
    posted(small, "R2", minutes=120)
    records.receive(small, "R2", date(2025, 6, 3), 100_00, "FP-1")
    (came,) = records.receipts(small, "R2")
    records.receive_back(small, "R2", came.id, None, "金额录错")
    records.reverse(small, "R1", "错记")
    return small


def row(ledger: Workspace, kind: str, which: str) -> Said:
    sql = f"SELECT * FROM {kind} WHERE reverses IS {'NOT ' if which == 'reversal' else ''}NULL LIMIT 1"
    with ledger.read() as connection:
        return dict(connection.exec_driver_sql(sql).mappings().one())


def held(ledger: Workspace, kind: str, body: Said, remote: str = "hub") -> None:
    """A remote holds this row."""
    told = {name: value for name, value in body.items() if name != "confidential" and (remote == "hub" or name != "late")}
    with ledger.write("sync") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO sync_base (remote, kind, key, token, action, op_id, body) VALUES (?, ?, ?, '1', 'create', 'o', ?)",
            (remote, kind, body["id"], json.dumps(told)),
        )


def becomes(ledger: Workspace, kind: str, body: Said) -> bool:
    sets = ", ".join(f"{name} = ?" for name in body)
    try:
        with ledger.write("sync") as operation:
            operation.connection.exec_driver_sql(f"UPDATE {kind} SET {sets} WHERE id = ?", (*body.values(), body["id"]))
    except Problem:
        return False
    return True


THEIRS: dict[str, Said] = {"posting": {"posted_on": "2026-01-09", "reason": "也错", "late": 1}, "receipt": {"received_on": "2025-07-01"}}
# Kind, which row, what the hub and the network hold beside it, what it is to become.
REFUSED: list[tuple[str, str, Said | None, Said | None, Said]] = [
    ("posting", "reversal", None, None, THEIRS["posting"]),
    ("posting", "reversal", THEIRS["posting"], None, THEIRS["posting"] | {"reason": "第三个原因"}),
    ("posting", "reversal", THEIRS["posting"], None, THEIRS["posting"] | {"amount_fen": -1}),
    ("posting", "reversal", THEIRS["posting"] | {"amount_fen": -1}, None, THEIRS["posting"]),
    ("posting", "reversal", THEIRS["posting"] | {"amount_fen": -1}, None, THEIRS["posting"] | {"amount_fen": -1}),
    ("posting", "reversal", THEIRS["posting"] | {"minutes": -1}, None, THEIRS["posting"] | {"minutes": -1}),
    ("posting", "reversal", THEIRS["posting"], None, THEIRS["posting"] | {"confidential": 1}),
    ("posting", "reversal", THEIRS["posting"], {}, THEIRS["posting"]),
    ("posting", "original", THEIRS["posting"], None, THEIRS["posting"]),
    ("receipt", "reversal", None, None, THEIRS["receipt"]),
    ("receipt", "reversal", THEIRS["receipt"], {}, THEIRS["receipt"]),
    ("receipt", "reversal", THEIRS["receipt"] | {"fen": -1}, None, THEIRS["receipt"] | {"fen": -1}),
    ("receipt", "original", THEIRS["receipt"], None, THEIRS["receipt"]),
]


def lets(ledger: Workspace, case: tuple[str, str, Said | None, Said | None, Said]) -> bool:
    kind, which, hub, network, wanted = case
    mine = row(ledger, kind, which)
    for remote, said in (("hub", hub), ("network", network)):
        if said is not None:
            held(ledger, kind, mine | said, remote)
    return becomes(ledger, kind, mine | wanted)


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_a_fact_becomes_nothing_else(reversed_twice: Workspace, case: tuple[str, str, Said | None, Said | None, Said]) -> None:
    before = row(reversed_twice, case[0], case[1])
    assert not lets(reversed_twice, case)
    assert row(reversed_twice, case[0], case[1]) == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("remote", ["hub", "network"])
def test_a_reversal_becomes_what_a_remote_holds(reversed_twice: Workspace, kind: str, remote: str) -> None:
    mine = row(reversed_twice, kind, "reversal")
    said = {name: value for name, value in THEIRS[kind].items() if remote == "hub" or name != "late"}
    held(reversed_twice, kind, mine | said, remote)
    assert becomes(reversed_twice, kind, mine | said)
    assert row(reversed_twice, kind, "reversal") == mine | said
    assert sound(reversed_twice)


def test_a_confidential_reversal_takes_no_part(reversed_twice: Workspace) -> None:
    posted(reversed_twice, "R3", "S1")
    records.reverse(reversed_twice, "R3", "错记")
    with reversed_twice.read() as connection:
        mine = dict(connection.exec_driver_sql("SELECT * FROM posting WHERE reverses IS NOT NULL AND confidential = 1").mappings().one())
    held(reversed_twice, "posting", mine | THEIRS["posting"])
    assert not becomes(reversed_twice, "posting", mine | THEIRS["posting"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_door_left_wide_open_is_seen(reversed_twice: Workspace, kind: str) -> None:
    """The trigger without its conditions lets through what the cases above refuse."""
    (narrow,) = (text for text in triggers.statements() if text.startswith(f"CREATE TRIGGER fact_{kind}_update "))
    with reversed_twice.write("broken") as operation:
        operation.connection.exec_driver_sql(f"DROP TRIGGER fact_{kind}_update")
        for move in triggers._moves(KINDS[kind]):
            narrow = narrow.replace(f"NOT ({move})", f"NOT (OLD.reverses IS NOT NULL AND {triggers._same(KINDS[kind], *THEIRS[kind])})")
        operation.connection.exec_driver_sql(narrow)
    assert lets(reversed_twice, next(case for case in REFUSED if case[0] == kind))
