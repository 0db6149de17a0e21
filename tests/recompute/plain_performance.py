"""A year's performance as it goes to paper, reckoned a second time: what stands beside the year before, what was not used, and the bars."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain, nearest
from tests.recompute.plain_use import performance, sets_with_use

Told = dict[Any, Any]
_MOST, _MOST_SETS = 12, 8


def printed(plain: Plain, year: int, day: date) -> Told:
    """Counts, the nine figures with those of the year before, sets and unused ones of every group, and three pictures."""
    spans = [(f"{each}-01-01", f"{each + 1}-01-01") for each in (year, year - 1)]
    now, then = (performance(plain, *span, day) for span in spans)
    found = sets_with_use(plain, *spans[0])
    limit = plain.rule("national.threshold_fen", day)
    told: Told = {
        "仪器": len(found), "其中全年未用": sum(not uses for _, uses in found), "达到限额": now["sets above the threshold"],
        "达到国家平台限额": now["sets at the national threshold"], "使用单位": now["whole"][8],
    }  # fmt: skip
    before = _figures(then) if then["whole"][0] else [None] * 9
    told |= {f"figure {place}": pair for place, pair in enumerate(zip(_figures(now), before, strict=True))}
    several: dict[tuple[str, str], list[tuple[bool, int, bool]]] = defaultdict(list)
    bars: list[tuple[str, Fraction]] = []
    for one, uses in found:
        minutes = sum(use["minutes"] for use in uses)
        alike = one["value_fen"] is not None and one["value_fen"] >= limit
        platform = " ".join(dict.fromkeys(part for part in (one["carrier_type"], one["carrier_number"]) if part and part != "无"))
        for key in (("department", one["department"]), ("platform", platform or "不属于平台或未填")):
            several[key].append((not uses, minutes, alike))
        if alike:
            bars.append((f"{one['name']} {one['asset_number']}", Fraction(minutes, 60)))
    told |= {f"{kind} {name}": (len(each), sum(unused for unused, *_ in each)) for (kind, name), each in several.items()}
    for place, kind in enumerate(("department", "platform")):
        means = []
        for (of, name), each in several.items():
            hours = [minutes for _, minutes, alike in each if alike]
            if of == kind and hours:
                means.append((name, Fraction(sum(hours), 60 * len(hours))))
        told[f"bars {place}"] = _longest(means, _MOST)
    told["bars 2"] = _longest(bars, _MOST_SETS)
    return told | {"unposted": _unposted(plain, *spans[0]), "unposted of the year after": _unposted(plain, f"{year + 1}-01-01", f"{year + 2}-01-01")}


def _figures(told: Told) -> list[Decimal]:
    """As printed: hours to two places, ratios as per cent, yuan."""
    whole = told["whole"]
    hours = [told[f"{word} {name}"] for word in ("mean", "alike") for name in ("effective", "external")]
    shares = [whole[3] * 100, whole[4] * 100, told["alike sharing rate"] * 100]
    exact = [hours[0], hours[1], shares[0], shares[1], hours[2], hours[3], shares[2], Fraction(whole[6], 100), Fraction(whole[7], 100)]
    return [Decimal(nearest(one * 100)) / 100 for one in exact]


def _longest(bars: list[tuple[str, Fraction]], most: int) -> tuple[Any, ...]:
    """The longest of them and how many there are."""
    return (len(bars), *sorted(bars, key=lambda one: (-one[1], one[0]))[:most])


def _unposted(plain: Plain, start: str, end: str) -> int:
    return int(plain.value(
        f"SELECT count(*) FROM service_record WHERE state = 'draft' AND ended_at >= '{start}' AND ended_at < '{end}' AND NOT confidential "
        "AND instrument_id NOT IN (SELECT id FROM instrument WHERE confidential)"
    ))  # fmt: skip
