"""Offline packages between a real ledger and the real service: the whole way there and back, lost, late, twice, by both ways at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.actions import anchoring, enrolment, evidence, instruments, packages, sync_status, sync_views, syncing, upkeep
from desktop.actions.packages import AWAITING
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.finding import Finding
from desktop.ledger.problem import Refused
from desktop.sync import evidence as files
from desktop.sync import gxpk, package
from network import backup
from network import gxpk as theirs
from tests.actions.carrying import Courier, Office, contents, manifest, refused
from tests.actions.making import enter, some_work
from tests.network.contract import check_shape
from tests.network.files import pdf, sha256
from tests.network.packing import entries_of
from tests.network.packing import written as written_by_contract


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office")
    yield made
    made.service.stop()


@pytest.fixture
def courier(small: Workspace, office: Office, tmp_path: Path) -> Courier:
    """A ledger with some work that never was on line."""
    some_work(small)
    return Courier(small, office, tmp_path / "stick")


def rename(ledger: Workspace, name: str, asset: str = "A1") -> None:
    instruments.change(ledger, replace(instruments.get(ledger, asset), name=name))


def test_a_ledger_that_never_was_on_line_enrols_reports_and_is_answered(courier: Courier, office: Office) -> None:
    ledger = courier.ledger
    with pytest.raises(Refused, match=r"package\.no_code"):
        packages.prepare(ledger)
    code = office.code()
    shown = packages.prepare(ledger, code=code)
    assert (shown.number, shown.again, shown.restored, shown.n_left) == (1, False, False, 0)
    assert shown.preview.n_withheld > 0
    out = courier.export(code=code, approved=shown.preview.digests)
    assert (out.number, out.again, out.n_changes) == (1, False, shown.preview.n_changes)
    assert out.n_changes > 5
    told = manifest(out.path)
    check_shape({"$ref": "#/components/schemas/PackageManifest"}, told)
    assert (told["number"], told["previous"], told["server_id"], told["role"]) == (1, None, None, "network")
    back = courier.absorb(office.hand_in(out.path), fingerprint=office.fingerprint())
    assert (back.sent, back.parked, back.conflicts, back.pending, back.digest_equal) == (out.n_changes, 0, 0, 0, True)
    state = packages.state(ledger)
    assert (state.answered, state.on_line, state.next_number, state.awaiting) == (True, False, 2, None)
    witness = anchoring.newest(ledger)
    assert witness is not None
    assert manifest(out.path)["head"] == {
        "ledger_id": ledger.lock.ledger, "head": witness.head, "n_operations": witness.n_operations,
    }  # fmt: skip
    assert back.findings == ()
    assert "A1" in repr(office.held())
    assert "特种雷达" not in repr(office.held())
    rename(ledger, "改过的名称")
    second = courier.export()
    assert (manifest(second.path)["number"], manifest(second.path)["previous"]) == (2, out.digest)
    assert courier.absorb(office.hand_in(second.path)).sent == 1
    assert "改过的名称" in repr(office.held())
    assert upkeep.verify(ledger).ok


def test_the_archive_is_the_one_the_contract_and_the_service_write(courier: Courier, office: Office) -> None:
    path = courier.export(code=office.code()).path
    content, entries = path.read_bytes(), entries_of(path.read_bytes())
    raw, signature = entries.pop("manifest.json"), entries.pop("manifest.sig")
    assert theirs.read(content) == {"manifest.json": raw, "manifest.sig": signature} | entries
    assert theirs.write(raw, signature.decode(), entries) == content
    import base64

    assert written_by_contract(raw, base64.b64decode(signature), entries) == content
    answer = office.hand_in(path).read_bytes()
    assert gxpk.read(answer) == theirs.read(answer)


def test_exporting_again_before_the_answer_writes_the_same_bytes(courier: Courier, office: Office) -> None:
    first = courier.export(code=office.code())
    rename(courier.ledger, "之后的改动")
    shown = packages.prepare(courier.ledger)
    assert (shown.again, shown.number) == (True, 1)
    assert shown.n_left >= 0
    again = courier.export(approved=shown.preview.digests)
    assert (again.again, again.number, again.digest) == (True, 1, first.digest)
    assert again.path.read_bytes() == first.path.read_bytes()
    state = packages.state(courier.ledger)
    assert state.awaiting is not None
    assert (state.awaiting.number, len(state.packages)) == (1, 1)
    courier.absorb(office.hand_in(again.path), fingerprint=office.fingerprint())
    assert courier.round().sent == 1


def test_the_same_answer_again_changes_nothing(courier: Courier, office: Office) -> None:
    out = courier.export(code=office.code())
    answer = office.hand_in(out.path)
    courier.absorb(answer, fingerprint=office.fingerprint())
    before = contents(courier.ledger)
    again = courier.absorb(answer)
    assert (again.again, again.sent, again.received) == (True, 0, 0)
    assert contents(courier.ledger) == before
    assert office.post(out.path.read_bytes()).content == answer.read_bytes()
    assert courier.absorb(office.hand_in(out.path)).again


def test_what_was_not_seen_is_not_let_out(courier: Courier, office: Office) -> None:
    code = office.code()
    shown = packages.prepare(courier.ledger, code=code)
    rename(courier.ledger, "没有看过的名称")
    packages.prepare(courier.ledger, code=code)
    with pytest.raises(Refused, match=r"package\.changed"):
        courier.export(code=code, approved=shown.preview.digests)
    assert list(courier.folder.iterdir()) == []
    assert packages.state(courier.ledger).awaiting is None


def test_both_ways_at_once_count_once(courier: Courier, office: Office) -> None:
    """The package is written, then the line comes back and is faster; the package is handed in all the same, and its answer comes late."""
    ledger = courier.ledger
    enrolment.enrol(ledger, office.service.base, office.code())
    out = courier.export()
    assert manifest(out.path)["server_id"]
    done = syncing.sync(ledger)
    assert (done.sent, done.digest_equal) == (out.n_changes, True)
    rename(ledger, "联网送的名称")
    syncing.sync(ledger)
    late = courier.absorb(office.hand_in(out.path))
    assert (late.sent, late.received) == (0, 0)
    assert instruments.get(ledger, "A1").name == "联网送的名称"
    assert len([body for body in office.held().values() if body.get("asset_number") == "A1"]) == 1
    again = syncing.sync(ledger)
    assert (again.sent, again.received, again.digest_equal) == (0, 0, True)
    rename(ledger, "又用包送的名称")
    assert courier.round().sent == 1
    assert syncing.sync(ledger).digest_equal is True


def test_a_ledger_that_began_with_packages_goes_on_line(courier: Courier, office: Office) -> None:
    ledger = courier.ledger
    out = courier.export(code=office.code())
    with pytest.raises(Refused, match=r"sync\.by_package"):
        syncing.sync(ledger)
    answer = office.hand_in(out.path)
    held = office.held()
    enrolment.enrol(ledger, office.service.base, office.code())
    assert syncing.sync(ledger).digest_equal is True
    assert office.held() == held  # all of it had arrived with the package
    assert len(held) == out.n_changes
    assert courier.absorb(answer).sent == 0
    assert syncing.sync(ledger).digest_equal is True
    assert packages.state(ledger).next_number == 1  # the line made another device, with a chain of its own
    rename(ledger, "新设备的包")
    assert courier.round().sent == 1


def test_what_others_did_comes_with_the_answer_and_a_conflict_is_kept(
    courier: Courier, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier.begun()
    monkeypatch.setattr("platform.node", lambda: "他方的电脑")
    shutil.copytree(courier.ledger.home, tmp_path / "other", ignore=shutil.ignore_patterns("*.lock"))
    with open_ledger(tmp_path / "other") as other:
        with other.write("another seat") as operation:
            operation.connection.exec_driver_sql("DELETE FROM remote")
            operation.connection.exec_driver_sql("DELETE FROM sync_base")
        enrolment.enrol(other, office.service.base, office.code())
        syncing.sync(other)
        rename(other, "他方的名称")
        rename(other, "他方的质谱", "A2")
        syncing.sync(other)
    rename(courier.ledger, "本机的名称")
    done = courier.round()
    assert done.received >= 2
    assert done.conflicts == 1
    assert instruments.get(courier.ledger, "A2").name == "他方的质谱"
    (view,) = sync_views.conflicts(courier.ledger)
    assert view.theirs_by.startswith("他方的电脑（…")
    assert sync_status.status(courier.ledger).device.endswith("）")


def test_a_row_that_became_confidential_does_not_leave_in_the_old_package(courier: Courier, office: Office) -> None:
    """The same bytes may not be written any more; the package made anew takes the place of the old one, which may have arrived."""
    ledger = courier.ledger
    first = courier.export(code=office.code())
    key = instruments.get(ledger, "A2").id
    with ledger.write("canary") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO reclassification (id, instrument_id, to_confidential, reason, prepared_by, prepared_at) "
            "VALUES ('canary', ?, 1, '金丝雀', (SELECT min(id) FROM person), '2026-03-02T00:00')",
            (key,),
        )
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = 1, model = '刚刚涉密' WHERE id = ?", (key,))
    second = courier.export()
    assert (second.again, second.number) == (False, 1)
    assert second.digest != first.digest
    assert key.encode() not in second.path.read_bytes()
    assert key.encode() in first.path.read_bytes()
    late = courier.absorb(office.hand_in(first.path), fingerprint=office.fingerprint())
    assert late.refused == ""
    assert packages.state(ledger).awaiting is None
    assert courier.round().digest_equal is not False


def test_a_copy_of_a_ledger_is_told_where_the_chain_ends(courier: Courier, office: Office, tmp_path: Path) -> None:
    courier.begun()
    shutil.copytree(courier.ledger.home, tmp_path / "old", ignore=shutil.ignore_patterns("*.lock"))
    rename(courier.ledger, "第二个包")
    courier.round()
    with open_ledger(tmp_path / "old") as old:
        behind = Courier(old, office, tmp_path / "old stick")
        rename(old, "从备份来的", "A2")
        out = behind.export()
        assert out.number == 2
        answer = tmp_path / "refused.gxpk"
        assert office.by_operator(out.path, answer) == 1
        told = behind.absorb(answer)
        assert told.refused == "package.refused.package_forked"
        state = packages.state(old)
        assert (state.next_number, state.awaiting) == (3, None)
        assert [row.state for row in state.packages] == ["refused", "answered"]
        done = behind.round()
        assert (done.number, done.sent) == (3, 1)
        assert instruments.get(old, "A1").name == "第二个包"
        assert behind.round().digest_equal is True


def test_a_lost_package_is_named_and_made_anew(courier: Courier, office: Office) -> None:
    """The service lost its second package (its database was put back by hand, without a new epoch) and says which one it misses."""
    courier.begun()
    shutil.copy(office.folder / "network.db", office.folder / "kept.db")
    rename(courier.ledger, "丢了的包")
    courier.round()
    with office.service.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM package WHERE number = 2")
    rename(courier.ledger, "第三个包")
    out = courier.export()
    answer = courier.folder / "refused.gxpk"
    assert office.by_operator(out.path, answer) == 1
    told = courier.absorb(answer)
    assert told.refused == "package.refused.package_gap"
    assert packages.state(courier.ledger).next_number == 2
    done = courier.round()
    assert (done.number, done.sent, done.digest_equal) == (2, 1, True)


def test_after_a_restore_the_next_package_hands_back_what_was_lost(courier: Courier, office: Office, tmp_path: Path) -> None:
    courier.begun()
    backup.write(office.service.db, tmp_path / "network.backup")
    rename(courier.ledger, "备份之后")
    courier.round()
    backup.restore(office.service.db, tmp_path / "network.backup")
    assert "备份之后" not in repr(office.held())
    rename(courier.ledger, "恢复之后", "A2")
    answer = tmp_path / "refused.gxpk"
    assert office.by_operator(courier.export().path, answer) == 1
    told = courier.absorb(answer)
    assert (told.refused, told.restored) == ("package.refused.epoch_changed", True)
    shown = packages.prepare(courier.ledger)
    assert (shown.restored, shown.preview.n_changes) == (True, 0)
    back = courier.round()
    assert back.refused == ""
    assert "备份之后" in repr(office.held())
    assert courier.round().sent == 1
    assert courier.round().digest_equal is True


def test_a_package_for_the_hub_is_not_taken_by_the_province(courier: Courier, office: Office, tmp_path: Path) -> None:
    hub = Courier(courier.ledger, office, tmp_path / "hub stick", "hub")
    out = hub.export(code=office.code())
    reply = office.post(out.path.read_bytes())
    assert (reply.status_code, reply.json()["code"]) == (409, "package.foreign")
    assert office.held() == {}
    told = hub.folder / "refused.gxpk"
    assert office.by_operator(out.path, told) == 1
    problem = refused(hub, told)
    assert (problem.code, problem.params["reason"]) == ("package.not_taken", "package.refused.package_foreign")


def test_a_wrong_code_is_said_and_another_one_is_taken(courier: Courier, office: Office) -> None:
    out = courier.export(code="AAAA-BBBB-CCCC-DDDD")
    answer = courier.folder / "refused.gxpk"
    assert office.by_operator(out.path, answer) == 1
    assert refused(courier, answer).params["reason"] == "package.refused.enrolment_refused"
    again = courier.export()
    assert again.again
    better = courier.export(code=office.code())
    assert (better.again, better.number) == (False, 1)
    assert courier.absorb(office.hand_in(better.path), fingerprint=office.fingerprint()).sent == better.n_changes


def test_a_key_that_is_gone_is_said_and_a_new_code_makes_a_new_device(courier: Courier, office: Office) -> None:
    courier.begun()
    with courier.ledger.write("setting") as operation:
        operation.connection.exec_driver_sql("DELETE FROM setting WHERE name LIKE 'sync.signing.%'")
    rename(courier.ledger, "换了电脑")
    with pytest.raises(Refused, match=r"package\.key_lost"):
        courier.export()
    assert courier.round(code=office.code()).sent == 1


def test_files_of_evidence_travel_with_their_rows(courier: Courier, office: Office, tmp_path: Path) -> None:
    courier.begun()
    paper = tmp_path / "验收.pdf"
    paper.write_bytes(pdf(70_000))
    evidence.add(courier.ledger, "instrument", instruments.get(courier.ledger, "A1").id, paper)
    out = courier.export()
    assert out.n_blobs == 1
    assert entries_of(out.path.read_bytes())[f"blobs/{sha256(paper.read_bytes())}"] == paper.read_bytes()
    done = courier.absorb(office.hand_in(out.path))
    assert (done.sent, done.parked, done.digest_equal) == (1, 0, True)


def test_a_file_that_no_package_after_a_restore_had_room_for_follows_with_the_next(
    courier: Courier, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the service's new epoch nobody would ask for it any more."""
    told = _restored_without_the_file(courier, office, tmp_path, monkeypatch)
    assert [one.code for one in told] == ["package.files_left"]
    assert n_files(office) == 0
    done = courier.round()
    assert (done.parked, n_files(office)) == (0, 1)
    assert courier.round().digest_equal is True


