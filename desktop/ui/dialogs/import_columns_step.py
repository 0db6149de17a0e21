"""Which column of the file is which: one line a field, chosen by name and changeable; what is missing and what is not used."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop import words
from desktop.actions.import_columns import FileColumns
from desktop.ui import texts, theme
from desktop.ui.fields import DateField
from desktop.ui.forms import FindingLabel
from desktop.ui.labels import Elided, label
from desktop.words import tr


def field_words(kind: str, name: str, header: str) -> str:
    """What a column is called: its heading as files have it, in English with the English name before it."""
    code = f"instrument_field.{name}" if kind == "instruments" else f"import_field.{kind}.{name}"
    if words.language() == "zh" or not words.known(code):
        return header
    return f"{words.say(code)} · {header}"


class StillCombo(QComboBox):
    """A drop-down in a list that scrolls: turning the wheel over it scrolls the list and changes nothing unseen."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ColumnsStep(QWidget):
    """``mapping`` holds only what the person chose otherwise; ``from_on`` is the first day of a price list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: FileColumns | None = None
        self.boxes: dict[str, QComboBox] = {}
        self._samples: dict[str, Elided] = {}
        self.read_as = label(tone="muted")
        self.extra = label(tone="muted")
        self.said = FindingLabel()
        self.from_field = DateField()
        self.from_field.editor.setAccessibleName(tr("价目表起用日期"))
        self.from_row = QWidget()
        self.from_hint = label(tone="muted")
        grid = QGridLayout(self.from_row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(QLabel(tr("价目表起用日期")), 0, 0)
        grid.addWidget(self.from_field, 0, 1)
        grid.addWidget(self.from_hint, 0, 2)
        grid.setColumnMinimumWidth(1, theme.px(180))
        grid.setColumnStretch(2, 1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        for widget in (self.read_as, self.from_row, self.said):
            column.addWidget(widget)
        column.addWidget(self.area, 1)
        column.addWidget(self.extra)

    def show_columns(self, columns: FileColumns) -> None:
        """The file's columns and what they are taken for."""
        self.columns = columns
        self.read_as.setText(self._read_as(columns))
        self.from_row.setVisible(columns.kind == "fees")
        self.from_field.set_value(columns.from_on)
        stated = columns.from_on is not None
        self.from_hint.setText(tr("文件里写的日期，可以改") if stated else tr("文件里没有写，请填写这一版从哪天起执行"))
        self._fill(columns)
        self._judge()

    def mapping(self) -> dict[str, str]:
        """Field -> letters ("": left out), for every field whose column is not the one found by name."""
        if self.columns is None:
            return {}
        by_name = self.columns.by_name
        chosen = {name: str(box.currentData() or "") for name, box in self.boxes.items()}
        return {name: at for name, at in chosen.items() if at != by_name.get(name, "")}

    def from_on(self) -> date | None:
        """The day given, None when the file's own day holds."""
        value = self.from_field.value()
        if self.columns is None or self.columns.kind != "fees" or not isinstance(value, date):
            return None
        return None if value == self.columns.from_on else value

    def complete(self) -> bool:
        """Whether the file can be read like this."""
        if self.columns is None or self._open_fields():
            return False
        return self.columns.kind != "fees" or self.from_field.value() is not None

    def _read_as(self, columns: FileColumns) -> str:
        parts = [tr("工作表「{sheet}」，第 {row} 行是表头", sheet=texts.visible(columns.sheet), row=columns.header_row)]
        if columns.encoding:
            parts.append(tr("文字编码 {encoding}", encoding=columns.encoding.upper()))
        if columns.delimiter:
            shown = {"\t": tr("制表符"), ",": tr("逗号"), ";": tr("分号")}.get(columns.delimiter, columns.delimiter)
            parts.append(tr("以{mark}分列", mark=shown))
        return " · ".join(parts)

    def _fill(self, columns: FileColumns) -> None:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, theme.UNIT, 0)
        grid.setHorizontalSpacing(2 * theme.UNIT)
        grid.setVerticalSpacing(theme.UNIT // 2)
        for place, title in enumerate((tr("台账里的项目"), tr("文件里的列"), tr("前几行的内容"))):
            head = QLabel(title)
            head.setProperty("tone", "muted")
            grid.addWidget(head, 0, place)
        self.boxes, self._samples = {}, {}
        # What must be there comes first; the rest stays in the order of the form.
        for row, field in enumerate(sorted(columns.fields, key=lambda one: not one.required), 1):
            said = field_words(columns.kind, field.name, field.header)
            name = QLabel(f"{said} *" if field.required else said)
            if field.required:
                name.setProperty("role", "strong")
            box = StillCombo()
            box.setAccessibleName(tr("{name}（必填）", name=said) if field.required else said)
            box.setMinimumContentsLength(16)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.addItem(tr("（不导入）"), "")
            for each in columns.columns:
                box.addItem(f"{each.letters} · {texts.visible(each.header)}" if each.header else each.letters, each.letters)
            box.setCurrentIndex(max(0, box.findData(columns.matched.get(field.name, ""))))
            sample = Elided()
            sample.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            sample.setProperty("tone", "muted")
            box.currentIndexChanged.connect(self._judge)
            name.setBuddy(box)
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            grid.addWidget(name, row, 0)
            grid.addWidget(box, row, 1)
            grid.addWidget(sample, row, 2)
            self.boxes[field.name], self._samples[field.name] = box, sample
        grid.setColumnMinimumWidth(0, theme.px(160))
        grid.setColumnMinimumWidth(1, theme.px(260))
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(len(columns.fields) + 1, 1)
        self.area.setWidget(inner)

    def _open_fields(self) -> list[str]:
        if self.columns is None:
            return []
        kind = self.columns.kind
        return [
            field_words(kind, field.name, field.header)
            for field in self.columns.fields
            if field.required and not any(self.boxes[name].currentData() for name in (field.name, field.instead) if name)
        ]

    def _judge(self) -> None:
        if self.columns is None:
            return
        samples = {each.letters: each.sample for each in self.columns.columns}
        used: dict[str, str] = {}
        double = ""
        for name, box in self.boxes.items():
            at = str(box.currentData() or "")
            self._samples[name].setText(texts.visible(samples.get(at, "")))
            double = double or (at if at and at in used else "")
            used[at] = name
        lacking = self._open_fields()
        if lacking:
            said = texts.Spoken(tr("还没有指定：{columns}。指定后才能预览。", columns=tr("、").join(lacking)), "error")
        elif double:
            said = texts.Spoken(tr("文件的 {column} 列被用了两次，请核对。", column=double), "warning")
        else:
            said = None
        self.said.show_spoken(said)
        left = [each.header for each in self.columns.columns if each.header and each.letters not in used]
        self.extra.setText(tr("用不到的列：{columns}", columns=texts.visible(tr("、").join(left))) if left else "")
        self.extra.setVisible(bool(left))
