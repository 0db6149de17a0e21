"""The next page is on its way while one is taken in: asked once, answered as if it had been asked for when it was wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from desktop.ledger.problem import Cancelled
from desktop.sync import messages
from desktop.sync.egress import Gate
from desktop.sync.outcome import RemoteProblem, Withheld
from desktop.sync.ports import Marker
from desktop.sync.wire import Wire
from tests.sync import faulty
from tests.sync.answering import Answer, Answering, good, problem, served

PAGES = 3
AT_ONCE = 20.0
"""Seconds after which something that has to happen by itself has not happened."""
MET = "GET /v1/capabilities"
TOKENS = good({"access_token": "a", "refresh_token": "r"})


def page(n: int) -> Answer:
    told = {"server_id": "s", "epoch": "7", "items": [], "cursor": f"7.{n}", "more": n < PAGES, "notices": str(n)}
    return good(told)


def asked(n: int) -> str:
    return f"GET /v1/changes?digest=true&cursor={f'7.{n}' if n else ''}"


@contextmanager
def reading(pick: Callable[[str], Answer], **more: Any) -> Iterator[Answering]:
    """A client that has met the service; what it asked for that is not among what was seen."""
    with served(pick, **more) as (client, seen, waits):
        client.capabilities()
        seen.clear()
        yield client, seen, waits


def in_turn(*answers: Answer) -> Callable[[str], Answer]:
    left = [good(), *answers]
    return lambda _: left.pop(0)


class Told:
    """The answers by request; ``until`` waits for a request to arrive, ``hold`` keeps its answer back."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {asked(n): page(n + 1) for n in range(PAGES)} | {"POST /v1/token": TOKENS, MET: good()}
        self.answers["GET /v1/digest"] = good({"server_id": "s", "epoch": "7", "cursor": "7.9", "n_entities": 0, "digest": "d"})
        self._arrived = {request: threading.Event() for request in self.answers}
        self._held: dict[str, threading.Event] = {}

    def __call__(self, request: str) -> Answer:
        self._arrived[request].set()
        if request in self._held:
            self._held[request].wait(AT_ONCE)
        return self.answers[request]

    def until(self, request: str) -> bool:
        return self._arrived[request].wait(AT_ONCE)

    def hold(self, request: str) -> Callable[[], None]:
        self._held[request] = threading.Event()
        return self._held[request].set


def test_the_next_page_is_asked_for_before_it_is_wanted_and_only_once() -> None:
    told = Told()
    with reading(told) as (client, seen, _):
        first = client.changes("")
        assert first.cursor == "7.1"
        assert told.until(asked(1))
        assert client.newest_notice == "1", "what the next page says of notices is not known before that is taken"
        assert [client.changes(first.cursor).cursor, client.changes("7.2").cursor] == ["7.2", "7.3"]
        assert client.newest_notice == "3"
        assert [request for request, _ in seen] == ["POST /v1/token", asked(0), asked(1), asked(2)]
        assert client.n_requests == len(seen) + 1


def test_after_the_last_page_nothing_is_asked() -> None:
    with reading(Told()) as (client, seen, _):
        client.changes("7.2")
        n_requests = client.n_requests
        client.digest()
        assert client.n_requests == n_requests + 1
        assert [request for request, _ in seen] == ["POST /v1/token", asked(2), "GET /v1/digest"]
        assert n_requests == 3, "the capabilities, a token, the page"


def answers_itself(told: Told) -> messages.Digest:
    """What a client is told that asks for the digest while a page is on its way to it."""
    release = told.hold(asked(1))
    with reading(told) as (client, _, _):
        client.changes("")
        release()
        return client.digest()


def test_who_asks_otherwise_gets_the_answer_to_that(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers_itself(Told()).cursor == "7.9"

    # The broken variant: whatever was asked ahead is the answer.
    def taken(self: Wire, *given: object, **more: object) -> bytes:
        if self._ahead is not None:
            underway, self._ahead = self._ahead[1], None
            return underway.answer(lambda: False)
        return exchange(self, *given, **more)  # type: ignore[arg-type]

    exchange = Wire.exchange
    monkeypatch.setattr(Wire, "exchange", taken)
    with pytest.raises(RemoteProblem, match="sync.not_service"):
        answers_itself(Told())


def test_another_cursor_is_not_answered_by_the_page_that_is_on_its_way() -> None:
    told = Told()
    with reading(told) as (client, _, _):
        client.changes("")
        assert told.until(asked(1))
        assert client.changes("7.2").cursor == "7.3"


def test_a_failure_ahead_is_the_first_try_of_the_one_who_asks() -> None:
    busy = problem("rate.limited", "retry", 429, **{"Retry-After": "7"})
    with reading(in_turn(TOKENS, page(1), busy, page(2), page(3))) as (client, seen, waits):
        client.changes("")
        assert client.changes("7.1").cursor == "7.2"
        assert waits == [8], "the service asked for 7 seconds"
    assert [request for request, _ in seen[:4]] == ["POST /v1/token", asked(0), asked(1), asked(1)]


def test_a_token_that_ran_out_ahead_is_renewed_by_the_one_who_asks() -> None:
    expired = problem("auth.expired", "reauth", 401)
    renewed = good({"access_token": "b", "refresh_token": "r2"})
    with reading(in_turn(TOKENS, page(1), expired, renewed, page(3))) as (client, seen, _):
        client.changes("")
        assert client.changes("7.1").cursor == "7.3"
        assert client._credentials.load() == "r2"
    assert [(request, headers.get("Authorization")) for request, headers in seen[2:]] == [
        (asked(1), "Bearer a"), ("POST /v1/token", None), (asked(1), "Bearer b"),
    ]  # fmt: skip


def test_nothing_confidential_is_asked_ahead_and_the_page_that_came_is_kept() -> None:
    """The address happens to hold a confidential text: what it leads to is not asked for, the page before it is told."""
    marker = Marker("cursor=7.1")
    told = Told()
    with reading(told, gate=lambda: Gate([marker])) as (client, seen, _):
        assert client.changes("").cursor == "7.1"
        with pytest.raises(Withheld):
            client.changes("7.1")
        assert [request for request, _ in seen] == ["POST /v1/token", asked(0)]


def test_who_stops_does_not_wait_for_what_was_asked_ahead() -> None:
    told = Told()
    release = told.hold(asked(1))
    stopped = threading.Event()
    with reading(told, cancelled=stopped.is_set) as (client, _, _):
        client.changes("")
        stopped.set()

        def wait() -> None:
            with pytest.raises(Cancelled):
                client.changes("7.1")

        faulty.within(1, wait)
        release()


def test_letting_go_lets_go_of_what_was_asked_ahead() -> None:
    told = Told()
    release = told.hold(asked(1))
    with reading(told) as (client, _, _):
        client.changes("")
        assert told.until(asked(1))
        _, underway = client.wire._ahead or (None, None)
        client.close()
        release()
        assert underway is not None
        with pytest.raises(Cancelled):
            underway.answer(lambda: False)
        assert client.wire._ahead is None
