"""What a city adds to a voucher: by its own rule, in force on the day, entered with its document (``voucher.city_<four digits>_*``).

A city whose rule nobody has entered adds an unknown amount, not zero. The cap of a city counts province and city together, by
enterprise or, where its rule says so, by actual controller (同一实际控制人); the province's own cap never counts a group.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from desktop.ledger.finding import Finding
from desktop.ledger.voucher import Enterprise, VoucherUse
from desktop.rules import regions
from desktop.rules.exact import rounded
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, missing
from desktop.rules.voucher_conditions import about


class Granted:
    """What province and city have granted so far, and where an amount is open: by city, year, and enterprise or controlling group."""

    def __init__(self) -> None:
        self._fen: dict[tuple[str, int, str, str], int] = defaultdict(int)
        self._open: set[tuple[str, int, str, str]] = set()

    def add(self, use: VoucherUse, amount_fen: int | None, top_up_fen: int | None) -> None:
        """Count one use for its enterprise and, if it has one, for its group; None is open and counts only what is known of it."""
        for place in places(use):
            self._fen[place] += (amount_fen or 0) + (top_up_fen or 0)
            if amount_fen is None or top_up_fen is None:
                self._open.add(place)

    def of(self, use: VoucherUse, *, per_group: bool) -> tuple[int, str]:
        """Fen granted in the use's year to its enterprise, or to its group where one is stated, and whose group that is ("" the enterprise alone).

        An enterprise is never given more than its group may have: what it got itself under another controller, or under none that was stated,
        counts where it is more.
        """
        counted = places(use)
        if not counted:
            return 0, ""
        alone = self._fen.get(counted[0], 0)
        together = self._fen.get(counted[-1], 0)
        return (together, use.enterprise.group) if per_group and together >= alone else (alone, "")

    def open_for(self, use: VoucherUse, *, per_group: bool) -> str:
        """Whose earlier amount of the use's year is open: its enterprise, or its controller where the group is counted; "" nobody's."""
        counted = places(use)
        if counted and counted[0] in self._open:
            return use.enterprise.name
        return use.enterprise.group if per_group and counted and counted[-1] in self._open else ""


def places(use: VoucherUse) -> list[tuple[str, int, str, str]]:
    """What a use counts under: (city, year, ``one``, enterprise), and then (city, year, ``group``, controller) where one is stated; none without a city."""
    city, one = city_of(use.enterprise), use.enterprise
    if not city:
        return []
    alone = (city, use.ended_on.year, "one", one.counted_as)
    return [alone, (city, use.ended_on.year, "group", one.group)] if one.group else [alone]


def earlier_open(use: VoucherUse, whose: str) -> Finding:
    """That an amount is the most there can be: an earlier one of the enterprise or of its controller is not known and took nothing of the cap."""
    return Finding("voucher.earlier_open", "warning", (("number", use.number), ("name", whose)), kind="service_record", key=use.key)


def city_of(one: Enterprise) -> str:
    """The four digits of the city an enterprise is in, "" when its place names none of the province."""
    region = regions.in_text(one.place)[1]
    return region.city_code if region else ""


def rule_keys(city: str) -> tuple[str, str, str]:
    """The parameters of a city's rule, by its four digits: rate, cap in fen, whether a controlling group is counted together."""
    key = f"voucher.city_{city}"
    return f"{key}_top_up", f"{key}_cap_fen", f"{key}_per_group"


def top_up(
    use: VoucherUse, fee: Figure, amount_fen: int | None, known: Parameters, granted: Granted
) -> tuple[Figure | None, tuple[Finding, ...]]:
    """The city's part as a figure (fen, unknown while its rule is), None where no city is known; and what is told."""
    city, day = city_of(use.enterprise), use.ended_on
    if not city:
        return None, ()
    keys = rule_keys(city)
    rate, cap, per_group = (known.in_force(key, day) for key in keys)
    rules = tuple(known.figure(key, day) for key in keys)
    told: list[Finding] = []
    value = None
    if rate is None:
        told.append(about(use, "voucher.city_rule_unknown", "note", (("city", regions.regions()[f"{city}00"].name),)))
        return Figure("voucher.figure.top_up", None, "fen", "minimum", inputs=rules), tuple(told)
    if cap is None or per_group is None:
        told += [missing(key, day) for key, one in zip(keys, (rate, cap, per_group), strict=True) if one is None]
        return Figure("voucher.figure.top_up", None, "fen", "minimum", inputs=rules), tuple(told)
    if per_group.flag and not use.enterprise.group:
        told.append(about(use, "voucher.group_unknown"))
    used, whose_group = granted.of(use, per_group=per_group.flag)
    counted = Figure("voucher.figure.counted_together", used, "fen", "sum", note=whose_group, inputs=(rules[2],))
    share_fen = rounded(Fraction(rate.decimal) * fee.value) if isinstance(fee.value, int) else None
    share = Figure("voucher.figure.city_share", share_fen, "fen", "once", inputs=(rules[0], fee))
    amount = Figure("voucher.figure.amount", amount_fen, "fen", "step")
    room_fen = max(0, cap.integer - used - amount_fen) if amount_fen is not None else None
    room = Figure("voucher.figure.city_room", room_fen, "fen", "difference", inputs=(rules[1], counted, amount))
    left_fen = fee.value - amount_fen if isinstance(fee.value, int) and amount_fen is not None else None
    left = Figure("voucher.figure.unpaid", left_fen, "fen", "difference", inputs=(fee, amount))
    if share_fen is not None and room_fen is not None and left_fen is not None:
        value = min(share_fen, room_fen, left_fen)
        if value < min(share_fen, left_fen):
            told.append(about(use, "voucher.city_cap_reached", "note"))
        if whose := granted.open_for(use, per_group=per_group.flag):
            told.append(earlier_open(use, whose))
    return Figure("voucher.figure.top_up", value, "fen", "minimum", inputs=(share, room, left)), tuple(told)
