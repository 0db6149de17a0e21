"""Attachments in a real ledger: kept once and encrypted, undone and brought back, carried by backups, read by the verifier."""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.actions import backups, costs, evidence, history, records, upkeep
from desktop.actions.evidence import Attachment
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem
from desktop.store import attachments as rows
from desktop.store import triggers
from tests.actions.making import MAY, declare, enter, everything, rows_of, sound


def file(folder: Path, name: str = "验收报告.pdf", size: int = 3_000_000, start: bytes = b"%PDF-1.7\n") -> Path:
    path = folder / name
    path.write_bytes(start + os.urandom(size - len(start)))
    return path


def instrument(ledger: Workspace, number: str = "A1") -> tuple[str, str]:
    return "instrument", evidence.subject(ledger, "instrument", number)


def attach(ledger: Workspace, path: Path, number: str = "A1") -> Attachment:
    return evidence.add(ledger, *instrument(ledger, number), path)[0]


def names(ledger: Workspace, number: str = "A1") -> list[str]:
    return [one.name for one in evidence.listing(ledger, *instrument(ledger, number)).items]


def n_parts(ledger: Workspace) -> int:
    with ledger.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM evidence_part").scalar_one())


def raw(ledger: Workspace, *statements: str) -> None:
    """What a person with the key could do outside the program: the protections are put back afterwards."""
    kept = [statement for statement in triggers.statements() if "evidence_part" in statement.split()[2]]
    with ledger.write("tamper") as operation:
        for statement in kept:
            operation.connection.exec_driver_sql(f"DROP TRIGGER {statement.split()[2]}")
        for statement in statements:
            operation.connection.exec_driver_sql(statement)
        for statement in kept:
            operation.connection.exec_driver_sql(statement)


def test_a_file_comes_out_as_it_went_in_and_lies_nowhere_in_the_clear(small: Workspace, tmp_path: Path) -> None:
    source = file(tmp_path)
    mark = b"%PDF-1.7\n" + "金丝雀在文件里".encode() * 3
    source.write_bytes(mark + source.read_bytes())
    made = attach(small, source)
    assert made.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert (made.n_bytes, made.media_type, made.added_by) == (source.stat().st_size, "application/pdf", small.who)
    out = evidence.save(small, made.id, tmp_path / "out.pdf", private=True)
    assert out.read_bytes() == source.read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    taken = backups.daily(small, MAY)
    assert taken is not None
    assert sound(small)
    for path in small.home.rglob("*"):
        assert not path.is_file() or "金丝雀".encode() not in path.read_bytes(), path


def test_the_same_bytes_are_kept_once_and_stay_for_whoever_else_has_them(small: Workspace, tmp_path: Path) -> None:
    source = file(tmp_path)
    first = attach(small, source)
    kept = n_parts(small)
    assert kept == 3
    second = attach(small, source, "A2")
    assert n_parts(small) == kept
    with pytest.raises(Problem) as caught:
        attach(small, source)
    assert caught.value.code == "attachment.there_already"
    evidence.remove(small, first.id)
    assert evidence.save(small, second.id, tmp_path / "out.pdf").read_bytes() == source.read_bytes()
    assert sound(small)


def test_adding_and_removing_are_undone_and_done_again(small: Workspace, tmp_path: Path) -> None:
    before = rows_of(small)
    made = attach(small, file(tmp_path))
    after = rows_of(small)
    history.undo_last(small)
    assert rows_of(small) == before
    history.redo_last(small)
    assert rows_of(small) == after
    evidence.remove(small, made.id)
    assert names(small) == []
    history.undo_last(small)
    assert rows_of(small) == after
    assert evidence.save(small, made.id, tmp_path / "out.pdf").stat().st_size == made.n_bytes
    assert sound(small)


def test_removed_bytes_are_cleared_after_a_month_and_undo_then_says_so(small: Workspace, tmp_path: Path) -> None:
    gone = attach(small, file(tmp_path))
    removed = evidence.remove(small, gone.id)
    stays = attach(small, file(tmp_path, "另一份.pdf"), "A2")
    with small.write("sweep") as operation:
        assert rows.sweep(operation.connection, datetime.now(UTC) - timedelta(days=1)) == 0
        assert rows.sweep(operation.connection, datetime.now(UTC) + timedelta(days=1)) == 1
    assert n_parts(small) == 3
    assert removed.operation is not None
    with pytest.raises(Problem) as caught:
        history.undo_one(small, removed.operation)
    assert caught.value.code == "attachment.gone"
    assert names(small) == []
    assert names(small, "A2") == [stays.name]
    assert sound(small)


