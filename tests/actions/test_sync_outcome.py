"""What is said after a run: both sides hold the same only when nothing waits, was refused or is contested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from desktop import words
from desktop.actions import instruments, sync_outcome, sync_views
from desktop.actions.workspace import Workspace
from tests.actions.carrying import Courier, Office
from tests.actions.making import fill_small, start

SAME = ("两边内容一致", "Both sides hold the same")
REST = ("其余内容两边一致", "The rest is the same on both sides")
WAITS = ("还有 3 项待上报。", "3 changes wait to be sent.")


@dataclass(frozen=True)
class Left:
    digest_equal: bool | None
    pending: int = 0
    parked: int = 0
    conflicts: int = 0


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> Iterator[int]:
    words.use(request.param)
    yield ("zh", "en").index(request.param)
    words.use("zh")


@pytest.mark.parametrize(
    ("left", "in_sync", "sides", "more"),
    [
        (Left(True), True, SAME, ("", "")),
        (Left(True, pending=3), False, REST, WAITS),
        (Left(True, parked=1), False, REST, ("", "")),
        (Left(True, conflicts=1), False, REST, ("", "")),
        (Left(False), False, ("两边内容还不一致", "Both sides still differ"), ("下次同步会从头核对。", "The next sync compares from the beginning.")),
        (Left(False, pending=3), False, ("两边内容还不一致", "Both sides still differ"), WAITS),
        (Left(None), False, ("两边内容还没有比对", "Both sides not compared yet"), ("请再同步一次。", "Please sync once more.")),
    ],
)
def test_what_is_said_of_a_run(left: Left, in_sync: bool, sides: tuple[str, str], more: tuple[str, str], lang: int) -> None:
    assert sync_outcome.in_sync(left) is in_sync
    assert sync_outcome.sides(left) == sides[lang]
    told = sync_outcome.joined(sync_outcome.said(left))
    assert sides[lang] in told
    assert more[lang] in told
    assert (SAME[lang] in told) is in_sync
    assert told.split() == told.split(" ")


def test_one_row_waits_and_three_wait(lang: int) -> None:
    one = sync_outcome.said(Left(True, pending=1))[0]
    assert one == ("还有 1 项待上报。", "1 change waits to be sent.")[lang]


def test_an_edit_made_while_a_package_was_under_way_waits(tmp_path: Path, lang: int) -> None:
    """The answer agrees with all that was sent; what was changed since is not the same on both sides."""
    with start(tmp_path / "home") as ledger:
        fill_small(ledger)
        office = Office(tmp_path / "office")
        try:
            courier = Courier(ledger, office, tmp_path / "files").begun()
            last = sync_views.runs(ledger)[0]
            assert (last.pending, sync_outcome.sides(last)) == (0, SAME[lang])
            answer = office.hand_in(courier.export().path)
            change(ledger)
            done = courier.absorb(answer)
        finally:
            office.service.stop()
        last = sync_views.runs(ledger)[0]
    assert (done.digest_equal, done.pending, done.parked) == (True, 1, 0)
    assert sync_outcome.said_of_package(done)[0].strip(".。") == REST[lang]
    assert ("请再导出一个包", "export another package")[lang] in sync_outcome.said_of_package(done)[1]
    assert sync_outcome.sides(last) == REST[lang]


def change(ledger: Workspace) -> None:
    instruments.change(ledger, replace(instruments.get(ledger, "A1"), phone="0531-1"))
