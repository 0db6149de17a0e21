"""The first amount of money in other people's words about a fee: it puts them in order and is never shown, charged or added up."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_NUMBER = r"(?<![0-9a-z.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d.,]*\d)"
_UNIT = r"(?P<unit>亿|万|千|百)?\s*(?:元|块|rmb|cny)"
_RANGE = rf"(?:\s*[-~–—至到]\s*\d[\d,.]*)?\s*(?:{_UNIT})"
# 300元, 1.5万元, 300-500元; ¥300, 人民币300, RMB 300; 300/小时 at the very beginning.
_AMOUNTS = (
    re.compile(rf"{_NUMBER}{_RANGE}"),
    re.compile(rf"(?:¥|人民币|rmb|cny)\s*{_NUMBER}\s*(?P<unit>亿|万|千|百)?"),
    re.compile(rf"^{_NUMBER}(?![a-z])\s*(?P<unit>亿|万|千|百)?"),
)
_FREE = re.compile(r"免费|不收费|无偿")
_TIMES = {"亿": 100_000_000, "万": 10_000, "千": 1_000, "百": 100}


def first_amount(text: str) -> int | None:
    """The amount in fen that such a text names first; 0 where it says free and names none; None where nothing in it is an amount."""
    plain = unicodedata.normalize("NFKC", text).replace("￥", "¥").casefold().strip()
    found = [match for pattern in _AMOUNTS if (match := pattern.search(plain)) is not None]
    if not found:
        return 0 if _FREE.search(plain) else None
    first = min(found, key=lambda match: match.start())
    # Below a fen nothing is put in order.
    return int(Decimal(first[1].replace(",", "")) * _TIMES.get(first["unit"] or "", 1) * 100)
