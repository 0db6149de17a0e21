"""What the network says of an institution's own instruments: entered by the operator, read page by page, each once, as it is now."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from network import publications
from network.publications import Evaluation, State
from tests.network.rig import Body, Seat, Service, delete, instrument, new_id, uscc

_numbers = count(7100)


def say(service: Service, home: str, row: Body, state: str, number: str = "", reason: str = "", on: str = "2026-01-12") -> dict[str, Any]:
    with service.db.write() as connection:
        return publications.set_state(connection, home, row["id"], State(state, on, number, reason))


def grade(service: Service, home: str, row: Body, year: int, words: str, score: str = "") -> None:
    with service.db.write() as connection:
        publications.evaluate(connection, home, row["id"], Evaluation(year, words, "2026-03-20", score))


def read(seat: Seat, cursor: str = "", limit: int = 1000) -> dict[str, Any]:
    told: dict[str, Any] = seat.ask("GET", "/v1/publications", params={"cursor": cursor, "limit": limit}).json()
    return told


def newest(seat: Seat) -> str:
    return str(seat.ask("GET", "/v1/changes").json()["publications"])


def test_numbers_states_and_evaluations_are_read_as_they_are_now(service: Service, home: str, seat: Seat) -> None:
    row = instrument()
    seat.send(row)
    assert (newest(seat), read(seat)) == ("0", {"items": [], "cursor": "0", "more": False})
    say(service, home, row, "pending", reason="请补充收费标准")
    say(service, home, row, "listed", number=f"N-{row['id']}", on="2026-02-01")
    for year, words, score in ((2025, "优秀", "92.5"), (2024, "合格", ""), (2025, "良好", "88")):
        grade(service, home, row, year, words, score)
    (told,) = read(seat)["items"]
    assert told == {
        "id": row["id"],
        "network_number": f"N-{row['id']}",
        "state": "listed",
        "since_on": "2026-02-01",
        "reason": "",
        "evaluations": [
            {"year": 2024, "grade": "合格", "score": None, "evaluated_on": "2026-03-20"},
            {"year": 2025, "grade": "良好", "score": "88", "evaluated_on": "2026-03-20"},
        ],
    }
    assert newest(seat) == read(seat)["cursor"] == "5"


def test_a_change_comes_again_and_the_same_word_twice_does_not(service: Service, home: str, seat: Seat) -> None:
    first, second = instrument(), instrument()
    seat.send(first, second)
    for row in (first, second):
        say(service, home, row, "pending")
    page = read(seat, limit=1)
    assert ([each["id"] for each in page["items"]], page["more"]) == ([first["id"]], True)
    rest = read(seat, page["cursor"])
    assert ([each["id"] for each in rest["items"]], rest["more"]) == ([second["id"]], False)
    say(service, home, first, "pending")
    assert newest(seat) == rest["cursor"]
    say(service, home, first, "taken_down", reason="数据长期未更新")
    again = read(seat, rest["cursor"])
    assert [(each["id"], each["state"], each["reason"]) for each in again["items"]] == [(first["id"], "taken_down", "数据长期未更新")]


def test_the_network_gives_a_number_once(service: Service, home: str, other: str, seat: Seat) -> None:
    mine, theirs = instrument(), instrument()
    seat.send(mine)
    service.seat(other).send(theirs)
    say(service, home, mine, "listed", number=f"N-{mine['id']}")
    with pytest.raises(ValueError, match="another instrument has this number"):
        say(service, other, theirs, "listed", number=f"N-{mine['id']}")
    assert say(service, home, mine, "taken_down", reason="仪器报废")["network_number"] == f"N-{mine['id']}"


def test_the_number_of_an_instrument_that_is_gone_is_free_again(service: Service, home: str, other: str, seat: Seat) -> None:
    """Entered anew under another key, or reported by another institution: the operator need not wait for a key that nobody has any more."""
    gone, anew, theirs = instrument(), instrument(), instrument()
    number = f"N-{gone['id']}"
    token = seat.send(gone)[0]["token"]
    service.seat(other).send(theirs)
    say(service, home, gone, "listed", number=number)
    with pytest.raises(ValueError, match="another instrument has this number"):
        say(service, other, theirs, "listed", number=number)
    seat.send(delete(gone, token), anew)
    before = newest(seat)
    assert say(service, home, anew, "listed", number=number)["network_number"] == number
    told = {each["id"]: each["network_number"] for each in read(seat, before)["items"]}
    assert told == {gone["id"]: None, anew["id"]: number}
    with pytest.raises(ValueError, match="another instrument has this number"):
        say(service, other, theirs, "listed", number=number)
    # The key that comes back has no number of its own any more.
    with pytest.raises(ValueError, match="has a number"):
        say(service, home, gone, "listed")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (State("gone", "2026-01-12"), "state is one of"),
        (State("listed", "2026-01-12"), "has a number"),
        (State("pending", "2026-01-12", "N" * 65), "too long"),
        (State("pending", "2026-01-12", "", "因" * 2001), "too long"),
        (Evaluation(2025, "优秀", "2026-03-20"), "no state of publication"),
        (Evaluation(1989, "优秀", "2026-03-20"), "the year lies"),
        (Evaluation(2025, " ", "2026-03-20"), "a grade"),
        (Evaluation(2025, "优秀", "2026-03-20", "九十"), "a score"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_kept(
    service: Service, home: str, seat: Seat, given: State | Evaluation, words: str
) -> None:
    row = instrument()
    seat.send(row)
    entered: Callable[..., Any] = publications.set_state if isinstance(given, State) else publications.evaluate
    with pytest.raises(ValueError, match=words), service.db.write() as connection:
        entered(connection, home, row["id"], given)
    assert read(seat)["items"] == []


def test_an_institution_reads_only_what_is_said_of_its_own(service: Service, home: str, other: str, seat: Seat) -> None:
    theirs = instrument()
    stranger = service.seat(other)
    stranger.send(theirs)
    say(service, other, theirs, "pending")
    assert (read(seat)["items"], newest(seat)) == ([], "0")
    assert [each["id"] for each in read(stranger)["items"]] == [theirs["id"]]


def test_a_cursor_of_elsewhere_is_refused(seat: Seat) -> None:
    for cursor in ("x", "-1", "1.5"):
        answer = seat.ask("GET", "/v1/publications", params={"cursor": cursor})
        assert answer.json()["code"] == "cursor.invalid"


def test_a_hub_publishes_nothing(new_database: Callable[[], str]) -> None:
    hub = Service(new_database(), "hub")
    try:
        home = hub.institution(uscc(next(_numbers)), "齐鲁样本大学")
        seat, row = hub.seat(home), instrument()
        seat.send(row)
        say(hub, home, row, "listed", number=f"N-{new_id()}")
        assert read(seat) == {"items": [], "cursor": "0", "more": False}
    finally:
        hub.stop()
