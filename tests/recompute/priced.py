"""Prices of sets that served nobody: versions in every state and on every side of the day asked, prices a fen beside their cost, management beside its share.

Some sets that did serve have a draft as well, which prices nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from desktop.actions import parameter_sets
from desktop.actions.workspace import Workspace
from desktop.ledger.fees import (
    Agreed,
    ComponentKind,
    CostComponent,
    FeeLine,
    FeeSchedule,
    FeeTerms,
    FirstFurther,
    Fixed,
    ScheduleState,
    ShareOf,
    Tier,
    Unit,
)
from desktop.ledger.instrument import Instrument
from desktop.store.fees import COMPONENTS, LINES, SCHEDULES
from tests.recompute.invented import Registers, key, terms

_LAST = date(2025, 12, 31)
_NEXT = _LAST + timedelta(days=1)
_BEGAN = date(2020, 1, 1)
# The versions of a set: (first day, first day after, state). Over on the last day of the year, the day after it, begun on either, none but a draft.
_VERSIONS: tuple[tuple[tuple[date, date | None, ScheduleState], ...], ...] = (
    ((_BEGAN, None, "published"),), ((_BEGAN, None, "approved"),), ((_BEGAN, None, "draft"),), ((_BEGAN, _LAST, "published"),),
    ((_BEGAN, _NEXT, "published"),), ((_NEXT, None, "approved"),), ((_LAST, None, "approved"),), ((_BEGAN, _LAST, "published"), (_LAST, None, "approved")),
    ((_BEGAN, None, "published"), (_LAST, None, "draft")), ((_BEGAN, date(2025, 7, 1), "published"), (_NEXT, None, "published")), (),
)  # fmt: skip
_OTHERS = 100_000
# Management as an amount beside other costs of 1 000 yuan, or as a rate on them: beside the packaged ends of the usual share (0.10 and 0.15), and
# beside the upper one the institution has set itself (0.16).
_AMOUNTS = (9_999, 10_000, 12_345, 15_000, 15_001, 15_999, 16_000, 16_001)
_RATES = ("0", "0.0999", "0.1", "0.125", "0.15", "0.16", "0.1601", "1")
# A set has so many kinds of cost, the last five of them such that nothing, or not all of it, can be reckoned.
_N_COSTS = len(_AMOUNTS) + len(_RATES) + 5
_HOUR, _HALF = Unit("hour", "小时", 60), Unit("block", "30分钟", 30)


def prices(workspace: Workspace, made: Registers, seed: int) -> None:
    """Versions with lines and costs for the sets without fees, drafts for some of the others, and the institution's own end of a usual share."""
    chance = random.Random(seed)
    used = {one.id for one in made.used}
    schedules, lines, parts = list[FeeSchedule](), list[FeeLine](), list[CostComponent]()
    for n, one in enumerate([each for each in made.instruments if each.id not in used]):
        for from_on, to_on, state in _VERSIONS[n % len(_VERSIONS)]:
            _version(one, n + len(schedules), (from_on, to_on, state), chance, (schedules, lines, parts))
    for n, one in enumerate(made.used[::9]):
        _version(one, n, (date(2025, 3, 1), None, "draft"), chance, (schedules, lines, parts))
    for n, one in enumerate(made.used[4::9]):
        _another_form(one, n, chance, (schedules, lines, parts))
    with workspace.write("recompute prices", undoable=False) as operation:
        SCHEDULES.insert(operation.connection, schedules)
        LINES.insert(operation.connection, lines)
        COMPONENTS.insert(operation.connection, parts)
    parameter_sets.add(workspace, "cost.maintenance_rate", "0.0451", date(2026, 1, 1), "校财字〔2025〕9号", reason="本单位做法")
    parameter_sets.add(workspace, "cost.management_high", "0.16", date(2026, 1, 1), "校财字〔2025〕9号", reason="本单位做法")


