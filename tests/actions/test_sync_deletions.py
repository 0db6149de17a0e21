"""A deletion in the real ledger against what comes from the remote: it is sent or asked about, and never forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from desktop.actions import records, sync_resolving, syncing
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace
from desktop.store.reach import HUB
from desktop.sync import seal
from desktop.sync.absorb import absorb, contest, remerge
from desktop.sync.messages import Item
from desktop.sync.ports import BaseRow
from tests.actions.making import enter


@contextmanager
def step_of(ledger: Workspace) -> Iterator[LedgerStep]:
    with ledger.write("sync", undoable=False, params={"step": "test"}) as operation:
        yield LedgerStep(operation.connection, HUB)


@pytest.fixture
def gone(small: Workspace) -> tuple[str, dict[str, object]]:
    """A draft that the hub holds and a person deleted here; its key, and what the hub holds."""
    enter(small, "R1")
    key = records.get(small, "R1").id
    with step_of(small) as step:
        body = dict(step.standing("service_record", key).local or {})
        assert body["number"] == "R1"
        step.put_base(BaseRow("service_record", key, "t1", None, "create", key, body))
    records.remove(small, ["R1"])
    return key, body


def come(ledger: Workspace, key: str, token: str, body: dict[str, object]) -> None:
    with step_of(ledger) as step:
        absorb(step, Item("service_record", key, token, None, "update", key, body))  # type: ignore[arg-type]


def actions(ledger: Workspace, key: str) -> list[str | None]:
    with step_of(ledger) as step:
        return [seal.action_of(row) for row in step.differing() if row.id == key]


def test_the_same_row_under_a_new_token_does_not_undo_a_deletion(small: Workspace, gone: tuple[str, dict[str, object]]) -> None:
    key, body = gone
    come(small, key, "t3", body)
    assert actions(small, key) == ["delete"]
    assert syncing.conflicts(small, HUB) == ()


def test_a_deletion_in_conflict_is_asked_until_a_person_has_decided(small: Workspace, gone: tuple[str, dict[str, object]]) -> None:
    key, body = gone
    come(small, key, "t2", body | {"minutes": 61})
    with step_of(small) as step:
        step.drop_base("service_record", key)  # a history that the restored service no longer has
    for token, minutes in (("t8", 62), ("t9", 60)):
        # What it holds instead waits: the last copy of the row as the conflict shows it is here.
        come(small, key, token, body | {"minutes": minutes})
        (conflict,) = syncing.conflicts(small, HUB)
        assert (conflict.mine, conflict.theirs and conflict.theirs["minutes"]) == (None, 61)
        assert records.get(small, "R1").minutes == 61
    for minutes in (61, 60):
        (conflict,) = syncing.conflicts(small, HUB)
        assert (conflict.mine, conflict.theirs and conflict.theirs["minutes"]) == (None, minutes)
        sync_resolving.resolve(small, "service_record", key, {"*": "mine"} | dict.fromkeys(body, "mine"), "误登记", remote=HUB)
        with step_of(small) as step:
            remerge(step)
    assert syncing.conflicts(small, HUB) == ()
    assert actions(small, key) == ["delete"]


def test_a_deletion_does_not_win_because_the_other_side_takes_its_edit_back(
    small: Workspace, gone: tuple[str, dict[str, object]]
) -> None:
    key, body = gone
    come(small, key, "t2", body | {"minutes": 61})
    come(small, key, "t3", body)
    assert [conflict.mine for conflict in syncing.conflicts(small, HUB)] == [None]
    assert records.get(small, "R1").minutes == body["minutes"]
    assert actions(small, key) == []


def test_a_deletion_the_hub_has_too_does_not_stand_against_a_row_that_comes_again(
    small: Workspace, gone: tuple[str, dict[str, object]]
) -> None:
    """Its number is another row's by now: it waits for that, and nobody is asked about a deletion that was over and done with."""
    key, body = gone
    with step_of(small) as step:
        step.put_base(BaseRow("service_record", key, "t2", "t1", "delete", key, None))
        assert not step.standing("service_record", key).deleted
    enter(small, "R1")
    come(small, key, "t3", body)
    with step_of(small) as step:
        contest(step)
    (parked,) = syncing.parked(small, HUB)
    assert (parked.id, parked.code) == (key, "here.twice")
    assert syncing.conflicts(small, HUB) == ()
    assert actions(small, key) == []
