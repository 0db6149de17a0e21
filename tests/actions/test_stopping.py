"""Whoever stops work on the network waits no longer than a second for it, wherever the service falls silent; nothing is lost by it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop.actions import enrolment, evidence_fetch, institution, library, sensor_pull, sensors, sync_line, sync_status, syncing
from desktop.actions.progress import Progress, Watched
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Cancelled
from desktop.store import publications
from desktop.sync.outcome import RemoteProblem
from network import library as rooms
from network import publications as told
from network import schema
from network.database import Database
from tests.actions.making import enter, posted
from tests.actions.test_evidence_sync import Remote, fetchable, started
from tests.network import at_hand
from tests.sync import faulty

Work = Callable[[Progress], object]


@dataclass
class Place:
    """A ledger, the service it works with, and another seat of the institution."""

    ledger: Workspace
    other: Workspace
    remote: Remote
    folder: Path


def enrolling(place: Place) -> Work:
    return lambda progress: enrolment.enrol(place.ledger, place.remote.line.address, place.remote.code, place.remote.role, progress=progress)


def enrolled(place: Place) -> Place:
    enrolling(place)(Watched())
    return place


def leaving(place: Place) -> Work:
    enrolled(place)
    return lambda progress: enrolment.leave(place.ledger, place.remote.role, progress)


def looking(place: Place) -> Work:
    enrolled(place)
    return lambda progress: syncing.preview(place.ledger, place.remote.role, progress)


def sending(place: Place) -> Work:
    posted(enrolled(place).ledger, "R1")
    return lambda progress: syncing.sync(place.ledger, progress=progress, remote=place.remote.role)


def reading_others(place: Place) -> Work:
    enrolled(place)
    return lambda progress: library.refresh_catalogue(place.ledger, place.remote.role, progress)


def reading_sensors(place: Place) -> Work:
    sensors.bind(place.ledger, "A1", "CG-1", date(2025, 1, 1))
    syncing.sync(enrolled(place).ledger)
    return lambda progress: sensor_pull.pull(place.ledger, progress=progress)


def fetching(place: Place) -> Work:
    came = fetchable(place.ledger, place.other, place.remote, place.folder)
    return lambda progress: evidence_fetch.fetch(place.other, came.id, progress)


WORK: dict[str, tuple[str, str, Callable[[Place], Work]]] = {
    "enrolling, met": ("network", "/v1/capabilities", enrolling),
    "enrolling, code sent": ("network", "/v1/devices", enrolling),
    "leaving, met": ("network", "/v1/capabilities", leaving),
    "leaving": ("network", "/v1/devices", leaving),
    "looking": ("network", "/v1/capabilities", looking),
    "sending, met": ("network", "/v1/capabilities", sending),
    "sending": ("network", "/v1/batches", sending),
    "catalogue": ("network", "/v1/catalogue", reading_others),
    "sensors": ("network", "/v1/sensors", reading_sensors),
    "fetching": ("hub", "/v1/blobs", fetching),
}
"""Work: with which remote, where it falls silent, how it is begun."""


@dataclass
class Stop:
    """The wish of the person at the desk, a moment after the service was asked; ``wished`` is when."""

    watch: Watched = field(default_factory=Watched)
    wished: float = 0.0

    def now(self) -> None:
        self.wished = time.monotonic()
        self.watch.stop()

    def in_silence(self, answer: faulty.Answer) -> None:
        """Nothing is answered; the person stops."""
        self.now()
        faulty.silent(answer)

    def in_a_storm(self, answer: faulty.Answer) -> None:
        """Too many requests, wait 50 seconds; the person stops while the program waits."""
        raw = b"slow down"
        answer.give(raw, 429, content_type="text/plain", content_length=str(len(raw)), content_digest="", content_encoding="", retry_after="50")
        answer.wait(0.3)
        self.now()


def stopped(work: Work, stop: Stop) -> float:
    """Seconds from the wish until the work has ended."""
    with pytest.raises(Cancelled):
        work(stop.watch)
    return time.monotonic() - stop.wished


@pytest.fixture
def other(tmp_path: Path, small: Workspace) -> Workspace:
    made, _ = institution.start(tmp_path / "other", "齐鲁示范大学", institution.get(small).uscc, "university", "370102", practice=True)
    return made


def begun(work: str, small: Workspace, other: Workspace, remote: Remote, folder: Path) -> Work:
    return WORK[work][2](Place(small, other, remote, folder))


@pytest.mark.parametrize("work", WORK)
def test_stopping_takes_no_longer_than_a_second_and_the_same_work_is_done_afterwards(
    small: Workspace, other: Workspace, tmp_path: Path, work: str
) -> None:
    role, where, _ = WORK[work]
    with closing(other), started(tmp_path / "service", role) as remote:
        again, stop = begun(work, small, other, remote, tmp_path), Stop()
        before = sync_status.status(small, role).enrolled
        remote.line.where, remote.line.spoil = where, stop.in_silence
        assert stopped(again, stop) < 1
        assert sync_status.status(small, role).enrolled == before
        remote.line.spoil = None
        again(Watched())
        assert sync_status.status(small, role).enrolled == (not work.startswith("leaving"))


def test_a_sync_in_a_storm_of_refusals_stops_within_a_second(small: Workspace, other: Workspace, tmp_path: Path) -> None:
    with closing(other), started(tmp_path / "service", "network") as remote:
        again, stop = begun("sending", small, other, remote, tmp_path), Stop()
        remote.line.where, remote.line.spoil = "/v1/batches", stop.in_a_storm
        assert stopped(again, stop) < 1
        assert remote.line.n_spoiled == 1
        remote.line.spoil = None
        assert syncing.sync(small).digest_equal


def news(place: Place) -> None:
    """A service is entered here; the network says something of a set, writes to the institution, and has another code book."""
    enter(place.ledger, "R9")
    with place.ledger.read() as connection:
        a1 = connection.exec_driver_sql("SELECT id FROM instrument WHERE asset_number = 'A1'").scalar_one()
    db = Database(place.remote.database)
    with closing(db), db.write() as connection:
        home = str(connection.execute(select(schema.institution.c.id)).scalar_one())
        rooms.put_codebook(connection, "benchmarks", {"2025": {"effective_hours": 1599}})
        rooms.send_notice(connection, home, "warning", "警示", "请核对。", "2026-01-15", None)
        told.set_state(connection, home, a1, told.State("pending", "2026-01-12"))


@pytest.mark.parametrize(
    ("where", "code"),
    [("/v1/anchors", "sync.not_anchored"), ("/v1/notices", "sync.not_read"), ("/v1/reference", "sync.not_read"), ("/v1/publications", "sync.not_read")],
)
def test_what_is_read_beside_a_sync_ends_as_soon_and_the_sync_stands(small: Workspace, other: Workspace, tmp_path: Path, where: str, code: str) -> None:
    with closing(other), started(tmp_path / "service", "network") as remote:
        place, stop = Place(small, other, remote, tmp_path), Stop()
        syncing.sync(enrolled(place).ledger)
        news(place)
        remote.line.where, remote.line.spoil = where, stop.in_silence
        done = syncing.sync(small, progress=stop.watch)
        assert time.monotonic() - stop.wished < 1
        assert (done.pending, done.digest_equal) == (0, True)
        assert [(one.code, dict(one.params)["why"]) for one in done.findings if one.code == code] == [(code, "work.cancelled")]
        remote.line.spoil = None
        after = syncing.sync(small)
        assert not {"sync.not_anchored", "sync.not_read"} & {one.code for one in after.findings}
        assert [one.title for one in library.notices(small)] == ["警示"]
        with small.read() as connection:
            assert [row.state for row in publications.every(connection, "network").values()] == ["pending"]


@pytest.mark.parametrize("work", ["enrolling, met", "looking"])
def test_work_on_a_line_that_nobody_watches_would_not_end(
    small: Workspace, other: Workspace, tmp_path: Path, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken variant: the wish to stop does not reach the exchange."""
    reach = sync_line.client
    with closing(other), started(tmp_path / "service", "network") as remote:
        again, stop = begun(work, small, other, remote, tmp_path), Stop()
        monkeypatch.setattr(sync_line, "client", lambda workspace, url, _progress, *more: reach(workspace, url, remote=more[0], authorities=more[1]))
        monkeypatch.setattr("desktop.sync.wire.SILENCE_SECONDS", 1.5)
        monkeypatch.setattr("desktop.sync.client.N_TRIES", 1)
        remote.line.where, remote.line.spoil = WORK[work][1], stop.in_silence
        with pytest.raises(RemoteProblem, match="sync.stalled"):
            again(stop.watch)
        assert time.monotonic() - stop.wished > 1


def test_a_code_of_another_institution_costs_nothing_where_taking_it_back_is_stopped(small: Workspace, other: Workspace, tmp_path: Path) -> None:
    with closing(other), started(tmp_path / "service", "network") as remote:
        place, stop = enrolled(Place(small, other, remote, tmp_path)), Stop()
        at_hand.operator(remote.database, "create-institution", "--uscc", "123702004000000266", "--name", "另一个单位")
        remote.code = str(at_hand.operator(remote.database, "enrolment-code", "--uscc", "123702004000000266")["code"])
        remote.line.where, remote.line.spoil = "/v1/devices/", stop.in_silence
        assert stopped(enrolling(place), stop) < 1
        remote.line.spoil = None
        assert syncing.sync(small).digest_equal
