"""Rule values as people write them: yuan for fen, per cent, 是 and 否; and the words for their units in a table.

A value that cannot be read is refused with ValueError, never guessed.
"""

from __future__ import annotations

from decimal import Decimal

from desktop.ledger import money
from desktop.ledger.parameter import ParameterValue
from desktop.rules import parameter_files, rule_codes

# In the order of ``parameter_files.UNITS``; a table says the first word, and is read by any.
UNIT_WORDS: dict[str, tuple[str, ...]] = {
    "fen": ("元",), "minutes": ("分钟",), "days": ("天", "日"), "workdays": ("个工作日", "工作日"), "years": ("年",), "month": ("月",),
    "count": ("个", "次", "条"), "score": ("分",), "watts": ("瓦", "W"), "milliamps": ("毫安", "mA"), "hours": ("小时", "时"),
    "ratio": ("比例",), "flag": ("是否",), "text": ("文字",), "codes": ("代码",), "people": ("人",), "wan": ("万元",),
}  # fmt: skip
_FLAGS = {"是": "true", "yes": "true", "y": "true", "否": "false", "no": "false", "n": "false"}


def unit_of(said: str) -> str | None:
    """The unit a word or code stands for; None for any other."""
    plain = said.strip()
    return next((unit for unit, several in UNIT_WORDS.items() if plain in several or plain.lower() == unit), None)


def written(value: ParameterValue, unit: str) -> str:
    """A value as ``typed`` reads it back: yuan, a decimal, 是/否, lists with commas."""
    if unit == "fen" and isinstance(value, int):
        return money.plain(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return format(value, "f") if isinstance(value, Decimal) else parameter_files.value_text(value)


def typed(unit: str, text: str, key: str = "") -> ParameterValue:
    """A value a person typed; the words of the codes of a rule (``key``) are read as the codes. Raises ValueError when it does not fit the unit."""
    plain = text.strip()
    if unit == "fen":
        plain = str(money.from_yuan(money.number(plain.removesuffix("元").removeprefix("¥"))))
    elif unit == "ratio" and plain.endswith(("%", "％")):
        plain = format(money.number(plain[:-1]) / 100, "f")
    elif unit == "flag":
        plain = _FLAGS.get(plain.lower(), plain.lower())
    elif unit in ("codes", "people", "wan"):
        plain = plain.replace("，", ",").replace("、", ",")
    if unit == "codes":
        plain = ",".join(rule_codes.read(key, part) for part in plain.replace("/", ",").split(","))
    return parameter_files.value_from_text(unit, plain)
