"""The caps of the cities' rules in a year of vouchers, reckoned a second time: of an enterprise, or of all under one controller."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tests.recompute.plain import Plain
from tests.recompute.plain_vouchers import where

Told = dict[Any, Any]


def caps(plain: Plain, year: int, uses: Iterable[Mapping[str, Any]], granted: Mapping[str, tuple[bool | None, int | None, int | None]]) -> Told:
    """City, enterprise or controller -> cap, what province and city have used of it and left, how many are open, whose uses count, to which it applies."""
    counted: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    applied: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    ruled = []
    for use in uses:
        city = where(use["place"])[1]
        if use["secret"] or not city or granted[use["number"]][0] is False:
            continue
        alone, together = (city, "one", use["uscc"] or use["name"]), (city, "group", use["group"])
        for key in (alone, together) if use["group"] else (alone,):
            counted[key].append(use)
        grouped = _rule(plain, use, "per_group")
        if grouped is not None and _rule(plain, use, "cap_fen") is not None:
            ruled.append((use, alone, together if grouped and use["group"] else alone))
    for use, alone, together in ruled:
        had, whole = (sum(fen or 0 for each in counted[key] for fen in granted[each["number"]][1:]) for key in (alone, together))
        applied[alone if had > whole else together].append(use)
    told: Told = {}
    for key, own in applied.items():
        _, kind, name = key
        last = max(own, key=lambda use: use["ended_at"])
        parts = [part for use in counted[key] for part in (granted[use["number"]][1:],)]
        used, n_open, cap = sum(fen or 0 for both in parts for fen in both), sum(None in both for both in parts), _rule(plain, last, "cap_fen")
        told[" ".join(("city", *key, str(year)))] = (
            cap, used, None if n_open else max(0, cap - used), n_open, name if kind == "group" else last["name"],
            frozenset(use["name"] for use in counted[key]), frozenset(use["id"] for use in own), not last["group"] and _rule(plain, last, "per_group"),
        )  # fmt: skip
    return told


def _rule(plain: Plain, use: Mapping[str, Any], name: str) -> Any:
    return plain.rule(f"voucher.city_{where(use['place'])[1]}_{name}", use["ended_at"][:10])
