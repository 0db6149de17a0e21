"""Who settled a conflict, when, why and for which side stands in the journal, also when the ledger already showed what was chosen."""

from __future__ import annotations

import json

import pytest

from desktop.actions import history, instruments, records, sync_resolving, sync_views, syncing
from desktop.actions.history import Done
from desktop.actions.sync_views import ConflictView
from desktop.actions.workspace import Workspace
from desktop.cli.network_commands import _conflict_lines
from desktop.ledger.problem import Refused
from desktop.store.database import Operation
from desktop.ui.open_ledger import operation_words
from tests.actions.making import draft, posted, sound
from tests.actions.two_seats import Seats, exchange, in_step, rows

REASON = "对方核对过合同"


def phone(ledger: Workspace, text: str) -> None:
    with ledger.write("instrument change") as operation:
        operation.executemany("UPDATE instrument SET phone = ? WHERE asset_number = 'A1'", [(text,)])


@pytest.fixture
def contested(seats: Seats) -> Workspace:
    """The second seat, with a conflict about a phone number; on view is what the first one sent."""
    first, second = seats
    phone(first, "0531-1")
    phone(second, "0531-2")
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="hub")
    return second


def settle(ledger: Workspace, side: str) -> Done:
    (view,) = sync_views.conflicts(ledger, "hub")
    sync_resolving.resolve(ledger, view.kind, view.key, view.choices({group.name: side for group in view.groups}), REASON, remote="hub")
    return history.latest(ledger, 1)[0]


@pytest.mark.parametrize(("side", "said", "shown"), [("theirs", "对方的", "0531-1"), ("mine", "本机的", "0531-2")])
def test_a_decision_is_told_with_its_reason(seats: Seats, contested: Workspace, side: str, said: str, shown: str) -> None:
    done = settle(contested, side)
    assert (done.name, done.reason, done.undoable) == ("sync resolve", REASON, False)
    assert (done.who, done.at[:2]) == (rows(contested, "SELECT who FROM operation ORDER BY seq DESC LIMIT 1")[0][0], "20")
    assert done.who
    assert operation_words(done) == f"解决同步冲突：仪器 A1 扫描电镜，采用{said}"
    assert json.loads(done.params["sides"]) == {"phone": side}
    assert instruments.get(contested, "A1").phone == shown
    exchange(contested, seats[0])
    assert in_step(*seats)
    assert sound(contested)


def test_a_decision_kept_only_with_the_rows_it_changes_is_noticed(contested: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: theirs is on view already."""
    monkeypatch.setattr(Operation, "lasting", property(lambda _: False, lambda *_: None))
    done = settle(contested, "theirs")
    assert done.reason != REASON


def test_of_a_record_that_is_posted_there_only_theirs_is_offered(seats: Seats) -> None:
    """Both corrected one record, each in its own way, and the first seat has posted its correction."""
    first, second = seats
    posted(first, "R1")
    exchange(first, second)
    for seat, minutes in ((first, 90), (second, 50)):
        records.replace_record(seat, "R1", draft(seat, "R1", minutes=minutes), "分钟数录错")
    (before,) = contested_records(first, second)
    assert not before.theirs_only
    settle(second, "theirs")
    exchange(second, first)
    records.post(first, ["R1-R1"])
    phone(second, "0531-9")
    with second.write("record change") as operation:
        operation.executemany("UPDATE service_record SET minutes = 45 WHERE number = 'R1-R1'", [()])
    (view,) = contested_records(first, second)
    assert (view.posted_there, view.theirs_only, view.rival) == (True, True, False)
    with pytest.raises(Refused, match=r"sync\.refused\.here_fixed"):
        settle(second, "mine")
    said = " ".join(_conflict_lines(view, "hub"))
    assert "--choose theirs" in said
    assert "已记账的不能改" in said
    settle(second, "theirs")
    assert in_step(second, first)


def contested_records(first: Workspace, second: Workspace) -> list[ConflictView]:
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="hub")
    return sync_views.conflicts(second, "hub")
