"""The cells of a published price row, read one by one: unit, price, start-up fee, minimum booking.

Each reader answers with what it understood, or None; it never guesses. Text is brought to one form first (``tidy``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from desktop.ledger import money
from desktop.ledger.fee_terms import DAY_MINUTES, Agreed, FirstFurther, Fixed, Price, ShareOf, Unit

Raw = str | int | Decimal | None

NUMBER = r"\d+(?:\.\d+)?"
_DASHES = str.maketrans(dict.fromkeys("–—―‒‐‑−﹣~〜∼", "-"))
_HOUR = r"(?:个)?(?:小时|机时|钟头|时|hours?|h)"
_MINUTE = r"(?:分钟|分|minutes?|mins?|min)"
_DAY = r"(?:天|日|days?|d)"
_COUNTED = (
    "样", "样品", "个样", "个样品", "个", "元素", "次", "板", "件", "针", "片",
    "点", "轮", "批", "批次", "台", "份", "谱", "张谱", "组", "条", "块",
    "孔", "枚", "根", "例", "位点", "反应", "测试点", "基因", "通道", "项", "炉",
    "套", "支", "管", "瓶", "幅", "张", "循环",
)  # fmt: skip
_CLASSES = {
    "校内": "internal", "院内": "internal", "所内": "internal", "内部": "internal", "本单位": "internal",
    "校外": "external", "院外": "external", "所外": "external", "外部": "external", "外单位": "external",
    "本院": "own_school", "本学院": "own_school", "本系": "own_school",
}  # fmt: skip
CLASS = "(?:" + "|".join(sorted(_CLASSES, key=len, reverse=True)) + ")"
_RATIO = rf"(?:\d+/\d+|{NUMBER}%)"


def tidy(raw: Raw) -> str:
    """One form for what people type: half width, no spaces, one dash, no thousands separators; '' for an empty cell."""
    if raw is None:
        return ""
    text = str(raw) if isinstance(raw, str) else format(Decimal(raw), "f")
    for sign in "¼½¾":
        text = text.replace(sign, unicodedata.normalize("NFKC", sign).replace("\u2044", "/"))
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).replace("¥", "")
    text = re.sub(r"\s+", "", text)
    text = re.sub(r"(?<=\d)[至到](?=\d)", "-", text)
    text = re.sub(r"(?<![A-Za-z])[xX*✕⨯](?![A-Za-z])", "×", text)
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)


def quoted(raw: Raw) -> str:
    """What a cell says, as it stands in the file: signs and commas are not brought to one form; line ends are spaces."""
    if raw is None:
        return ""
    return " ".join(raw.split()) if isinstance(raw, str) else format(Decimal(raw), "f")


def class_code(name: str) -> str:
    """The customer class of a Chinese word matched by ``CLASS``."""
    return _CLASSES[name]


def fen(number: str) -> int | None:
    """A plain number of yuan as fen; None when it has a fraction of a fen."""
    try:
        return money.from_yuan(Decimal(number))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class UnitCell:
    """``first`` is set when the unit cell itself holds a first-unit price (首小时200，续每小时50)."""

    unit: Unit
    first: FirstFurther | None = None


def read_unit(raw: Raw) -> UnitCell | None:
    """The unit column: 小时, 30分钟, 天, 样, 样×温度点, 首小时200，续每小时50, with or without 元/."""
    text = re.sub(r"^(?:元?/|元每|每|按)", "", tidy(raw))
    if first := read_first_further(text):
        return first
    if "×" in text:
        return _product(text)
    minutes = duration(text)
    if minutes is not None:
        return UnitCell(_timed(text, minutes))
    return UnitCell(Unit("count", text)) if text in _COUNTED else None


def _timed(text: str, minutes: int) -> Unit:
    if minutes == 60 and re.fullmatch(rf"1?{_HOUR}", text):
        return Unit("hour", text.lstrip("1"), 60)
    if minutes == DAY_MINUTES and re.fullmatch(rf"1?{_DAY}", text):
        return Unit("day", text.lstrip("1"), DAY_MINUTES)
    return Unit("block", text, minutes)


def _product(text: str) -> UnitCell | None:
    factors = tuple(text.split("×"))
    plain = all(re.fullmatch(r"[^\d\W]{1,8}", factor) and duration(factor) is None for factor in factors)
    return UnitCell(Unit("product", text, factors=factors)) if len(factors) == 2 and plain else None


def duration(text: str) -> int | None:
    """Minutes of 小时, 2小时, 半小时, 90分钟, 天 (24 hours); None when the text is no length of time in whole minutes."""
    for pattern, size in ((_HOUR, 60), (_MINUTE, 1), (_DAY, DAY_MINUTES)):
        if match := re.fullmatch(rf"({NUMBER}|半)?{pattern}", text, re.IGNORECASE):
            count = Decimal("0.5") if match[1] == "半" else Decimal(match[1] or 1)
            minutes = count * size
            return int(minutes) if minutes > 0 and minutes == minutes.to_integral_value() else None
    return None


def read_first_further(text: str) -> UnitCell | None:
    """首小时200，续每小时50: the further unit is what is charged; the first covers a whole number of them."""
    match = re.fullmatch(
        rf"(?:首|前|第一)(?P<first_unit>个?(?:\d+|半)?[^\d\W]{{1,4}}?):?(?P<first>{NUMBER})元?[,;]?"
        rf"(?:续|后续|以后|之后|其后|续时|超出后|超过后)(?:每)?(?P<unit>(?:\d+|半)?[^\d\W]{{1,4}}?):?(?P<further>{NUMBER})元?",
        text,
    )
    if not match:
        return None
    first_fen, further_fen = fen(match["first"]), fen(match["further"])
    if not first_fen or further_fen is None:
        return None
    first_minutes, minutes = duration(match["first_unit"]), duration(match["unit"])
    if minutes is None:
        same = match["first_unit"] == match["unit"] and match["unit"] in _COUNTED
        return UnitCell(Unit("count", match["unit"]), FirstFurther(first_fen, further_fen)) if same else None
    if first_minutes is None or first_minutes % minutes:
        return None
    return UnitCell(Unit("block", match["unit"], minutes), FirstFurther(first_fen, further_fen, first_minutes // minutes))


@dataclass(frozen=True, slots=True)
class PriceCell:
    """``kind`` names the reading's words; ``day_cap_fen`` is set for 220/小时，660/天."""

    kind: str
    price: Price
    day_cap_fen: int | None = None
    first: UnitCell | None = None


