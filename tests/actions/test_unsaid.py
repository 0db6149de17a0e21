"""What nobody said is not confidential stays here with all that hangs on it, until somebody does; and then it goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.actions import enrolment, instruments, packages, syncing
from desktop.actions.unsaid import Unsaid, unsaid
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.store import reach, reclassifications, sync_rows
from desktop.sync.egress import Gate
from tests.actions.canaries import _unprotected, found, mark
from tests.actions.making import USCC
from tests.actions.secretive import of_every_kind
from tests.actions.test_canary import _forget_statements, seen
from tests.actions.test_same_rows import apart as apart  # a fixture
from tests.actions.test_same_rows import turns, waiting
from tests.actions.two_seats import Seats, rows
from tests.network import at_hand
from tests.sync.faulty import Line

KINDS = [kind for kind in reach.kinds(reach.HUB) if reach.secret(kind) != "0"]


def hidden(ledger: Workspace) -> dict[str, set[str]]:
    with ledger.read() as connection:
        return {kind: {row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {kind} WHERE {reach.secret(kind)}")} for kind in KINDS}


def forget(ledger: Workspace, asset_number: str) -> None:
    """As if nobody had ever said of this set whether it is confidential."""
    with ledger.write("unsaid for tests") as operation, _unprotected(operation.connection):
        operation.connection.exec_driver_sql(
            "UPDATE instrument SET confidential = NULL, secrecy_level = '', filing_number = '' WHERE asset_number = ?", (asset_number,)
        )
        reclassifications.follow(operation.connection, [instruments.named(operation.connection, asset_number).id])


@pytest.fixture
def ledger(small: Workspace, tmp_path: Path) -> Workspace:
    of_every_kind(small, tmp_path)
    return small


@pytest.fixture(autouse=True)
def _sound_statements() -> Iterator[None]:
    """What a broken variant left behind is made anew."""
    yield
    _forget_statements()


def test_the_same_rows_stay_as_of_a_confidential_set(ledger: Workspace) -> None:
    before = hidden(ledger)
    assert all(before.values()), before
    forget(ledger, "S1")
    assert hidden(ledger) == before
    with ledger.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM posting WHERE confidential = 1").scalar() == 0
    assert unsaid(ledger) == Unsaid(1, 0)


def test_of_one_row_the_same_is_said_as_of_all(ledger: Workspace) -> None:
    forget(ledger, "S1")
    with ledger.read() as connection:
        for kind in KINDS:
            every = {row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {kind}")}
            one = {row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {kind} WHERE {reach.secret_one(kind)}")}
            assert one == hidden(ledger)[kind], kind
            assert one < every or kind in ("payout_cost",), kind


@pytest.mark.parametrize("remote", reach.REMOTES)
def test_nothing_of_it_leaves_until_somebody_says_no(ledger: Workspace, remote: str, tmp_path: Path) -> None:
    forget(ledger, "S1")
    own = {"特种雷达": "the set", "SECRET-1": "its record", "涉密设备折旧审计表": "its cost component"}
    folder = tmp_path / "service"
    folder.mkdir()
    with at_hand.serve(f"sqlite:///{folder / 'network.db'}", "齐鲁示范大学", USCC, remote) as (address, code):
        line = Line(int(address.rpartition(":")[2]))
        enrolment.enrol(ledger, line.address, code, remote)
        assert found(own, repr(packages.prepare(ledger, remote, "AAAA-BBBB-CCCC-DDDD"))) == []
        assert syncing.sync(ledger, remote=remote).sent > 0
        assert found(own, seen(line)) == []
        instruments.change(ledger, replace(instruments.get(ledger, "S1"), confidential=False), "核实：不涉密")
        done = syncing.sync(ledger, remote=remote)
        assert (done.parked, done.conflicts, done.pending) == (0, 0, 0)
        # They are seen once they may leave, so they would have been seen before. Components of costs are for the hub alone.
        assert set(found(own, seen(line))) >= {"the set", "its record"} | ({"its cost component"} if remote == reach.HUB else set())
        line.close()
    assert unsaid(ledger) == Unsaid(0, 0)


@pytest.mark.parametrize("remote", reach.REMOTES)
def test_no_mark_of_it_leaves(ledger: Workspace, remote: str, tmp_path: Path) -> None:
    forget(ledger, "S1")
    marks = mark(ledger)
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC, remote) as (address, code):
        line = Line(int(address.rpartition(":")[2]))
        enrolment.enrol(ledger, line.address, code, remote)
        assert syncing.sync(ledger, remote=remote).sent > 0
        assert found(marks, seen(line)) == []
        line.close()


def test_the_gate_knows_it_too(ledger: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage that offers such rows: the gate stops all that name the set. The broken variant, without the gate, shows that they would have left."""
    forget(ledger, "S1")
    marks = mark(ledger)
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC) as (address, code):
        line = Line(int(address.rpartition(":")[2]))
        enrolment.enrol(ledger, line.address, code)
        monkeypatch.setattr(sync_rows, "secret", lambda kind: "0")
        _forget_statements()
        syncing.sync(ledger)
        naming = {"instrument.id", "instrument.name", "service_record.item", "posting.rule_text", "sensor_binding.sensor", "fee_schedule.title"}
        assert naming <= set(marks.values())
        assert naming & set(found(marks, seen(line))) == set()
        monkeypatch.setattr(Gate, "check", lambda self, content, address="": None)
        monkeypatch.setattr(Gate, "check_file", lambda self, content, address="": None)
        syncing.sync(ledger)
        assert "instrument.name" in found(marks, seen(line))
        line.close()


def test_what_is_said_to_be_confidential_then_was_never_sent(ledger: Workspace, tmp_path: Path) -> None:
    forget(ledger, "S1")
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC) as (address, code):
        enrolment.enrol(ledger, address, code)
        syncing.sync(ledger)
        instruments.change(ledger, replace(instruments.get(ledger, "S1"), confidential=True, secrecy_level="secret"), "定密")
        assert rows(ledger, "SELECT count(*) FROM sync_base WHERE key = ?", instruments.get(ledger, "S1").id) == [(0,)]
        done = syncing.sync(ledger)
        assert (done.sent, done.parked) == (0, 0)


def test_what_was_said_is_not_unsaid(ledger: Workspace) -> None:
    with pytest.raises(Refused):
        instruments.change(ledger, replace(instruments.get(ledger, "A1"), confidential=None), "不清楚了")


def test_a_set_entered_at_both_seats_and_said_of_at_one(apart: Seats) -> None:
    """The other seat's own stays there, visibly, and becomes the same one once it is said there too."""
    first, second = apart
    forget(second, "A1")
    turns(apart)
    assert rows(first, "SELECT count(*) FROM instrument") == rows(second, "SELECT count(*) FROM instrument")
    assert (waiting(first), waiting(second)) == (set(), {("instrument", "here.twice"), ("fee_schedule", "here.link"), ("fee_line", "here.link")})
    instruments.change(second, replace(instruments.get(second, "A1"), confidential=False), "核实：不涉密")
    turns(apart)
    ids = "SELECT id FROM instrument WHERE asset_number = 'A1'"
    assert rows(first, ids) == rows(second, ids)
    assert (waiting(first), waiting(second)) == (set(), set())
