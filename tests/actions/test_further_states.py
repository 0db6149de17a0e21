"""What a hub also had and nobody decided on stays in front of the person through a second restore, until they decide."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import instruments, sync_resolving, sync_views, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.sync import further
from tests.actions.making import sound
from tests.actions.restored_twice import ASSET, FIRST, MINE, PHONE, SECOND, enter, restored_twice
from tests.actions.two_seats import exchange, in_step


@pytest.fixture
def first(small: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    with restored_twice(small, tmp_path / "hub") as other:
        yield other


def values(ledger: Workspace) -> tuple[int, str]:
    here = instruments.get(ledger, ASSET)
    return here.value_fen, here.phone


def decide(ledger: Workspace, **sides: str) -> None:
    """Each group by its name, all others as it is here."""
    (view,) = sync_views.conflicts(ledger, "hub")
    chosen = view.choices({group.name: sides.get(group.name, "mine") for group in view.groups})
    sync_resolving.resolve(ledger, view.kind, view.key, chosen, "看过了", remote="hub")


def kept(ledger: Workspace) -> list[int]:
    (one,) = syncing.conflicts(ledger, "hub")
    return [dict(each.body or {})["value_fen"] for each in one.further]  # type: ignore[misc]


def told(ledger: Workspace) -> list[dict[str, Any]]:
    with ledger.read() as connection:
        sql = "SELECT params FROM operation WHERE name = 'sync resolve' ORDER BY seq DESC LIMIT 1"
        return list(json.loads(json.loads(connection.exec_driver_sql(sql).scalar_one())["further"]))


def test_it_is_shown_with_who_and_when_and_stays_through_more_runs(small: Workspace, first: Workspace) -> None:
    (view,) = sync_views.conflicts(small, "hub")
    (one,) = view.further
    assert (one.side, one.at[:2], one.deleted) == ("further1", "20", False)
    assert re.fullmatch(r".+（…[0-9a-f]{8}）", one.by)
    assert one.by != view.theirs_by
    shown = {name: (mine, theirs, *had) for group in view.groups for (name, _, mine, theirs), had in zip(group.fields, group.further, strict=True)}
    assert shown["value_fen"] == (MINE, FIRST, SECOND)
    assert shown["phone"][2] == PHONE
    for _ in range(2):
        report = syncing.sync(small, remote="hub")
        assert (report.conflicts, report.sent) == (1, 0), "neither sent nor forgotten"
    enter(first, value_fen=250)
    exchange(first, small)
    (again,) = syncing.conflicts(small, "hub")
    assert (again.theirs or {})["value_fen"] == 250
    assert kept(small) == [SECOND]


def test_it_can_be_taken_and_then_all_have_it(small: Workspace, first: Workspace) -> None:
    decide(small, charge="further1", value_fen="further1", contact="further1")
    assert values(small) == (SECOND, PHONE)
    assert syncing.conflicts(small, "hub") == ()
    exchange(small, first)
    assert in_step(small, first)
    assert values(first) == (SECOND, PHONE)
    assert sound(small)


def test_what_is_not_taken_is_in_the_journal_with_the_decision(small: Workspace, first: Workspace) -> None:
    (view,) = sync_views.conflicts(small, "hub")
    decide(small, **{group.name: "theirs" for group in view.groups})
    assert values(small)[0] == FIRST
    (one,) = told(small)
    assert (one["body"]["value_fen"], one["body"]["phone"]) == (SECOND, PHONE)
    assert one["device_id"]
    assert in_step(small, first)
    assert sound(small)


def test_when_both_sides_agree_it_is_still_asked(small: Workspace, first: Workspace) -> None:
    """The other seat types what we had: nothing else is left to decide."""
    enter(first, value_fen=MINE)
    exchange(first, small)
    (view,) = sync_views.conflicts(small, "hub")
    assert kept(small) == [SECOND]
    shown = {name: (mine, theirs) for group in view.groups for name, _, mine, theirs in group.fields}
    assert shown["value_fen"] == (MINE, MINE)
    decide(small)
    assert values(small)[0] == MINE
    assert in_step(small, first)


def test_a_side_that_is_not_there_is_refused_and_nothing_changes(small: Workspace, first: Workspace) -> None:
    with pytest.raises(Refused, match=r"sync\.no_choice"):
        decide(small, contact="further2")
    assert kept(small) == [SECOND]
    assert values(small)[0] == FIRST


def test_a_base_that_is_only_forgotten_would_lose_it(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bug that these tests are there for: with it the value is in no conflict any more, and nothing says so."""
    monkeypatch.setattr(further, "forget", lambda step, place, **_: step.drop_base(*place))
    with restored_twice(small, tmp_path / "hub"):
        assert kept(small) == []
        decide(small)
        assert syncing.sync(small, remote="hub").conflicts == 0
