"""How the window looks: two palettes with one accent, the bundled font, an 8-pixel grid, icons tinted from one family.

``use(app, look, percent)`` dresses the application and may be called again at any time: palettes, sizes and every icon put on
with ``dress`` follow without rebuilding anything. ``look`` is ``system``, ``light`` or ``dark``; ``percent`` is the font size.
Widgets ask for colours by tone (texts.Tone), never by value. Tone is never the only sign: words or an icon go with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple, Protocol
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, QTemporaryDir
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from shiboken6 import isValid

from desktop import resource
from desktop.ui import look as sheet
from desktop.ui.texts import Tone

Look = Literal["system", "light", "dark"]
LOOKS: tuple[Look, ...] = ("system", "light", "dark")
UNIT = 8
FONT_PX = 14
LEAST_PERCENT, MOST_PERCENT = 90, 150
FAMILY = "Noto Sans SC"


class Colours(NamedTuple):
    """One palette; every text colour keeps a contrast of at least 4.5 on ``window``, ``base`` and ``selected``."""

    window: str
    base: str
    rail: str
    line: str
    hover: str
    selected: str
    plain: str
    muted: str
    accent: str
    on_accent: str
    note: str
    done: str
    warning: str
    error: str


LIGHT = Colours(
    window="#F5F6F8", base="#FFFFFF", rail="#ECEFF3", line="#D5DAE1", hover="#E6EAF0", selected="#D9E7F6",
    plain="#1D2530", muted="#515B68", accent="#1B66B8", on_accent="#FFFFFF",
    note="#175A9F", done="#15663D", warning="#7F5200", error="#AE1F17",
)  # fmt: skip
DARK = Colours(
    window="#1B1F25", base="#22272E", rail="#15191E", line="#3C4550", hover="#2E353F", selected="#2A4461",
    plain="#E6EAF0", muted="#AAB4C1", accent="#6CB2F5", on_accent="#0B1B2B",
    note="#8CC2F5", done="#6FD3A0", warning="#EBC062", error="#FF9E94",
)  # fmt: skip


class Dressed(Protocol):
    """Anything with an icon: buttons, actions."""

    def setIcon(self, icon: QIcon) -> None:  # Qt's name
        """Show the icon."""


_now = LIGHT
_percent = 100
_icons: dict[tuple[str, str, int], QIcon] = {}
_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
_svg: dict[str, str] = {}
_wearing: WeakKeyDictionary[QObject, tuple[str, str, int]] = WeakKeyDictionary()
_font_loaded = False
_folder: QTemporaryDir | None = None


def colours() -> Colours:
    """The palette in use."""
    return _now


def colour(tone: Tone) -> QColor:
    """The text colour of a tone."""
    return QColor(getattr(_now, tone))


def is_dark() -> bool:
    """Whether the dark palette is in use."""
    return _now is DARK


def px(n: int) -> int:
    """A length of the 100 % design at the font size in use."""
    return round(n * _percent / 100)


def row_height() -> int:
    """The one height of table rows."""
    return px(4 * UNIT)


def use(app: QApplication, look: Look = "system", percent: int = 100) -> None:
    """Dress the application; percent outside 90–150 is held at the border."""
    global _now, _percent
    _percent = max(LEAST_PERCENT, min(MOST_PERCENT, percent))
    _now = DARK if look == "dark" or (look == "system" and _system_is_dark(app)) else LIGHT
    _icons.clear()
    _pixmaps.clear()
    load_font()
    font = QFont(FAMILY)
    font.setPixelSize(px(FONT_PX))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    app.setFont(font)
    app.setPalette(palette(_now))
    names = _now._asdict()
    app.setStyleSheet(sheet.sheet(names | _pictures(), px))
    for target, (name, tone, size) in list(_wearing.items()):
        if isValid(target):
            _put(target, name, tone, size)


def _pictures() -> dict[str, str]:
    """A style sheet takes pictures only as files: the two it needs are written, in the palette's colours, for this run."""
    global _folder
    if _folder is None:
        _folder = QTemporaryDir()
        _folder.setAutoRemove(True)
    made = {}
    for key, name, tone in (("arrow", "down", "muted"), ("tick", "check", "on_accent")):
        file = Path(_folder.filePath(f"{key}-{'dark' if is_dark() else 'light'}.svg"))
        if not file.exists():
            file.write_text(_tinted(name, tone), "utf-8")
        made[key] = file.as_posix()
    return made


