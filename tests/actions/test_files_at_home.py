"""Files of purchases, transfers and answers: attached by what a person calls the row, kept here whole, told to no remote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.actions import (
    enrolment,
    evidence,
    history,
    integrity_answers,
    management,
    staff_facts,
    syncing,
    trainings,
    transfers,
    voucher_outside,
)
from desktop.actions.workspace import Workspace
from desktop.ledger.attachment import SUBJECTS_AT_HOME
from desktop.ledger.management import ManagementDocument
from desktop.ledger.staff_fact import StaffFact
from desktop.ledger.training import Training
from desktop.store import reach, sync_rows
from tests.actions.making import OFFICE, OUTSIDE, PINS, USCC, refused, sound
from tests.actions.test_integrity import at
from tests.actions.test_purchases import propose
from tests.actions.test_voucher_outside import use as outside_use
from tests.network import at_hand

MARK = "练习文件名"


def written(folder: Path, n: int) -> Path:
    path = folder / f"{MARK}{n}.pdf"
    path.write_bytes(b"%PDF-1.4\n%%EOF\n" + str(n).encode())
    return path


@pytest.fixture
def rows(small: Workspace) -> dict[str, str]:
    """Kind -> what a person calls one row of it."""
    at(small, "R2", datetime(2025, 5, 8, 9), 61, "A2", item="制样")
    at(small, "R3", datetime(2025, 5, 8, 9, 30), 61, "A2", item="制样")
    integrity_answers.answer(small, "overlap", "R3", "explained", "两个工位")
    day = date(2025, 1, 1)
    management.enter(small, ManagementDocument("", "sharing", "校办〔2025〕1号", "开放共享管理办法", day, day))
    trainings.enter(small, Training("", "PX-1", "工艺放大", "process_design", "", "", day, day, Decimal(8), "签到表"))
    staff_facts.enter(small, "T001", StaffFact("", "", "post", "工程师", day, None, "", "", "聘书"))
    voucher_outside.enter(small, outside_use(), OUTSIDE)
    moved = transfers.prepare(small, "A2", "internal", "少用", OFFICE, PINS[OFFICE], department="化学系")
    return {
        "purchase_proposal": propose(small).proposal.number,
        "transfer": moved.listed.transfer.number, "integrity_answer": "overlap:R3",
        "management_document": "校办〔2025〕1号", "training": "PX-1", "outside_use": "W1", "staff_fact": staff_facts.every(small, day, "T001")[0].facts[0].id,
    }  # fmt: skip


def attach(ledger: Workspace, rows: dict[str, str], folder: Path) -> None:
    for n, (kind, name) in enumerate(rows.items()):
        evidence.add(ledger, kind, evidence.subject(ledger, kind, name), written(folder, n))


def test_every_kind_takes_files_by_the_name_of_its_row(small: Workspace, rows: dict[str, str], tmp_path: Path) -> None:
    assert set(rows) == set(SUBJECTS_AT_HOME)
    attach(small, rows, tmp_path)
    for n, (kind, name) in enumerate(rows.items()):
        (one,) = evidence.listing(small, kind, evidence.subject(small, kind, name)).items
        assert one.name == f"{MARK}{n}.pdf"
        out = evidence.save(small, one.id, tmp_path / f"out{n}.pdf")
        assert out.read_bytes() == written(tmp_path, n).read_bytes()
        assert refused(evidence.subject, small, kind, "没有这一条") == ["attachment.unknown_subject"]
    assert sound(small)
    for _ in rows:
        history.undo_last(small)
    for kind, name in rows.items():
        assert evidence.listing(small, kind, evidence.subject(small, kind, name)).items == ()


@pytest.fixture
def anew() -> Iterator[None]:
    """What is to be reported is worked out anew, here and after: the broken variant leaves nothing behind."""
    for made in (sync_rows._differs, sync_rows._withheld):
        made.cache_clear()
    yield
    for made in (sync_rows._differs, sync_rows._withheld):
        made.cache_clear()


def told(folder: Path) -> bool:
    """Whether a service has a word of the files in any of its own."""
    return any(MARK.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("role", ["network", "hub"])
@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "one that lets them go"])
def test_no_remote_is_told_of_them(
    small: Workspace, rows: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str, broken: bool
) -> None:
    attach(small, rows, tmp_path)
    kept = tmp_path / "service"
    kept.mkdir()
    waits = "_NOT_YET" if role == "network" else "_WAITS_AT_HUB"
    if broken:
        monkeypatch.setattr(reach, waits, getattr(reach, waits) | {"attachment": "0"})
    with at_hand.serve(f"sqlite:///{kept}/it.db", "齐鲁示范大学", USCC, role) as (address, code):
        enrolment.enrol(small, address, code, remote=role)
        done = syncing.sync(small, remote=role)
    assert done.sent > 0
    # A service takes no such row, so what got as far as that would wait for one that does, or be parked.
    assert (told(kept) or done.parked + done.pending > 0) is broken