def price_unit(text: str) -> str:
    """The unit a price names itself (150元/样), '' when it names none; two prices for hour and day are no unit."""
    match = re.fullmatch(rf"{NUMBER}(?:-{NUMBER})?元/([^\d/]+)", text)
    return match[1] if match else ""


def read_price(raw: Raw, customer_class: str) -> PriceCell | None:
    """A price column: 150, 150元, 70–260, 首小时200，续每小时50, 220/小时，660/天, 1/4, 校外价的50%, +25%, 免费."""
    text = tidy(raw)
    if price_unit(text):
        text = text.rpartition("/")[0]
    if text == "免费":
        return PriceCell("free", Fixed(0))
    if (first := read_first_further(text)) and first.first is not None:
        return PriceCell("first_further", first.first, first=first)
    if match := re.fullmatch(rf"({NUMBER})元?", text):
        one = fen(match[1])
        return PriceCell("fixed", Fixed(one)) if one else None
    if match := re.fullmatch(rf"({NUMBER})元?-({NUMBER})元?", text):
        low, high = fen(match[1]), fen(match[2])
        return PriceCell("agreed", Agreed(low, high)) if low and high and low <= high else None
    if match := re.fullmatch(rf"({NUMBER})元?/{_HOUR}[,;、]?({NUMBER})元?/{_DAY}", text):
        hour, day = fen(match[1]), fen(match[2])
        return PriceCell("day_cap", Fixed(hour), day) if hour and day else None
    share = read_share(text, customer_class)
    return None if share is None else PriceCell("share", share)


def read_share(text: str, customer_class: str) -> ShareOf | None:
    """校外价的50%, 同校内, +25% (on the internal price), and for classes other than external a bare 1/4 of the external price."""
    if match := re.fullmatch(rf"\+({NUMBER})%", text):
        return _share("internal", f"{100 + Decimal(match[1])}%") if customer_class == "external" else None
    if match := re.fullmatch(rf"同({CLASS})(?:价)?", text):
        return _share(class_code(match[1]), "1/1")
    if match := re.fullmatch(rf"(?:按)?({CLASS})(?:价|价格|标准)?(?:的|×)?({_RATIO})(?:计|收费|收取)?", text):
        return _share(class_code(match[1]), match[2])
    if re.fullmatch(_RATIO, text) and customer_class != "external":
        return _share("external", text)
    return None


def _share(of_class: str, ratio: str) -> ShareOf | None:
    if ratio.endswith("%"):
        numerator, denominator = Decimal(ratio[:-1]).as_integer_ratio()
        return ShareOf(of_class, numerator, denominator * 100) if numerator else None
    over, under = (int(part) for part in ratio.split("/"))
    return ShareOf(of_class, over, under) if over and under else None


def read_startup(raw: Raw) -> int | None:
    """The start-up column in fen; an empty cell, 无 and 0 are 0."""
    text = tidy(raw)
    if text in ("", "无", "-", "/"):
        return 0
    match = re.fullmatch(rf"({NUMBER})元?(?:/次)?", text)
    return fen(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Minimum:
    """A floor on time (minutes) or on counted things (units)."""

    minutes: int = 0
    units: int = 0


def read_minimum(raw: Raw, unit: Unit) -> Minimum | None:
    """The minimum column: 2小时, 1天, 30分钟 on timed lines; 2样 on counted ones; an empty cell is no minimum."""
    text = re.sub(r"^(?:最少|至少|不少于)|起$", "", tidy(raw))
    if text in ("", "无", "-", "/", "0"):
        return Minimum()
    minutes = duration(text)
    if minutes is not None:
        return Minimum(minutes=minutes) if unit.timed else None
    match = re.fullmatch(r"([1-9]\d*)(.+)", text)
    same = match is not None and not unit.timed and match[2] in (unit.name, "个", f"个{unit.name}")
    return Minimum(units=int(match[1])) if match and same else None
