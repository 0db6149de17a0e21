"""What was sent of a set that became confidential is asked back from real services: what can go goes, by its key alone; what stays is said."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlite3  # the service's own: a second SQLite in one process breaks the locks of the first

from desktop.actions import evidence, history, instruments, reclassifying, syncing, taking_back
from desktop.actions.sync_pending import n_pending
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.store import asked_back, sent_rows
from desktop.store.reclassifications import OWN
from desktop.sync.egress import Gate
from desktop.sync.ports import Marker
from desktop.words import say
from tests.actions.making import APPROVER, FINANCE, OFFICE, PINS, enter, everything, fee_version, posted, refused, sound
from tests.actions.test_evidence_sync import Remote, started
from tests.actions.test_evidence_sync import other as other  # a fixture

CANARY = "金丝雀扫描电镜"


@pytest.fixture(params=("network", "hub"))
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    with started(tmp_path / "service", request.param) as made:
        yield made


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Remote]:
    with started(tmp_path / "hub", "hub") as made:
        yield made


def close(ledger: Workspace, number: str, *, confirmed: bool = True) -> None:
    reclassifying.prepare(ledger, number, True, "上级通知", OFFICE, PINS[OFFICE])
    if confirmed:
        reclassifying.approve(ledger, number, APPROVER, PINS[APPROVER])


def open_again(ledger: Workspace, number: str) -> None:
    reclassifying.prepare(ledger, number, False, "已解密", OFFICE, PINS[OFFICE])
    reclassifying.approve(ledger, number, APPROVER, PINS[APPROVER])


def ask(ledger: Workspace, number: str) -> taking_back.Asked:
    return taking_back.take_back(ledger, number, "发函前先撤下", APPROVER, PINS[APPROVER])


def at_service(remote: Remote, ledger: Workspace, number: str) -> dict[str, int]:
    """What the service's own database says it holds of an instrument, by kind."""
    key = instruments.get(ledger, number).id
    with ledger.read() as connection:
        own = {row[1] for row in connection.exec_driver_sql(OWN, (key,))}
    found: dict[str, int] = {}
    with sqlite3.connect(remote.database.removeprefix("sqlite:///")) as db:
        for kind, each, deleted in db.execute("SELECT kind, id, deleted FROM entity"):
            if not deleted and each in own:
                found[kind] = found.get(kind, 0) + 1
    return found


def sent(remote: Remote, since: int) -> list[dict[str, Any]]:
    """The changes sent since so many requests, and the raw text of all of them."""
    changes = []
    for request in remote.line.seen[since:]:
        head, _, body = request.partition(b"\n\n")
        if head.startswith(b"POST /v1/batches"):
            plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            changes += json.loads(plain)["changes"]
    return changes


