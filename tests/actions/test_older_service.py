"""A service that does not take a kind yet, as an older one, and one that is started as another kind of service than it was.

What waits for a newer service is counted, told and never called in sync; nothing is asked of a service of another role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.actions import enrolment, evidence, packages, people, pilot, sync_outcome, sync_views, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.finding import Finding
from desktop.ledger.pilot import PilotBase
from desktop.ledger.problem import Problem
from desktop.sync import agreement, seal, waiting
from desktop.sync.client import Client
from network import kinds, roles
from tests.actions.carrying import Courier, Office
from tests.actions.making import USCC
from tests.network import at_hand
from tests.network.rig import uscc

Lacking = Callable[[str], None]


@pytest.fixture
def lacks(monkeypatch: pytest.MonkeyPatch) -> Lacking:
    """From now on the service is one from before a kind; "": the newest again. Real services are served in this process."""
    whole = dict(kinds.KINDS)

    def older(kind: str) -> None:
        for name in whole:
            monkeypatch.setitem(kinds.KINDS, name, replace(whole[name], roles=()) if name == kind else whole[name])

    return older


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every request: its method and path."""
    told: list[str] = []
    ask = Client._ask

    def heard(self: Client, method: str, path: str, *given: Any, **named: Any) -> Any:
        told.append(f"{method} {path.partition('?')[0]}")
        return ask(self, method, path, *given, **named)

    monkeypatch.setattr(Client, "_ask", heard)
    return told


