"""Whatever ``reach`` can hide is known to the gate, whoever offers it; and no ordinary row is taken for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import costs
from desktop.actions.sync_marks import Marks
from desktop.actions.workspace import Workspace
from desktop.ledger.keys import new_key
from desktop.store import reach, secret_rows
from desktop.store.database import Connection
from desktop.sync.egress import Gate
from tests.actions.making import AUGUST
from tests.actions.secretive import EVIDENCE, INVOICE, ON_BOTH, VOUCHER, of_every_kind

KINDS = [kind for kind in reach.kinds(reach.HUB) if reach.secret(kind) != "0"]


@pytest.fixture
def ledger(small: Workspace, tmp_path: Path) -> Workspace:
    of_every_kind(small, tmp_path)
    return small


ON_ONE = (("posting", "posting_id"), ("cost_row", "cost_row_id"))


def changes(connection: Connection, kind: str, hidden: bool, columns: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Key and bytes of a change for each row of a kind that is, or is not, confidential."""
    sql = f"SELECT {', '.join(columns)} FROM {kind} WHERE {'' if hidden else 'NOT '}{reach.secret(kind)}"
    for row in connection.exec_driver_sql(sql):
        body: dict[str, Any] = dict(zip(columns, row, strict=True))
        key = body.pop("id")
        yield key, json.dumps({"changes": [{"kind": kind, "id": key, "action": "put", "body": body}]}, ensure_ascii=False).encode()


def let_through(connection: Connection, kind: str) -> list[str]:
    """The confidential rows of a kind that the gate would let by, though nothing but their key says so."""
    gate = Gate(Marks().of(connection))
    told = list(changes(connection, kind, True, ("id",)))
    assert told, f"the ledger of this test has no confidential {kind}"
    return [key for key, content in told if gate.lets(content)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_gate_knows_each_confidential_row_by_its_key(ledger: Workspace, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with ledger.read() as connection:
        assert let_through(connection, kind) == []
        # The broken variant: a kind that nobody told the gate of.
        known = {other: sql for other, sql in secret_rows.secrets().items() if other != kind}
        monkeypatch.setattr(secret_rows, "secrets", lambda: known)
        monkeypatch.setattr(secret_rows, "ROW_ONLY", secret_rows.ROW_ONLY - {kind})
        assert let_through(connection, kind) != []


def test_every_kind_that_can_be_confidential_is_searched() -> None:
    assert set(KINDS) <= set(secret_rows.secrets())
    assert {"receipt", "cost_row", "cost_component", "payout_mark", "payout_run", "payout_line", "payout_share", "payout_cost"} <= set(KINDS)


def test_no_ordinary_row_is_taken_for_a_confidential_one(ledger: Workspace) -> None:
    """Also not the marks of the run that stays here, which name it, nor what stands on the same invoice."""
    n = 0
    with ledger.read() as connection:
        gate = Gate(Marks().of(connection))
        for kind in reach.kinds(reach.HUB):
            for key, content in changes(connection, kind, False, reach.columns(kind, reach.HUB)):
                assert gate.lets(content), (kind, key, content.decode())
                n += 1
        named = connection.exec_driver_sql(
            f"SELECT count(*) FROM payout_mark WHERE NOT {reach.secret('payout_mark')} AND run_id IN (SELECT id FROM payout_run "
            f"WHERE {reach.secret('payout_run')})"
        ).scalar()
    assert n > 30
    assert named  # ordinary rows do name the run that stays


def test_numbers_of_papers_are_marks_unless_an_ordinary_row_stands_on_the_same(ledger: Workspace) -> None:
    with ledger.read() as connection:
        whole = {mark.text for mark in Marks().of(connection) if mark.whole}
        anywhere = {mark.text for mark in Marks().of(connection) if not mark.whole}
        strict = {mark.text for mark in Marks(strict=True).of(connection)}
    assert {INVOICE, VOUCHER} <= whole
    assert EVIDENCE in anywhere
    assert "一般设备折旧审计表" not in anywhere
    assert ON_BOTH not in whole | anywhere
    assert ON_BOTH in strict


def test_a_short_number_of_a_paper_is_no_mark(small: Workspace) -> None:
    costs.cost_add(small, "consumables", "S1", date(2025, 8, 1), AUGUST, 5_00, "PZ-9")
    costs.cost_add(small, "consumables", "S1", date(2025, 8, 1), AUGUST, 6_00, "PZ-009")
    with small.read() as connection:
        assert {"PZ-9", "PZ-009"} & {mark.text for mark in Marks().of(connection)} == {"PZ-009"}


def test_of_one_row_the_same_is_said_as_of_all(ledger: Workspace) -> None:
    with ledger.write("marks for tests") as operation:
        run = operation.connection
        for kind, column in ON_ONE:
            for (key,) in run.exec_driver_sql(f"SELECT id FROM {kind}").all():
                told = {"id": new_key(), "run_id": new_key(), "run_number": "FP", "settles": f"{key}-again", column: key}
                told |= {"from_on": "2025-01-01", "to_on": "2025-12-31"} if kind == "cost_row" else {}
                run.exec_driver_sql(f"INSERT INTO payout_mark ({', '.join(told)}) VALUES ({', '.join('?' * len(told))})", tuple(told.values()))
    with ledger.read() as connection:
        for kind in ("receipt", "payout_mark", "voucher_mark", "voucher_paper", "voucher_claim", "voucher_claim_line", "voucher_claim_step"):
            all_, one = ({row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {kind} WHERE {sql(kind)}")} for sql in (reach.secret, reach.secret_one))
            n = connection.exec_driver_sql(f"SELECT count(*) FROM {kind}").scalar_one()
            assert all_ == one
            assert 0 < len(one) < n
