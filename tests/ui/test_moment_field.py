"""Days with times as people type them: whole, a bare time on a known day, minutes after the start; nothing is guessed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from pytestqt.qtbot import QtBot

from desktop.ui.moment_field import MomentField, read_moment

DAY, SINCE = date(2026, 1, 15), datetime(2026, 1, 15, 9, 30)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-01-16 9:30", datetime(2026, 1, 16, 9, 30)),
        ("2026/1/16 09:30", datetime(2026, 1, 16, 9, 30)),
        ("2026年1月16日 9时05分", datetime(2026, 1, 16, 9, 5)),
        ("20260116 0930", datetime(2026, 1, 16, 9, 30)),
        ("２０２６-01-16Ｔ09：30", datetime(2026, 1, 16, 9, 30)),
        ("9:30", datetime(2026, 1, 15, 9, 30)),
        ("930", datetime(2026, 1, 15, 9, 30)),
        ("1410", datetime(2026, 1, 15, 14, 10)),
        ("+90", datetime(2026, 1, 15, 11, 0)),
        ("+1:30", datetime(2026, 1, 15, 11, 0)),
        ("＋1440", datetime(2026, 1, 16, 9, 30)),
    ],
)
def test_times_are_read_as_people_type_them(text: str, wanted: datetime) -> None:
    assert read_moment(text, DAY, SINCE) == wanted


@pytest.mark.parametrize("text", ["2026-01-16", "25:00", "9:60", "下午三点", "2026-02-30 9:30", "", "-30", "9"])
def test_what_is_no_time_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_moment(text, DAY, SINCE)


def test_a_bare_time_needs_a_day_and_minutes_need_a_start() -> None:
    for text in ("9:30", "+90"):
        with pytest.raises(ValueError, match=r".*"):
            read_moment(text)


def test_the_field_writes_what_it_understood(qtbot: QtBot) -> None:
    field = MomentField(lambda: DAY)
    qtbot.addWidget(field)
    field.line.setText("930")
    field.line.editingFinished.emit()
    assert field.line.text() == "2026-01-15 09:30"
    assert field.value() == SINCE
    field.line.setText("25:00")
    field.line.editingFinished.emit()
    fault = field.fault()
    assert field.line.text() == "25:00"
    assert fault is not None
    assert fault.code == "field.not_moment"
