"""Clocks of computers: when a row was written is told, that a clock is off is said, and nothing is decided by either."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import enrolment, instruments, sync_views, syncing
from desktop.actions.sync_pending import HUB
from desktop.actions.workspace import Workspace
from desktop.store import database, sync_rows
from desktop.sync import client
from desktop.words import say
from tests.actions.making import USCC, start
from tests.network import at_hand
from tests.sync.faulty import Line


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[Line, str, str]]:
    """A hub behind a line that keeps every byte that passes; a code, and its database."""
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with at_hand.serve(url, "齐鲁示范大学", USCC, HUB) as (address, code):
        line = Line(int(address.rpartition(":")[2]))
        yield line, code, url
        line.close()


def turned(by: timedelta) -> Any:
    """The computer's clock, off by so much."""

    class Turned(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + by

    return Turned


def sent(line: Line) -> dict[str, Any]:
    """Key of a row -> the last change of it that passed."""
    found = {}
    for request in line.seen:
        head, _, body = request.partition(b"\n\n")
        if head.startswith(b"POST /v1/batches"):
            batch = json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
            found.update({change["id"]: change for change in batch["changes"]})
    return found


def written(ledger: Workspace, key: str) -> list[str]:
    """The moments at which people wrote a row, as the journal has them."""
    sql = "SELECT o.at FROM journal j JOIN operation o ON o.seq = j.operation WHERE j.key = ? AND o.name <> 'sync' ORDER BY j.seq"
    with ledger.read() as connection:
        return [str(row[0]) for row in connection.exec_driver_sql(sql, (key,))]


def test_a_change_tells_when_a_person_wrote_the_row_last(small: Workspace, hub: tuple[Line, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    line, code, _ = hub
    enrolment.enrol(small, line.address, code, HUB)
    nobody = "0198c5a0-1111-7aaa-8bbb-000000000001"
    with small.write("a customer") as operation:
        operation.connection.exec_driver_sql("INSERT INTO customer (id, name) VALUES (?, '散客')", (nobody,))
    one = instruments.get(small, "A1")
    with monkeypatch.context() as clock:
        clock.setattr(database, "datetime", turned(timedelta(days=-3000)))
        instruments.change(small, replace(one, phone="1"))
    syncing.sync(small, remote=HUB)
    told = sent(line)
    moments = written(small, one.id)
    assert told[one.id]["recorded_at"] == moments[-1] < moments[0]
    assert all("recorded_at" in change for change in told.values())
    with small.write("throw away") as operation:
        operation.connection.exec_driver_sql("DELETE FROM customer WHERE id = ?", (nobody,))
    syncing.sync(small, remote=HUB)
    (gone,) = [change for change in sent(line).values() if change["action"] == "delete"]
    assert gone["recorded_at"] == written(small, gone["id"])[-1]


def test_the_first_moment_of_a_row_would_be_seen(small: Workspace, hub: tuple[Line, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sync_rows._recorded
    monkeypatch.setattr(sync_rows, "_recorded", lambda *given: whole(*given).replace("DESC", "ASC"))
    with pytest.raises(AssertionError):
        test_a_change_tells_when_a_person_wrote_the_row_last(small, hub, monkeypatch)


@pytest.mark.parametrize("by", [timedelta(days=-4000), timedelta(days=4000)])
def test_a_seat_whose_clock_is_off_wins_and_loses_nothing(
    small: Workspace, tmp_path: Path, hub: tuple[Line, str, str], monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    line, code, url = hub
    enrolment.enrol(small, line.address, code, HUB)
    syncing.sync(small, remote=HUB)
    with start(tmp_path / "other") as other:
        again = at_hand.operator(url, "enrolment-code", "--uscc", USCC)["code"]
        enrolment.enrol(other, line.address, str(again), HUB)
        syncing.sync(other, remote=HUB)
        # One after the other: the later change stands, whenever its clock says it was.
        with monkeypatch.context() as clock:
            clock.setattr(database, "datetime", turned(by))
            instruments.change(other, replace(instruments.get(other, "A1"), phone="2"))
        syncing.sync(other, remote=HUB)
        syncing.sync(small, remote=HUB)
        assert instruments.get(small, "A1").phone == "2"
        instruments.change(small, replace(instruments.get(small, "A1"), phone="3"))
        # At the same time: people are asked, whoever seems to be later.
        with monkeypatch.context() as clock:
            clock.setattr(database, "datetime", turned(by))
            instruments.change(other, replace(instruments.get(other, "A1"), phone="4"))
        syncing.sync(small, remote=HUB)
        done = syncing.sync(other, remote=HUB)
        assert done.conflicts == 1
        ((_, _, mine, theirs),) = sync_views.conflicts(other, HUB)[0].groups[0].fields
        assert (mine, theirs) == ("4", "3")


@pytest.mark.parametrize(
    ("by", "code", "words"),
    [
        (timedelta(days=1, hours=2, minutes=3), "sync.clock_ahead", "快 1 天 2 小时 3 分"),
        (timedelta(minutes=-61), "sync.clock_behind", "慢 0 天 1 小时 1 分"),
        (timedelta(seconds=40), "", ""),
        (timedelta(seconds=-40), "", ""),
    ],
)
def test_a_clock_that_is_off_is_told_with_the_sync(
    small: Workspace, hub: tuple[Line, str, str], monkeypatch: pytest.MonkeyPatch, by: timedelta, code: str, words: str
) -> None:
    line, enrolment_code, _ = hub
    enrolment.enrol(small, line.address, enrolment_code, HUB)
    monkeypatch.setattr(client, "clock", lambda: datetime.now(UTC) + by)
    done = syncing.sync(small, remote=HUB)
    told = [one for one in done.findings if one.code.startswith("sync.clock")]
    assert [one.code for one in told] == ([code] if code else [])
    assert done.digest_equal
    assert all(words in say(one.code, **dict(one.params)) and one.severity == "warning" for one in told)
