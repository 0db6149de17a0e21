"""Records on a line of time: overlapping ones apart, walked by keyboard, told in words, drawn where they were."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.actions.record_timeline import Span
from desktop.ledger import period
from desktop.ui.record_lanes import span_words, tracks
from desktop.ui.record_timeline import RecordTimeline

YEAR = period.parse("2025")


def span(key: int, asset: str, start: datetime, minutes: int, state: str = "posted", n_problems: int = 0) -> Span:
    return Span(key, f"R{key}", asset, "扫描电镜", "鲁信检测", start, start + timedelta(minutes=minutes), state, n_problems)


SPANS = [
    span(1, "A1", datetime(2025, 1, 6, 9), 120),
    span(2, "A1", datetime(2025, 1, 6, 10), 120, "draft", 1),
    span(3, "A1", datetime(2025, 7, 1, 9), 60, "reversed"),
    span(4, "A2", datetime(2025, 6, 30, 9), 60),
]


@pytest.fixture
def line(qtbot: QtBot) -> RecordTimeline:
    made = RecordTimeline()
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    made.show_spans(YEAR, SPANS)
    return made


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90)), max_size=30))
def test_records_in_one_row_never_overlap_and_no_row_is_wasted(given_: list[tuple[int, int]]) -> None:
    begin = datetime(2025, 1, 1)
    spans = [span(n, "A1", begin + timedelta(minutes=at), long) for n, (at, long) in enumerate(sorted(given_))]
    placed = tracks(spans)
    for row in set(placed):
        own = [one for one, at in zip(spans, placed, strict=True) if at == row]
        assert all(before.ended_at <= after.started_at for before, after in pairwise(own))
    most = max((sum(one.started_at <= at.started_at < one.ended_at for one in spans) for at in spans), default=0)
    assert len(set(placed)) == most


def test_each_record_stands_where_it_was(line: RecordTimeline) -> None:
    first, second, third = (line.rect_of(0, place) for place in range(3))
    assert second.top() > first.bottom()  # they overlap: one over the other
    assert third.top() == first.top()
    room = line.viewport().width() - line._left()
    days = (date(2025, 7, 1) - date(2025, 1, 1)).days
    assert abs(third.left() - line._left() - room * days / 365) < 3
    assert line.rect_of(1, 0).top() > second.bottom()


def test_the_arrows_walk_from_record_to_record_and_instrument_to_instrument(line: RecordTimeline, qtbot: QtBot) -> None:
    told: list[int] = []
    line.chosen.connect(told.append)
    opened: list[int] = []
    line.opened.connect(opened.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(line, key)
    assert told == [1, 2, 3, 3, 4, 3]  # down and up come to what is nearest in time
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert opened == [3]
    assert line.accessibleDescription() == "R3 · 已冲销 · 扫描电镜 · 鲁信检测 · 2025-07-01 09:00 至 2025-07-01 10:00"
    assert span_words(SPANS[1]).endswith("1 个问题待补")


def test_a_click_chooses_and_a_zoom_keeps_the_record_in_sight(line: RecordTimeline, qtbot: QtBot) -> None:
    told: list[int] = []
    line.chosen.connect(told.append)
    qtbot.mouseClick(line.viewport(), Qt.MouseButton.LeftButton, pos=line.rect_of(1, 0).center())
    assert told == [4]
    for zoom in range(4):
        line.set_zoom(zoom)
        rect = line.rect_of(1, 0)
        assert line._left() <= rect.left() < line.viewport().width()
    assert line.rect_of(1, 0).width() == pytest.approx((line.viewport().width() - line._left()) / 24, abs=2)  # an hour of a day


def test_the_states_are_drawn_apart(line: RecordTimeline) -> None:
    line.set_zoom(3)
    pictures = []
    for place in range(3):
        line.choose(SPANS[place].key)
        line._at = None
        pictures.append(line.viewport().grab(line.rect_of(0, place).adjusted(1, 1, -1, -1).intersected(line.viewport().rect())).toImage())
    posted, draft, _ = pictures
    assert posted.pixelColor(posted.rect().center()) != draft.pixelColor(draft.rect().center())


def test_the_record_at_hand_stays_when_the_list_is_read_again(line: RecordTimeline) -> None:
    assert line.choose(3)
    line.show_spans(YEAR, SPANS[2:])
    current = line.current()
    assert current is not None
    assert current.key == 3
    line.show_spans(YEAR, SPANS[:1])
    assert line.current() is None
    assert not line.choose(99)
    line.show_spans(YEAR, [])
    assert line.accessibleDescription() == "0 条记录，0 台仪器"
