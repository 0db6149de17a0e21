"""The look: readable in both palettes, sizes that follow the font, icons that exist."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from desktop import resource
from desktop.ui import look, theme
from desktop.ui.pages import PAGES
from desktop.ui.theme import DARK, LIGHT, Colours


def contrast(one: str, other: str) -> float:
    def light(name: str) -> float:
        colour = QColor(name)
        parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("of", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("tone", ["plain", "muted", "note", "done", "warning", "error"])
@pytest.mark.parametrize("ground", ["window", "base", "selected", "rail"])
def test_every_tone_can_be_read_on_every_ground(of: Colours, tone: str, ground: str) -> None:
    assert contrast(getattr(of, tone), getattr(of, ground)) >= 4.5


@pytest.mark.parametrize("of", [LIGHT, DARK], ids=["light", "dark"])
def test_the_accent_carries_its_text(of: Colours) -> None:
    assert contrast(of.accent, of.on_accent) >= 4.5


def test_a_pale_tone_would_be_seen() -> None:
    assert contrast("#9AA4B0", LIGHT.base) < 4.5


def test_the_sheet_knows_all_its_names() -> None:
    names = dict.fromkeys(Colours._fields, "#000000") | {"arrow": "a.svg", "tick": "t.svg"}
    filled = look.sheet(names, lambda n: 2 * n)
    assert "@" not in filled
    assert "!" not in filled
    assert "min-height: 60px" in filled
    with pytest.raises(KeyError):
        look.sheet({}, lambda n: n)


def test_size_follows_the_font_within_bounds(qapp: QApplication) -> None:
    try:
        for asked, height in ((90, 29), (100, 32), (150, 48), (400, 48), (10, 29)):
            theme.use(qapp, "light", asked)
            assert theme.row_height() == height
        assert QFontInfo(qapp.font()).family() == theme.FAMILY
    finally:
        theme.use(qapp, "light", 100)


def test_icons_take_the_colour_of_the_palette_and_follow_it(qtbot: QtBot, qapp: QApplication) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    theme.dress(button, "undo", "error")

    def ink() -> set[str]:
        image = button.icon().pixmap(16, 16).toImage()
        cells = ((x, y) for x in range(image.width()) for y in range(image.height()))
        return {image.pixelColor(x, y).name() for x, y in cells if image.pixelColor(x, y).alpha() == 255}

    assert LIGHT.error.lower() in ink()
    try:
        theme.use(qapp, "dark", 100)
        assert theme.is_dark()
        assert DARK.error.lower() in ink()
    finally:
        theme.use(qapp, "light", 100)


def test_every_icon_of_the_shell_exists() -> None:
    wanted = {entry.icon for entry in PAGES} | set(theme.TONE_ICON.values())
    assert {name for name in wanted if not resource.path("icons", f"{name}.svg").exists()} == set()
    with pytest.raises(FileNotFoundError):
        theme.icon("no such icon")