def test_what_a_draft_had_attached_goes_and_comes_back_with_it(small: Workspace, tmp_path: Path) -> None:
    enter(small, "R9")
    declare(small, 100_00)
    (cost,) = costs.costs(small)
    record = "service_record", evidence.subject(small, "service_record", "R9")
    evidence.add(small, *record, file(tmp_path, "合同.pdf"), "双方盖章")
    evidence.add(small, "cost_row", cost.id, file(tmp_path, "发票.png", start=b"\x89PNG\r\n\x1a\n"))
    before = rows_of(small, but=("record_problem",))
    for remove in (lambda: records.remove(small, ["R9"]), lambda: costs.cost_remove(small, cost.id)):
        remove()
    assert evidence.listing(small, *record).items == ()
    history.undo_last(small)
    history.undo_last(small)
    assert rows_of(small, but=("record_problem",)) == before
    assert [(one.name, one.note) for one in evidence.listing(small, *record).items] == [("合同.pdf", "双方盖章")]
    assert sound(small)


def test_a_row_with_attachments_cannot_be_deleted_from_under_them(small: Workspace, tmp_path: Path) -> None:
    enter(small, "R9")
    record = "service_record", evidence.subject(small, "service_record", "R9")
    evidence.add(small, *record, file(tmp_path, "合同.pdf"))
    with small.write("around") as operation:
        operation.connection.exec_driver_sql("DELETE FROM record_problem")
    with pytest.raises(Problem) as caught, small.write("around") as operation:
        operation.connection.exec_driver_sql("DELETE FROM service_record WHERE id = ?", (record[1],))
    assert caught.value.code == "attachment.held"


@pytest.mark.parametrize(
    ("kind", "key", "code"),
    [("instrument", "nobody", "attachment.unknown_subject"), ("person", "x", "attachment.unknown_subject")],
)
def test_a_row_that_is_not_there_takes_no_attachment(small: Workspace, tmp_path: Path, kind: str, key: str, code: str) -> None:
    before = everything(small)
    with pytest.raises(Problem) as caught:
        evidence.add(small, kind, key, file(tmp_path))
    assert caught.value.code == code
    assert everything(small) == before


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        ("DELETE FROM evidence_part", "verify.evidence_gone"),
        ("DELETE FROM evidence_part WHERE number = 2", "verify.evidence_changed"),
        ("UPDATE evidence_part SET content = zeroblob(length(content)) WHERE number = 1", "verify.evidence_changed"),
    ],
    ids=["gone", "cut", "changed"],
)
def test_the_verifier_names_a_file_that_is_not_what_was_added(small: Workspace, tmp_path: Path, tamper: str, code: str) -> None:
    made = attach(small, file(tmp_path))
    attach(small, file(tmp_path, "好的.pdf"), "A2")
    assert sound(small)
    raw(small, tamper + (f" {'AND' if 'WHERE' in tamper else 'WHERE'} sha256 = '{made.sha256}'"))
    found = upkeep.verify(small).findings
    assert [(one.code, one.key, dict(one.params)["what"]) for one in found] == [(code, made.id, "验收报告.pdf")]
    with pytest.raises(Problem):
        evidence.save(small, made.id, tmp_path / "out.pdf")
    assert not list(tmp_path.glob("out*"))
    with pytest.raises(Problem) as caught:
        backups.daily(small, MAY)
    assert caught.value.code == "backup.broken"


def test_the_protections_are_what_keeps_the_bytes(small: Workspace, tmp_path: Path) -> None:
    attach(small, file(tmp_path))
    for statement in ("DELETE FROM evidence_part", "UPDATE evidence_part SET content = zeroblob(9)"):
        with pytest.raises(Problem) as caught, small.write("around") as operation:
            operation.connection.exec_driver_sql(statement)
        assert caught.value.code == "store.fact"
    assert sound(small)


def test_a_backup_put_in_place_brings_the_files_back(small: Workspace, tmp_path: Path) -> None:
    source = file(tmp_path)
    made = attach(small, source)
    taken = backups.daily(small, MAY)
    assert taken is not None
    evidence.remove(small, made.id)
    again, _ = backups.put_in_place(small, taken)
    with again:
        assert evidence.save(again, made.id, tmp_path / "out.pdf").read_bytes() == source.read_bytes()
        assert sound(again)


def test_nothing_is_overwritten_unasked_and_a_folder_takes_the_file_under_its_name(small: Workspace, tmp_path: Path) -> None:
    made = attach(small, file(tmp_path))
    folder = tmp_path / "folder"
    folder.mkdir()
    out = evidence.save(small, made.id, folder)
    assert out == folder / "验收报告.pdf"
    out.write_bytes(b"mine")
    with pytest.raises(Problem) as caught:
        evidence.save(small, made.id, folder)
    assert caught.value.code == "attachment.exists"
    assert out.read_bytes() == b"mine"
    assert evidence.save(small, made.id, out, replace=True).stat().st_size == made.n_bytes
    assert [path.name for path in folder.iterdir()] == ["验收报告.pdf"]


def test_what_hangs_on_a_confidential_set_is_confidential(small: Workspace, tmp_path: Path) -> None:
    made = attach(small, file(tmp_path), "S1")
    assert evidence.listing(small, *instrument(small, "S1")).confidential
    assert not evidence.listing(small, *instrument(small)).confidential
    assert made.id[14] == "4"  # a version 7 tells when it was made
    assert attach(small, file(tmp_path, "b.pdf")).id[14] == "7"
