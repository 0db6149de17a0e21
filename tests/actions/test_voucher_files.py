"""Files of a use in another province: its papers, on the claim and in its archive; kept here, whatever of the use goes; what a claim rests on stays."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from desktop import words
from desktop.actions import (
    evidence,
    history,
    reclassifying,
    voucher_claims,
    voucher_files,
    voucher_outside,
    voucher_report,
    vouchers,
)
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem
from desktop.ledger.voucher import EVIDENCE
from desktop.reports import plain
from desktop.reports.content import Letterhead
from desktop.store import attachments, reach, sync_rows
from desktop.store import vouchers as rows
from desktop.store.facts import ATTACHMENTS
from tests.actions import making
from tests.actions.making import OUTSIDE, refused, sound
from tests.actions.test_evidence_sync import started
from tests.actions.test_voucher_outside import DAY, read, use
from tests.actions.test_vouchers import eligible

PDF = b"%PDF-1.7\n%%EOF\n"
BIRD = "金丝雀-只在本机"


def attach(ledger: Workspace, folder: Path, name: str, kind: str = "outside_use", of: str = "W1") -> str:
    """The key of a file that was attached."""
    file = folder / name
    file.write_bytes(PDF + name.encode())
    return evidence.add(ledger, kind, evidence.subject(ledger, kind, of), file)[0].id


def states(ledger: Workspace, number: str = "C1") -> dict[str, str]:
    (papers,) = voucher_claims.show(ledger, number).papers
    return dict(papers.papers)


@pytest.fixture
def used(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """W1 of another province, searched for first, in a draft C1 without any paper."""
    eligible(small)
    read(small, "离心机")
    monkeypatch.setattr(voucher_outside, "today", lambda: date(2025, 5, 1))
    voucher_outside.search(small, "透射电镜", reason="省内没有")
    voucher_outside.enter(small, use(), OUTSIDE, 1)
    voucher_claims.draft(small, "C1", ["W1"])
    return small


def ready(ledger: Workspace, folder: Path) -> str:
    """A file for the contract, numbers for the rest; the key of the file."""
    for item in EVIDENCE:
        voucher_claims.paper(ledger, "W1", item, given=f"{item}-1")
    contract = attach(ledger, folder, f"{BIRD}.pdf")
    voucher_claims.paper(ledger, "W1", "contract", attachment_id=contract)
    return contract


def test_a_file_is_the_papers_it_is_named_as(used: Workspace, tmp_path: Path) -> None:
    scan, other = attach(used, tmp_path, "扫描件.pdf"), attach(used, tmp_path, "另一份.pdf")
    assert set(states(used).values()) == {"missing"}, "attached, and not yet named"
    voucher_claims.paper(used, "W1", "report", attachment_id=scan)
    voucher_claims.paper(used, "W1", "acceptance", attachment_id=scan)
    assert {item: state for item, state in states(used).items() if state != "missing"} == {"report": "attached", "acceptance": "attached"}
    voucher_claims.paper(used, "W1", "report", attachment_id=other)
    with used.read() as connection:
        named = {one.id: one.papers for one in attachments.of_subject(connection, "outside_use", rows.OUTSIDE.find(connection)[0].id)}
    assert named == {scan: ("acceptance",), other: ("report",)}, "another file took its place"
    voucher_claims.paper(used, "W1", "report", waived_why="以验收单为准")
    assert states(used)["report"] == "waived", "no file is it any more"
    history.undo_last(used)
    assert states(used)["report"] == "attached"
    assert sound(used)


def test_the_number_that_the_seats_share_stays_beside_the_file(used: Workspace, tmp_path: Path) -> None:
    voucher_claims.paper(used, "W1", "contract", given="HT-1")
    voucher_claims.paper(used, "W1", "contract", attachment_id=attach(used, tmp_path, "合同.pdf"))
    with used.read() as connection:
        (kept,) = rows.PAPERS.find(connection)
    assert (kept.number, kept.attachment_id) == ("HT-1", None), "the row goes to the hub; it names no file that does not"
    assert states(used)["contract"] == "attached"


def test_a_file_of_something_else_is_no_paper_of_it(used: Workspace, tmp_path: Path) -> None:
    making.posted(used, "R1")
    voucher_outside.enter(used, use(number="W2"), OUTSIDE, 1)
    of_record, of_other = attach(used, tmp_path, "a.pdf", "service_record", "R1"), attach(used, tmp_path, "b.pdf", of="W2")
    own = attach(used, tmp_path, "c.pdf")
    assert refused(voucher_claims.paper, used, "W1", "contract", attachment_id=of_record) == ["voucher.paper_file_stays"]
    assert refused(voucher_claims.paper, used, "W1", "contract", attachment_id=of_other) == ["voucher.paper_of_other"]
    assert refused(voucher_claims.paper, used, "R1", "contract", attachment_id=own) == ["voucher.paper_file_stays"], "a record's paper goes"
    assert set(states(used).values()) == {"missing"}


def test_what_a_claim_rests_on_is_not_taken_away(used: Workspace, tmp_path: Path) -> None:
    contract = ready(used, tmp_path)
    spare = attach(used, tmp_path, "草稿.pdf")
    voucher_claims.step(used, "C1", "submit", use().ended_at.date())
    assert refused(evidence.remove, used, contract) == ["voucher.claim_holds"]
    evidence.remove(used, spare)
    assert states(used)["contract"] == "attached"
    voucher_claims.step(used, "C1", "send_back", use().ended_at.date(), reason="补合同")
    evidence.remove(used, contract)
    assert states(used)["contract"] == "named", "only its number is left"
    history.undo_last(used)
    assert states(used)["contract"] == "attached"


def test_the_use_is_not_undone_from_under_its_files(used: Workspace, tmp_path: Path) -> None:
    voucher_outside.enter(used, use(number="W2"), OUTSIDE, 1)
    entered = history.latest(used)[0].seq
    attach(used, tmp_path, "合同.pdf", of="W2")
    assert refused(history.undo_one, used, entered) == ["attachment.held"]
    assert len(voucher_outside.every(used)) == 2


def test_the_paper_tells_which_are_attached(used: Workspace, tmp_path: Path) -> None:
    ready(used, tmp_path)
    text = plain.text(voucher_report.content(voucher_claims.show(used, "C1"), Letterhead("某校", DAY, "", "")))
    assert words.say("voucher.state.attached") in text
    assert text.count(words.say("voucher.state.named")) >= 5


def test_the_archive_has_the_files_and_every_paper(used: Workspace, tmp_path: Path) -> None:
    ready(used, tmp_path)
    attach(used, tmp_path, "没有登记.pdf")
    attach(used, tmp_path, "回执.pdf", "voucher_claim", "C1")
    out = tmp_path / "C1.zip"
    done = voucher_files.collect(used, "C1", out)
    assert (done.n_files, done.n_elsewhere, done.n_bare, done.n_withheld) == (2, 0, 5, 0)
    with zipfile.ZipFile(out) as found:
        assert sorted(found.namelist()) == ["C1-01-回执.pdf", f"W1-01-{BIRD}.pdf", "清单.xlsx"]
        assert found.read(f"W1-01-{BIRD}.pdf") == PDF + f"{BIRD}.pdf".encode()
        listed = list(load_workbook(BytesIO(found.read("清单.xlsx"))).active.values)  # type: ignore[union-attr]  # one sheet
    contract = next(row for row in listed if row[3] == "合同")
    assert contract[0] == "W1"
    assert contract[2:8] == ("透射电镜", "合同", words.say("voucher.state.attached"), "contract-1", None, f"W1-01-{BIRD}.pdf")
    assert next(row for row in listed if row[3] == "发票")[4:8] == (words.say("voucher.state.named"), "invoice-1", None, None)
    again = tmp_path / "again.zip"
    voucher_files.collect(used, "C1", again)
    assert again.read_bytes() == out.read_bytes()
    assert refused(voucher_files.collect, used, "C1", out) == ["attachment.exists"]
    assert not list(tmp_path.glob("*.part"))


def test_without_a_file_nothing_is_written(used: Workspace, tmp_path: Path) -> None:
    for item in EVIDENCE:
        voucher_claims.paper(used, "W1", item, given="1")
    assert refused(voucher_files.collect, used, "C1", tmp_path / "C1.zip") == ["voucher.no_files"]
    assert refused(voucher_files.collect, used, "C9", tmp_path / "C1.zip") == ["voucher.no_claim"]
    assert not (tmp_path / "C1.zip").exists()


def test_a_file_at_another_seat_is_listed_and_a_changed_one_stops_it(used: Workspace, tmp_path: Path) -> None:
    contract = ready(used, tmp_path)
    attach(used, tmp_path, "回执.pdf", "voucher_claim", "C1")
    with used.write("as if it came") as operation:
        file = ATTACHMENTS.get(operation.connection, contract)
        assert file is not None
        ATTACHMENTS.update(operation.connection, [replace(file, kept=False, sha256=hashlib.sha256(b"elsewhere").hexdigest())])
    done = voucher_files.collect(used, "C1", tmp_path / "C1.zip")
    assert (done.n_files, done.n_elsewhere) == (1, 1)
    with used.write("as if the disk had done it") as operation:
        operation.connection.exec_driver_sql("DROP TRIGGER evidence_part_update")
        operation.connection.exec_driver_sql("UPDATE evidence_part SET content = CAST('x' AS BLOB)")
    with pytest.raises(Problem, match=r"attachment\.broken_here"):
        voucher_files.collect(used, "C1", tmp_path / "second.zip")
    assert not (tmp_path / "second.zip").exists()


def test_a_confidential_use_is_left_out_with_the_files_of_its_claim(small: Workspace, tmp_path: Path) -> None:
    eligible(small)
    for number, asset in (("R1", "A1"), ("R2", "A2")):
        making.posted(small, number, asset, **({"item": "制样"} if asset == "A2" else {}))
        vouchers.mark(small, number, True)
        voucher_claims.paper(small, number, "contract", attachment_id=attach(small, tmp_path, f"合同-{number}.pdf", "service_record", number))
    voucher_claims.draft(small, "C1", ["R1", "R2"])
    attach(small, tmp_path, "回执.pdf", "voucher_claim", "C1")
    reclassifying.prepare(small, "A1", True, "定密", making.OFFICE, making.PINS[making.OFFICE])
    done = voucher_files.collect(small, "C1", tmp_path / "C1.zip")
    assert (done.n_files, done.n_withheld) == (1, 1)
    with zipfile.ZipFile(tmp_path / "C1.zip") as found:
        assert sorted(found.namelist()) == ["R2-01-合同-R2.pdf", "清单.xlsx"]


def test_a_file_that_became_confidential_is_in_no_archive(small: Workspace, tmp_path: Path) -> None:
    """A paper may be named by a file of another record; that record's set is classified afterwards."""
    eligible(small)
    for number, asset in (("R1", "A1"), ("R2", "A2")):
        making.posted(small, number, asset, **({"item": "制样"} if asset == "A2" else {}))
        vouchers.mark(small, number, True)
    kept, drawing = (attach(small, tmp_path, f"{name}.pdf", "service_record", of) for name, of in (("合同", "R1"), ("图纸", "R2")))
    assert refused(voucher_claims.paper, small, "R1", "contract", attachment_id=drawing) == ["voucher.paper_of_other"]
    voucher_claims.paper(small, "R1", "invoice", attachment_id=kept)
    voucher_claims.paper(small, "R1", "contract", attachment_id=kept)
    with small.write("a name given before files of others were refused") as operation:
        (named,) = rows.PAPERS.find(operation.connection, "item = 'contract'")
        rows.PAPERS.update(operation.connection, [replace(named, attachment_id=drawing)])
    voucher_claims.draft(small, "C1", ["R1"])
    reclassifying.prepare(small, "A2", True, "定密", making.OFFICE, making.PINS[making.OFFICE])
    voucher_files.collect(small, "C1", tmp_path / "C1.zip")
    with zipfile.ZipFile(tmp_path / "C1.zip") as found:
        assert sorted(found.namelist()) == ["R1-01-合同.pdf", "清单.xlsx"]
        assert not any("图纸" in str(cell) for row in load_workbook(BytesIO(found.read("清单.xlsx"))).active.iter_rows(values_only=True) for cell in row)