def test_not_owed_it_would_stay_at_its_seat(courier: Courier, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    monkeypatch.setattr(files, "owe", lambda *_: None)
    _restored_without_the_file(courier, office, tmp_path, monkeypatch)
    assert courier.round().digest_equal is True
    assert n_files(office) == 0


def _restored_without_the_file(courier: Courier, office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Finding, ...]:
    courier.begun()
    backup.write(office.service.db, folder / "network.backup")
    paper = folder / "验收.pdf"
    paper.write_bytes(pdf(70_000))
    evidence.add(courier.ledger, "instrument", instruments.get(courier.ledger, "A1").id, paper)
    courier.round()
    assert n_files(office) == 1
    backup.restore(office.service.db, folder / "network.backup")
    answer = folder / "refused.gxpk"
    office.by_operator(courier.export().path, answer)
    assert courier.absorb(answer).restored
    with monkeypatch.context() as small:
        small.setattr(package, "N_BYTES", packages._OWN_ROOM + 60_000)
        out = courier.export()
        assert (packages.state(courier.ledger).awaiting is not None, out.n_blobs) == (True, 0)
    back = courier.absorb(office.hand_in(out.path))
    assert (back.refused, back.restored) == ("", False)
    return back.findings


def n_files(office: Office) -> int:
    """How many files of evidence the service has whole: each of ours is one part."""
    with office.service.db.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM blob_part").scalar_one())


def test_the_state_names_what_waits(courier: Courier, office: Office) -> None:
    assert packages.state(courier.ledger).begun is False
    courier.export(code=office.code())
    state = packages.state(courier.ledger)
    assert (state.begun, state.answered) == (True, False)
    assert [(row.number, row.state) for row in state.packages] == [(1, AWAITING)]
    assert len(state.fingerprint.replace(" ", "")) == 32
    enter(courier.ledger, "R900")
    assert packages.state(courier.ledger).awaiting == state.awaiting
