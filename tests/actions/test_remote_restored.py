"""A remote that was restored from a backup: the person at the desk is told, and how much it has back from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.actions import instruments
from desktop.actions.workspace import Workspace
from desktop.sync import recovery
from desktop.words import say_in
from tests.actions.test_evidence_sync import Remote, started
from tests.network import at_hand


@pytest.fixture(params=["network", "hub"])
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    with started(tmp_path / "service", request.param) as made:
        yield made


def restored(small: Workspace, remote: Remote, folder: Path, names: tuple[str, ...]) -> None:
    """These names were sent since the backup that the remote comes back from."""
    remote.enrol(small)
    remote.sync(small)
    at_hand.operator(remote.database, "backup", "--file", str(folder / "backup"))
    for name, asset in zip(names, ("A1", "A2"), strict=False):
        instruments.change(small, replace(instruments.get(small, asset), name=name))
    if names:
        assert remote.sync(small).sent == len(names)
    at_hand.operator(remote.database, "restore", "--file", str(folder / "backup"))


def told(small: Workspace, remote: Remote) -> list[dict[str, str]]:
    done = remote.sync(small)
    assert done.digest_equal
    return [dict(one.params) for one in done.findings if one.code == "sync.remote_restored"]


@pytest.mark.parametrize("names", [(), ("新名",), ("新名", "又一新名")], ids=["nothing was lost", "one", "two"])
def test_that_it_was_restored_is_told_once_with_what_it_has_back(
    small: Workspace, remote: Remote, tmp_path: Path, names: tuple[str, ...]
) -> None:
    restored(small, remote, tmp_path, names)
    (found,) = told(small, remote)
    assert found == {"remote": f"sync.side.{remote.role}", "n": str(len(names))}
    assert f"其中 {len(names)} 项" in say_in("zh", "sync.remote_restored", **found)
    rows = {0: "0 rows of it were lost", 1: "1 row of it was lost", 2: "2 rows of it were lost"}[len(names)]
    assert rows in say_in("en", "sync.remote_restored", **found)
    assert told(small, remote) == []


def test_a_count_of_what_came_back_that_is_dropped_is_seen(
    small: Workspace, remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken variant."""
    restored(small, remote, tmp_path, ("新名",))
    real = recovery.fold
    monkeypatch.setattr(recovery, "fold", lambda *given: 0 * real(*given))
    assert [one["n"] for one in told(small, remote)] == ["0"]
