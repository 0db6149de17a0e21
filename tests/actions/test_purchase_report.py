"""The report of a duplicate review: what it rests on is printed, a later secret is not, the same day gives the same bytes."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from desktop import words
from desktop.actions import instruments, purchase_candidates, purchase_report, purchases, reclassifying, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.reports import plain
from desktop.reports.content import Letterhead
from tests.actions.making import APPROVER, OFFICE, PINS, posted, refused
from tests.actions.test_purchases import keep, propose, review, state

HEAD = Letterhead("齐鲁示范大学", date(2026, 3, 2), "0" * 64, "1" * 64)


def said(ledger: Workspace) -> str:
    return plain.text(purchase_report.content(ledger, purchases.view(ledger, "SG-1"), HEAD))


@pytest.fixture
def known(small: Workspace) -> Workspace:
    """An own microscope used for two hours, another one since the middle of the year, one elsewhere; the purchase is proposed."""
    posted(small, "R1", minutes=120)
    instruments.add(small, Instrument("", "A3", "场发射扫描电镜", 1, True, False, date(2025, 7, 1)))
    keep(small, {"id": "1", "network_number": "N1", "name": "扫描电镜", "model": "JSM-7610F", "class_code": "010101"})
    propose(small, model="JSM-IT800")
    return small


def test_it_says_what_the_review_rests_on(known: Workspace) -> None:
    text = said(known)
    for wanted in ("!! 未评议", "应当查重评议", "未饱和，还有机时", "先共享现有仪器", "JSM-7610F", "样本大学", "另有涉密 1 项未列", "确定性最低的为"):
        assert wanted in text, wanted
    rows = {cells[2]: cells for line in text.splitlines() if len(cells := [cell.strip() for cell in line.split("|")]) == 10}
    assert rows["A1"][6:] == ["1 个", "2.00", "2.00", "是"]
    assert rows["A3"][9] == "否", "not in service all year"
    assert rows["N1"][6:] == ["3 个", "未知", "未知", "否"], "nobody publishes hours: unknown, not none"
    assert "特种雷达" not in text


def test_it_says_what_of_others_was_searched(known: Workspace) -> None:
    known.keep("catalogue.read_at.network", "2026-02-28T08:00:00+00:00")
    assert "查过的网络目录有 1 条，2026-02-28 读取" in said(known)
    review(known)
    known.keep("catalogue.read_at.network", "2026-04-01T08:00:00+00:00")
    assert "2026-02-28 读取" in said(known), "what was searched for the opinion"


def test_the_catalogue_was_read_on_a_day_of_shandong(known: Workspace) -> None:
    known.keep("catalogue.read_at.network", "2026-02-28T17:30:00+00:00")
    assert "2026-03-01 读取" in said(known)
    assert {"day": "2026-03-01"} in [dict(one.params) for one in purchases.view(known, "SG-1").findings if one.code == "purchase.read_at"]
    known.keep("catalogue.read_at.network", "")
    assert "purchase.read_in_part" in [one.code for one in purchases.view(known, "SG-1").findings]
    assert "1 条，没有读完" in said(known)


def test_each_candidate_has_its_reasons(known: Workspace) -> None:
    text = said(known)
    assert "分类编码都是 010101" in text
    assert "个相同的双字" in text
    assert "不比较" not in text, "what was not compared is no reason"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_has_no_bare_code_in_either_language(known: Workspace, language: words.Language) -> None:
    words.use(language)
    try:
        text = said(known)
    finally:
        words.use("zh")
    assert "purchase." not in text
    assert "[" not in text.replace("[]", "")


def test_a_set_that_became_confidential_is_not_named_any_more(known: Workspace) -> None:
    assert "A3" in said(known)
    review(known)
    reclassifying.prepare(known, "A3", True, "上级通知", OFFICE, PINS[OFFICE])
    text = said(known)
    assert "A3" not in text
    assert "场发射" not in text
    assert "另有涉密 2 项未列" in text
    assert "A1" in text


def test_paper_of_a_settled_review_is_the_same_bytes_whatever_came_later(known: Workspace, tmp_path: Path) -> None:
    review(known)
    first = purchase_report.content(known, purchases.view(known, "SG-1"), HEAD)
    posted(known, "R2", day=date(2025, 6, 7), minutes=600)
    assert purchase_report.content(known, purchases.view(known, "SG-1"), HEAD) == first
    one = reporting.make_purchase(known, "SG-1", out=tmp_path / "one.pdf", printed_on=date(2026, 3, 2))
    # Printing is remembered in the journal, whose head stands on paper: the same head, the same bytes.
    assert one.path.read_bytes().startswith(b"%PDF")
    assert [(each.kind, each.period) for each in reporting.printed(known)][:1] == [("purchase", "SG-1")]


def test_the_workbook_holds_the_same(known: Workspace, tmp_path: Path) -> None:
    made = reporting.make_purchase(known, "SG-1", out=tmp_path / "one.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(made.path.read_bytes()))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert {"A1", "A3", "N1", "SG-1"} <= cells
    assert refused(reporting.make_purchase, known, "SG-1", out=tmp_path / "one.txt") == ["report.format"]
    assert state(purchases.view(known, "SG-1").figure, "purchase.mean_hours") == Decimal(2)
    assert review(known, by=APPROVER).proposal.state == "reviewed"


def test_a_search_that_was_cut_is_said_on_paper_and_kept(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(small, *({"id": str(n), "network_number": f"N{n}", "name": f"扫描电镜{n}号"} for n in range(9)))
    propose(small)
    assert "没有比较" not in said(small)
    monkeypatch.setattr(purchase_candidates, "N_SIEVED", 4)
    found = purchases.view(small, "SG-1")
    assert "purchase.cut" in {one.code for one in found.findings}
    n = next(part.value for part in found.figure.walk() if part.code == "purchase.n_compared")
    assert 4 <= n < 9
    assert f"最相近的共 {n} 条，其余没有比较" in said(small)