def raw(remote: Remote, since: int) -> str:
    told = []
    for request in remote.line.seen[since:]:
        head, _, body = request.partition(b"\n\n")
        told.append(head.decode() + (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode("utf-8", "replace"))
    return "\n".join(told)


@pytest.fixture
def filled(small: Workspace, tmp_path: Path) -> Workspace:
    """A1 is posted on; A3 has fees, a file and a record nobody has posted."""
    posted(small, "R1")
    instruments.add(small, Instrument("", "A3", CANARY, 50_000_000, True, False, date(2020, 1, 1)))
    fee_version(small, "A3", date(2025, 1, 1), "机时", "hour", "60", "180")
    one = instruments.get(small, "A3")
    instruments.change(small, replace(one, model=CANARY + "一号"))
    path = tmp_path / "A3.pdf"
    path.write_text("%PDF- " + CANARY, "utf-8")
    evidence.add(small, "instrument", one.id, path, "说明")
    enter(small, "R3", "A3")
    return small


def test_what_nothing_hangs_on_is_deleted_there_by_its_key_alone(filled: Workspace, remote: Remote) -> None:
    remote.enrol(filled)
    assert remote.sync(filled).digest_equal
    before = at_service(remote, filled, "A3")
    assert before["instrument"] == before["fee_schedule"] == before["attachment"] == 1
    close(filled, "A3")
    seen = len(remote.line.seen)
    assert remote.sync(filled).sent == 0
    assert CANARY not in raw(remote, seen)
    found = taking_back.offer(filled, "A3")
    assert [(one.remote, len(one.deletable), one.stay) for one in found.held] == [(remote.role, sum(before.values()), ())]
    mine = {kind: rows for kind, rows in everything(filled).items() if kind not in ("operation", "take_back") and "journal" not in kind}
    ask(filled, "A3")
    assert n_pending(filled, remote.role) == sum(before.values())
    shown = syncing.preview(filled, remote.role)
    assert {line.action for line in shown.lines} == {"delete"}
    seen = len(remote.line.seen)
    done = remote.sync(filled)
    assert (done.sent, done.parked, done.pending, done.digest_equal) == (sum(before.values()), 0, 0, True)
    changes = sent(remote, seen)
    assert {(change["action"], change["body"]) for change in changes} == {("delete", None)}
    assert changes[-1]["kind"] == "instrument", "the set goes last"
    assert CANARY not in raw(remote, seen)
    assert "A3" not in json.dumps(changes)
    assert at_service(remote, filled, "A3") == {}
    # What the words beforehand say of its history is so.
    assert CANARY.encode() in b"".join(row[0] for row in _feed(remote))
    after = {kind: rows for kind, rows in everything(filled).items() if kind in mine}
    told = {"sync_base", "sync_batch", "sync_take_back", "remote", "setting", "anchor"}
    assert {kind for kind in mine if mine[kind] != after[kind]} <= told, "no row of the ledger itself"
    assert refused(ask, filled, "A3") == ["take_back.nothing"]
    assert sound(filled)


def _feed(remote: Remote) -> list[tuple[bytes]]:
    with sqlite3.connect(remote.database.removeprefix("sqlite:///")) as db:
        return list(db.execute("SELECT body FROM feed WHERE body IS NOT NULL"))


def test_postings_and_what_they_refer_to_stay_and_this_is_said(
    filled: Workspace, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    if remote.role == "hub":
        enter(filled, "R2", "A1")  # drafts are for the hub
    remote.enrol(filled)
    remote.sync(filled)
    before = at_service(remote, filled, "A1")
    close(filled, "A1")
    found = taking_back.offer(filled, "A1")
    (held,) = found.held
    kinds = {kind for kind, _ in held.stay}
    assert {"instrument", "posting", "service_record", "fee_schedule", "fee_line"} <= kinds
    assert len(held.stay) + len(held.deletable) == sum(before.values())
    told = "\n".join(say(code, **params) for code, params in taking_back.words_of(found))
    assert "[" not in told
    assert f"不能删除的有 {len(held.stay)} 行" in told
    assert "行文" in told
    assert "A1" in told
    if not held.deletable:
        assert refused(ask, filled, "A1") == ["take_back.nothing"]
        return
    ask(filled, "A1")
    seen = len(remote.line.seen)
    done = remote.sync(filled)
    assert done.parked == 0
    assert {change["id"] for change in sent(remote, seen)} == {key for _, key in held.deletable}
    assert at_service(remote, filled, "A1")["posting"] == 1
    # The broken variant: a program that takes postings for rows like any other asks for what the service refuses.
    monkeypatch.setattr(sent_rows, "FACTS", frozenset())
    ask(filled, "A1")
    assert remote.sync(filled).parked > 0
    assert at_service(remote, filled, "A1")["posting"] == 1


def test_made_ordinary_again_the_rows_are_sent_anew(filled: Workspace, remote: Remote) -> None:
    remote.enrol(filled)
    remote.sync(filled)
    before = at_service(remote, filled, "A3")
    close(filled, "A3")
    ask(filled, "A3")
    remote.sync(filled)
    assert at_service(remote, filled, "A3") == {}
    open_again(filled, "A3")
    done = remote.sync(filled)
    assert (done.parked, done.pending, done.conflicts, done.digest_equal) == (0, 0, 0, True)
    assert at_service(remote, filled, "A3") == before
    # Given up before it was sent, nothing is deleted; what was sealed for a preview is taken apart.
    close(filled, "A3")
    ask(filled, "A3")
    shown = syncing.preview(filled, remote.role)
    assert shown.n_changes == sum(before.values())
    open_again(filled, "A3")
    assert n_pending(filled, remote.role) == 0
    seen = len(remote.line.seen)
    remote.sync(filled)
    assert sent(remote, seen) == []
    assert at_service(remote, filled, "A3") == before
    assert sound(filled)


def test_another_seat_loses_its_copy_only_when_nothing_of_its_own_hangs_on_it(filled: Workspace, other: Workspace, hub: Remote) -> None:
    hub.enrol(filled)
    hub.sync(filled)
    hub.enrol(other, again=True)
    hub.sync(other)
    assert instruments.get(other, "A3").name == CANARY
    close(filled, "A3")
    ask(filled, "A3")
    hub.sync(filled)
    done = hub.sync(other)
    assert (done.parked, done.conflicts) == (0, 0)
    assert refused(instruments.get, other, "A3") == ["instrument.unknown"]
    assert instruments.get(filled, "A3").confidential
    open_again(filled, "A3")
    hub.sync(filled)
    assert hub.sync(other).digest_equal
    enter(other, "R8", "A3")
    close(filled, "A3")
    ask(filled, "A3")
    hub.sync(filled)
    hub.sync(other)
    assert instruments.get(other, "A3").name == CANARY
    assert syncing.parked(other, "hub") or syncing.conflicts(other, "hub")


def test_who_may_ask_and_when(filled: Workspace, remote: Remote) -> None:
    remote.enrol(filled)
    remote.sync(filled)
    call = taking_back.take_back
    assert refused(call, filled, "A3", "理由", APPROVER, PINS[APPROVER]) == ["take_back.ordinary"]
    close(filled, "A3", confirmed=False)
    before = everything(filled)
    assert refused(call, filled, "A3", "理由", APPROVER, PINS[APPROVER]) == ["take_back.waits"]
    assert everything(filled) == before
    reclassifying.approve(filled, "A3", APPROVER, PINS[APPROVER])
    before = everything(filled)
    assert refused(call, filled, "A3", " ", APPROVER, PINS[APPROVER]) == ["take_back.no_reason"]
    assert refused(call, filled, "A3", "理由", APPROVER, "0000") == ["person.pin"]
    assert refused(call, filled, "A3", "理由", FINANCE, PINS[FINANCE]) == ["person.not_allowed"]
    assert refused(call, filled, "A3", "理由", OFFICE, PINS[OFFICE]) == ["reclassification.same_person"]
    assert refused(call, filled, "S1", "理由", APPROVER, PINS[APPROVER]) == ["take_back.not_decided"]
    assert everything(filled) == before
    ask(filled, "A3")
    last = history.latest(filled, 1)[0]
    assert (last.who, last.reason) == (APPROVER, "发函前先撤下")
    assert refused(history.undo_one, filled, last.seq) == ["undo.final"]
    standing = taking_back.offer(filled, "A3")
    assert (standing.asked_by, standing.standing and standing.standing.reason) == (APPROVER, "发函前先撤下")


def _without_keys(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    return {**told, "id": ""} | ({"changes": [_without_keys(one) for one in told["changes"]]} if "changes" in told else {})


def test_a_deletion_nobody_asked_for_does_not_leave(filled: Workspace, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    remote.enrol(filled)
    remote.sync(filled)
    key = instruments.get(filled, "A3").id
    close(filled, "A3")
    # A storage that takes every confidential row for one that was asked back.
    monkeypatch.setattr(asked_back, "open_places", lambda connection, remote: [("instrument", key)])
    monkeypatch.setattr(asked_back, "is_asked", lambda *place: True)
    seen = len(remote.line.seen)
    assert remote.sync(filled).sent == 0
    assert {(row.id, row.code) for row in syncing.parked(filled, remote.role)} == {(key, "here.confidential")}
    assert key not in raw(remote, seen)
    # The broken variant: a gate that lets any key leave in a deletion.
    monkeypatch.setattr(Gate, "_but_asked", lambda self, told: _without_keys(told))
    remote.sync(filled)
    assert key in raw(remote, seen)


KEY, OTHER = "6f1d1c6e-0000-4000-8000-000000000001", "6f1d1c6e-0000-4000-8000-000000000002"
DELETION = {"op_id": "o", "kind": "instrument", "id": KEY, "action": "delete", "parent": "1.x", "body": None}


def batch(**changed: object) -> bytes:
    return json.dumps({"key": "k", "schema": 1, "changes": [DELETION | changed]}).encode()


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "update"}, {"body": {}}, {"body": {"id": KEY}}, {"kind": "service_record"}, {"op_id": KEY}, {"parent": KEY},
        {"note": KEY}, {"id": OTHER}, {"recorded_at": KEY},
    ],
    ids=str,
)  # fmt: skip
def test_the_gate_lets_this_key_leave_in_this_deletion_and_nothing_else(changed: dict[str, object]) -> None:
    gate = Gate([Marker(KEY, whole=True, leaves_in="instrument"), Marker(OTHER, whole=True)])
    assert gate.lets(batch())
    assert not gate.lets(batch(**changed))
    assert not gate.lets(json.dumps({"items": [DELETION]}).encode()), "a tail hands nothing confidential back"
    assert not gate.lets(b"", f"/v1/entities/instrument/{KEY}")
    # The broken variant: a gate that is told of no key lets all of it through.
    assert Gate([]).lets(batch(**changed))
