"""From a plain cell to a typed value: texts, numbers, yes/no. Codes and names are in ``cell_codes``, dates and moments in ``cell_times``.

Every parser takes one cell that is not blank and returns the value, or raises ``Unreadable`` with a code; ``Noted`` wraps a value
that was read but not as it stood. Nothing is guessed: what is not clearly the thing asked for is unreadable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.formats.spreadsheet import Fault, Value
from desktop.ledger import money

Parser = Callable[[Value], Any]

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|[+-]?\.[0-9]+")
SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-][0-9]+")
_IN_WORDS = re.compile(r"[一二三四五六七八九十百千万亿两零〇壹贰叁肆伍陆柒捌玖拾佰仟]")
SPACES = re.compile(r"[ \t\n]+")
ABSURD = Decimal(10) ** 13
_YES = frozenset(("是", "有", "y", "yes", "true", "1", "√", "✓", "对"))
# What people write where there is nothing to fill in.
NOTHING = frozenset(
    ("无", "暂无", "没有", "无编号", "无合同", "空",
     "/", "//", "\\", "-", "--", "---", "–", "—", "——", "―", "n/a", "na", "null", "none", "nil")
)
_LONG_LINE, _LONG_TEXT = 500, 5_000
_NO = frozenset(("否", "无", "n", "no", "false", "0", "×", "✗", "不是", "没有"))


class Unreadable(Exception):
    """The cell is not what its column asks for; ``code`` has words, ``shown`` is the cell as the user sees it."""

    def __init__(self, code: str, value: Value = None, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, object] = {"shown": shown(value), **params}


@dataclass(frozen=True, slots=True)
class Noted:
    """A value that was read with a remark. ``often``: a whole column may earn it, so it is told once for the file."""

    value: Any
    code: str
    params: tuple[tuple[str, str], ...] = ()
    often: bool = False


def shown(value: Value) -> str:
    """A cell as a line of words may quote it: short, on one line, invisible characters made visible."""
    if isinstance(value, Fault):
        return value.text
    if isinstance(value, Decimal):
        return plain_number(value)
    text = "" if value is None else str(value)
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return text if len(text) <= 60 else f"{text[:57]}…"


def plain_number(value: Decimal) -> str:
    """``1.50`` -> ``1.5``, ``1E+3`` -> ``1000``: the shortest plain way to write a number."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def fold(text: str) -> str:
    """Full-width ASCII and spaces to their plain forms, nothing else."""
    return text if text.isascii() else text.translate(_FOLD)


def clean(text: str) -> tuple[str, bool]:
    """Trimmed text with line ends as ``\\n``, and whether invisible characters (zero-width, bidi, control) were taken out."""
    if text.isprintable():
        return text.strip(), False
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n").replace("\t", " ")
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return kept.strip(), len(kept) != len(text)


def told(value: str, removed: bool) -> Any:
    return Noted(value, "import.invisible_removed") if removed else value


def text(value: Value) -> Any:
    """Free text; line ends inside are kept. A number reads as it is shown; a day is refused: the sheet made it of something."""
    if isinstance(value, str):
        cleaned, removed = clean(value)
        return told(_short(cleaned, _LONG_TEXT), removed)
    if isinstance(value, (bool, int, Decimal)):
        return ("是" if value else "否") if isinstance(value, bool) else _short(plain_number(Decimal(value)), _LONG_LINE)
    raise faulty(value, "import.text_is_date")


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Unreadable("import.too_long", text, n=len(text), limit=limit)
    return text


def line(value: Value) -> Any:
    """Text on one line: line ends become one space."""
    if isinstance(value, str):
        if value.isprintable():
            return _short(value.strip(), _LONG_LINE)
        cleaned, removed = clean(value)
        return told(_short(SPACES.sub(" ", cleaned), _LONG_LINE), removed)
    return text(value)


def number(value: Value, unit: str = "") -> Any:
    """A Decimal: thousands separators, full-width digits, ¥ and the column's own ``unit`` are read; words (贰佰万) are not."""
    if isinstance(value, str):
        cleaned, _ = clean(value)
        plain = fold(cleaned).replace("￥", "¥").lstrip("¥").strip()
        if unit and plain.endswith(unit):
            plain = plain[: -len(unit)].rstrip()
        if not _NUMBER.fullmatch(plain):
            if SCIENTIFIC.fullmatch(plain):
                raise Unreadable("import.number_shortened", value)
            raise Unreadable("import.number_in_words" if _IN_WORDS.search(cleaned) else "import.not_a_number", value)
        return _sane(Decimal(plain.replace(",", "")), value)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise faulty(value, "import.number_is_date")
    return _sane(Decimal(value), value)


