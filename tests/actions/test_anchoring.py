"""The head of the ledger before a witness: signed after a sync, printed, and held against the ledger by verify."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from desktop.actions import anchoring, enrolment, instruments, reporting, syncing, upkeep
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.instrument import Instrument
from desktop.store import anchors
from desktop.sync.client import Client
from desktop.sync.outcome import RemoteProblem
from desktop.words import say, say_in
from tests.actions.making import USCC, start
from tests.network import at_hand
from tests.network.recorder import Recorder

SIGN = "POST /v1/anchors"
_numbers = count(1)


@pytest.fixture(scope="module", params=["network", "hub"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """Address, database and role of a running service."""
    role = str(request.param)
    database = f"sqlite:///{tmp_path_factory.mktemp('service') / 'network.db'}"
    with at_hand.serve(database, "齐鲁示范大学", USCC, role) as (address, _):
        yield address, database, role


@pytest.fixture
def enrolled(service: tuple[str, str, str], tmp_path: Path) -> Iterator[tuple[Workspace, str]]:
    """A ledger with an instrument, enrolled and synced, and the role of the service."""
    address, database, role = service
    with start(tmp_path / "home") as ledger:
        instrument(ledger)
        code = str(at_hand.operator(database, "enrolment-code", "--uscc", USCC)["code"])
        enrolment.enrol(ledger, address, code, role)
        assert syncing.sync(ledger, remote=role).findings == ()
        yield ledger, role


@pytest.fixture
def older(enrolled: tuple[Workspace, str], tmp_path: Path) -> Iterator[Workspace]:
    """The same ledger as it was before an operation that was signed since; the receipts are in it all the same."""
    ledger, role = enrolled
    ledger.close()
    shutil.copytree(ledger.home, tmp_path / "older")
    ledger.reopen()
    instrument(ledger)
    syncing.sync(ledger, remote=role)
    with ledger.read() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM anchor").all()
    ledger.close()
    with open_ledger(tmp_path / "older") as cut:
        with cut.write("receipts") as operation:
            operation.executemany(f"INSERT OR IGNORE INTO anchor VALUES ({', '.join('?' * len(kept[0]))})", [tuple(row) for row in kept])
        yield cut
    ledger.reopen()


def instrument(ledger: Workspace) -> None:
    """One operation: an instrument whose number no other test of the service has."""
    instruments.add(ledger, Instrument("", f"A{next(_numbers)}", "扫描电镜", 50_000_000, True, False, None))


def notes(ledger: Workspace) -> str:
    return "\n".join(reporting.content(ledger, "joining").closing_notes())


def codes(ledger: Workspace) -> list[str]:
    return [one.code for one in upkeep.verify(ledger).findings]


def test_a_report_says_who_signed_the_head_it_bears(enrolled: tuple[Workspace, str], contract_kept: Recorder) -> None:
    ledger, role = enrolled
    head, who = upkeep.head(ledger), say(f"sync.remote.{role}")
    told = anchoring.newest(ledger)
    assert told is not None
    assert (told.head, told.newest, told.remote) == (head, True, role)
    assert f"已于 {told.at} 由{who}存证" in notes(ledger)
    assert notes(ledger).count(head) == 1
    instrument(ledger)
    assert f"此前的链头 {head}（第 {told.n_operations} 次操作）已于 {told.at} 由{who}存证" in notes(ledger)
    assert contract_kept.sent[SIGN] == 1
    syncing.sync(ledger, remote=role)
    syncing.sync(ledger, remote=role)
    assert contract_kept.sent[SIGN] == 2, "a head is signed once; a run with nothing to do asks for nothing"
    assert codes(ledger) == []


def test_without_a_witness_paper_names_none(tmp_path: Path) -> None:
    with start(tmp_path / "home") as ledger:
        assert anchoring.newest(ledger) is None
        assert "存证" not in notes(ledger)


def test_a_ledger_whose_end_was_cut_off_is_found_by_its_receipt(older: Workspace) -> None:
    assert codes(older) == ["verify.anchor_ahead"]
    assert anchoring.newest(older) is not None
    with older.write("no receipts") as operation:
        operation.connection.exec_driver_sql("DELETE FROM anchor")
    assert codes(older) == [], "sound in itself: only the receipt shows that something is missing"


def test_a_past_that_was_written_anew_is_found_by_its_receipt(older: Workspace) -> None:
    with older.read() as connection:
        missing = anchors.every(connection)[0].n_operations - anchors.chain(connection)[1]
    for _ in range(missing):
        instrument(older)
    assert codes(older) == ["verify.anchor_differs"]


def test_a_receipt_that_was_altered_is_no_receipt(enrolled: tuple[Workspace, str]) -> None:
    ledger, _ = enrolled
    with ledger.write("forging") as operation:
        operation.connection.exec_driver_sql(
            "UPDATE anchor SET n_operations = 1, receipt = json_set(receipt, '$.n_operations', 1)"
        )
    assert codes(ledger) == ["verify.anchor_forged"]
    assert anchoring.newest(ledger) is None


def test_a_ledger_that_came_from_a_backup_is_told_so(older: Workspace, enrolled: tuple[Workspace, str]) -> None:
    with older.write("no receipts") as operation:
        operation.connection.exec_driver_sql("DELETE FROM anchor")
    told = syncing.sync(older, remote=enrolled[1], approved=())
    assert [one.code for one in told.findings] in (["sync.anchor_behind"], ["sync.anchor_forked"])


def test_a_receipt_without_a_sound_signature_is_not_kept(enrolled: tuple[Workspace, str], monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, role = enrolled
    right = Client.anchor
    monkeypatch.setattr(Client, "anchor", lambda *given: right(*given) | {"received_at": "2020-01-01T00:00:00.000Z"})
    instrument(ledger)
    assert [one.code for one in syncing.sync(ledger, remote=role).findings] == ["sync.anchor_unsigned"]
    told = anchoring.newest(ledger)
    assert told is not None
    assert not told.newest


def test_a_sync_that_gets_no_receipt_is_done_all_the_same(enrolled: tuple[Workspace, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_given: object) -> object:
        raise RemoteProblem("sync.offline", "retry")

    ledger, role = enrolled
    monkeypatch.setattr(Client, "anchor", away)
    instrument(ledger)
    done = syncing.sync(ledger, remote=role)
    assert (done.sent, done.digest_equal, [one.code for one in done.findings]) == (1, True, ["sync.not_anchored"])
    monkeypatch.undo()
    assert syncing.sync(ledger, remote=role).findings == ()


SIGNING = ("anchored", "anchored_before", "not_anchored", "anchor_unsigned", "anchor_behind", "anchor_forked")
CALLED = [f"sync.{code}" for code in SIGNING] + ["verify.anchor_ahead", "verify.anchor_differs", "verify.anchor_forged", "workday.not_published"]


@pytest.mark.parametrize("code", CALLED)
@pytest.mark.parametrize("remote", ["network", "hub"])
def test_a_remote_is_called_by_its_own_article_in_english(code: str, remote: str) -> None:
    told = dict.fromkeys(("n", "have", "at", "hash", "key", "why", "year"), "1")
    said = say_in("en", code, remote=f"sync.remote.{remote}", **told)
    assert say_in("en", f"sync.remote.{remote}") in said
    assert "the the" not in said.lower()
