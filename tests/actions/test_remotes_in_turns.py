"""Two real ledgers with the hub and the network, synchronised in turns and crosswise: nothing changes places for ever, nobody's change is
settled by the other remote's news, and nobody is asked about what was their own.

The remotes are the simulation's services in memory.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from desktop.actions import sync_resolving, sync_views, syncing
from desktop.actions.sync_storage import LedgerStep, LedgerStorage
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused as NotDone
from desktop.store import sync_rows
from desktop.store.reach import HUB, NETWORK
from desktop.sync import absorb, waiting
from desktop.sync import round as rounds
from desktop.sync.messages import Limits
from desktop.sync.outcome import Action, refused
from desktop.sync.ports import NOT_YET, Unplaced
from tests.simulation.second import NETWORK_ID
from tests.simulation.service import Refused, Service

KEY = "0198c5a0-1111-7000-8000-000000000001"
CROSSWISE = ((0, HUB), (1, NETWORK), (0, NETWORK), (1, HUB))
IN_TURN = ((0, HUB), (0, NETWORK), (1, HUB), (1, NETWORK))
Turns = tuple[tuple[int, str], ...]


class Line:
    """A ledger's way to one service."""

    def __init__(self, service: Service, device_id: str) -> None:
        self.service, self.device_id, self.epoch = service, device_id, ""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(*given: Any) -> Any:
            try:
                if name != "capabilities":
                    self.service.enter(self.epoch)
                told = getattr(self.service, name)(*((self.device_id,) if name == "send" else ()), *given)
            except Refused as refusal:
                raise refused(refusal.code, cast(Action, refusal.action)) from refusal
            self.epoch = told.epoch if name == "capabilities" else self.epoch
            return told

        return ask


class Rig:
    """The ledgers, the remotes, and an instrument that the first ledger has and nobody else yet."""

    def __init__(self, seats: list[Workspace]) -> None:
        self.seats = seats
        self.services = {role: Service(Limits(50, 1_048_576, 50)) for role in (HUB, NETWORK)}
        self.services[NETWORK].server_id = NETWORK_ID
        for seat in seats:
            for role, service in self.services.items():
                self._do(seat, "INSERT INTO remote (role, url, server_id, epoch) VALUES (?, 'http://127.0.0.1', ?, '1')", role, service.server_id)
        self._do(seats[0], "INSERT INTO instrument (id, asset_number, name, confidential) VALUES (?, 'A1', '扫描电镜', 0)", KEY)

    @staticmethod
    def _do(seat: Workspace, sql: str, *params: object) -> None:
        with seat.write("person") as operation:
            operation.connection.exec_driver_sql(sql, params)

    def sync(self, *turns: tuple[int, str]) -> list[rounds.RunReport]:
        return [rounds.run(LedgerStorage(self.seats[n], role), cast(Any, Line(self.services[role], f"seat {n}")), new_key) for n, role in turns]

    def type(self, n: int, technical: str) -> None:
        self._do(self.seats[n], "UPDATE instrument SET technical = ? WHERE id = ?", technical, KEY)

    def name(self, n: int, name: str) -> None:
        self._do(self.seats[n], "UPDATE instrument SET name = ? WHERE id = ?", name, KEY)

    def delete(self, n: int) -> None:
        self._do(self.seats[n], "DELETE FROM instrument WHERE id = ?", KEY)

    def decide(self, n: int, role: str, side: str) -> None:
        (found,) = syncing.conflicts(self.seats[n], role)
        sync_resolving.resolve(self.seats[n], found.kind, found.id, dict.fromkeys(sync_views.contested(found), side), "已核对", remote=role)

    def asked(self) -> list[tuple[int, str]]:
        return [(n, role) for n, seat in enumerate(self.seats) for role in (HUB, NETWORK) if syncing.conflicts(seat, role)]

    def held(self) -> list[str | None]:
        """What the two ledgers, the hub and the network hold of it; None: it is not there."""
        found: list[str | None] = []
        for seat in self.seats:
            with seat.read() as connection:
                row = connection.exec_driver_sql("SELECT technical FROM instrument WHERE id = ?", (KEY,)).first()
            found.append(None if row is None else str(row[0]))
        bodies = [service.live().get(("instrument", KEY)) for service in self.services.values()]
        return [*found, *(None if body is None else str(body["technical"]) for body in bodies)]


