"""Receipts and entities taken in one by one: what an acknowledgement may and may not say."""

from __future__ import annotations

import pytest

from desktop.sync import seal
from desktop.sync.absorb import absorb, settle
from desktop.sync.messages import ChangeProblem, Item, Limits, Receipt, Result
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import BaseRow, Sealed
from tests.sync.memory import Memory

KEY, DEVICE = "0198c5a0-1111-7000-8000-000000000001", "0198c5a0-2222-7000-8000-000000000001"
OPS = [f"0198c5a0-0000-7000-8000-{number:012x}" for number in range(1, 9)]


def item(token: str, **fields: object) -> Item:
    body = {"id": KEY} | fields
    return Item("instrument", KEY, token, None, "update", OPS[7], body, DEVICE, None)  # type: ignore[arg-type]


@pytest.fixture
def memory() -> Memory:
    """One instrument whose base is at token t1, edited here since."""
    held = Memory()
    held.put_base(BaseRow("instrument", KEY, "t1", None, "create", OPS[0], {"id": KEY, "name": "一"}))
    held.write("instrument", KEY, name="二")
    return held


def sealed(memory: Memory) -> Sealed:
    numbers = iter(OPS)
    (batch,) = seal.pack(memory.differing(), Limits(500, 1_048_576, 10), lambda: next(numbers), 1).batches
    memory.put_sealed(batch)
    return batch


def receipt(batch: Sealed, *results: Result) -> Receipt:
    return Receipt(batch.key, batch.digest, "s", "1", list(results))


def test_an_acknowledgement_on_its_own_parent_becomes_the_base(memory: Memory) -> None:
    batch = sealed(memory)
    assert settle(memory, batch, receipt(batch, Result(OPS[0], "applied", "t2"))).n_applied == 1
    base = memory.standing("instrument", KEY).base
    assert base is not None
    assert (base.token, base.parent, base.body) == ("t2", "t1", {"id": KEY, "name": "二"})
    assert memory.sealed() == []


def test_an_acknowledgement_that_comes_after_a_newer_state_does_not_turn_it_back(memory: Memory) -> None:
    batch = sealed(memory)
    absorb(memory, item("t3", name="三"))
    settle(memory, batch, receipt(batch, Result(OPS[0], "duplicate", "t2")))
    base = memory.standing("instrument", KEY).base
    assert base is not None
    assert (base.token, base.body) == ("t3", {"id": KEY, "name": "三"})


def test_a_stale_change_of_something_the_service_does_not_hold_is_made_anew(memory: Memory) -> None:
    batch = sealed(memory)
    assert settle(memory, batch, receipt(batch, Result(OPS[0], "stale", None))).stale == {}
    assert seal.action_of(memory.standing("instrument", KEY)) == "create"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda b: Receipt(OPS[5], b.digest, "s", "1", [Result(OPS[0], "applied", "t2")]),
        lambda b: Receipt(b.key, "0" * 64, "s", "1", [Result(OPS[0], "applied", "t2")]),
        lambda b: receipt(b),
        lambda b: receipt(b, Result(OPS[4], "applied", "t2")),
        lambda b: receipt(b, Result(OPS[0], "applied", None)),
        lambda b: receipt(b, Result(OPS[0], "refused")),
        lambda b: receipt(b, Result(OPS[0], "of tomorrow", "t2")),
    ],
)
def test_a_receipt_of_another_batch_is_not_believed(memory: Memory, wrong: object) -> None:
    batch = sealed(memory)
    before = memory.tables.copy()
    with pytest.raises(RemoteProblem, match="sync.not_service"), memory.transaction("receipt") as step:
        settle(step, batch, wrong(batch))  # type: ignore[operator]
    assert memory.tables == before


def test_what_was_already_known_brings_nothing(memory: Memory) -> None:
    assert not absorb(memory, item("t1", name="一"))
    assert memory.row("instrument", KEY) == {"id": KEY, "name": "二"}


def test_a_refused_row_is_parked_with_what_it_waits_for(memory: Memory) -> None:
    batch = sealed(memory)
    problem = ChangeProblem("link.unknown", "park", "customer_id", "customer", OPS[6])
    settle(memory, batch, receipt(batch, Result(OPS[0], "refused", None, problem)))
    (parked,) = memory.parked()
    assert (parked.code, parked.field, parked.waiting_for) == ("link.unknown", "customer_id", ("customer", OPS[6]))
    other = Item("customer", OPS[6], "c1", None, "create", OPS[6], {"id": OPS[6], "name": "甲"})
    absorb(memory, other)
    assert memory.parked() == [parked]
