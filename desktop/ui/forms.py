"""Forms built by code over a draft: labels, fields, findings beside the field they are about.

    form = Form(check=lambda draft: checks.instrument(draft))          # live findings, a pure and quick function
    form.section(tr("基本"))
    form.add("name", tr("名称"), TextField(), required=True)
    form.add("value_fen", tr("原值"), MoneyField(), hint=tr("单台（套）的购置价"))
    form.set_draft({"name": "…", "value_fen": 30_000_000})
    form.submitted.connect(lambda: desk.jobs.write(tr("保存仪器"), lambda progress: …(form.draft()), failed=form.show_problem))

Enter moves to the next field (in a note it makes a line), Ctrl+Enter submits. ``submit`` refuses while a field cannot be read
or a required one is empty, and shows where. Findings of the action come back through ``show_problem`` or ``show_findings``:
those whose ``field`` names a field stand beside it, the rest above the form. Colour, icon and words go together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.ledger.finding import SEVERITIES, Finding, finding
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.fields import DateField, Field
from desktop.words import tr

Check = Callable[[Mapping[str, object]], Sequence[Finding]]
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LABEL_WIDTH = 112
_ROOM = 120  # of a form in a dialog at least so much is seen


class FindingLabel(QWidget):
    """A finding in icon, words and colour; takes no room when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon = theme.IconLabel("info", "note", 16)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.UNIT // 2)
        self.words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        beside = QVBoxLayout()
        beside.setContentsMargins(0, theme.px(3), 0, 0)  # in the middle of the first line, however many follow
        beside.addWidget(self.icon)
        beside.addStretch(1)
        row.addLayout(beside)
        row.addWidget(self.words, 1)
        self.hide()

    def show_spoken(self, spoken: texts.Spoken | None) -> None:
        """Say it, or nothing."""
        self.setVisible(spoken is not None)
        self.words.setText("" if spoken is None else spoken.text)
        if spoken is not None:
            theme.say_tone(self.words, spoken.tone)
            theme.dress(self.icon, theme.TONE_ICON[spoken.tone], spoken.tone)


@dataclass(slots=True)
class _Place:
    name: str
    label: QLabel
    field: Field
    said: FindingLabel
    hint: str
    required: bool


