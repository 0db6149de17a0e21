"""A seat at two remotes has a row from one of them and not its file: the other is told so, and the file is fetched before it goes there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.__main__ import main
from desktop.actions import evidence, evidence_fetch, institution
from desktop.actions.evidence import Attachment
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem
from desktop.sync import evidence as files
from desktop.sync.client import Client
from tests.actions.carrying import Courier, Office
from tests.actions.making import USCC
from tests.actions.test_evidence import attach, file
from tests.actions.test_evidence_sync import Remote, started
from tests.sync import faulty


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Remote]:
    with started(tmp_path / "hub", "hub") as remote:
        yield remote


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Remote]:
    with started(tmp_path / "province", "network") as remote:
        yield remote


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Workspace]:
    """Another seat of the institution."""
    made, _ = institution.start(tmp_path / "other", "齐鲁示范大学", USCC, "university", "370102", practice=True)
    with made:
        yield made


def _only_its_row(small: Workspace, other: Workspace, province: Remote, hub: Remote, folder: Path) -> Attachment:
    """A file attached at a seat that reports to the province alone; the other seat, at the hub too, has its row from there and not its bytes."""
    made = attach(small, file(folder))
    province.enrol(small)
    province.sync(small)
    province.enrol(other, again=True)
    province.sync(other)
    hub.enrol(other)
    return made


def test_a_file_that_came_by_one_remote_is_fetched_before_the_other_gets_its_row(
    small: Workspace, other: Workspace, province: Remote, hub: Remote, tmp_path: Path
) -> None:
    """Nothing is on its way to the hub: what is said is what to do, not to wait."""
    made = _only_its_row(small, other, province, hub, tmp_path)
    for _ in range(2):
        done = hub.sync(other)
        assert (done.parked, [one.code for one in done.findings]) == (1, ["sync.refused.blob_elsewhere"])
    assert [one.id for one in evidence_fetch.awaited(other)] == [made.id]
    assert evidence_fetch.awaited(small) == []
    evidence_fetch.fetch(other, made.id)
    assert evidence_fetch.awaited(other) == []
    done = hub.sync(other)
    assert (done.parked, done.pending, done.digest_equal) == (0, 0, True)
    assert hub.parts() == [0, 1, 2]
    assert province.sync(other).digest_equal


def test_the_command_fetches_all_that_are_waited_for_and_tells_what_is_nowhere(
    small: Workspace, other: Workspace, province: Remote, hub: Remote, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = attach(small, file(tmp_path, "丢失.pdf", start=b"%PDF-1.6"))
    made = _only_its_row(small, other, province, hub, tmp_path)
    assert hub.sync(other).parked == 2
    province.run(f"DELETE FROM blob_part WHERE sha256 = '{lost.sha256}'", f"DELETE FROM blob WHERE sha256 = '{lost.sha256}'")
    other.close()
    command = ["evidence", "fetch", "all", "--home", str(other.home)]
    assert main(["parked", "--remote", "hub", "--home", str(other.home)]) == 1
    assert "yixiang evidence fetch all" in capsys.readouterr().out
    assert main([*command, "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"fetched": [made.id], "nowhere": [lost.id]}
    assert main(command) == 1
    assert "附件「丢失.pdf」的文件在远端也还没有" in capsys.readouterr().out
    other.reopen()
    evidence.remove(other, lost.id)
    assert (hub.sync(other).parked, evidence_fetch.awaited(other)) == (0, [])
    other.close()
    assert main(command) == 0
    assert "没有在等的文件" in capsys.readouterr().out
    other.reopen()


def test_a_file_that_is_damaged_there_stops_none_of_those_behind_it(
    small: Workspace, other: Workspace, province: Remote, hub: Remote, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attach(small, file(tmp_path, "校准.pdf", start=b"%PDF-1.6"))
    _only_its_row(small, other, province, hub, tmp_path)
    assert hub.sync(other).parked == 2
    first, second = evidence_fetch.awaited(other)
    province.run(f"UPDATE blob_part SET content = zeroblob(length(content)) WHERE sha256 = '{first.sha256}'")
    for fetched in ([second.id], []):
        done = evidence_fetch.fetch_awaited(other)
        assert [one.id for one in done.fetched] == fetched
        assert [(one.code, one.key, dict(one.params)) for one in done.nowhere] == [("attachment.damaged", first.id, {"name": first.name})]
    assert [one.id for one in evidence_fetch.awaited(other)] == [first.id]
    other.close()
    assert main(["evidence", "fetch", "all", "--home", str(other.home)]) == 1
    assert f"附件「{first.name}」取回的内容与登记的摘要不符" in capsys.readouterr().out
    other.reopen()


def test_a_line_that_fails_is_no_damaged_file_and_ends_the_fetch(
    small: Workspace, other: Workspace, province: Remote, hub: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came until then is here, and the rest is fetched the next time."""
    attach(small, file(tmp_path, "校准.pdf", start=b"%PDF-1.6"))
    _only_its_row(small, other, province, hub, tmp_path)
    hub.sync(other)
    _, second = evidence_fetch.awaited(other)
    monkeypatch.setattr("desktop.sync.client.N_TRIES", 1)
    monkeypatch.setattr(Client, "_rest", lambda *_: None)
    province.line.where, province.line.spoil = f"/v1/blobs/{second.sha256}/parts/0", faulty.flipped
    with pytest.raises(Problem, match="sync.damaged"):
        evidence_fetch.fetch_awaited(other)
    province.line.spoil = None
    assert [one.id for one in evidence_fetch.awaited(other)] == [second.id]
    assert [one.id for one in evidence_fetch.fetch_awaited(other).fetched] == [second.id]


def test_by_package_too_the_row_of_a_file_that_is_not_here_says_so(
    small: Workspace, other: Workspace, province: Remote, tmp_path: Path
) -> None:
    attach(small, file(tmp_path))
    province.enrol(small)
    province.sync(small)
    province.enrol(other, again=True)
    province.sync(other)
    office = Office(tmp_path / "office", "hub")
    try:
        courier = Courier(other, office, tmp_path / "stick", "hub")
        told = courier.round(code=office.code())
        assert [one.code for one in told.findings if one.kind == "attachment"] == ["sync.refused.blob_elsewhere"]
    finally:
        office.service.stop()


def test_a_reason_that_looks_at_the_remote_alone_says_that_it_is_on_its_way(
    small: Workspace, other: Workspace, province: Remote, hub: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken variant: what the remote says of the file, without a look whether the bytes are here."""
    _only_its_row(small, other, province, hub, tmp_path)
    monkeypatch.setattr(files, "tell_why", lambda *_: None)
    assert [one.code for one in hub.sync(other).findings] == ["sync.refused.blob_missing"]
    assert evidence_fetch.awaited(other) == []