def _sane(result: Decimal, value: Value) -> Decimal:
    if abs(result) >= ABSURD:
        raise Unreadable("import.number_absurd", value)
    return result


def faulty(value: Value, otherwise: str) -> Unreadable:
    if isinstance(value, Fault):
        return Unreadable("import.formula_without_result" if value.text == "=" else "import.error_value", value)
    if isinstance(value, date):
        return Unreadable(otherwise, value)
    return Unreadable("import.not_a_number" if otherwise == "import.number_is_date" else "import.unreadable", value)


def non_negative(value: Value) -> Any:
    """A number of at least 0."""
    return _at_least_none(number(value), value)


def _at_least_none(result: Decimal, value: Value) -> Decimal:
    if result < 0:
        raise Unreadable("import.negative", value)
    return result


def hours(value: Value) -> Any:
    """Hours, also negative: a number, or ``1:40`` (hours and minutes, as a duration cell shows them)."""
    if isinstance(value, str) and ":" in (plain := fold(value).strip()):
        match = re.fullmatch(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d))?", plain)
        if not match:
            raise Unreadable("import.not_a_number", value)
        minutes = int(match[1]) * 60 + int(match[2]) + (1 if int(match[3] or 0) >= 30 else 0)
        return (Decimal(minutes) / 60).quantize(Decimal("0.0001"))
    return number(value)


def yearly_hours(value: Value) -> Any:
    """Hours of at least 0."""
    return _at_least_none(hours(value), value)


def count(value: Value) -> Any:
    """A whole number of at least 0."""
    result = non_negative(value)
    if result != result.to_integral_value():
        raise Unreadable("import.not_whole", value)
    return int(result)


_UNIT_FEN = {"元": 100, "千元": 100_000, "万元": 1_000_000, "亿元": 10_000_000_000}


def fen(unit: str, exact: bool) -> Parser:
    """A parser of money in 元 or 万元 to integer fen, not negative.

    Binary dust of a calculated cell (less than a hundred-thousandth of a fen) falls away silently; a true fraction of a fen is
    rounded half up with a remark, or refused where ``exact`` (money that changed hands has no such fractions).
    """
    factor = _UNIT_FEN[unit]

    def parse(value: Value) -> Any:
        amount = number(value, unit) * factor
        if amount < 0:
            raise Unreadable("import.negative", value)
        rounded = money.half_up(amount)
        if abs(amount - rounded) < Decimal("0.00001"):
            return rounded
        if exact:
            raise Unreadable("import.fraction_of_fen", value)
        return Noted(rounded, "import.rounded_to_fen", (("shown", shown(value)), ("stored", money.text(rounded))))

    return parse


def wan(unit: str) -> Parser:
    """A parser of amounts kept as Decimal 万元 (yearly revenue), whatever unit the header states."""
    factor = Decimal(_UNIT_FEN[unit]) / _UNIT_FEN["万元"]

    def parse(value: Value) -> Any:
        return non_negative(value) * factor if factor != 1 else non_negative(value)

    return parse


def yes_no(*, yes: Iterable[str] = (), no: Iterable[str] = ()) -> Parser:
    """A parser of 是/否, 有/无, Y/N, 1/0, √/× and the words of one column besides (涉密: 秘密, 机密)."""
    true, false = _YES | frozenset(yes), _NO | frozenset(no)

    def parse(value: Value) -> Any:
        if isinstance(value, bool):
            return value
        plain = fold(clean(value)[0]).lower() if isinstance(value, str) else str(value)
        if plain in true:
            return True
        if plain in false:
            return False
        if isinstance(value, Fault):
            raise faulty(value, "")
        raise Unreadable("import.not_yes_no", value)

    return parse


_LEVELS = {"秘密": "confidential", "机密": "secret", "绝密": "top_secret"}


def secrecy(value: Value) -> Any:
    """Whether something is confidential, as a truth, or the level it is stated with: ``confidential`` 秘密, ``secret`` 机密, ``top_secret`` 绝密."""
    level = _LEVELS.get(fold(clean(value)[0])) if isinstance(value, str) else None
    if level:
        return level
    try:
        return _SECRET(value)
    except Unreadable as fault:
        if isinstance(value, Fault):
            raise
        raise Unreadable("import.not_secrecy", value) from fault


_SECRET = yes_no(yes=("涉密",), no=("非涉密", "不涉密", "非密", "公开"))


def yes_no_or_said(value: Value) -> Any:
    """是/否 as a truth; anything else as its own words, for a question whose answer must not be guessed."""
    try:
        return _PLAIN_YES_NO(value)
    except Unreadable:
        if isinstance(value, Fault):
            raise
        return shown(value)


_PLAIN_YES_NO = yes_no()
