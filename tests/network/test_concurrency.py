"""Several at once, on both databases: nothing lost, nothing twice, whoever must wait is told so and tries again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import requests
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError, OperationalError

from network import acceptance, identity, schema
from tests.network.files import declare, pdf, send_part, sha256
from tests.network.rig import Seat, Service, batch, instrument, new_id, update, uscc

N_TRIES = 30


def patiently(ask: Callable[[], requests.Response]) -> requests.Response:
    """Ask again while the answer is ``retry``, as a client does."""
    for _ in range(N_TRIES):
        reply = ask()
        if reply.status_code != 503:
            return reply
        assert reply.json()["action"] == "retry"
        assert int(reply.headers["retry-after"]) >= 0
    return reply


def sending(one: Seat, content: object) -> Callable[[], requests.Response]:
    return partial(patiently, partial(one.ask, "POST", "/v1/batches", content))


def enrolling(one: Seat, code: str) -> Callable[[], requests.Response]:
    return partial(patiently, partial(one.enrol, code))


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run all of them together, beginning at the same moment."""
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_two_devices_that_push_at_once_both_get_everything_in(service: Service, seat: Seat, home: str) -> None:
    seats = [seat, *(service.seat(home) for _ in range(3))]
    sent = [[batch(*(instrument() for _ in range(20))) for _ in range(5)] for _ in seats]

    def push(one: Seat, batches: list[dict[str, object]]) -> list[requests.Response]:
        return [sending(one, each)() for each in batches]

    replies = at_once(*(partial(push, *each) for each in zip(seats, sent, strict=True)))
    assert all(result["status"] == "applied" for each in replies for reply in each for result in reply.json()["results"])
    items, _ = seat.pages()
    assert {item["id"] for item in items} == {c["id"] for each in sent for b in each for c in b["changes"]}
    with service.db.read() as connection:
        feed = schema.feed
        positions = list(connection.execute(select(feed.c.position).where(feed.c.institution_id == home)).scalars())
    assert len(positions) == len(set(positions)) == 400


def test_of_two_edits_of_one_row_at_once_one_is_taken_and_the_other_is_stale(service: Service, seat: Seat, home: str) -> None:
    second, row = service.seat(home), instrument()
    token = seat.send(row)[0]["token"]
    for turn in range(8):
        edits = [batch(update(row, token, name=f"{turn}-{n}")) for n in range(2)]
        replies = at_once(*map(sending, (seat, second), edits))
        results = [reply.json()["results"][0] for reply in replies]
        assert sorted(result["status"] for result in results) == ["applied", "stale"]
        applied = next(result for result in results if result["status"] == "applied")
        stale = next(result for result in results if result["status"] == "stale")
        assert stale["token"] == applied["token"]
        token = applied["token"]


def test_the_same_batch_sent_twice_at_once_is_taken_once(service: Service, seat: Seat, home: str) -> None:
    second = Seat(seat.base, device_id=seat.device_id, headers=dict(seat.headers))
    for _ in range(5):
        sent = batch(*(instrument() for _ in range(10)))
        replies = at_once(sending(seat, sent), sending(second, sent))
        assert replies[0].content == replies[1].content
        assert sorted("yixiang-replayed" in reply.headers for reply in replies) == [False, True]


def test_one_number_in_two_rows_at_once_is_taken_once(service: Service, seat: Seat, home: str) -> None:
    second = service.seat(home)
    for n in range(5):
        rows = [batch(instrument(asset_number=f"同号{n}")) for _ in range(2)]
        replies = at_once(*map(sending, (seat, second), rows))
        assert sorted(reply.json()["results"][0]["status"] for reply in replies) == ["applied", "refused"]


def test_a_code_used_twice_at_once_makes_one_device(service: Service, home: str) -> None:
    for _ in range(5):
        code, seats = service.code(home), [Seat(service.base), Seat(service.base)]
        replies = at_once(*(enrolling(one, code) for one in seats))
        assert sorted(reply.status_code for reply in replies) == [201, 403]


def test_one_device_that_enrols_twice_at_once_is_there_once(service: Service, home: str) -> None:
    for _ in range(5):
        code, device = service.code(home), new_id()
        seats = [Seat(service.base, device_id=device) for _ in range(2)]
        replies = at_once(*(enrolling(one, code) for one in seats))
        assert [reply.status_code for reply in replies] == [201, 201]
        assert all(one.ask("GET", "/v1/digest").ok for one in seats)


def test_the_parts_of_a_file_sent_at_once_make_the_file(service: Service, seat: Seat, home: str) -> None:
    content = pdf(3 * 1_048_576 + 9)
    seats = [seat, *(service.seat(home) for _ in range(3))]
    declare(seat, content)
    digest = sha256(content)
    replies = at_once(
        *(partial(patiently, partial(send_part, seats[n], digest, n, content[n * 1_048_576 :][:1_048_576])) for n in range(4))
    )
    assert all(reply.ok for reply in replies)
    assert sum(reply.json()["complete"] for reply in replies) == 1
    assert seat.ask("GET", "/v1/blobs/{sha256}", path={"sha256": digest}).json()["complete"]