@pytest.fixture
def hub(small: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """A ledger that is level with a hub."""
    (tmp_path / "hub").mkdir()
    with at_hand.serve(f"sqlite:///{tmp_path / 'hub' / 'hub.db'}", "齐鲁示范大学", USCC, "hub") as (url, code):
        enrolment.enrol(small, url, code, "hub")
        assert sync_outcome.in_sync(syncing.sync(small, remote="hub"))
        yield small


def untaken(result: syncing.Result) -> list[Finding]:
    return [one for one in result.findings if one.code == "sync.kinds_untaken"]


def is_told(ledger: Workspace) -> syncing.Result:
    """A new person at an older hub: the run says what waits, and that it is not all the same."""
    done = syncing.sync(ledger, remote="hub")
    assert (done.sent, done.pending, done.parked, done.digest_equal) == (0, 1, 0, True)
    assert not sync_outcome.in_sync(done)
    (found,) = untaken(done)
    assert words.say_in("zh", found.code, **dict(found.params)).startswith("机构中心的版本还不收这类内容：人员，共 1 条。")
    assert "yet: Person, 1 row in all. Nothing is lost; it is here" in words.say_in("en", found.code, **dict(found.params))
    assert sync_outcome.sides(sync_views.runs(ledger, "hub")[0]) == "其余内容两边一致"
    return done


def test_what_an_older_hub_does_not_take_waits_and_is_told(
    hub: Workspace, lacks: Lacking, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lacks("person")
    people.add(hub, "吴新人", "finance", "4321")
    is_told(hub)
    # Once the head is signed, a run with nothing else to do asks no more than one with nothing at all.
    asked.clear()
    is_told(hub)
    assert len(asked) <= 3, asked
    with pytest.MonkeyPatch.context() as broken:
        # The broken variant: what the remote does not take counts as nothing.
        pending = waiting._pending
        broken.setattr(waiting, "_pending", lambda step, which, *rest: pending(step, which or list(kinds.taken("hub")), *rest))
        assert sync_outcome.in_sync(syncing.sync(hub, remote="hub"))
    lacks("")
    done = syncing.sync(hub, remote="hub")
    assert (done.sent, done.pending, untaken(done)) == (1, 0, [])
    assert sync_outcome.in_sync(done)


def test_what_one_batch_was_refused_for_is_sent_to_a_newer_hub(hub: Workspace, lacks: Lacking) -> None:
    """Sealed for a newer service, sent to an older one: refused row by row, and tried again when that is renewed."""
    people.add(hub, "吴新人", "finance", "4321")
    syncing.preview(hub, "hub")
    lacks("person")
    done = syncing.sync(hub, remote="hub")
    assert (done.sent, done.parked, sync_outcome.in_sync(done)) == (0, 1, False)
    is_told(hub)
    lacks("")
    done = syncing.sync(hub, remote="hub")
    assert (done.sent, done.parked, done.pending, sync_outcome.in_sync(done)) == (1, 0, 0, True)


@pytest.fixture
def unheard_of(monkeypatch: pytest.MonkeyPatch) -> Lacking:
    """The same of a service that has never heard of a kind: it refuses its files for whom they belong to."""
    whole = dict(kinds.KINDS)

    def older(kind: str) -> None:
        for name in whole:
            monkeypatch.setitem(kinds.KINDS, name, whole[name])
        if kind:
            monkeypatch.delitem(kinds.KINDS, kind)

    return older


def with_a_file(ledger: Workspace, folder: Path) -> None:
    """A pilot base and a picture of it."""
    pilot.add_base(ledger, PilotBase("", "Z1", "新材料中试基地"))
    file = folder / "照片.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    evidence.add(ledger, "pilot_base", evidence.subject(ledger, "pilot_base", "Z1"), file)


def test_a_file_of_a_row_that_an_older_hub_does_not_take_waits_with_it(
    hub: Workspace, unheard_of: Lacking, asked: list[str], tmp_path: Path
) -> None:
    unheard_of("pilot_base")
    with_a_file(hub, tmp_path)
    asked.clear()
    done = syncing.sync(hub, remote="hub")
    assert (done.sent, done.pending, done.parked, done.digest_equal) == (0, 2, 0, True)
    (found,) = untaken(done)
    assert dict(found.params)["kinds"] == "kind.attachment|kind.pilot_base"
    assert not [one for one in asked if "blobs" in one], "nor is its file"
    # The broken variant, which is what was: the file alone goes, and is refused.
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(seal, "takes", lambda which, row: row.kind in which)
        assert syncing.sync(hub, remote="hub").parked == 1
    done = syncing.sync(hub, remote="hub")
    assert (done.pending, done.parked) == (2, 0), "what was refused for it is no longer refused, it waits"
    unheard_of("")
    done = syncing.sync(hub, remote="hub")
    assert (done.sent, done.pending, done.parked) == (2, 0, 0)
    assert sync_outcome.in_sync(done)


def test_by_package_what_is_not_taken_comes_back_and_goes_with_a_later_one(small: Workspace, lacks: Lacking, tmp_path: Path) -> None:
    lacks("person")
    office = Office(tmp_path / "office", "hub")
    try:
        courier = Courier(small, office, tmp_path / "files", "hub")
        done = courier.round(code=office.code())
        n = done.parked
        assert n >= 1
        assert not sync_outcome.in_sync(done)
        assert {one.code for one in done.findings if one.kind == "person"} == {"sync.refused.kind_unknown"}
        lacks("")
        assert packages.prepare(small, "hub").preview.n_changes == n
        done = courier.round()
        assert (done.sent, done.parked, done.pending) == (n, 0, 0)
        assert agreement.in_sync(done)
    finally:
        office.service.stop()


@pytest.fixture
def turned(hub: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The hub's database, served as a network by a program that keeps no mark."""
    monkeypatch.setattr(roles, "bind", lambda _db, role: role)
    with at_hand.serve(f"sqlite:///{tmp_path / 'hub' / 'hub.db'}", "泉城样本学院", uscc(7301), "network") as (url, _):
        with hub.write("moved") as operation:
            operation.connection.exec_driver_sql("UPDATE remote SET url = ? WHERE role = 'hub'", (url,))
        yield hub


@pytest.mark.parametrize(
    "act",
    [lambda ledger: syncing.sync(ledger, remote="hub"), lambda ledger: syncing.preview(ledger, "hub")],
    ids=["sync", "preview"],
)
def test_nothing_is_asked_of_a_service_of_another_role(turned: Workspace, asked: list[str], act: Callable[[Workspace], object]) -> None:
    people.add(turned, "吴新人", "finance", "4321")
    with pytest.raises(Problem) as stopped:
        act(turned)
    assert stopped.value.code == "sync.role_changed"
    assert asked == ["GET /v1/capabilities"]
    told = words.say_in("zh", "sync.role_changed", **stopped.value.params)
    assert told.startswith("登记为机构中心的地址，现在的服务说自己不是机构中心：没有发送任何内容")
    assert "enrolled as the institution's hub now says it is not the institution's hub" in words.say_in("en", "sync.role_changed", **stopped.value.params)


def test_leaving_tells_a_service_of_another_role_nothing(turned: Workspace, asked: list[str]) -> None:
    """Nor does it get the token of the one that was left."""
    assert enrolment.leave(turned, "hub") is False
    assert asked == ["GET /v1/capabilities"]


def test_a_client_that_asks_the_role_once_alone_would_go_on(turned: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: only enrolment looks."""
    monkeypatch.setattr(syncing.sync_line, "reached", _unwary(syncing.sync_line.reached))
    done = syncing.sync(turned, remote="hub")
    assert done.digest_equal


def _unwary(reached: Any) -> Any:
    @contextmanager
    def trusting(*given: Any, **named: Any) -> Iterator[Client]:
        with reached(*given, **named) as client:
            client._role = ""
            yield client

    return trusting
