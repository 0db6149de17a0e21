"""Forms: what is typed becomes a fact or a finding beside the field, never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.ledger.finding import Finding, finding
from desktop.ledger.problem import Refused
from desktop.ui.choice_fields import Choice, CompletedField, SelectField, found_in
from desktop.ui.fields import CheckField, DateField, MoneyField, NoteField, NumberField, TextField, read_date
from desktop.ui.forms import Form
from tests.ui import demo


def commit(widget: QWidget, text: str) -> None:
    """Chinese comes from an input method; key clicks with it abort the process."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = demo.form()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    return made


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1234.5", 123_450),
        ("1,234.50", 123_450),
        ("¥ 1,234.50", 123_450),
        ("１２３４．５０", 123_450),
        ("-3", -300),
        ("0", 0),
        ("", None),
        ("  ", None),
        ("1.005", None),
        ("12,34", None),
        ("三百", None),
    ],
)
def test_yuan_typed_are_fen(qtbot: QtBot, typed: str, fen: int | None) -> None:
    field = MoneyField()
    qtbot.addWidget(field)
    field.line.setText(typed)
    assert field.value() == fen
    assert (field.fault() is None) == (fen is not None or not typed.strip())


def test_wan_is_exact(qtbot: QtBot) -> None:
    field = MoneyField(wan=True)
    qtbot.addWidget(field)
    field.line.setText("30.5")
    assert field.value() == 30_500_000
    field.set_value(1_234_567)
    assert (field.line.text(), field.value()) == ("1.234567", 1_234_567)


@given(st.integers(-(10**13), 10**13))
def test_money_written_and_read_is_the_same(fen: int) -> None:
    for wan in (False, True):
        field = MoneyField(wan=wan)
        field.set_value(fen)
        assert field.value() == fen
        field.deleteLater()


@pytest.mark.parametrize(
    "typed", ["2026-01-15", "2026-1-15", "2026/1/15", "2026.01.15", "20260115", "2026年1月15日", "２０２６－０１－１５"]
)
def test_days_are_read_as_people_write_them(typed: str) -> None:
    assert read_date(typed) == date(2026, 1, 15)


@pytest.mark.parametrize("typed", ["2026-13-01", "2026-02-30", "15-01-2026", "2026", "202611", "2026011", "明天", "2026-01-15x"])
def test_what_is_no_day_is_a_fault(qtbot: QtBot, typed: str) -> None:
    field = DateField(lambda: demo.TODAY)
    qtbot.addWidget(field)
    field.line.setText(typed)
    fault = field.fault()
    assert field.value() is None
    assert fault is not None
    assert fault.code == "field.not_date"


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_written_and_read_is_the_same(day: date) -> None:
    assert read_date(day.isoformat()) == day


def test_a_day_is_stepped_and_picked(qtbot: QtBot, form: Form) -> None:
    field = form.field("accepted_on")
    assert isinstance(field, DateField)
    qtbot.keyClick(field.editor, Qt.Key.Key_Up)
    assert field.value() == demo.TODAY
    qtbot.keyClick(field.editor, Qt.Key.Key_Up)
    qtbot.keyClick(field.editor, Qt.Key.Key_Down)
    qtbot.keyClick(field.editor, Qt.Key.Key_Down)
    assert field.value() == date(2026, 1, 14)
    field.pick().close()


def test_a_number_keeps_within_its_bounds(qtbot: QtBot) -> None:
    field = NumberField(places=1, least=Decimal(0), most=Decimal(24))
    qtbot.addWidget(field)
    for typed, value in (("2.5", Decimal("2.5")), ("2.50", Decimal("2.50")), ("24.1", None), ("-1", None), ("2.55", None)):
        field.line.setText(typed)
        assert field.value() == value
    whole = NumberField(places=0)
    qtbot.addWidget(whole)
    whole.line.setText("12")
    assert whole.value() == 12
    assert type(whole.value()) is int


def completed(qtbot: QtBot, *, free: bool = False) -> CompletedField:
    lookup, named = found_in(demo.PEOPLE)
    field = CompletedField(lookup, named, free=free)
    qtbot.addWidget(field)
    field.show()
    return field


def test_a_person_is_found_by_a_part_of_the_name_or_its_sound(qtbot: QtBot) -> None:
    field = completed(qtbot)
    commit(field.line, "李")
    assert [choice.text for choice in field._found] == ["李晓燕", "李明"]
    assert field.value() is None
    field.line.clear()
    qtbot.keyClicks(field.line, "yao")
    assert [choice.key for choice in field._found] == ["p1"]


def test_the_only_candidate_is_taken_when_the_keyboard_leaves(qtbot: QtBot) -> None:
    field = completed(qtbot)
    qtbot.keyClicks(field.line, "yao")
    field.popup.hide()
    field.line.editingFinished.emit()
    assert (field.value(), field.line.text()) == ("p1", "王垚")


def test_what_is_in_no_list_is_a_fault_unless_the_field_is_free(qtbot: QtBot) -> None:
    field = completed(qtbot)
    commit(field.line, "张三")
    fault = field.fault()
    assert fault is not None
    assert fault.code == "field.not_found"
    free = completed(qtbot, free=True)
    commit(free.line, "张三")
    assert (free.value(), free.fault()) == ("张三", None)


