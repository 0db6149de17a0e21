"""What is pending of a real ledger comes in sending order, and the look at it goes on at any place of that order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop.actions import posting, records
from desktop.actions.sync_storage import LedgerStep, LedgerStorage
from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import PayoutMark
from desktop.ledger.keys import new_key
from desktop.store.payout_marks import MARKS
from desktop.store.reach import HUB, NETWORK, REMOTES, kinds
from desktop.sync import seal
from desktop.sync.ports import BaseRow, RemoteState, Standing
from tests.actions.making import enter, posted


def differing(ledger: Workspace, remote: str, after: tuple[bool, int, bool, str] | None = None) -> list[Standing]:
    with ledger.read() as connection:
        return list(LedgerStep(connection, remote).differing(after))


@pytest.fixture
def ledger(small: Workspace) -> Workspace:
    """Records and their postings, one taken back, and three rows the hub holds that were deleted here."""
    for number in range(1, 5):
        posted(small, f"R{number}", minutes=60)
    posting.reverse(small, "R2", "误记")
    kept = {row.id for row in differing(small, HUB) if row.kind == "service_record"}
    for number in range(5, 8):
        enter(small, f"R{number}", "A1", date(2025, 5, 6), 60)
    drafts = [row for row in differing(small, HUB) if row.kind == "service_record" and row.id not in kept]
    with LedgerStorage(small, HUB).transaction("test") as step:
        for row in drafts:
            step.put_base(BaseRow(row.kind, row.id, "1.x", None, "create", "x", row.local))
    records.remove(small, ["R5", "R6", "R7"])
    return small


@pytest.mark.parametrize("remote", REMOTES)
def test_the_look_goes_on_at_any_place(ledger: Workspace, remote: str) -> None:
    rows = differing(ledger, remote)
    order = [seal.order(row) for row in rows]
    assert order == sorted(order)
    assert {row.kind for row in rows} >= {"instrument", "fee_line", "customer", "service_record", "posting"}
    assert sum(place[2] for place in order) == 1, "the reversal comes after what it reverses"
    assert sum(place[0] for place in order) == (3 if remote == HUB else 0)
    for n, place in enumerate(order):
        assert differing(ledger, remote, place) == rows[n + 1 :]


def test_a_released_mark_goes_before_the_one_that_takes_what_it_held(small: Workspace) -> None:
    """Whatever their keys: the hub takes no second mark on one posting."""
    posted(small, "R1")
    with small.write("marks for tests") as operation:
        (posting_id,) = operation.connection.exec_driver_sql("SELECT id FROM posting").scalars()
        marks = [PayoutMark(f"{sign * 8}-0000-4000-8000-000000000000", new_key(), "FP2025-001", posting_id, posting_id) for sign in "1f"]
        MARKS.insert(operation.connection, [marks[0], replace(marks[1], released=True)])
    rows = [row for row in differing(small, HUB) if row.kind == "payout_mark"]
    assert [bool((row.local or {})["released"]) for row in rows] == [True, False]
    assert differing(small, HUB, seal.order(rows[0]))[0] == rows[1]


def test_every_kind_that_leaves_has_its_rank() -> None:
    assert set(kinds(HUB)) | set(kinds(NETWORK)) <= set(seal.KIND_ORDER)


def test_the_mark_moves_with_every_row_that_is_written(ledger: Workspace) -> None:
    """What a run counted is told again only while it stands still: books of sync alone do not move it."""

    def mark() -> object:
        with ledger.read() as connection:
            return LedgerStep(connection, HUB).mark()

    marks = [mark()]
    with LedgerStorage(ledger, HUB).transaction("test") as step:
        step.put_state(RemoteState("server", "1", "cursor"))
    assert mark() == marks[0]
    enter(ledger, "R8", "A1", date(2025, 5, 7), 60)
    marks.append(mark())
    records.remove(ledger, ["R8"])
    marks.append(mark())
    with LedgerStorage(ledger, HUB).transaction("test") as step:
        row = next(row for row in step.differing() if row.kind == "instrument")
        step.put_local(row.kind, row.id, dict(row.local or {}) | {"name": "别处改的"})
    marks.append(mark())
    assert len(set(marks)) == len(marks)