def test_whoever_waits_too_long_for_a_lock_is_told_to_try_again(fresh: Service, engine: str) -> None:
    """Another writer holds the institution; nothing of the request is kept, and the same bytes are taken afterwards."""
    home = fresh.institution(uscc(1), "齐鲁样本大学")
    seat = fresh.seat(home)
    shorten(fresh, engine)
    sent = batch(instrument())
    own = select(schema.institution.c.head).where(schema.institution.c.id == home).with_for_update()
    with fresh.db.write() as connection:
        connection.execute(own).one()
        reply = seat.ask("POST", "/v1/batches", sent)
        assert (reply.status_code, reply.json()["code"], reply.json()["action"]) == (503, "service.busy", "retry")
    assert seat.pages()[0] == []
    assert seat.ask("POST", "/v1/batches", sent).json()["results"][0]["status"] == "applied"


def shorten(service: Service, engine: str) -> None:
    """Let new connections of the service wait for a lock a fifth of a second."""
    service.db.engine.dispose()
    statement = "SET lock_timeout = 200" if engine == "postgresql" else "PRAGMA busy_timeout=200"

    def connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        if engine == "postgresql":
            connection.commit()

    event.listen(service.db.engine, "connect", connected)


@pytest.mark.parametrize("kind", [OperationalError, IntegrityError])
def test_a_failed_serialisation_is_answered_retry(
    service: Service, seat: Seat, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def failing(*_given: object, **_named: object) -> None:
        raise kind("statement", {}, Exception("could not serialize access due to concurrent update"))

    sent = batch(instrument())
    with monkeypatch.context() as patched:
        patched.setattr(acceptance, "save", failing)
        reply = seat.ask("POST", "/v1/batches", sent)
        assert (reply.status_code, reply.json()["action"]) == (503, "retry")
        assert "could not" not in reply.text
    assert seat.ask("POST", "/v1/batches", sent).json()["results"][0]["status"] == "applied"


def test_a_restore_between_question_and_work_is_seen(fresh: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The epoch was in force when the token was checked and is another when the batch is taken: nothing may go in."""
    seat = fresh.seat(fresh.institution(uscc(1), "齐鲁样本大学"))
    checked = identity.caller

    def then_restored(*given: Any) -> identity.Caller:
        caller = checked(*given)
        fresh.db.renew_epoch()
        return caller

    monkeypatch.setattr(identity, "caller", then_restored)
    for method, route, content in (
        ("POST", "/v1/batches", batch(instrument())),
        ("POST", "/v1/recover", {"items": []}),
        ("GET", "/v1/changes", None),
        ("GET", "/v1/digest", None),
        ("POST", "/v1/anchors", {"ledger_id": new_id(), "head": "ab" * 32, "n_operations": 1}),
    ):
        with fresh.db.read() as connection:
            seat.headers["Yixiang-Epoch"] = str(fresh.db.epoch(connection))
        assert seat.ask(method, route, content).json()["code"] == "epoch.changed", route
    with fresh.db.read() as connection:
        assert connection.execute(select(schema.feed.c.position)).all() == []


def test_a_reader_that_follows_the_feed_while_others_write_misses_nothing(service: Service, seat: Seat, home: str) -> None:
    writers, reader = [service.seat(home) for _ in range(3)], service.seat(home)
    sent = [[batch(*(instrument() for _ in range(5))) for _ in range(6)] for _ in writers]
    seen: list[str] = []
    done = threading.Event()

    def follow() -> None:
        cursor = ""
        while True:
            last = done.is_set()
            items, cursor = reader.pages(cursor, limit=7)
            seen.extend(item["id"] for item in items)
            if last:
                return

    def push(n: int) -> None:
        for each in sent[n]:
            assert sending(writers[n], each)().ok

    following = threading.Thread(target=follow)
    following.start()
    at_once(*(partial(push, n) for n in range(len(writers))))
    done.set()
    following.join()
    assert sorted(seen) == sorted(change["id"] for each in sent for b in each for change in b["changes"])


def test_codes_that_name_one_device_at_once_are_answered_not_put_off(service: Service, home: str, other: str) -> None:
    """Whoever was first has the device; a code of its institution brings it back, one of another institution is refused."""
    for _ in range(5):
        device_id, homes = new_id(), [home, home, other, other]
        codes = [service.code(institution) for institution in homes]
        replies = at_once(*(partial(Seat(service.base, device_id=device_id).enrol, code) for code in codes))
        taken = {institution for institution, reply in zip(homes, replies, strict=True) if reply.status_code == 201}
        assert len(taken) == 1
        assert sorted(reply.status_code for reply in replies) == [201, 201, 403, 403]
        assert {reply.json()["code"] for reply in replies if not reply.ok} == {"enrolment.refused"}
