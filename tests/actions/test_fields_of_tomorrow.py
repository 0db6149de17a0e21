"""A newer program at another seat knows a field that this one does not: what it wrote there outlives what is changed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import enrolment, instruments, sync_resolving, sync_storage, syncing
from desktop.actions.workspace import Workspace
from tests.actions.carrying import Office
from tests.network.rig import Seat, create, update

FIELD, SAID = "cooling_of_tomorrow", "液氮"


class Tomorrow:
    """A seat of the same institution with a newer program."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat

    def held(self, asset_number: str) -> dict[str, Any]:
        """An instrument as the service holds it: the whole item."""
        items, _ = self.seat.pages()
        return next(item for item in reversed(items) if item["body"] and item["body"].get("asset_number") == asset_number)

    def writes(self, asset_number: str, **fields: object) -> None:
        item = self.held(asset_number)
        (result,) = self.seat.send(update({"kind": item["kind"], "id": item["id"], "body": item["body"]}, item["token"], **fields))
        assert result["status"] == "applied", result


@pytest.fixture(params=["network", "hub"])
def met(request: pytest.FixtureRequest, small: Workspace, tmp_path: Path) -> Iterator[tuple[Workspace, Tomorrow, str]]:
    """A ledger in step with a service that a newer program has written to: A1 has the field, and so has a row that is new."""
    office = Office(tmp_path / "office", request.param)
    try:
        enrolment.enrol(small, office.service.base, office.code(), request.param)
        syncing.sync(small, remote=request.param)
        tomorrow = Tomorrow(office.service.seat(office.home))
        tomorrow.writes("A1", **{FIELD: SAID})
        body = tomorrow.held("A2")["body"] | {"asset_number": "N1", "name": "新来的", FIELD: SAID}
        (result,) = tomorrow.seat.send(create("instrument", **{name: value for name, value in body.items() if name != "id"}))
        assert result["status"] == "applied", result
        yield small, tomorrow, request.param
    finally:
        office.service.stop()


def edited(ledger: Workspace, tomorrow: Tomorrow, remote: str) -> list[Any]:
    """Both rows come, are changed here and sent: what the service holds of the field then."""
    assert syncing.sync(ledger, remote=remote).digest_equal
    for number in ("A1", "N1"):
        instruments.change(ledger, replace(instruments.get(ledger, number), name=f"改名{number}"), "铭牌")
    done = syncing.sync(ledger, remote=remote)
    assert (done.sent, done.parked, done.conflicts, done.pending, done.digest_equal) == (2, 0, 0, 0, True)
    held = [tomorrow.held(number)["body"] for number in ("A1", "N1")]
    assert [body["name"] for body in held] == ["改名A1", "改名N1"]
    return [body.get(FIELD) for body in held]


def test_a_row_changed_here_keeps_a_field_of_tomorrow(met: tuple[Workspace, Tomorrow, str]) -> None:
    assert edited(*met) == [SAID, SAID]
    ledger, tomorrow, remote = met
    again = syncing.sync(ledger, remote=remote)
    assert (again.sent, again.received, again.digest_equal) == (0, 0, True)
    # It may change there again, at the same time as another field here.
    tomorrow.writes("A1", **{FIELD: "水冷"})
    instruments.change(ledger, replace(instruments.get(ledger, "A1"), name="再改"), "铭牌")
    done = syncing.sync(ledger, remote=remote)
    assert (done.sent, done.conflicts, done.digest_equal) == (1, 0, True)
    body = tomorrow.held("A1")["body"]
    assert (body["name"], body[FIELD]) == ("再改", "水冷")


def test_a_decision_keeps_a_field_of_tomorrow(met: tuple[Workspace, Tomorrow, str]) -> None:
    ledger, tomorrow, remote = met
    syncing.sync(ledger, remote=remote)
    tomorrow.writes("A1", name="那边的名字")
    instruments.change(ledger, replace(instruments.get(ledger, "A1"), name="这边的名字"), "铭牌")
    assert syncing.sync(ledger, remote=remote).conflicts == 1
    (conflict,) = syncing.conflicts(ledger, remote)
    sync_resolving.resolve(ledger, conflict.kind, conflict.id, {"name": "mine"}, "铭牌如此", remote=remote)
    assert syncing.sync(ledger, remote=remote).digest_equal
    body = tomorrow.held("A1")["body"]
    assert (body["name"], body[FIELD]) == ("这边的名字", SAID)


def test_a_field_that_is_dropped_is_noticed(met: tuple[Workspace, Tomorrow, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: a storage that tells of a row only what it knows."""
    monkeypatch.setattr(sync_storage, "_whole", lambda _kind, body, _base, _remote: body)
    with pytest.raises(AssertionError):
        assert edited(*met) == [SAID, SAID]
