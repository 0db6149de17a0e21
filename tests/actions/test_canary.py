"""A random mark in every text of every confidential row; none of them is ever seen outside the encrypted ledger."""

from __future__ import annotations

import gzip
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.actions import enrolment, evidence, instruments, local_network, packages, syncing
from desktop.actions.workspace import Workspace
from desktop.store import reach, secret_rows, sync_rows
from desktop.sync.egress import Gate
from tests.actions.making import USCC, enter, some_work
from tests.sync.faulty import Line

_KINDS = {
    "instrument": "SELECT id FROM instrument WHERE confidential = 1",
    "service_record": f"SELECT id FROM service_record WHERE id IN {reach.HIDDEN_RECORD} AND state = 'draft'",
    "fee_schedule": f"SELECT id FROM fee_schedule WHERE instrument_id IN {reach.HIDDEN_INSTRUMENT}",
    "fee_line": f"SELECT id FROM fee_line WHERE schedule_id IN {reach.HIDDEN_SCHEDULE}",
    "attachment": f"SELECT id FROM attachment WHERE {reach.HIDDEN_ATTACHMENT}",
}
_KEPT_BY_THE_DATABASE = {"from_on", "to_on"}


def mark(ledger: Workspace) -> dict[str, str]:
    """Mark -> where it stands. A used fee line and a posting never change: those of unused rows are marked."""
    marks: dict[str, str] = {}
    with ledger.write("canary") as operation:
        run = operation.connection.exec_driver_sql
        run("UPDATE service_record SET confidential = 1 WHERE instrument_id = (SELECT id FROM instrument WHERE asset_number = 'S1') AND state = 'draft'")
        for kind, sql in _KINDS.items():
            for (key,) in run(sql).all():
                used = run("SELECT 1 FROM posting WHERE schedule_id = ? OR line_id = ?", (key, key)).first() is not None
                for name in ("note",) if used else (*secret_rows.telling(kind), "imported"):
                    if name in _KEPT_BY_THE_DATABASE or (name == "imported" and kind.startswith(("fee", "attachment"))):
                        continue
                    text = f"金丝雀{secrets.token_hex(6)}"
                    run(f"UPDATE {kind} SET {name} = ? WHERE id = ?", (text, key))
                    marks[text] = f"{kind}.{name}"
    return marks


@pytest.fixture
def marked(small: Workspace, tmp_path: Path) -> tuple[Workspace, dict[str, str]]:
    some_work(small)
    enter(small, "SECRET-1", asset="S1")
    inside = f"金丝雀{secrets.token_hex(6)}"
    for number, text in (("A1", "%PDF- 可以看见的附件"), ("S1", f"%PDF- {inside}")):
        path = tmp_path / f"{number}.pdf"
        path.write_text(text, "utf-8")
        evidence.add(small, "instrument", instruments.get(small, number).id, path, f"说明 {number}")
        path.unlink()
    return small, mark(small) | {inside: "the bytes of an attachment"}


@pytest.fixture(params=reach.REMOTES)
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Line, str, str, Path]]:
    """A service of each role behind a line that keeps every byte that passes."""
    folder = tmp_path / "service"
    folder.mkdir()
    with local_network.child_network(f"sqlite:///{folder / 'network.db'}", "齐鲁示范大学", USCC, request.param) as (address, code):
        made = Line(int(address.rpartition(":")[2]))
        yield made, code, request.param, folder
        made.close()


def _forget_statements() -> None:
    sync_rows._one.cache_clear()
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
        told.append(head.decode() + (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode())
    return "\n".join(told)


def found(marks: dict[str, str], *texts: str) -> list[str]:
    return sorted({place for mark, place in marks.items() for text in texts if mark in text})


def on_disk(*folders: Path) -> str:
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


def test_no_mark_is_seen_in_sockets_logs_or_files(
    marked: tuple[Workspace, dict[str, str]], line: tuple[Line, str, str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ledger, marks), (made, code, remote, folder) = marked, line
    assert {place.split(".")[0] for place in marks.values()} >= {"instrument", "service_record", "attachment"}
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    enrolment.enrol(ledger, made.address, code, remote)
    syncing.preview(ledger, remote)
    done = syncing.sync(ledger, remote=remote)
    assert done.sent > 0
    assert done.withheld > 0
    told = seen(made)
    assert '"asset_number":"A1"' in told  # the line does hear what leaves
    assert "可以看见的附件" in told
    assert found(marks, told) == []
    assert found(marks, on_disk(folder, scratch, ledger.home)) == []  # the ledger itself is encrypted


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
    assert {"instrument.name", "the bytes of an attachment"} <= set(found(marks, seen(made)))


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
