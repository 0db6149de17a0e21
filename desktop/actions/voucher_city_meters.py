"""The caps of the cities' rules in a year: province and city together, of one enterprise or, where the rule says so, of all under one actual controller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.rules import regions
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters
from desktop.rules.voucher_city import places, rule_keys
from desktop.rules.vouchers import Grant


@dataclass(frozen=True, slots=True)
class CityMeter:
    """The cap of a city in a year, in fen; ``name`` the enterprise or, ``per_group``, the actual controller, ``members`` the enterprises counted.

    ``used_fen`` of province and city is at least so much while ``n_open`` uses have no amount of one of them; ``left_fen`` None: unknown.
    ``unstated``: the rule counts a controlling group, and nobody has stated whose this enterprise is. ``uses``: keys of the uses it applies to.
    """

    key: str
    city: str
    name: str
    per_group: bool
    members: tuple[str, ...]
    cap_fen: int
    used_fen: int
    left_fen: int | None
    n_open: int
    figure: Figure
    uses: tuple[str, ...]
    unstated: bool = False


def city_meters(grants: Sequence[Grant], known: Parameters) -> tuple[CityMeter, ...]:
    """One for each enterprise or controller to which a city's rule in force applies on the day of one of its uses, by city and name.

    An enterprise that got more itself than is counted under its controller has a cap of its own: it changed its controller in the year.
    """
    applied: dict[tuple[str, int, str, str], list[Grant]] = {}
    counted: dict[tuple[str, int, str, str], list[Grant]] = {}
    counting = [(one, where) for one in grants if one.eligible is not False and (where := places(one.use))]
    for one, where in counting:
        for place in where:
            counted.setdefault(place, []).append(one)
    fen = {place: sum(map(_fen, several)) for place, several in counted.items()}
    for one, where in counting:
        cap, per_group = (known.in_force(key, one.use.ended_on) for key in rule_keys(where[0][0])[1:])
        if cap is not None and per_group is not None:
            together = per_group.flag and fen[where[-1]] >= fen[where[0]]
            applied.setdefault(where[-1] if together else where[0], []).append(one)
    return tuple(sorted((_meter(place, own, counted[place], known) for place, own in applied.items()), key=lambda one: (one.city, one.name, one.key)))


def _fen(one: Grant) -> int:
    return (one.amount_fen or 0) + (one.top_up_fen or 0)


def _meter(place: tuple[str, int, str, str], own: Sequence[Grant], counted: Sequence[Grant], known: Parameters) -> CityMeter:
    city, year, kind, name = place
    last = max(own, key=lambda one: one.use.ended_at)
    _, cap_key, group_key = rule_keys(city)
    cap, rule = known.figure(cap_key, last.use.ended_on), known.figure(group_key, last.use.ended_on)
    cap_fen = cap.value if isinstance(cap.value, int) else 0
    used_fen = sum(map(_fen, counted))
    n_open = sum(one.amount_fen is None or one.top_up_fen is None for one in counted)
    left_fen = None if n_open else max(0, cap_fen - used_fen)
    per_group = kind == "group"
    parts = tuple(part for one in counted for part in (one.figure, one.top_up) if part is not None)
    used = Figure(
        "voucher.figure.counted_together", None if n_open else used_fen, "fen", "sum", note=name if per_group else "",
        inputs=(rule, *parts),
    )  # fmt: skip
    figure = Figure("voucher.figure.city_room", left_fen, "fen", "difference", inputs=(cap, used))
    members = tuple(dict.fromkeys(one.use.enterprise.name for one in counted))
    return CityMeter(
        "\n".join(("city", city, str(year), kind, name)), regions.regions()[f"{city}00"].name, name if per_group else last.use.enterprise.name,
        per_group, members, cap_fen, used_fen, left_fen, n_open, figure, tuple(one.use.key for one in own),
        bool(rule.value) and not last.use.enterprise.group,
    )  # fmt: skip
