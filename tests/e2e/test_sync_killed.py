"""The program is killed in the middle of a sync: nothing typed is lost, nothing arrives twice, the next sync goes through.

A few of the points that ``make kills`` walks through one by one.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import open_ledger
from tests.e2e import killing
from tests.e2e.killing import Point, Walk, points, walk
from tests.e2e.pulling import Pull, pull_walk
from tests.network.contract import contract


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with walk(tmp_path_factory.mktemp("killed")) as made:
        yield made


@pytest.fixture(scope="module")
def receiving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pull]:
    with pull_walk(tmp_path_factory.mktemp("receiving")) as made:
        yield made


def test_a_kill_at_any_call_of_a_sync_loses_and_doubles_nothing(walked: Walk) -> None:
    counted = walked.count()
    assert sum(counted.values()) >= 1_000, "a sync makes fewer calls than the walk is meant for: look at what it counts"
    early = [Point("sendto", 2), Point("recvfrom", 2), Point("fsync", 4)]
    reached = 0
    for point in [*early, *points(counted, 5)]:
        reached += walked.killed(point)
        assert walked.violations() == [], point
    assert reached >= 6
    assert walked.heard.broken == []
    assert walked.heard.sent["POST /v1/batches"] > 2 * len(early)


def test_a_call_that_is_not_foreseen_is_told(walked: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: a walk that was never told of positioned writes and of looks into a folder."""
    monkeypatch.setattr(killing, "CALLS", tuple(call for call in killing.CALLS if call != "pwrite64"))
    monkeypatch.setattr(killing, "BESIDE", killing.BESIDE - {"getdents64"})
    with pytest.raises(AssertionError, match=r"nothing is killed at \['getdents64', 'pwrite64'\]"):
        walked.count()
    assert walked.violations() == []  # everything is edited anew for the tests after this one


def test_a_program_that_leaves_the_contract_is_heard(walked: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: a program that shows its token where the contract wants none."""
    monkeypatch.setitem(contract()["paths"]["/v1/changes"]["get"], "security", [])
    assert walked.program().returncode == 0
    assert set(walked.heard.broken) == {"GET /v1/changes: with an access token"}
    walked.heard.broken.clear()
    monkeypatch.undo()
    assert walked.violations() == []  # everything is edited anew for the tests after this one


def test_the_walk_sees_what_is_lost_or_doubled(walked: Walk) -> None:
    assert walked.violations() == []
    walked.typed["K0007"] = "typed and gone"
    assert walked.violations() == ["lost: what was typed is not in the ledger"]
    with open_ledger(walked.home) as ledger, pytest.MonkeyPatch.context() as broken:
        broken.setattr(walked, "_held_there", lambda _ledger: [*walked.typed.items(), ("K0007", "twice")])
        assert walked._looked_at(ledger) == [f"the service holds {len(walked.typed) + 1} rows, {len(walked.typed)} of them as they were typed"]
    assert walked.violations() == []


def test_a_kill_of_the_one_that_receives_loses_neither_side(receiving: Pull) -> None:
    """200 edits of another home come in, one against an edit made here, and a file goes out."""
    counted = receiving.count()
    early = [Point("sendto", 3), Point("recvfrom", 5), Point("fsync", 6)]
    reached = 0
    for point in [*early, *points(counted, 3)]:
        reached += receiving.killed(point)
        assert receiving.violations() == [], point
    assert reached >= 5
    assert receiving.heard.broken == []
    assert {"POST /v1/batches", "GET /v1/changes", "PUT /v1/blobs/{sha256}", "PUT /v1/blobs/{sha256}/parts/{number}"} <= set(receiving.heard.sent)


def test_the_walk_sees_what_the_one_that_receives_lost(receiving: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    assert receiving.violations() == []
    receiving.sha256 = "0" * 64
    (told,) = receiving.violations()
    assert told.startswith("lost: what was entered here")
    receiving.typed["K0007"] = "typed and gone"
    assert receiving.violations() == [
        "lost: not every edit is in the ledger there",
        "lost: not every edit is in the ledger here",
        "the service holds 200 rows, 199 of them as they were typed",
    ]
    with monkeypatch.context() as broken:
        broken.setattr(LedgerStep, "put_conflict", lambda *_: None)
        told, *_ = receiving.violations()
    assert told.startswith("lost: what was entered here"), "the broken storage forgets what was contested"
