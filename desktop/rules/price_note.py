"""The remark column of a price row, clause by clause: tiers, surcharges, consumables, day price, start-up, minimum.

A clause that is not understood is reported, never skipped: what it says could change the price.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from desktop.ledger import money
from desktop.ledger.fee_terms import EVERY_CLASS, ShareOf, Tier
from desktop.rules.phrase import Phrase, class_name, percent, phrase, plain, time_name
from desktop.rules.price_cells import CLASS, NUMBER, Raw, class_code, duration, fen, read_share, tidy
from desktop.rules.tiers import bounds_text

_RATE = rf"(?:(?P<percent>{NUMBER})%|(?P<fold>\d{{1,2}}(?:\.\d)?|[一二三四五六七八九]{{1,2}})折)"
_THING = r"(?:个?(?:样品?|元素|小时|次|板|件|针|点|天|个)?)"
_AT = rf"(?:部分)?(?:按|打|收)?(?:原价|单价|标准|价格)?(?:的)?{_RATE}(?:计|收费|收取|计价|计费|优惠)?"
_HIGHER = rf"(?:超过|大于|多于|超出|满|达到|达)?(?P<low>{NUMBER}){_THING}(?P<word>以上|及以上|起|以外)?(?P<part>的?部分)?"
_LOWER = rf"(?:不足|少于|低于|小于)?(?P<high>{NUMBER}){_THING}(?P<word>以下|以内|及以下)?(?P<part>的?部分)?"
_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")}


@dataclass(slots=True)
class Note:
    """What the remark added to the terms; ``told`` pairs each clause with its reading; ``unread`` were not understood."""

    tiers: list[Tier] = field(default_factory=list)
    marginal: set[bool] = field(default_factory=set)
    urgent_rate: Decimal | None = None
    management_rate: Decimal | None = None
    tax_rate: Decimal | None = None
    consumables_extra: bool = False
    agreed: bool = False
    startup: list[tuple[str, int]] = field(default_factory=list)
    day_caps: list[tuple[str, int]] = field(default_factory=list)
    minimum_minutes: int = 0
    shares: list[tuple[str, ShareOf]] = field(default_factory=list)
    told: list[tuple[str, Phrase]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    tier_class: tuple[str, ...] = ()


def read_note(raw: Raw) -> Note:
    """The whole remark; later clauses of a tier list keep the class that the first one named (校内500–800…，超过800…)."""
    note = Note()
    for clause in (part for part in re.split(r"[,;。、\n]", tidy(raw)) if part):
        reading = next((told for reader in _READERS if (told := reader(clause, note)) is not None), None)
        if reading is None:
            note.unread.append(clause)
        else:
            note.told.append((clause, reading))
    return note


def _tier(clause: str, note: Note) -> Phrase | None:
    scope = re.match(CLASS, clause)
    rest = clause[scope.end():] if scope else clause  # fmt: skip
    tier = _range(rest) or _over(rest) or _under(rest)
    if tier is None:
        return None
    found, marginal = tier
    if scope:
        note.tier_class = (class_code(scope[0]),)
    tier_read = Tier(found.low, found.high, found.rate, found.low_open, found.high_open, note.tier_class)
    note.tiers.append(tier_read)
    note.marginal.add(marginal)
    code = "fee.reading.tier_marginal" if marginal else "fee.reading.tier_whole"
    who = class_name(note.tier_class[0] if note.tier_class else "every")
    return phrase(code, bounds=bounds_text(tier_read), rate=percent(found.rate), customer_class=who)


def _range(text: str) -> tuple[Tier, bool] | None:
    match = re.fullmatch(rf"(?P<low>{NUMBER}){_THING}-(?P<high>{NUMBER}){_THING}(?P<part>的?部分)?{_AT}", text)
    if not match or (rate := _rate(match)) is None:
        return None
    return Tier(Decimal(match["low"]), Decimal(match["high"]), rate), bool(match["part"])


def _over(text: str) -> tuple[Tier, bool] | None:
    match = re.fullmatch(_HIGHER + _AT, text)
    if not match or (rate := _rate(match)) is None:
        return None
    exceeds = bool(re.match("超过|大于|多于|超出", text))
    if not exceeds and not match["word"] and not re.match("满|达", text):
        return None
    marginal = bool(match["part"])
    return Tier(Decimal(match["low"]), None, rate, low_open=exceeds or marginal), marginal


def _under(text: str) -> tuple[Tier, bool] | None:
    match = re.fullmatch(_LOWER + _AT, text)
    if not match or (rate := _rate(match)) is None:
        return None
    below = bool(re.match("不足|少于|低于|小于", text))
    if not below and not match["word"]:
        return None
    return Tier(Decimal(0), Decimal(match["high"]), rate, high_open=below), bool(match["part"])


def _rate(match: re.Match[str]) -> Decimal | None:
    if match["percent"]:
        rate = Decimal(match["percent"]) / 100
    else:
        digits = "".join(_DIGITS.get(sign, sign) for sign in match["fold"])
        rate = Decimal(digits) / (100 if len(digits) == 2 and "." not in digits else 10)
    return rate if rate > 0 else None


def _urgent(clause: str, note: Note) -> Phrase | None:
    if match := re.fullmatch(rf"加急(?:服务|测试)?(?:按|收)?(?:×({NUMBER})倍?|({NUMBER})倍)(?:计|收费|收取)?", clause):
        rate = Decimal(match[1] or match[2])
    elif match := re.fullmatch(rf"加急(?:服务|测试)?按(?:原价|标准|价格)?(?:的)?({NUMBER})%(?:计|收费|收取)?", clause):
        rate = Decimal(match[1]) / 100
    elif match := re.fullmatch(rf"加急(?:费|服务|测试)?(?:另)?(?:加收|上浮|加)({NUMBER})%", clause):
        rate = 1 + Decimal(match[1]) / 100
    else:
        return None
    if rate < 1 or note.urgent_rate is not None:
        return None
    note.urgent_rate = rate
    return phrase("fee.reading.urgent", rate=plain(rate))


def _management(clause: str, note: Note) -> Phrase | None:
    match = re.fullmatch(rf"(?:另收|另加|加收|外加|另计)({NUMBER}%)?(?:的)?管理费({NUMBER}%)?", clause)
    rate = _one_percent(match)
    if rate is None or note.management_rate is not None:
        return None
    note.management_rate = rate
    return phrase("fee.reading.management", rate=percent(rate))


def _tax(clause: str, note: Note) -> Phrase | None:
    match = re.fullmatch(rf"(?:另收|另加|加收|外加|另计)({NUMBER}%)?(?:的)?税(?:费|金|点)?({NUMBER}%)?", clause)
    rate = _one_percent(match)
    if rate is None or note.tax_rate is not None:
        return None
    note.tax_rate = rate
    return phrase("fee.reading.tax", rate=percent(rate))


def _one_percent(match: re.Match[str] | None) -> Decimal | None:
    if match is None or bool(match[1]) == bool(match[2]):
        return None
    return Decimal((match[1] or match[2])[:-1]) / 100


def _consumables(clause: str, note: Note) -> Phrase | None:
    thing = r"(?:耗材|材料|试剂|芯片|气体|液氮|氦气|液氦|色谱柱|靶材|探针)(?:费|费用)?"
    if not re.fullmatch(rf"(?:{thing}(?:另计|另收|另算|另付|单独计费)|不含{thing}|{thing}除外)", clause):
        return None
    note.consumables_extra = True
    return phrase("fee.reading.consumables")


def _agreed(clause: str, note: Note) -> Phrase | None:
    if clause not in ("议价区间", "议价", "区间议价", "协商定价", "区间内议价"):
        return None
    note.agreed = True
    return phrase("fee.reading.agreed_note")


def _startup(clause: str, note: Note) -> Phrase | None:
    match = re.fullmatch(rf"({CLASS})?(?:另收)?开机费({NUMBER})元?(?:/次)?", clause)
    amount = fen(match[2]) if match else None
    if match is None or not amount:
        return None
    note.startup.append((class_code(match[1]) if match[1] else EVERY_CLASS, amount))
    return _for_class("fee.reading.startup", match[1], amount)


def _day_cap(clause: str, note: Note) -> Phrase | None:
    day = r"(?:每天|每日|全天|一天|日|天)(?:最高|封顶|上限|不超过|按)?"
    match = re.fullmatch(rf"({CLASS})?{day}({NUMBER})元?(?:封顶|计)?", clause)
    match = match or re.fullmatch(rf"({CLASS})?({NUMBER})元?/(?:天|日)(?:封顶)?", clause)
    amount = fen(match[2]) if match else None
    if match is None or not amount:
        return None
    note.day_caps.append((class_code(match[1]) if match[1] else EVERY_CLASS, amount))
    return _for_class("fee.reading.day_cap", match[1], amount)


def _for_class(code: str, name: str | None, amount_fen: int) -> Phrase:
    if name is None:
        return phrase(code, price=money.text(amount_fen))
    return phrase(f"{code}_class", customer_class=class_name(class_code(name)), price=money.text(amount_fen))


def _minimum(clause: str, note: Note) -> Phrase | None:
    match = re.fullmatch(r"(?:最少|至少|最低|最小预约)(.+?)(?:起)?|(.+)起(?:约|预约|订)", clause)
    minutes = duration(match[1] or match[2]) if match else None
    if minutes is None or note.minimum_minutes:
        return None
    note.minimum_minutes = minutes
    return phrase("fee.reading.minimum", minimum=time_name(minutes))


def _share(clause: str, note: Note) -> Phrase | None:
    match = re.fullmatch(rf"({CLASS})(?:按)(.+)", clause)
    share = read_share(match[2], class_code(match[1])) if match else None
    if match is None or share is None:
        return None
    note.shares.append((class_code(match[1]), share))
    ratio = f"{share.numerator}/{share.denominator}"
    return phrase(
        "fee.reading.share", customer_class=class_name(class_code(match[1])), of_class=class_name(share.of_class), ratio=ratio
    )


def _same_as(clause: str, note: Note) -> Phrase | None:
    """同1260: the published list refers to another instrument's price; this row carries its own, so it is only a remark."""
    if not re.fullmatch(r"同[A-Za-z0-9\-]{2,20}", clause):
        return None
    return phrase("fee.reading.remark")


_READERS: tuple[Callable[[str, Note], Phrase | None], ...] = (
    _tier, _urgent, _management, _tax, _consumables, _agreed, _startup, _day_cap, _minimum, _share, _same_as,
)  # fmt: skip
