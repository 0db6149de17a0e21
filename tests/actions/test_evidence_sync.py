"""Files of evidence between real ledgers and the real service: there before the change, sent once, fetched on demand, never when confidential."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import costs, enrolment, evidence, evidence_fetch, institution, people, pilot, posting, syncing
from desktop.actions.evidence import Attachment
from desktop.actions.progress import Watched
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace
from desktop.formats import evidence_file
from desktop.ledger.keys import new_key
from desktop.ledger.pilot import PilotBase, PilotEquipment
from desktop.ledger.problem import Cancelled, Problem
from desktop.store import sync_rows
from desktop.store.database import quick
from desktop.sync import evidence as files
from desktop.sync.client import Client
from desktop.sync.ports import BaseRow
from network.database import Database
from tests.actions.making import JUNE, MAY, USCC, enter, posted, settled, some_work, sound
from tests.actions.secretive import claimed
from tests.actions.test_evidence import attach, file, instrument
from tests.network import at_hand
from tests.sync import faulty
from tests.sync.faulty import Line

PART = re.compile(rb"PUT /v1/blobs/([0-9a-f]{64})/parts/([0-9]+)\n")


class Remote:
    """A service behind a line."""

    def __init__(self, line: Line, code: str, database: str, role: str) -> None:
        self.line, self.code, self.database, self.role = line, code, database, role

    def enrol(self, ledger: Workspace, *, again: bool = False) -> None:
        code = str(at_hand.operator(self.database, "enrolment-code", "--uscc", USCC)["code"]) if again else self.code
        enrolment.enrol(ledger, self.line.address, code, self.role)

    def sync(self, ledger: Workspace, **more: object) -> syncing.Result:
        return syncing.sync(ledger, remote=self.role, **more)  # type: ignore[arg-type]

    def parts(self) -> list[int]:
        return [int(found[2]) for request in self.line.seen if (found := PART.match(request))]

    def run(self, *statements: str) -> None:
        db = Database(self.database)
        with db.write() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        db.close()


@contextmanager
def started(folder: Path, role: str) -> Iterator[Remote]:
    folder.mkdir()
    database = f"sqlite:///{folder / 'network.db'}"
    with at_hand.serve(database, "齐鲁示范大学", USCC, role) as (address, code):
        line = Line(int(address.rpartition(":")[2]))
        yield Remote(line, code, database, role)
        line.close()


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


def attached(ledger: Workspace, number: str = "A1") -> list[Attachment]:
    return list(evidence.listing(ledger, *instrument(ledger, number)).items)


def test_a_file_comes_to_another_seat_by_the_hub_when_it_is_asked_for(
    small: Workspace, other: Workspace, hub: Remote, tmp_path: Path
) -> None:
    enter(small, "R9")
    source = file(tmp_path, size=2_500_000)
    made = attach(small, source)
    evidence.add(small, "service_record", evidence.subject(small, "service_record", "R9"), file(tmp_path, "合同.pdf"), "双方盖章")
    secret = attach(small, file(tmp_path, "涉密附件.pdf"), "S1")
    hub.enrol(small)
    hub.enrol(other, again=True)
    done = hub.sync(small)
    assert (done.parked, done.pending, done.digest_equal) == (0, 0, True)
    seen = b"\n".join(hub.line.seen)
    assert secret.sha256.encode() not in seen
    assert secret.id.encode() not in seen
    batch = next(n for n, request in enumerate(hub.line.seen) if request.startswith(b"POST /v1/batches"))
    assert max(n for n, request in enumerate(hub.line.seen) if PART.match(request)) < batch
    hub.sync(other)
    (came,) = attached(other)
    assert (came.name, came.sha256, came.n_bytes, came.kept, came.added_by) == (made.name, made.sha256, made.n_bytes, False, made.added_by)
    (contract,) = evidence.listing(other, "service_record", evidence.subject(other, "service_record", "R9")).items
    assert contract.note == "双方盖章"
    assert sound(other)  # what is not here yet is not missing
    with pytest.raises(Problem) as caught:
        evidence.save(other, came.id, tmp_path / "out.pdf")
    assert caught.value.code == "attachment.not_here"
    evidence_fetch.fetch(other, came.id)
    assert evidence.save(other, came.id, tmp_path / "out.pdf").read_bytes() == source.read_bytes()
    assert attached(other)[0].kept
    assert sound(other)
    assert not evidence_fetch.fetch(other, came.id).kinds
    assert hub.sync(other).sent == 0


def test_the_province_gets_the_files_of_sets_alone_and_nothing_said_about_them(
    small: Workspace, province: Remote, tmp_path: Path
) -> None:
    some_work(small)
    path = file(tmp_path)
    evidence.add(small, *instrument(small), path, "内部说明不报送")
    evidence.add(small, "service_record", evidence.subject(small, "service_record", "R1"), file(tmp_path, "合同.pdf"))
    province.enrol(small)
    shown = syncing.preview(small)
    (line,) = [one for one in shown.lines if one.kind == "attachment"]
    assert line.body is not None
    assert set(line.body) == {"id", "of_kind", "of_id", "name", "sha256", "n_bytes", "media_type"}
    assert province.parts() == []  # nothing leaves for a preview
    done = province.sync(small, approved=shown.digests)
    assert (done.parked, done.digest_equal, province.parts()) == (0, True, [0, 1, 2])


@pytest.mark.parametrize("n_through", [0, 1, 2])
def test_an_upload_that_breaks_goes_on_where_it_stopped(
    small: Workspace, hub: Remote, tmp_path: Path, n_through: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(small, file(tmp_path))
    hub.enrol(small)
    send = Client.send_part
    left = [n_through]

    class Died(BaseException):
        """The process ends here."""

    def dies(self: Client, sha256: str, number: int, content: bytes) -> object:
        if not left[0]:
            raise Died
        left[0] -= 1
        return send(self, sha256, number, content)

    with monkeypatch.context() as patch:
        patch.setattr(Client, "send_part", dies)
        with pytest.raises(Died):
            hub.sync(small)
    assert hub.parts() == list(range(n_through))
    assert not any(request.startswith(b"POST /v1/batches") for request in hub.line.seen)
    done = hub.sync(small)
    assert (done.parked, done.pending, done.digest_equal) == (0, 0, True)
    assert hub.parts() == [0, 1, 2]


def test_a_file_that_is_there_is_not_sent_again(small: Workspace, other: Workspace, hub: Remote, tmp_path: Path) -> None:
    source = file(tmp_path)
    attach(small, source)
    hub.enrol(small)
    hub.enrol(other, again=True)
    hub.sync(small)
    hub.sync(other)
    evidence.add(other, *instrument(other, "A2"), source)
    done = hub.sync(other)
    assert (done.sent, done.parked, done.digest_equal) == (1, 0, True)
    assert hub.parts() == [0, 1, 2]


def test_stopping_takes_no_longer_than_a_second_and_loses_nothing(small: Workspace, hub: Remote, tmp_path: Path) -> None:
    attach(small, file(tmp_path))
    hub.enrol(small)
    watch, asked = Watched(), []

    def hang(answer: faulty.Answer) -> None:
        asked.append(time.monotonic())
        watch.stop()
        faulty.black_hole(answer)

    hub.line.where, hub.line.spoil = "/v1/blobs", hang
    with pytest.raises(Cancelled):
        hub.sync(small, progress=watch)
    assert time.monotonic() - asked[0] < 1
    assert watch.note_code == "sync.stage.upload"
    hub.line.spoil = None
    assert hub.sync(small).digest_equal


def test_without_the_upload_the_change_waits_and_goes_with_the_next_run(
    small: Workspace, hub: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken variant: a change that is sent before its file is refused, and nothing else with it."""
    attach(small, file(tmp_path))
    hub.enrol(small)
    with monkeypatch.context() as patch:
        patch.setattr(files, "hand_over", lambda *_: {})
        done = hub.sync(small)
    assert (done.parked, [one.code for one in done.findings]) == (1, ["sync.refused.blob_missing"])
    done = hub.sync(small)
    assert (done.parked, done.digest_equal) == (0, True)