def test_taking_a_candidate_moves_on(qtbot: QtBot, form: Form) -> None:
    field = form.field("operator")
    assert isinstance(field, CompletedField)
    field.editor.setFocus()
    commit(field.line, "李明")
    field._take_text("李明")
    assert field.value() == "p3"
    assert form.field("kind").editor.hasFocus()


def test_another_name_for_the_same_text_is_not_confused(qtbot: QtBot) -> None:
    lookup, named = found_in([Choice("a", "李明"), Choice("b", "李明")])
    field = CompletedField(lookup, named)
    qtbot.addWidget(field)
    commit(field.line, "李明")
    assert field.value() is None
    field.popup.setCurrentIndex(field.completer.completionModel().index(1, 0))
    field._take_text("李明")
    assert field.value() == "b"


def test_enter_moves_on_and_control_enter_submits(qtbot: QtBot, form: Form) -> None:
    form.set_draft({"number": "A1", "name": "电镜"})
    form.field("number").editor.setFocus()
    qtbot.keyClick(form.field("number").editor, Qt.Key.Key_Return)
    assert form.field("name").editor.hasFocus()
    with qtbot.waitSignal(form.submitted):
        qtbot.keyClick(form.field("name").editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_enter_makes_a_line_in_a_note(qtbot: QtBot, form: Form) -> None:
    note = form.field("note")
    note.editor.setFocus()
    qtbot.keyClicks(note.editor, "a")
    qtbot.keyClick(note.editor, Qt.Key.Key_Return)
    qtbot.keyClicks(note.editor, "b")
    assert note.value() == "a\nb"


def test_nothing_is_submitted_while_something_cannot_be_read(qtbot: QtBot, form: Form) -> None:
    submitted: list[bool] = []
    form.submitted.connect(lambda: submitted.append(True))
    form.set_draft({"number": "A1"})
    form.field("value_fen").editor.setText("很多")  # type: ignore[attr-defined]  # a line
    assert not form.submit()
    assert submitted == []
    assert [(each.field, each.code) for each in form.faults()] == [("name", "field.required"), ("value_fen", "field.not_money")]
    assert form.field("name").editor.hasFocus()
    form.set_draft({"name": "电镜", "value_fen": 1})
    assert form.submit()
    assert submitted == [True]


def test_findings_stand_beside_their_field_and_the_rest_above(form: Form) -> None:
    form.show_findings(
        [
            finding("field.not_money", "warning", field="value_fen", text="1"),
            finding("field.not_date", "error", field="value_fen", text="2"),
            finding("work.cancelled", "note"),
        ]
    )
    place = form._places["value_fen"]
    assert place.said.isVisible()
    assert "2026-01-15" in place.said.words.text()
    assert place.field.editor.property("tone") == "error"
    assert place.said.words.text() == place.field.editor.accessibleDescription()
    assert form.summary.count() == 1
    form.show_findings([])
    assert not place.said.isVisible()
    assert form.summary.count() == 0
    assert place.field.editor.property("tone") == "plain"


def test_what_an_action_refuses_is_said_in_the_form(form: Form) -> None:
    form.show_problem(Refused("person.name"))
    assert form.summary.count() == 1
    form.show_problem(Refused("institution.uscc", code="x", findings=(finding("field.not_money", field="value_fen", text="1"),)))
    assert form.field("value_fen").editor.hasFocus()
    assert form._places["value_fen"].said.isVisible()


def test_a_live_check_sees_the_draft_and_other_fields_are_not_blamed_early(qtbot: QtBot) -> None:
    def check(draft: Mapping[str, object]) -> list[Finding]:
        return [finding("work.cancelled", "warning", field="a")] if draft["a"] == "bad" else []

    form = Form(check=check)
    qtbot.addWidget(form)
    form.add("a", "甲", TextField(), required=True)
    form.add("b", "乙", TextField(), required=True)
    form.show()
    form.field("a").editor.setText("bad")  # type: ignore[attr-defined]  # a line
    assert form._places["a"].said.isVisible()
    assert not form._places["b"].said.isVisible()
    with pytest.raises(ValueError, match="already"):
        form.add("a", "甲", TextField())


def test_a_form_knows_whether_it_was_edited(form: Form) -> None:
    form.set_draft({"number": "A1", "name": "电镜", "value_fen": 5, "kind": "b", "fiscal": True, "note": None, "operator": "p2"})
    assert not form.is_edited()
    assert form.draft()["operator"] == "p2"
    assert form.draft()["kind"] == "b"
    form.field("note").set_value("x")
    assert form.is_edited()


def test_small_fields_hold_their_values(qtbot: QtBot) -> None:
    select = SelectField(demo.PEOPLE, optional=True)
    check, note, line = CheckField("是"), NoteField(), TextField()
    for field in (select, check, note, line):
        qtbot.addWidget(field)
    assert [select.value(), check.value(), note.value(), line.value()] == [None, False, None, None]
    select.set_value("p2")
    select.set_choices(demo.PEOPLE[1:])
    check.set_value(True)
    line.set_value("  x ")
    assert [select.value(), check.value(), line.value()] == ["p2", True, "x"]
