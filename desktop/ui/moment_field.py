"""A day with a time, typed the quick way: ``2026-01-15 9:30``, ``9:30`` or ``930`` on the day at hand, ``+90`` minutes on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from PySide6.QtWidgets import QWidget

from desktop.ledger.finding import Finding, finding
from desktop.ui.fields import TextField, read_date

_TIME = re.compile(r"(\d{1,2})[:.\u65f6\u70b9](\d{2})\u5206?|(\d{1,2})(\d{2})")  # 时 点 分
_MORE = re.compile(r"\+\s*(?:(\d{1,3}):(\d{2})|(\d{1,5}))")


def read_moment(text: str, day: date | None = None, since: datetime | None = None) -> datetime:
    """Wall-clock time without zone, to the minute. ``day``: that of a bare time; ``since``: what ``+90`` or ``+1:30`` adds to.

    Raises ValueError for anything else: a time alone is never put on a guessed day.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("T", " ").split())
    more = _MORE.fullmatch(plain)
    if more is not None and since is not None:
        minutes = int(more[3]) if more[3] else 60 * int(more[1]) + int(more[2])
        return since + timedelta(minutes=minutes)
    first, _, last = plain.rpartition(" ")
    match = _TIME.fullmatch(last)
    if match is None:
        raise ValueError(f"no time of day: {text!r}")
    on = read_date(first) if first else day
    if on is None:
        raise ValueError(f"no day: {text!r}")
    hour, minute = (match[1], match[2]) if match[1] else (match[3], match[4])
    return datetime.combine(on, time(int(hour), int(minute)))


class MomentField(TextField):
    """``day()`` gives the day of a bare time, ``since()`` the moment that ``+90`` starts from."""

    def __init__(
        self,
        day: Callable[[], date | None] = lambda: None,
        since: Callable[[], datetime | None] = lambda: None,
        placeholder: str = "2026-01-15 09:30",
        parent: QWidget | None = None,
    ) -> None:
        self._day, self._since = day, since
        super().__init__(placeholder, 40, parent)
        self.line.editingFinished.connect(self._write_anew)

    def value(self) -> object:
        try:
            return self._read()
        except ValueError:
            return None

    def _read(self) -> datetime | None:
        text = self.line.text().strip()
        return read_moment(text, self._day(), self._since()) if text else None

    def fault(self) -> Finding | None:
        try:
            self._read()
        except ValueError:
            return finding("field.not_moment", text=self.line.text().strip())
        return None

    def set_value(self, value: object) -> None:
        self.line.setText(f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else "")

    def _write_anew(self) -> None:
        value = self.value()
        if isinstance(value, datetime) and self.line.text() != f"{value:%Y-%m-%d %H:%M}":
            self.set_value(value)