@pytest.mark.parametrize("role", ["network", "hub"])
@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "one that lets it go"])
def test_the_use_goes_and_its_file_stays(used: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str, broken: bool) -> None:
    ready(used, tmp_path)
    voucher_claims.step(used, "C1", "submit", use().ended_at.date())
    for made in (sync_rows._differs, sync_rows._withheld):
        made.cache_clear()
    if broken:
        waits = "_NOT_YET" if role == "network" else "_WAITS_AT_HUB"
        monkeypatch.setattr(reach, waits, getattr(reach, waits) | {"attachment": "0"})
    with started(tmp_path / "service", role) as remote:
        remote.enrol(used)
        done = remote.sync(used)
        if not broken:
            again = remote.sync(used)
            assert (again.sent, again.pending, again.parked) == (0, 0, 0), "nothing of it waits either"
    heard = b"".join(path.read_bytes() for path in (tmp_path / "service").rglob("*") if path.is_file())
    for made in (sync_rows._differs, sync_rows._withheld):
        made.cache_clear()
    assert b"W1" in heard
    assert (BIRD.encode() in heard or done.parked + done.pending > 0) is broken
    (kept,) = evidence.listing(used, "outside_use", evidence.subject(used, "outside_use", "W1")).items
    assert kept.kept
    assert evidence.save(used, kept.id, tmp_path / "saved.pdf").read_bytes() == PDF + f"{BIRD}.pdf".encode()