def load_font() -> None:
    """Load the bundled family once. Raises FileNotFoundError when the program is installed without its fonts."""
    global _font_loaded
    if _font_loaded:
        return
    for weight in ("Regular", "Bold"):
        file = resource.path("fonts", f"NotoSansSC-{weight}.ttf")
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise FileNotFoundError(f"font {file.name} cannot be loaded")
    _font_loaded = True


def _system_is_dark(app: QApplication) -> bool:
    return app.styleHints().colorScheme() == Qt.ColorScheme.Dark


def palette(of: Colours) -> QPalette:
    """Qt's roles from our colours."""
    role = QPalette.ColorRole
    made = QPalette()
    for which, value in (
        (role.Window, of.window), (role.WindowText, of.plain), (role.Base, of.base), (role.AlternateBase, of.window),
        (role.Text, of.plain), (role.Button, of.base), (role.ButtonText, of.plain), (role.BrightText, of.error),
        (role.ToolTipBase, of.base), (role.ToolTipText, of.plain), (role.PlaceholderText, of.muted),
        (role.Highlight, of.selected), (role.HighlightedText, of.plain), (role.Link, of.accent), (role.LinkVisited, of.accent),
        (role.Light, of.base), (role.Midlight, of.hover), (role.Mid, of.line), (role.Dark, of.line), (role.Shadow, of.line),
        (role.Accent, of.accent),
    ):  # fmt: skip
        made.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        faded = QColor(of.muted)
        faded.setAlpha(150)
        made.setColor(QPalette.ColorGroup.Disabled, which, faded)
    return made


def icon(name: str, tone: str = "muted", size: int = 16) -> QIcon:
    """An icon of resources/icons in a colour of the palette (any field of Colours). Raises FileNotFoundError for no such icon."""
    key = (name, tone, size)
    made = _icons.get(key)
    if made is None:
        # One picture at the sharpest screen's ratio: Qt scales down cleanly, and the first paint does not wait for more.
        app = QApplication.instance()
        ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
        made = QIcon(_render(name, tone, px(size), ratio))
        _icons[key] = made
    return made


def pixmap(name: str, tone: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon as a picture of ``size`` design pixels."""
    return _render(name, tone, px(size), ratio)


def _tinted(name: str, tone: str) -> str:
    if name not in _svg:
        _svg[name] = resource.path("icons", f"{name}.svg").read_text("utf-8")
    return _svg[name].replace("currentColor", getattr(_now, tone))


def _render(name: str, tone: str, size: int, ratio: float) -> QPixmap:
    key = (name, tone, size, ratio)
    done = _pixmaps.get(key)
    if done is None:
        from PySide6.QtSvg import QSvgRenderer

        renderer = QSvgRenderer(QByteArray(_tinted(name, tone).encode()))
        real = round(size * ratio)
        done = QPixmap(QSize(real, real))
        done.fill(Qt.GlobalColor.transparent)
        painter = QPainter(done)
        renderer.render(painter)
        painter.end()
        done.setDevicePixelRatio(ratio)
        _pixmaps[key] = done
    return done


def dress(target: QObject, name: str, tone: str = "muted", size: int = 16) -> None:
    """Put an icon on a button, action or IconLabel, and keep it in the palette's colour when that changes."""
    _wearing[target] = (name, tone, size)
    _put(target, name, tone, size)


def _put(target: QObject, name: str, tone: str, size: int) -> None:
    if isinstance(target, IconLabel):
        target.show_icon(name, tone)
    else:
        dressed: Dressed = target  # type: ignore[assignment]  # every other caller passes a button or an action
        dressed.setIcon(icon(name, tone, size))


class IconLabel(QLabel):
    """A picture beside words that say the same; hidden from screen readers by having no name of its own."""

    def __init__(self, name: str, tone: str = "muted", size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        dress(self, name, tone)

    def show_icon(self, name: str, tone: str) -> None:
        """Draw the icon at the size in use."""
        self.setPixmap(pixmap(name, tone, self._size, self.devicePixelRatioF()))
        self.setFixedSize(px(self._size), px(self._size))


def say_tone(label: QWidget, tone: Tone) -> None:
    """Give a label the colour of a tone (the style sheet reads the property)."""
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        if label.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else it will be, before it is first drawn
            label.style().unpolish(label)
            label.style().polish(label)


TONE_ICON: dict[Tone, str] = {
    "note": "info",
    "done": "done",
    "warning": "warning",
    "error": "error",
    "muted": "info",
    "plain": "info",
}