class Form(QWidget):
    """A column of labelled fields over a draft (name -> value)."""

    edited = Signal(str)
    submitted = Signal()
    told = Signal()  # findings came or went: the form may need another height

    def __init__(self, *, check: Check | None = None, columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check = check
        self._columns = columns
        self._places: dict[str, _Place] = {}
        self._shown: tuple[Finding, ...] = ()
        self._loading = False
        self._at = 0
        self._row = 0
        self._clean: dict[str, object] = {}
        self.summary = QVBoxLayout()
        self.summary.setSpacing(theme.UNIT // 2)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(theme.UNIT)
        self.grid.setVerticalSpacing(theme.UNIT)
        for column in range(columns):
            self.grid.setColumnMinimumWidth(2 * column, theme.px(_LABEL_WIDTH))
            self.grid.setColumnStretch(2 * column + 1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self.summary)
        whole.addLayout(self.grid)
        whole.addStretch(1)

    # Building

    def section(self, title: str) -> QLabel:
        """A heading over the fields that follow."""
        self._new_row()
        label = QLabel(title)
        label.setProperty("role", "section")
        if self._row:
            label.setContentsMargins(0, theme.UNIT, 0, 0)
        self.grid.addWidget(label, self._row, 0, 1, 2 * self._columns)
        self._row += 1
        return label

    def add(self, name: str, label: str, field: Field, *, hint: str = "", required: bool = False, wide: bool = False) -> Field:
        """Append a field; ``wide`` gives it the whole row. Raises ValueError for a name used twice."""
        if name in self._places:
            raise ValueError(f"the form has a field {name} already")
        if wide:
            self._new_row()
        shown = QLabel(f"{label} *" if required else label)
        shown.setTextFormat(Qt.TextFormat.PlainText)
        shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        shown.setContentsMargins(0, theme.px(6), 0, 0)
        shown.setWordWrap(True)
        shown.setBuddy(field.editor)
        field.editor.setAccessibleName(tr("{name}（必填）", name=label) if required else label)
        if hint:
            field.editor.setAccessibleDescription(hint)
        said = FindingLabel()
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT // 2)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(field, 1)
        unit = getattr(field, "unit", "")
        if unit:
            unit_label = QLabel(unit)
            unit_label.setProperty("tone", "muted")
            row.addWidget(unit_label)
        column.addLayout(row)
        column.addWidget(said)
        column.addStretch(1)  # the row may be higher because of its neighbour: the field stays beside its label
        self.grid.addWidget(shown, self._row, 2 * self._at)
        span = 2 * self._columns - 1 if wide else 1
        self.grid.addWidget(holder, self._row, 2 * self._at + 1, 1, span)
        self._at += self._columns if wide else 1
        if self._at >= self._columns:
            self._new_row()
        place = _Place(name, shown, field, said, hint, required)
        self._places[name] = place
        field.changed.connect(lambda: self._field_changed(name))
        field.finished.connect(lambda: self.move_on(field))
        field.editor.installEventFilter(self)
        self._say(place, ())
        return field

    def _new_row(self) -> None:
        if self._at:
            self._row += 1
            self._at = 0
        elif self.grid.rowCount() > self._row and self.grid.itemAtPosition(self._row, 0) is not None:
            self._row += 1

    # The draft

    def field(self, name: str) -> Field:
        """The field of a name. Raises KeyError."""
        return self._places[name].field

    def first(self) -> Field | None:
        """The field the keyboard begins in."""
        return next((place.field for place in self._places.values() if place.field.editor.isEnabled()), None)

    def show_field(self, name: str, on: bool) -> None:
        """Show or hide a field with its label; a hidden one keeps its value. Raises KeyError."""
        place = self._places[name]
        place.label.setVisible(on)
        holder = place.field.parentWidget()
        if holder is not None:
            holder.setVisible(on)

    def draft(self) -> dict[str, object]:
        """Every value as it stands now; what cannot be read is None (see ``faults``)."""
        return {name: place.field.value() for name, place in self._places.items()}

    def set_draft(self, draft: Mapping[str, object]) -> None:
        """Show these values; names without a field are left alone. What is shown now counts as unedited."""
        self._loading = True
        for name, place in self._places.items():
            if name in draft:
                place.field.set_value(draft[name])
        self._loading = False
        self._clean = self.draft()
        self.show_findings(())

    def is_edited(self) -> bool:
        """Whether something differs from the draft that was set."""
        return self.draft() != self._clean or any(place.field.fault() for place in self._places.values())

    def faults(self) -> list[Finding]:
        """What the form itself finds: text that cannot be read, required fields that are empty."""
        found = []
        for name, place in self._places.items():
            fault = place.field.fault()
            if fault is None and place.required and place.field.value() is None:
                fault = finding("field.required", label=place.label.text().removesuffix(" *"))
            if fault is not None:
                found.append(Finding(fault.code, fault.severity, fault.params, field=name))
        return found

    # Findings

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Put each finding beside its field, the rest above the form."""
        self._shown = tuple(findings)
        for name, place in self._places.items():
            self._say(place, [each for each in findings if each.field == name])
        while (item := self.summary.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for each in findings:
            if each.field not in self._places:
                label = FindingLabel()
                self.summary.addWidget(label)
                label.show_spoken(texts.finding(each))
        self.told.emit()

    def show_problem(self, problem: Problem) -> None:
        """What an action answered: its findings at their fields, its words above."""
        if problem.findings:
            self.show_findings(problem.findings)
            self._to_first(problem.findings)
        else:
            self.show_findings((Finding(problem.code, "error", tuple(problem.params.items())),))

    def _say(self, place: _Place, findings: Sequence[Finding]) -> None:
        worst = min(findings, key=lambda each: SEVERITIES.index(each.severity), default=None)
        tone: texts.Tone = "plain"
        if worst is not None:
            spoken = texts.finding(worst)
            tone = spoken.tone
            place.said.show_spoken(spoken)
            place.field.editor.setAccessibleDescription(spoken.text)
        else:
            place.said.show_spoken(None)
            place.field.editor.setAccessibleDescription(place.hint)
        place.field.editor.setToolTip(texts.tip(place.hint) if place.hint else "")
        theme.say_tone(place.field.editor, tone)

    def _field_changed(self, name: str) -> None:
        if self._loading or not all(isValid(place.field.editor) for place in self._places.values()):
            return  # a field that loses the keyboard because the form goes away is not typing
        # While typing, only the field at hand is judged: others are not called empty before their turn.
        own = [each for each in self.faults() if each.field == name and each.code != "field.required"]
        live = list(self._check(self.draft())) if self._check is not None else []
        known = [each for each in live if each.field != name or not own]
        self.show_findings([*own, *known])
        self.edited.emit(name)
        if any(each.field == name for each in self._shown):
            self._reveal(name)

    def settle(self) -> None:
        """Lay out what came or went at once, from the inside out: only then is the form's own height known."""
        for place in self._places.values():
            for inner in (place.said, place.field.parentWidget()):
                _activate(inner)
        _activate(self)

    # Keys

    def submit(self) -> bool:
        """Ask to be saved. False, with the faults shown and the first one under the cursor, when something cannot be read."""
        faults = self.faults()
        live = list(self._check(self.draft())) if self._check is not None else []
        unread = {each.field for each in faults}
        live = [each for each in live if each.field not in unread]
        self.show_findings([*faults, *live])
        blocking = [each for each in (*faults, *live) if each.severity == "error"]
        if blocking:
            self._to_first(blocking)
            return False
        self.submitted.emit()
        return True

    def _to_first(self, findings: Sequence[Finding]) -> None:
        wanted = {each.field for each in findings}
        for name, place in self._places.items():
            if name in wanted:
                place.field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                self._reveal(name)
                return

    def _reveal(self, name: str) -> None:
        """Scroll the field with what is said under it into view, once the finding has taken its room."""
        QTimer.singleShot(0, self, lambda: QTimer.singleShot(0, self, lambda: self._scroll_to(name)))

    def _scroll_to(self, name: str) -> None:
        holder = self._places[name].field.parentWidget()
        at: QWidget | None = self
        while at is not None and not isinstance(at, QScrollArea):
            at = at.parentWidget()
        if at is not None and holder is not None:
            at.ensureWidgetVisible(holder, 0, theme.UNIT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            place = next((each for each in self._places.values() if each.field.editor is watched), None)
            if place is not None and self._key(place.field, event):
                return True
        return super().eventFilter(watched, event)

    def _key(self, field: Field, event: QKeyEvent) -> bool:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in _ENTER:
            if control:
                self.submit()
                return True
            if not field.takes_enter:
                self.move_on(field)
                return True
        if isinstance(field, DateField) and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                field.pick()
            else:
                field.step(1 if event.key() == Qt.Key.Key_Up else -1)
            return True
        return False

    def move_on(self, field: Field) -> None:
        """To the next field that takes the keyboard; after the last one, submit."""
        order = [place.field for place in self._places.values()]
        for following in order[order.index(field) + 1 :]:
            if following.editor.isEnabled() and following.isVisibleTo(self):
                following.editor.setFocus(Qt.FocusReason.TabFocusReason)
                return
        self.submit()


def _activate(widget: QWidget | None) -> None:
    layout = widget.layout() if widget is not None else None
    if layout is not None:
        layout.activate()


class FormRoom(QScrollArea):
    """As high as its form asks for at its width; where the window has no such room the form scrolls, and no field is pressed flat."""

    def __init__(self, form: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(form)

    def _form(self) -> QWidget:
        return self.widget() or QWidget()  # none while another one takes its place

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """What the form needs, with its labels wrapped at this width."""
        form = self._form()
        layout = form.layout()
        return max(layout.totalHeightForWidth(width) if layout is not None else 0, form.minimumSizeHint().height())

    def place_bar(self) -> None:
        """A bar only where the form is higher: Qt keeps one that the wrapping beside it made necessary."""
        higher = self.heightForWidth(self.width()) > self.height()
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOn if higher else policy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.place_bar()
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return self._form().sizeHint()

    def minimumSizeHint(self) -> QSize:
        form = self._form().minimumSizeHint()
        beside = self.verticalScrollBar().sizeHint().width()
        return QSize(form.width() + beside, min(form.height(), theme.px(_ROOM)))


def scrolled(form: QWidget) -> QScrollArea:
    """A form that may be taller than its room, with margins on the grid."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(*[2 * theme.UNIT] * 4)
    column.addWidget(form)
    area.setWidget(inner)
    return area
