"""设置 · 语言与外观: language, light or dark, font size; all at once, without a restart."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QRadioButton, QSlider, QVBoxLayout, QWidget

from desktop import words
from desktop.ui import theme
from desktop.ui.desk import Desk
from desktop.ui.labels import label
from desktop.ui.pages.settings_part import SettingsPart
from desktop.ui.preferences import text, whole
from desktop.words import tr

_STEP = 5


class LookPart(SettingsPart):
    """See the module's head."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("语言与外观"), tr("只影响这台电脑上的窗口，不影响台账和报表。"))
        languages = tuple((key, words.say(f"settings.language.{key}")) for key in ("zh", "en"))
        self.languages = self._choice(tr("语言"), languages, words.language(), "language")
        looks = (("system", tr("跟随系统")), ("light", tr("浅色")), ("dark", tr("深色")))
        self.looks = self._choice(tr("外观"), looks, text(desk.preferences, "look", "system"), "look")
        self.body.addWidget(label(tr("字号"), role="strong"))
        now = whole(desk.preferences, "font.percent", 100, theme.LEAST_PERCENT, theme.MOST_PERCENT)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(theme.LEAST_PERCENT // _STEP, theme.MOST_PERCENT // _STEP)
        self.slider.setValue(now // _STEP)
        self.slider.setPageStep(2)
        self.slider.setFixedWidth(theme.px(320))
        self.slider.setAccessibleName(tr("字号"))
        self.said = QLabel(f"{now}%")
        self.slider.valueChanged.connect(self._size_moved)
        self.slider.sliderReleased.connect(self._size_chosen)
        row = QHBoxLayout()
        row.addWidget(self.slider)
        row.addWidget(self.said)
        row.addStretch(1)
        holder = QWidget()
        holder.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(holder)
        self.body.addStretch(1)

    def _choice(self, title: str, choices: tuple[tuple[str, str], ...], chosen: str, name: str) -> dict[str, QRadioButton]:
        self.body.addWidget(label(title, role="strong"))
        group = QButtonGroup(self)
        made = {}
        column = QVBoxLayout()
        column.setSpacing(0)
        for key, said in choices:
            button = QRadioButton(said)
            button.setChecked(key == chosen)
            button.clicked.connect(lambda checked=False, key=key: self.desk.restyle(name, key))
            group.addButton(button)
            column.addWidget(button)
            made[key] = button
        self.body.addLayout(column)
        self.body.addSpacing(theme.UNIT)
        return made

    def _size_moved(self, step: int) -> None:
        self.said.setText(f"{step * _STEP}%")
        if not self.slider.isSliderDown():
            self._size_chosen()

    def _size_chosen(self) -> None:
        self.desk.restyle("percent", self.slider.value() * _STEP)