@pytest.fixture
def rig(empty_home: Path, tmp_path: Path) -> Iterator[Rig]:
    """Two ledgers; both, and both remotes, hold the instrument."""
    with ExitStack() as stack:
        made = Rig([stack.enter_context(open_ledger(Path(shutil.copytree(empty_home, tmp_path / name)))) for name in "ab"])
        made.sync(*IN_TURN)
        assert made.held() == ["", "", "", ""]
        yield made


def crossed(rig: Rig) -> None:
    """Two people type over each other; each is heard at another remote first."""
    rig.type(0, "甲")
    rig.type(1, "乙")
    rig.sync(*CROSSWISE)


def decided(rig: Rig, turns: Turns) -> list[str | None]:
    """Each keeps their own; what there is in the end."""
    crossed(rig)
    rig.decide(0, NETWORK, "mine")
    rig.decide(1, HUB, "mine")
    for _ in range(3):
        rig.sync(*turns)
    return rig.held()


def test_what_two_people_typed_waits_for_them_at_both_remotes(rig: Rig) -> None:
    crossed(rig)
    for _ in range(3):
        reports = rig.sync(*CROSSWISE)
        assert rig.held() == ["乙", "甲", "甲", "乙"]
        assert rig.asked() == [(0, NETWORK), (1, HUB)]
        assert [(done.sent, done.conflicts, done.pending, done.in_sync) for done in reports] == [(0, 0, 1, False)] * 2 + [(0, 1, 0, False)] * 2