@pytest.mark.parametrize("why", ["type", "digest"])
def test_a_file_the_remote_does_not_take_is_told_and_keeps_nothing_else(
    small: Workspace, hub: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "type":
        monkeypatch.setattr(evidence_file, "media_type", lambda _content: "application/octet-stream")
    attach(small, file(tmp_path, start=b"nothing known" if why == "type" else b"%PDF-1.7"))
    if why == "digest":
        with small.write("spoil") as operation:
            operation.connection.exec_driver_sql("DROP TRIGGER evidence_part_update")
            operation.connection.exec_driver_sql("UPDATE evidence_part SET content = zeroblob(length(content)) WHERE number = 1")
    hub.enrol(small)
    for _ in range(2):
        done = hub.sync(small)
        assert (done.parked, [one.code for one in done.findings]) == (1, [f"sync.refused.blob_{why}"])
        assert done.pending == 0


def _restored_without_files(small: Workspace, hub: Remote, folder: Path) -> None:
    """A file was sent; the hub is restored to a moment at which it had no files."""
    attach(small, file(folder))
    hub.enrol(small)
    hub.sync(small)
    hub.run("DELETE FROM blob_part", "DELETE FROM blob")
    db = Database(hub.database)
    db.renew_epoch()
    db.close()


def test_a_remote_that_was_restored_without_a_file_gets_it_again(small: Workspace, hub: Remote, tmp_path: Path) -> None:
    _restored_without_files(small, hub, tmp_path)
    done = hub.sync(small)
    assert (done.parked, done.digest_equal) == (0, True)
    assert hub.parts() == [0, 1, 2, 0, 1, 2]


def unseen(small: Workspace, hub: Remote, folder: Path) -> tuple[int, list[int]]:
    """A file is attached and nobody looks at what leaves; the remote is restored. What waits after a run that only receives, and the parts that went."""
    hub.enrol(small)
    hub.sync(small)
    attach(small, file(folder))
    hub.sync(small, approved=())
    at_hand.operator(hub.database, "restored")
    return hub.sync(small, approved=()).pending, hub.parts()


def test_a_file_that_nobody_agreed_to_send_stays_when_the_remote_is_restored(small: Workspace, hub: Remote, tmp_path: Path) -> None:
    assert unseen(small, hub, tmp_path) == (1, [])
    done = hub.sync(small)
    assert (done.pending, done.parked, done.digest_equal, hub.parts()) == (0, 0, True, [0, 1, 2])


def test_handed_over_with_all_that_waits_it_would_leave(
    small: Workspace, hub: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken variant."""
    held = files.held
    monkeypatch.setattr(files, "held", lambda step, approved=None: held(step))
    assert unseen(small, hub, tmp_path) == (1, [0, 1, 2])


def test_to_know_the_files_of_a_remote_no_other_rows_are_read(
    small: Workspace, hub: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restore the state of every row is in memory already, to be handed back; not twice."""
    made = attach(small, file(tmp_path))
    hub.enrol(small)
    hub.sync(small)
    read: set[str] = set()
    bases = LedgerStep.bases

    def looked(step: LedgerStep, kind: str = "") -> list[BaseRow]:
        found = list(bases(step, kind))
        read.update(row.kind for row in found)
        return found

    monkeypatch.setattr(LedgerStep, "bases", looked)
    with small.read() as connection:
        step = LedgerStep(connection, "hub")
        assert (files.held(step), read) == ([made.sha256], {"attachment"})
        assert list(bases(step, "attachment")) == [row for row in bases(step) if row.kind == "attachment"]
        # The broken variant.
        monkeypatch.setattr(LedgerStep, "bases", lambda step, kind="": [row for row in looked(step) if row.kind == kind])
        assert files.held(step) == [made.sha256]
        assert read > {"attachment", "instrument"}


def test_an_upload_after_a_restore_that_breaks_is_done_by_the_next_run(
    small: Workspace, hub: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are back, their file is not: nobody would ask for it once the new epoch is known."""
    _restored_without_files(small, hub, tmp_path)
    monkeypatch.setattr("desktop.sync.client.N_TRIES", 1)
    monkeypatch.setattr(Client, "_rest", lambda *_: None)
    hub.line.where, hub.line.spoil = "/v1/blobs", faulty.flipped
    with pytest.raises(Problem):
        hub.sync(small)
    hub.line.spoil = None
    before = len(hub.parts())
    assert hub.sync(small).digest_equal
    assert hub.parts()[before:] == [0, 1, 2]


def fetchable(small: Workspace, other: Workspace, hub: Remote, folder: Path) -> Attachment:
    attach(small, file(folder))
    hub.enrol(small)
    hub.enrol(other, again=True)
    hub.sync(small)
    hub.sync(other)
    (came,) = attached(other)
    return came


def test_a_fetch_that_breaks_goes_on_where_it_stopped(
    small: Workspace, other: Workspace, hub: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = fetchable(small, other, hub, tmp_path)
    monkeypatch.setattr("desktop.sync.client.N_TRIES", 1)
    monkeypatch.setattr(Client, "_rest", lambda *_: None)
    hub.line.where, hub.line.spoil = f"/v1/blobs/{came.sha256}/parts/1", faulty.flipped
    with pytest.raises(Problem) as caught:
        evidence_fetch.fetch(other, came.id)
    assert caught.value.code == "sync.damaged"
    hub.line.spoil = None
    before = len(hub.line.seen)
    evidence_fetch.fetch(other, came.id)
    got = [request.split(b"\n")[0] for request in hub.line.seen[before:] if b"/parts/" in request]
    assert [line.rpartition(b"/")[2] for line in got] == [b"1", b"2"]
    assert sound(other)


def test_what_is_not_what_its_name_says_is_not_kept(small: Workspace, other: Workspace, hub: Remote, tmp_path: Path) -> None:
    came = fetchable(small, other, hub, tmp_path)
    hub.run("UPDATE blob_part SET content = zeroblob(length(content)) WHERE number = 2")
    with pytest.raises(Problem) as caught:
        evidence_fetch.fetch(other, came.id)
    assert caught.value.code == "attachment.damaged"
    with other.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM evidence_part").scalar_one() == 0
    assert not attached(other)[0].kept
    assert sound(other)


def test_without_a_remote_or_with_one_that_has_it_not_a_fetch_is_refused(
    small: Workspace, other: Workspace, hub: Remote, tmp_path: Path
) -> None:
    came = fetchable(small, other, hub, tmp_path)
    hub.run("DELETE FROM blob_part", "DELETE FROM blob")
    with pytest.raises(Problem) as caught:
        evidence_fetch.fetch(other, came.id)
    assert caught.value.code == "attachment.nowhere"
    enrolment.leave(other, "hub")
    with pytest.raises(Problem) as caught:
        evidence_fetch.fetch(other, came.id)
    assert caught.value.code == "sync.not_enrolled"


def test_the_digest_of_a_confidential_file_does_not_leave_with_an_ordinary_row(small: Workspace, hub: Remote, tmp_path: Path) -> None:
    source = file(tmp_path)
    attach(small, source, "S1")
    made = attach(small, source, "A1")
    hub.enrol(small)
    done = hub.sync(small)
    assert [one.code for one in done.findings] == ["sync.refused.here_confidential"]
    assert made.sha256.encode() not in b"\n".join(hub.line.seen)
    assert hub.parts() == []


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "gb18030"])
def test_an_ordinary_file_in_which_something_confidential_stands_stays_here(
    small: Workspace, hub: Remote, tmp_path: Path, codec: str
) -> None:
    with small.write("name") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET model = '某型特种雷达' WHERE asset_number = 'S1'")
    path = file(tmp_path)
    content = bytearray(path.read_bytes())
    mark = "某型特种雷达".encode(codec)
    content[(1 << 20) - 5 : (1 << 20) - 5 + len(mark)] = mark  # across the border of two parts
    path.write_bytes(content)
    attach(small, path)
    people.add(small, "后来的人", "finance")
    hub.enrol(small)
    done = hub.sync(small)
    assert done.sent > 0
    assert [one.code for one in done.findings] == ["sync.refused.here_confidential"]
    assert hub.parts() == []


def test_what_becomes_confidential_after_it_was_sealed_does_not_leave(
    small: Workspace, hub: Remote, tmp_path: Path
) -> None:
    made = attach(small, file(tmp_path, "后来涉密.pdf"), "A2")
    hub.enrol(small)
    syncing.preview(small, "hub")
    with small.write("canary") as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO reclassification (id, instrument_id, to_confidential, reason, prepared_by, prepared_at) "
            "SELECT 'canary', id, 1, '定密', (SELECT min(id) FROM person), '2026-03-02T00:00' FROM instrument WHERE asset_number = 'A2'"
        )
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = 1 WHERE asset_number = 'A2'")
    hub.sync(small)
    assert made.sha256.encode() not in b"\n".join(hub.line.seen)
    assert hub.parts() == []


def test_a_file_that_another_row_has_is_here_at_once_and_one_that_changed_there_is_not(
    small: Workspace, other: Workspace, hub: Remote, tmp_path: Path
) -> None:
    came = fetchable(small, other, hub, tmp_path)
    evidence_fetch.fetch(other, came.id)
    with other.read() as connection:
        body = dict(connection.exec_driver_sql("SELECT * FROM attachment WHERE id = ?", (came.id,)).one()._mapping)
    del body["kept"]
    with other.write("sync") as operation:
        second = body | {"id": new_key(), "of_id": evidence.subject(other, "instrument", "A2")}
        sync_rows.put(quick(operation.connection), "attachment", second["id"], second, "hub", new=True)
        sync_rows.put(quick(operation.connection), "attachment", came.id, body | {"sha256": "ab" * 32}, "hub", new=False)
    assert [one.kept for one in attached(other, "A2")] == [True]
    assert [one.kept for one in attached(other)] == [False]
    assert sound(other)


def every_subject(ledger: Workspace, asset: str, number: str, day: date, fen: int) -> list[tuple[str, str]]:
    """A row of each kind that hangs on an instrument: record, receipt, cost and a run of its own."""
    posted(ledger, number, asset, day=day, minutes=60, operator_name="T001")
    posting.receive(ledger, number, day, 100, "FP-1")
    costs.cost_add(ledger, "maintenance", asset, day.replace(day=1), day, fen, "PZ-9")
    run = settled(ledger, day)
    pilot.add_equipment(ledger, PilotEquipment("", f"ZE-{asset}", "中试设备"), asset_number=asset)
    claimed(ledger, number, f"C-{number}")
    with ledger.read() as connection:
        def one(sql: str, *given: str) -> str:
            return str(connection.exec_driver_sql(sql, given).scalar_one())

        return [
            ("instrument", one("SELECT id FROM instrument WHERE asset_number = ?", asset)),
            ("fee_schedule", one("SELECT s.id FROM fee_schedule s JOIN instrument i ON i.id = s.instrument_id WHERE i.asset_number = ?", asset)),
            ("service_record", one("SELECT id FROM service_record WHERE number = ?", number)),
            ("receipt", one("SELECT t.id FROM receipt t JOIN posting p ON p.id = t.posting_id WHERE p.record_number = ?", number)),
            ("cost_row", one("SELECT c.id FROM cost_row c JOIN instrument i ON i.id = c.instrument_id WHERE i.asset_number = ?", asset)),
            ("payout_run", one("SELECT id FROM payout_run WHERE number = ?", run.number)),
            ("pilot_equipment", one("SELECT id FROM pilot_equipment WHERE number = ?", f"ZE-{asset}")),
            ("voucher_claim", one("SELECT id FROM voucher_claim WHERE number = ?", f"C-{number}")),
        ]


def test_an_attachment_is_as_confidential_as_what_its_row_hangs_on(small: Workspace, tmp_path: Path) -> None:
    ordinary = every_subject(small, "A1", "O-1", MAY, 10_00)
    secret = every_subject(small, "S1", "G-1", JUNE, 20_00)
    pilot.add_base(small, PilotBase("", "Z1", "中试基地"))
    ordinary.append(("pilot_base", evidence.subject(small, "pilot_base", "Z1")))  # a base is made to be known
    assert {kind for kind, _ in ordinary} == {kind for kind, _ in secret} | {"pilot_base"} == set(evidence.SUBJECTS)
    for n, (kind, key) in enumerate([*ordinary, *secret]):
        made, _ = evidence.add(small, kind, key, file(tmp_path, f"{n}.pdf", 2000))
        with small.read() as connection:
            withheld = {remote: sync_rows.one(quick(connection), "attachment", made.id, remote)[1] for remote in ("hub", "network")}
        hidden = (kind, key) in secret
        assert withheld == {"hub": hidden, "network": hidden or kind != "instrument"}, kind
        assert evidence.listing(small, kind, key).confidential == hidden
    assert sound(small)
