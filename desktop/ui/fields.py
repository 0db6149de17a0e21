"""Fields of a form: each is an editor with ``value()``, ``set_value()``, ``fault()`` and a ``changed`` signal.

``value()`` is a fact's value (text, fen as int, Decimal, date, key, bool) or None for "not given". What was typed but cannot be
read is a fault (a Finding), never a guess: then ``value()`` is None and the form cannot be saved.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from desktop.ledger import money
from desktop.ledger.finding import Finding, finding
from desktop.ui import theme
from desktop.words import tr

_DATE = re.compile(r"(\d{4})[-/.\u5e74]?(\d{1,2})[-/.\u6708]?(\d{1,2})\u65e5?")  # 年 月 日
_COMPACT = re.compile(r"\d{8}")


class Field(QWidget):
    """What every field can do. ``editor`` is the control that takes the keyboard."""

    changed = Signal()
    finished = Signal()  # a candidate was taken: the form moves on

    def __init__(self, editor: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(theme.UNIT // 2)
        self.row.addWidget(editor, 1)
        self.setFocusProxy(editor)

    def value(self) -> object:
        """What was given, None when nothing."""
        raise TypeError(f"{type(self).__name__} has no value of its own")

    def set_value(self, value: object) -> None:
        """Show a value; None empties the field."""
        raise TypeError(f"{type(self).__name__} takes no value")

    def fault(self) -> Finding | None:
        """What is wrong with what was typed, when it cannot be read."""
        return None

    @property
    def takes_enter(self) -> bool:
        """Whether Enter belongs to the editor (a note of several lines)."""
        return False


class TextField(Field):
    """One line of text; blanks around it are not part of it."""

    def __init__(self, placeholder: str = "", limit: int = 400, parent: QWidget | None = None) -> None:
        self.line = QLineEdit()
        super().__init__(self.line, parent)
        self.line.setPlaceholderText(placeholder)
        self.line.setMaxLength(limit)
        self.line.textChanged.connect(self.changed)

    def value(self) -> object:
        return self.line.text().strip() or None

    def set_value(self, value: object) -> None:
        self.line.setText("" if value is None else str(value))


class NoteField(Field):
    """Several lines; Enter makes a new line, Tab moves on."""

    def __init__(self, lines: int = 3, parent: QWidget | None = None) -> None:
        self.text = QPlainTextEdit()
        super().__init__(self.text, parent)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme.px(12 + 22 * lines))
        self.text.textChanged.connect(self.changed)

    def value(self) -> object:
        return self.text.toPlainText().strip() or None

    def set_value(self, value: object) -> None:
        self.text.setPlainText("" if value is None else str(value))

    @property
    def takes_enter(self) -> bool:
        return True


class _ReadField(TextField):
    """A line whose text is read as something else; it is written anew in its own form when the keyboard leaves it."""

    code = ""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(placeholder, 60, parent)
        self.line.editingFinished.connect(self._write_anew)

    def read(self, text: str) -> object:
        """The value of a text. Raises ValueError."""
        raise TypeError(f"{type(self).__name__} reads nothing")

    def write(self, value: object) -> str:
        """The text of a value."""
        return str(value)

    def value(self) -> object:
        text = self.line.text().strip()
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError:
            return None

    def fault(self) -> Finding | None:
        text = self.line.text().strip()
        if not text:
            return None
        try:
            self.read(text)
        except ValueError:
            return finding(self.code, text=text)
        return None

    def set_value(self, value: object) -> None:
        self.line.setText("" if value is None else self.write(value))

    def _write_anew(self) -> None:
        value = self.value()
        if value is not None and self.line.text() != self.write(value):
            self.line.setText(self.write(value))


class MoneyField(_ReadField):
    """Yuan as people type it (full-width digits, separators, ¥) <-> fen. ``wan``: 万元 instead of yuan."""

    code = "field.not_money"

    def __init__(self, *, wan: bool = False, parent: QWidget | None = None) -> None:
        self._wan = wan
        super().__init__("0.00", parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.unit = tr("万元") if wan else tr("元")

    def read(self, text: str) -> object:
        amount = money.number(text)
        return money.from_wan(amount) if self._wan else money.from_yuan(amount)

    def write(self, value: object) -> str:
        if not isinstance(value, int):
            raise TypeError("money is integer fen")
        if not self._wan:
            return money.text(value)
        shown = f"{Decimal(value).scaleb(-6):,f}"
        return shown.rstrip("0").rstrip(".")


class NumberField(_ReadField):
    """A Decimal, or an int with ``places=0``; ``least``/``most`` bound it."""

    code = "field.not_number"

    def __init__(
        self,
        *,
        places: int = 2,
        least: Decimal | None = None,
        most: Decimal | None = None,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._places, self._least, self._most = places, least, most
        self.unit = unit
        super().__init__("", parent)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)

    def read(self, text: str) -> object:
        value = money.number(text)
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self._places and value != value.quantize(Decimal(1).scaleb(-self._places)):
            raise ValueError("more places than the field has")
        if (self._least is not None and value < self._least) or (self._most is not None and value > self._most):
            raise ValueError("out of bounds")
        return value if self._places else int(value)

    def write(self, value: object) -> str:
        return f"{value:,}" if isinstance(value, (int, Decimal)) else str(value)

    def fault(self) -> Finding | None:
        found = super().fault()
        if found is None:
            return None
        least = "−∞" if self._least is None else f"{self._least:,}"
        most = "∞" if self._most is None else f"{self._most:,}"
        return finding(self.code, text=self.line.text().strip(), least=least, most=most, places=self._places)


def read_date(text: str) -> date:
    """2026-01-15, 2026/1/15, 2026.1.15, 20260115 or 2026年1月15日, full-width too. Raises ValueError."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _DATE.fullmatch(plain)
    if match is None or (plain.isdigit() and not _COMPACT.fullmatch(plain)):
        raise ValueError(f"not a date: {text!r}")
    return date(int(match[1]), int(match[2]), int(match[3]))