def _version(
    one: Instrument, n: int, span: tuple[date, date | None, ScheduleState], chance: random.Random,
    told: tuple[list[FeeSchedule], list[FeeLine], list[CostComponent]],
) -> None:  # fmt: skip
    schedules, lines, parts = told
    schedule = FeeSchedule(key(chance), one.id, *span, "收费标准", "校价〔2025〕1号" if n % 3 else "")
    of_version = list(_costs(schedule.id, n, chance))
    schedules.append(schedule)
    parts.extend(of_version)
    if n % 13 != 6:  # one of thirteen has no line at all
        cost = sum(part.amount_fen or 0 for part in of_version) + sum(round(_OTHERS * part.rate) for part in of_version if part.rate is not None)
        for place, terms in enumerate((_terms(n, cost), None if n % 5 == 0 else _terms(n + 5, cost)), 1):
            lines.append(FeeLine(key(chance), schedule.id, place, f"项目{place}", terms, "样 150", to_confirm=terms is None or n % 11 == 7))


def _another_form(
    one: Instrument, n: int, chance: random.Random, told: tuple[list[FeeSchedule], list[FeeLine], list[CostComponent]]
) -> None:
    """A draft that would price the very item of the services, by a form of its own; of each fifth nobody has settled it yet."""
    schedules, lines, _ = told
    schedules.append(FeeSchedule(key(chance), one.id, date(2026, 2, 1), None, "draft", "拟调整的收费标准"))
    lines.append(FeeLine(key(chance), schedules[-1].id, 1, "测试", terms(n, 333_33 + n), to_confirm=n % 5 == 4))


def _costs(schedule_id: str, n: int, chance: random.Random) -> Iterator[CostComponent]:
    def part(kind: ComponentKind, fen: int | None, rate: str | None = None, evidence: str = "凭证") -> CostComponent:
        return CostComponent(key(chance), schedule_id, kind, fen, None if rate is None else Decimal(rate), evidence)

    which = n % _N_COSTS
    if which == _N_COSTS - 1:
        return
    if which == _N_COSTS - 2:  # management with nothing to be a share of
        yield part("management", 39_00)
        return
    if which == _N_COSTS - 3:
        yield part("consumables", -1)
    if which == _N_COSTS - 4:  # a rate of what only an amount can be
        yield part("staff", None, "0.1")
    yield part("depreciation", _OTHERS - 30_001, evidence="" if n % 4 == 0 else "凭证")
    yield part("energy", 30_001)
    if which < len(_AMOUNTS):
        yield part("management", _AMOUNTS[which])
    elif which < len(_AMOUNTS) + len(_RATES):
        yield part("management", None, _RATES[which - len(_AMOUNTS)])
    elif which == _N_COSTS - 5:
        yield part("management", None, "1.01")


def _terms(n: int, cost: int) -> FeeTerms:
    """A price a fen below, at and above its cost for those outside, in every form there is; the terms of the last two contradict themselves."""
    price = max(1, cost + n // 13 % 3 - 1)
    both = (("internal", Fixed(price // 2)), ("external", Fixed(price)))
    match n % 13:
        case 0 | 1:
            return FeeTerms(_HOUR, both)
        case 2:
            return FeeTerms(_HALF, (("internal", Fixed(0)), ("external", Fixed(-(-price // 2)))))
        case 3:
            return FeeTerms(_HOUR, (("external", Fixed(price)), ("own_school", ShareOf("internal", 1, 3)), ("internal", ShareOf("external", 4, 5))))
        case 4:
            return FeeTerms(_HOUR, (("external", FirstFurther(price * 2, price - 1, 2)), ("internal", FirstFurther(price - 1, price))))
        case 5:
            return FeeTerms(_HOUR, (("external", Agreed(1, price)), ("internal", Fixed(price + 1))))
        case 6:
            return FeeTerms(_HOUR, both, tiers=(Tier(Decimal(0), Decimal(8), Decimal("2")), Tier(Decimal(8), None, Decimal("0.5"), low_open=True)))
        case 7:
            return FeeTerms(_HOUR, both, tiers=(Tier(Decimal(0), None, Decimal("2.5"), classes=("internal",)),), tier_method="marginal")
        case 8:
            return FeeTerms(_HOUR, both, management_rate=Decimal("0.0001"), urgent_rate=Decimal(2), tax_rate=Decimal("0.06"), startup=(("*", 5_000),))
        case 9:
            return FeeTerms(Unit("day", "天", 1440), both, minimum_minutes=720)
        case 10:
            return FeeTerms(Unit("count", "样"), (("external", Fixed(price)),), minimum_units=3)
        case 11:
            return FeeTerms(_HOUR, (("internal", ShareOf("external", 1, 2)), ("external", ShareOf("internal", 2, 1))))
        case _:
            return FeeTerms(_HOUR, both, startup=(("alumni", 100),))
