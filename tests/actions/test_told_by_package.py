"""What the answer to an offline package tells beside what it brought is what a sync on the line tells."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from desktop.actions import package_answers, posting
from desktop.actions.package_answers import Absorbed
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.finding import Finding
from desktop.store.came_late import came_late
from desktop.store.facts import POSTINGS
from desktop.words import say
from tests.actions.carrying import Courier, Office
from tests.actions.making import close_month, enter, posted, records, sound

MONTH = "2025-05"


@pytest.fixture
def couriers(small_home: Path, tmp_path: Path) -> Iterator[tuple[Courier, Courier]]:
    """Two seats with the same ledger and the same hub, which they reach by package alone."""
    office = Office(tmp_path / "office", "hub")
    with ExitStack() as stack:
        stack.callback(office.service.stop)
        made = []
        for name in "ab":
            shutil.copytree(small_home, tmp_path / name)
            ledger = stack.enter_context(open_ledger(tmp_path / name))
            made.append(Courier(ledger, office, tmp_path / f"{name}-packages", "hub").begun())
        yield made[0], made[1]


def told(done: Absorbed, code: str) -> list[dict[str, str]]:
    return [dict(one.params) for one in done.findings if one.code == code]


def posted_elsewhere_since_the_close(couriers: tuple[Courier, Courier]) -> int:
    """The first seat has closed the month when the second one's posting is on its way; its fen."""
    first, second = couriers
    close_month(first.ledger, MONTH)
    fen = posted(second.ledger, "R1")
    assert told(second.round(), "sync.closed_month") == []
    return fen


def test_what_comes_into_a_closed_month_is_told_once(couriers: tuple[Courier, Courier]) -> None:
    first, second = couriers
    fen = posted_elsewhere_since_the_close(couriers)
    (found,) = told(first.round(), "sync.closed_month")
    assert found == {"month": MONTH, "n": "1", "yuan": f"{fen / 100:.2f}"}
    assert MONTH in say("sync.closed_month", **found)
    assert told(first.round(), "sync.closed_month") == []
    posted(second.ledger, "R2", "A2")
    second.round()
    assert [one["n"] for one in told(first.round(), "sync.closed_month")] == ["1"]
    assert sound(first.ledger)


@pytest.mark.parametrize(("known", "n"), [(frozenset(), [1, 1]), (None, [0, 0])], ids=["forgets what was told", "looks too late"])
def test_a_look_at_another_moment_tells_it_again_or_never(
    couriers: tuple[Courier, Courier], monkeypatch: pytest.MonkeyPatch, known: frozenset[str] | None, n: list[int]
) -> None:
    """The broken variants."""
    posted_elsewhere_since_the_close(couriers)
    real = package_answers._of_postings

    def looked(workspace: Workspace, late: frozenset[str]) -> tuple[Finding, ...]:
        if known is not None:
            return real(workspace, known)
        with workspace.read() as connection:
            return real(workspace, frozenset(came_late(connection)))

    monkeypatch.setattr(package_answers, "_of_postings", looked)
    assert [len(told(couriers[0].round(), "sync.closed_month")) for _ in range(2)] == n


def test_a_record_that_no_posting_stands_for_is_told_by_package_too(couriers: tuple[Courier, Courier]) -> None:
    """Each seat took its own back for the other's, each by another remote."""
    first, second = couriers
    enter(first.ledger, "R1")
    assert records.post(first.ledger, ["R1"]).posted == 1
    with first.ledger.write("as two remotes leave it") as operation:
        own = POSTINGS.one(operation.connection, "record_number = ?", ("R1",))
        assert own is not None
        POSTINGS.insert(operation.connection, [posting.mirror(operation.connection, own, "对方先记账")])
    first.round()
    for courier in (second, first):
        assert told(courier.round(), "sync.posted_nowhere") == [{"n": "1", "numbers": "R1"}]
    assert records.post(second.ledger, ["R1"]).posted == 1
    assert told(second.round(), "sync.posted_nowhere") == []