class DateField(_ReadField):
    """A day, typed as 2026-01-15 (or as people do) or picked; Up and Down move it by a day."""

    code = "field.not_date"

    def __init__(self, today: Callable[[], date] = date.today, parent: QWidget | None = None) -> None:
        super().__init__("2026-01-15", parent)
        self._today = today
        self.picker = QToolButton()
        self.picker.setToolTip(tr("在日历中选择日期"))
        self.picker.setAccessibleName(tr("在日历中选择日期"))
        self.picker.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Alt+Down in the line opens it: one tab stop a field
        theme.dress(self.picker, "calendar")
        self.picker.clicked.connect(self.pick)
        self.row.addWidget(self.picker)

    def read(self, text: str) -> object:
        return read_date(text)

    def step(self, n_days: int) -> None:
        """Move by days; an empty field becomes today."""
        now = self.value()
        start = now if isinstance(now, date) else self._today()
        place = start.toordinal() + (n_days if isinstance(now, date) else 0)
        self.set_value(date.fromordinal(max(1, min(date.max.toordinal(), place))))

    def pick(self) -> QMenu:
        """Open the calendar under the field."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        now = self.value()
        shown = now if isinstance(now, date) else self._today()
        calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)

        def picked(day: QDate) -> None:
            self.set_value(date(day.year(), day.month(), day.day()))
            menu.close()
            self.line.setFocus()

        calendar.clicked.connect(picked)
        calendar.activated.connect(picked)
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        calendar.setFocus()
        return menu


class CheckField(Field):
    """Yes or no."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        self.box = QCheckBox(text)
        self.box.setMinimumHeight(theme.px(4 * theme.UNIT))  # as high as the fields beside it
        super().__init__(self.box, parent)
        self.box.toggled.connect(self.changed)

    def value(self) -> object:
        return self.box.isChecked()

    def set_value(self, value: object) -> None:
        self.box.setChecked(bool(value))
