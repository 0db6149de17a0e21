"""Terms of prices and schemes, calculations, findings and answers, before they leave and where they are contested: words, never the text of the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop import words
from desktop.actions import (
    enrolment,
    fees,
    payouts,
    records,
    sync_entries,
    sync_views,
    sync_words,
    sync_written,
    syncing,
)
from desktop.actions.workspace import Workspace
from desktop.cli.network_commands import _conflict_lines
from desktop.ledger import fee_terms_json
from desktop.ledger.fees import FeeLine
from desktop.ledger.problem import Refused
from desktop.ui.desk import Desk
from desktop.ui.pages.sync import CONFLICTS, SyncPage
from desktop.ui.pages.sync_preview import body_facts
from tests.actions import making
from tests.actions.making import FINANCE, PINS, USCC
from tests.actions.two_seats import elsewhere
from tests.network import at_hand
from tests.ui.looking import HAN

RICH = {"unit": "小时", "internal": "60", "external": "180", "startup": "50", "minimum": "2小时", "note": "加急1.5倍"}
FORMAT = "{" , '["', '":'  # what only the wire is written with


@pytest.fixture
def page(qtbot: QtBot, at_desk: Desk) -> Iterator[SyncPage]:
    made = SyncPage(at_desk)
    qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    at_desk.changed.connect(made.hear)
    yield made
    words.use("zh")


def rich(ledger: Workspace, **cells: str) -> FeeLine:
    read = fees.read_line(**(RICH | cells))
    assert not read.to_confirm
    return FeeLine("", "", 0, "长测", read.terms, read.source_text, False)


def drafted(ledger: Workspace) -> str:
    """A draft with one line of many rules; its key."""
    key = fees.add_version(ledger, "A1", date(2027, 1, 1), title="新标准", person=making.OFFICE, pin=PINS[making.OFFICE])
    fees.set_lines(ledger, key, [rich(ledger)])
    return key


def worked(ledger: Workspace) -> None:
    """Something of every kind that is kept as one text; the run is told in full when it changes."""
    making.some_work(ledger)
    making.enter(ledger, "R5", claimed_hours="9", minutes=60)
    records.accept(ledger, "R5", "record.hours_differ", "按约定机时计")
    making.settled(ledger)
    drafted(ledger)


def told(ledger: Workspace) -> dict[tuple[str, str], list[str]]:
    """Kind and field -> what the preview for the hub shows."""
    found: dict[tuple[str, str], list[str]] = {}
    shown = syncing.preview(ledger, "hub")
    for line in shown.lines:
        for name, said in zip(sync_words.in_order(line.kind, line.body or {}), body_facts(line.kind, line.body, shown.names), strict=True):
            found.setdefault((line.kind, name), []).append(said[1])
    return found


def raw(found: dict[tuple[str, str], list[str]]) -> list[str]:
    return [said for texts in found.values() for said in texts if any(sign in said for sign in FORMAT)]


def test_nothing_in_the_preview_is_written_as_on_the_wire(page: SyncPage, ledger: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worked(ledger)
    with at_hand.serve(f"sqlite:///{tmp_path / 'network.db'}", "齐鲁示范大学", USCC, "hub") as (url, code):
        enrolment.enrol(ledger, url, code, "hub")
        first = told(ledger)
        page.remote.set_value("hub")
        page._turn()
        page.look()
        view = page.preview_view
        at = next(n for n, line in enumerate(view._lines) if line.kind == "scheme")
        view.table.select([at])
        assert any("第 2 步，实验技术人员，技术人员：余额的 50 %" in line for line in view.body.told())
        syncing.sync(ledger, remote="hub")
        payouts.close(ledger, "FP2025-001", FINANCE, PINS[FINANCE])
        later = told(ledger)
        assert raw(first) == []
        assert raw(later) == []
        (terms,) = (said for said in first["fee_line", "terms"] if "开机费" in said)
        for part in ("按小时，精确到分钟", "校内 每小时60.00元", "校外 每小时180.00元", "开机费 50.00", "最小预约 2小时", "加急按 1.5 倍计"):
            assert part in terms, part
        assert "小时 · 校内 60 · 校外 180 · 开机费 50 · 最小预约 2小时 · 加急1.5倍" in first["fee_line", "source_text"]
        assert "收入口径：按记账金额" in first["scheme", "terms"][0]
        assert any("照原样认可，按约定机时计" in said for said in first["service_record", "answers"])
        (tree,) = later["payout_run", "figure"]
        assert "技术人员" in tree
        assert "张一" in tree
        words.use("en")
        english = told(ledger)
        assert raw(english) == []
        assert "payout" in english["payout_run", "figure"][0].lower()
        words.use("zh")
        monkeypatch.setattr(sync_words, "written", lambda *_: None)
        assert raw(told(ledger)), "a preview that shows the text of the wire is noticed"


def test_the_terms_of_a_price_are_said_in_english(ledger: Workspace) -> None:
    line = rich(ledger)
    words.use("en")
    try:
        said = sync_words.written("terms", fee_terms_json.to_json(line.terms), "fee_line")
    finally:
        words.use("zh")
    assert said is not None
    assert [one for one in said if HAN.search(one.replace("小时", ""))] == []
    assert "Start-up 50.00" in said


def test_contested_terms_stand_side_by_side_in_words_and_are_taken_whole(page: SyncPage, ledger: Workspace, tmp_path: Path) -> None:
    key = drafted(ledger)
    with elsewhere(ledger, tmp_path, "hub") as other:
        for seat, price in ((other, "200"), (ledger, "210")):
            (line,) = fees.version(seat, key).lines
            changed = rich(seat, external=price)
            fees.set_lines(seat, key, [replace(changed, id=line.id)])
            if seat is other:
                syncing.sync(other, remote="hub")
        page.remote.set_value("hub")
        page._turn()
        page.receive()
        page.tabs.setCurrentIndex(CONFLICTS)
        said = [one.text() for choice in page.conflicts_view.choices for one in choice.findChildren(QLabel) if one.isVisible()]
        for price in ("180", "200", "210"):  # before, theirs and ours
            assert any(f"校外 每小时{price}.00元" in text for text in said), price
        assert [text for text in said if any(sign in text for sign in FORMAT)] == []
        (view,) = sync_views.conflicts(ledger, "hub")
        lines = "\n".join(_conflict_lines(view, "hub"))
        assert "校外 每小时210.00元" in lines
        assert '"class"' not in lines
        # Nobody writes terms by hand: one of the two is taken.
        assert not any("terms" in choice.fields or "source_text" in choice.fields for choice in page.conflicts_view.choices)
        with pytest.raises(Refused, match="sync.bad_entry"):
            sync_entries.read("fee_line", "terms", "{}")


def test_what_cannot_be_read_is_shown_as_it_is_and_a_long_calculation_says_how_long(ledger: Workspace) -> None:
    assert sync_words.written("terms", '{"of": "tomorrow"}', "fee_line") is None
    assert body_facts("fee_line", {"terms": '{"of": "tomorrow"}'})[0][1] == '{"of": "tomorrow"}'
    assert body_facts("fee_line", {"terms": "{}"})[0][1] == "—"
    assert sync_words.written("terms", "{}", "instrument") is None
    many = {"code": "x", "value": 1, "how": "sum", "unit": "fen", "inputs": [{"code": "x", "value": 1, "how": "input", "unit": "fen"}] * 500}
    lines = sync_words.written("figure", json.dumps(many), "payout_run")
    assert lines is not None
    assert len(lines) == sync_written.N_TREE_LINES + 1
    assert str(501 - sync_written.N_TREE_LINES) in lines[-1]
