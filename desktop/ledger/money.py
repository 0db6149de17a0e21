"""Money: integer fen (1 yuan = 100 fen). The one door between fen and what people write.

Facts carry ``*_fen: int``; no float and no Decimal of yuan is ever stored. Rounding happens in ``half_up`` and nowhere else.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

YUAN = 100
WAN = 1_000_000
MOST_FEN = 10**17
"""1 000 万亿 yuan: more is a slip of the keys, and the sum of many still fits where fen are kept."""
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


def half_up(value: Decimal) -> int:
    """Round to an integer, halves away from zero (四舍五入); the result is exact for any size."""
    if not value.is_finite():
        raise ValueError(f"not a finite number: {value}")
    return int(value.to_integral_value(rounding=ROUND_HALF_UP))


def number(text: str) -> Decimal:
    """A number as people type it: full-width digits, thousands separators, spaces around, ¥ in front.

    Raises ValueError when the text is not one number.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("¥￥").strip()
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"not a number: {text!r}")
    try:
        return Decimal(plain.replace(",", ""))
    except InvalidOperation as error:  # pragma: no cover - the pattern admits only numbers
        raise ValueError(f"not a number: {text!r}") from error


def from_yuan(yuan: Decimal) -> int:
    """Yuan to fen. Raises ValueError when the amount has a fraction of a fen, or is beyond ``MOST_FEN``: such an amount is not money."""
    return _whole(yuan * YUAN, yuan)


def from_wan(wan: Decimal) -> int:
    """万元 to fen; a fraction of a fen, or an amount beyond ``MOST_FEN``, raises ValueError."""
    return _whole(wan * WAN, wan)


def _whole(fen: Decimal, given: Decimal) -> int:
    if abs(fen) > MOST_FEN:
        raise ValueError(f"beyond any amount: {given}")
    if fen != fen.to_integral_value():
        raise ValueError(f"a fraction of a fen: {given}")
    return int(fen)


def text(fen: int) -> str:
    """``1234567`` -> ``12,345.67``."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), YUAN)
    return f"{sign}{yuan:,}.{rest:02d}"


def plain(fen: int) -> str:
    """``1234567`` -> ``12345.67``, for files that machines read."""
    return text(fen).replace(",", "")


def wan_text(fen: int) -> str:
    """Fen as 万元 with two decimals, rounded half up: only for show."""
    hundredths = half_up(Decimal(fen) / 10_000)
    return text(hundredths)


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SMALL = ("", "拾", "佰", "仟")
_LARGE = ("", "万", "亿", "万亿")


def _group(value: int) -> str:
    out = ""
    zero = False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            out += ("零" if zero and out else "") + _DIGITS[digit] + _SMALL[place]
            zero = False
        else:
            zero = True
    return out


def capital(fen: int) -> str:
    """大写金额 as on cheques and signed sheets: 30031 -> 叁佰元叁角壹分; 0 -> 零元整.

    Source: 支付结算办法, 附一 正确填写票据和结算凭证的基本规定. Raises ValueError beyond 9 999 万亿.
    """
    if fen < 0:
        return "负" + capital(-fen)
    yuan, rest = divmod(fen, YUAN)
    if yuan >= 10**16:
        raise ValueError("the amount is beyond what 大写 can say")
    out = ""
    groups = []
    while yuan:
        yuan, low = divmod(yuan, 10_000)
        groups.append(low)
    gap = False
    for index in range(len(groups) - 1, -1, -1):
        value = groups[index]
        if not value:
            gap = True
            continue
        if out and (gap or value < 1000):
            out += "零"
        out += _group(value) + _LARGE[index]
        gap = False
    jiao, cent = divmod(rest, 10)
    if not rest:
        return (out or "零") + "元整"
    head = out + "元" if out else ""
    if jiao and cent:
        return f"{head}{_DIGITS[jiao]}角{_DIGITS[cent]}分"
    if jiao:
        return f"{head}{_DIGITS[jiao]}角整"
    return f"{head}{'零' if out else ''}{_DIGITS[cent]}分"
