"""A random mark in every text of every confidential row: what is offered all the same does not leave, by line or by package."""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.actions import enrolment, evidence, instruments, packages, syncing
from desktop.actions.workspace import Workspace
from desktop.store import reach, sync_rows
from desktop.sync.egress import Gate
from tests.actions.canaries import found, mark
from tests.actions.making import USCC
from tests.actions.secretive import of_every_kind
from tests.network import at_hand
from tests.sync.faulty import Line

# A run waits for all its marks; that the gate knows its rows by themselves is shown in test_secret_kinds.
_SENT_FIRST = ("posting", "receipt", "cost_row", "cost_component", "payout_mark")


@pytest.fixture
def marked(small: Workspace, tmp_path: Path) -> tuple[Workspace, dict[str, str]]:
    of_every_kind(small, tmp_path)
    inside = f"金丝雀{secrets.token_hex(6)}"
    path = tmp_path / "marked.pdf"
    path.write_text(f"%PDF- {inside}", "utf-8")
    evidence.add(small, "instrument", instruments.get(small, "S1").id, path)
    path.unlink()
    return small, mark(small) | {inside: "the bytes of an attachment"}


@pytest.fixture(params=reach.REMOTES)
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Line, str, str, Path]]:
    """A service of each role behind a line that keeps every byte that passes."""
    folder = tmp_path / "service"
    folder.mkdir()
    with at_hand.serve(f"sqlite:///{folder / 'network.db'}", "齐鲁示范大学", USCC, request.param) as (address, code):
        made = Line(int(address.rpartition(":")[2]))
        yield made, code, request.param, folder
        made.close()


def _forget_statements() -> None:
    sync_rows._withheld.cache_clear()
    sync_rows._differs.cache_clear()


@pytest.fixture(autouse=True)
def _sound_statements() -> Iterator[None]:
    """What a broken variant left behind is made anew."""
    yield
    _forget_statements()


def seen(made: Line) -> str:
    told = []
    for request in made.seen:
        head, _, body = request.partition(b"\n\n")
        told.append(head.decode() + (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode("utf-8", "replace"))
    return "\n".join(told)


def on_disk(*folders: Path) -> str:
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


def test_the_gate_stops_what_a_leaky_storage_offers(
    marked: tuple[Workspace, dict[str, str]], line: tuple[Line, str, str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (ledger, marks), (made, code, remote, _) = marked, line
    enrolment.enrol(ledger, made.address, code, remote)
    monkeypatch.setattr(sync_rows, "secret", lambda kind: "0")
    _forget_statements()
    done = syncing.sync(ledger, remote=remote)
    assert done.sent > 0
    assert found(marks, seen(made)) == []
    kept = {row.code for row in syncing.parked(ledger, remote)}
    assert kept == {"here.confidential"}
    assert len(done.findings) == done.parked > 0
    # The broken variant: without the gate the marks are seen, so this test would notice.
    monkeypatch.setattr(Gate, "check", lambda self, content, address="": None)
    monkeypatch.setattr(Gate, "check_file", lambda self, content, address="": None)
    syncing.sync(ledger, remote=remote)
    kinds = set(_SENT_FIRST) & set(reach.kinds(remote))
    assert {"instrument.name", "the bytes of an attachment", *(f"{kind}.id" for kind in kinds)} <= set(found(marks, seen(made)))


@pytest.mark.parametrize("remote", reach.REMOTES)
def test_no_mark_is_in_an_offline_package(
    marked: tuple[Workspace, dict[str, str]], remote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, marks = marked
    shown = packages.prepare(ledger, remote, "AAAA-BBBB-CCCC-DDDD")
    assert found(marks, repr(shown)) == []
    out = packages.export(ledger, tmp_path / "包.gxpk", remote=remote, code="AAAA-BBBB-CCCC-DDDD", approved=shown.preview.digests)
    told = out.path.read_bytes().decode("utf-8", "replace")
    assert '"asset_number":"A1"' in told  # what may leave is in it
    assert found(marks, told) == []
    # The broken variant: a storage that knows nothing of confidentiality, and no gate.
    monkeypatch.setattr(sync_rows, "secret", lambda kind: "0")
    monkeypatch.setattr(Gate, "check", lambda self, content, address="": None)
    _forget_statements()
    leaky = packages.export(ledger, tmp_path / "漏.gxpk", remote=remote, code="EEEE-BBBB-CCCC-DDDD")
    assert not leaky.again
    with ledger.write("canary") as operation:
        operation.connection.exec_driver_sql("DELETE FROM sync_batch")
    leaky = packages.export(ledger, tmp_path / "漏.gxpk", remote=remote, code="FFFF-BBBB-CCCC-DDDD")
    assert "instrument.name" in found(marks, leaky.path.read_bytes().decode("utf-8", "replace"))


@pytest.mark.parametrize("remote", reach.REMOTES)
def test_the_gate_keeps_a_leaky_storage_from_a_package(
    marked: tuple[Workspace, dict[str, str]], remote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, marks = marked
    monkeypatch.setattr(sync_rows, "secret", lambda kind: "0")
    _forget_statements()
    out = packages.export(ledger, tmp_path / "包.gxpk", remote=remote, code="AAAA-BBBB-CCCC-DDDD")
    assert out.n_changes > 0
    assert found(marks, out.path.read_bytes().decode("utf-8", "replace")) == []
    assert {row.code for row in syncing.parked(ledger, remote)} == {"here.confidential"}


def test_a_row_that_becomes_confidential_takes_its_marks_back(
    small: Workspace, line: tuple[Line, str, str, Path]
) -> None:
    made, code, remote, _ = line
    enrolment.enrol(small, made.address, code, remote)
    syncing.preview(small, remote)  # sealed, not sent
    with small.write("canary") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO reclassification (id, instrument_id, to_confidential, reason, prepared_by, prepared_at) "
            "SELECT 'canary', id, 1, '金丝雀', (SELECT min(id) FROM person), '2026-03-02T00:00' FROM instrument WHERE asset_number = 'A2'"
        )
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = 1, model = '金丝雀刚刚涉密' WHERE asset_number = 'A2'")
    syncing.sync(small, remote=remote)
    assert "金丝雀刚刚涉密" not in seen(made)
    assert instruments.get(small, "A2").id not in seen(made)