def test_sent_to_the_other_remote_it_settles_what_nobody_decided(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    monkeypatch.setattr(waiting, "_contested", lambda step: {conflict.place for conflict in step.conflicts()})
    crossed(rig)
    for _ in range(2):
        rig.sync(*CROSSWISE)
    assert len(rig.asked()) == 1


@pytest.mark.parametrize("turns", [IN_TURN, CROSSWISE], ids=["in turn", "crosswise"])
def test_two_decisions_end_with_one_value_everywhere(rig: Rig, turns: Turns) -> None:
    assert len(set(decided(rig, turns))) == 1
    assert all(done.in_sync for done in rig.sync(*turns))


def test_without_one_remote_before_the_other_they_change_places_for_ever(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    monkeypatch.setattr(LedgerStep, "_has_gone_on", lambda *_: False)
    decided(rig, CROSSWISE)
    for _ in range(8):
        rig.sync(*CROSSWISE)
        assert len(set(rig.held())) == 2


@pytest.mark.parametrize(("technical", "waits"), [("甲", True), ("丙", False)], ids=["what it was once", "news"])
def test_of_one_field_an_older_state_waits_for_the_hub_though_the_row_was_never_so_as_a_whole(rig: Rig, technical: str, waits: bool) -> None:
    """Of several changes that the remotes took in different order, the network brings a mixture."""
    for change in (lambda: rig.type(0, "甲"), lambda: rig.type(0, "乙"), lambda: rig.name(0, "透射电镜")):
        change()
        rig.sync(*IN_TURN)
    with ExitStack() as stack:
        operation = stack.enter_context(rig.seats[0].write("sync: page"))
        step = LedgerStep(operation.connection, NETWORK, operation=operation)
        came = dict(step.standing("instrument", KEY).local or {}) | {"technical": technical}
        assert came["name"] == "透射电镜"
        if waits:
            stack.enter_context(pytest.raises(Unplaced, match=NOT_YET))
        step.put_local("instrument", KEY, came)


def test_the_next_state_at_one_remote_does_not_take_what_the_other_asks(rig: Rig) -> None:
    rig.type(1, "乙")
    rig.sync((1, NETWORK))
    rig.type(0, "甲")
    rig.sync((0, NETWORK))
    assert rig.asked() == [(0, NETWORK)]
    rig.type(1, "丙")
    rig.sync((1, HUB), (0, HUB), (1, NETWORK), (0, NETWORK), (0, HUB))
    (found,) = syncing.conflicts(rig.seats[0], NETWORK)
    assert (found.mine or {})["technical"] == "甲"
    rig.decide(0, NETWORK, "mine")
    for _ in range(2):
        rig.sync(*IN_TURN)
    assert rig.held() == ["甲"] * 4


def own_come_back(rig: Rig) -> list[tuple[int, str]]:
    """One person's earlier value, taken to the network by the other seat, meets their later one."""
    rig.type(0, "先")
    rig.sync((0, HUB), (1, HUB), (1, NETWORK))
    rig.type(0, "后")
    rig.sync((0, HUB), (0, NETWORK))
    return rig.asked()


def test_nobody_is_asked_about_their_own_earlier_value(rig: Rig) -> None:
    assert own_come_back(rig) == []
    rig.sync(*IN_TURN)
    assert rig.held() == ["后"] * 4


def test_without_a_look_at_what_the_row_has_been_they_are(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    monkeypatch.setattr(absorb, "_known", lambda _step, _here, _base, common, _groups: common)
    assert own_come_back(rig) == [(0, NETWORK)]


def test_a_value_that_was_here_before_the_common_one_is_news(rig: Rig) -> None:
    for technical in ("先", "后"):
        rig.type(0, technical)
        rig.sync(*IN_TURN)
    rig.type(1, "先")
    rig.sync((1, NETWORK))
    rig.type(0, "再")
    rig.sync((0, NETWORK))
    assert rig.asked() == [(0, NETWORK)]


def test_a_row_deleted_by_one_remote_and_edited_by_the_other_is_asked_about_once_a_seat(rig: Rig) -> None:
    rig.delete(0)
    rig.type(1, "乙")
    rig.sync(*CROSSWISE, *CROSSWISE)
    assert rig.asked() == [(0, NETWORK), (1, HUB)]
    rig.decide(1, HUB, "mine")
    rig.decide(0, NETWORK, "theirs")
    for _ in range(3):
        rig.sync(*IN_TURN)
    assert rig.held() == ["乙"] * 4


def deleted_while_asked(rig: Rig) -> None:
    """A row is deleted here and at the hub while the network's conflict over it is open."""
    with rig.seats[0].write("person") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET imported = '{\"备注\":\"本所\"}' WHERE id = ?", (KEY,))
    rig.type(1, "乙")
    rig.sync((1, NETWORK))
    rig.type(0, "甲")
    rig.sync((0, NETWORK))
    rig.delete(0)
    rig.sync((0, HUB))


def test_a_person_can_bring_back_what_the_network_asks_about_whole(rig: Rig) -> None:
    """Of a row that is not here any more the network knows a part; the rest is as it was."""
    deleted_while_asked(rig)
    rig.decide(0, NETWORK, "mine")
    with rig.seats[0].read() as connection:
        assert connection.exec_driver_sql("SELECT technical, imported FROM instrument").all() == [("甲", '{"备注":"本所"}')]
    for _ in range(3):
        rig.sync(*IN_TURN)
    assert rig.held() == ["甲"] * 4


def test_without_what_the_row_was_neither_side_can_be_chosen(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    monkeypatch.setattr(sync_rows, "last", lambda *_: {})
    deleted_while_asked(rig)
    for side in ("mine", "theirs"):
        with pytest.raises(NotDone, match="here_hub"):
            rig.decide(0, NETWORK, side)


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "the broken variant"])
def test_whose_a_deletion_was_that_is_asked_about_is_told(
    rig: Rig, empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    """It came from the network while there was no such row here, and was merged with nothing; the hub has the row still."""
    if not kept:
        merged = absorb._merged
        monkeypatch.setattr(absorb, "_merged", lambda base: replace(merged(base), device_id="", received_at=""))
    rig.delete(0)
    rig.sync((0, NETWORK))
    with open_ledger(Path(shutil.copytree(empty_home, tmp_path / "c"))) as third:
        for role, service in rig.services.items():
            rig._do(third, "INSERT INTO remote (role, url, server_id, epoch) VALUES (?, 'http://127.0.0.1', ?, '1')", role, service.server_id)
        rig.seats.append(third)
        rig.sync((2, NETWORK), (2, HUB), (2, NETWORK))
        (found,) = syncing.conflicts(third, NETWORK)
        rig.seats.pop()
    assert found.theirs is None
    assert (found.device_id, bool(found.received_at)) == (("seat 0", True) if kept else ("", False))


def test_a_deletion_at_the_network_is_not_undone_by_what_the_hub_still_has(
    rig: Rig, empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def newcomer(name: str) -> tuple[list[str | None], bool]:
        with open_ledger(Path(shutil.copytree(empty_home, tmp_path / name))) as third:
            for role, service in rig.services.items():
                rig._do(third, "INSERT INTO remote (role, url, server_id, epoch) VALUES (?, 'http://127.0.0.1', ?, '1')", role, service.server_id)
            rig.seats.append(third)
            rig.sync((2, NETWORK), (2, HUB), (2, NETWORK))
            asked = bool(syncing.conflicts(third, NETWORK))
            held = rig.held()
            rig.seats.pop()
        return held[3:], asked

    rig.delete(0)
    rig.sync((0, NETWORK))
    assert newcomer("c") == (["", None], True)
    monkeypatch.setattr(sync_rows, "reopen_deletion", lambda *_: None)
    assert newcomer("d") == (["", ""], False)
