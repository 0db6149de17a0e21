"""The registers of an invented institution, the same for the same size and seed: instruments, technicians, customers, fees.

What they hold is drawn around the edges the rules have: a fen below, at and above a threshold, the day itself and the day after, known and
not stated. Nothing here knows a rule; how often an edge is met follows from how many there are.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from desktop.ledger.customer import Customer
from desktop.ledger.fees import CostComponent, FeeLine, FeeSchedule, FeeTerms, FirstFurther, Fixed, ShareOf, Unit
from desktop.ledger.instrument import Instrument
from desktop.ledger.people import Technician
from desktop.ledger.voucher_rows import VoucherEnterprise, VoucherGroup

OWN_CODE = "91370102MA0000015A"
FIRST, NEW_PRICES = date(2024, 9, 1), date(2025, 7, 1)
_DEPARTMENTS = tuple(f"第{n}实验中心" for n in range(1, 13))
_NAMES = ("扫描电子显微镜", "高效液相色谱仪", "气相色谱质谱联用仪", "X射线衍射仪", "核磁共振波谱仪", "激光共聚焦显微镜", "热重分析仪", "万能材料试验机")
_CLASSES = ("010101", "010102", "010201", "010300", "020101", "020000", "")
_FUNCTIONS = ("表面形貌观察和能谱分析", "有机物分离与定量分析", "晶体结构测定", "力学性能测试", "")
_VALUES = (299_999_99, 300_000_00, 300_000_01, 499_999_99, 500_000_00, 500_000_01)
_CATEGORIES = ("通用", "通用", "通用仪器", "专用", "专用设备", "", "其他")
_PLACES = ("济南市", "青岛市黄岛区", "聊城市", "聊城市东昌府区", "临沂市", "德州", "山东省烟台市莱山区", "滨州市", "南京市鼓楼区", "济宁市", "", "某地")
_INDUSTRIES = ("制造业", "批发业", "软件和信息技术服务业", "农林牧渔业", "建筑业", "房地产开发", "教育", "")
_SIZES = ("大型", "中型", "小型", "小型企业", "微型", "未定", "", "")
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@dataclass(frozen=True, slots=True)
class Size:
    """How large the institution is."""

    n_instruments: int
    n_technicians: int
    n_customers: int
    n_records: int


@dataclass
class Registers:
    """Who and what the records name; ``used`` are the instruments that have fees, in their order."""

    instruments: list[Instrument] = field(default_factory=list)
    technicians: list[Technician] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    enterprises: list[VoucherEnterprise] = field(default_factory=list)
    groups: list[VoucherGroup] = field(default_factory=list)
    schedules: list[FeeSchedule] = field(default_factory=list)
    lines: list[FeeLine] = field(default_factory=list)
    components: list[CostComponent] = field(default_factory=list)
    used: list[Instrument] = field(default_factory=list)


def key(chance: random.Random) -> str:
    """A key that is the same in every run."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def credit_code(first: str, number: int) -> str:
    """A valid code that nobody has: ``first`` is the registering authority's sign."""
    stem = f"{first}1370100{_in_signs(number):0>9}"
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(stem, _WEIGHTS, strict=True))
    return stem + _SIGNS[(31 - total % 31) % 31]


def _in_signs(number: int) -> str:
    told = ""
    while number:
        number, rest = divmod(number, len(_SIGNS))
        told = _SIGNS[rest] + told
    return told


def registers(size: Size, chance: random.Random) -> Registers:
    """All registers of an institution."""
    made = Registers()
    made.instruments = [_instrument(n, chance) for n in range(size.n_instruments)]
    made.technicians = [
        Technician(key(chance), f"T{n:04d}", f"技术员{n}", chance.choice(_DEPARTMENTS), coefficient=Decimal(chance.choice(("0.8", "1", "1.2", "1.35"))))
        for n in range(size.n_technicians)
    ]  # fmt: skip
    _customers(made, size.n_customers, chance)
    for n, one in enumerate(made.instruments):
        # Three of ten have no fees yet and so no records.
        if n % 10 < 7 and (one.accepted_on is None or one.accepted_on <= date(2025, 6, 1)):
            made.used.append(one)
            _fees(made, one, n, chance)
    return made


def _instrument(n: int, chance: random.Random) -> Instrument:
    value = chance.choice((*_VALUES, None, chance.randrange(5_000_000, 900_000_000), chance.randrange(30_000_000, 90_000_000)))
    accepted = FIRST - timedelta(days=chance.randrange(0, 3000))
    if n % 10 == 7:  # accepted late: their deadlines lie in the year
        accepted = date(2025, 1, 1) + timedelta(days=chance.randrange(0, 420))
    elif n % 50 == 3:
        accepted = chance.choice((date(2017, 9, 19), date(2017, 9, 20), date(2024, 7, 31), date(2024, 8, 1)))
    accepted_on = None if chance.random() < 0.05 else accepted
    confidential = chance.choice((False,) * 20 + (True, None))
    joined = accepted + timedelta(days=chance.randrange(-3, 75)) if chance.random() < 0.6 else None
    customs = chance.choice((None, False, True, True))
    return Instrument(
        key(chance), f"2020{n:05d}", f"{chance.choice(_NAMES)}{'（带附件）' if n % 17 == 0 else ''}", value, chance.choice((True, True, True, False, None)),
        confidential, accepted_on, booked_on=None if chance.random() < 0.1 else accepted + timedelta(days=chance.randrange(0, 40)),
        network_number=f"N{n:06d}" if joined or chance.random() < 0.05 else "", joined_on=joined,
        filing_number=f"BA{n}" if confidential and chance.random() < 0.5 else "",
        filed_on=accepted + timedelta(days=20) if confidential and chance.random() < 0.5 else None,
        department=chance.choice(_DEPARTMENTS), class_code=chance.choice(_CLASSES), category=chance.choice(_CATEGORIES),
        model=chance.choice(("SU-8000", "LC-20A", "SU8010", "")), functions=chance.choice(_FUNCTIONS), service_content=chance.choice(("", "样品测试")),
        carrier_type=("", "国家重点实验室", "工程研究中心", "无")[n % 4], carrier_number=f"L{n % 5}" if n % 2 else "",
        contact=f"管理员{n % 97}", phone=f"0531-88{n % 997:06d}" if chance.random() < 0.8 else "",
        customs_supervised=customs, released_on=accepted - timedelta(days=chance.randrange(0, 900)) if customs and chance.random() < 0.8 else None,
        retired_on=chance.choice((date(2024, 6, 30), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1))) if chance.random() < 0.04 else None,
    )  # fmt: skip


def _customers(made: Registers, n: int, chance: random.Random) -> None:
    for number in range(n):
        internal = number % 10 in (0, 5, 6, 8)
        kind = chance.random()
        code = credit_code("9", number + 1) if kind < 0.8 else credit_code("1", number + 1) if kind < 0.88 else ""
        if number % 41 == 7 and code:
            code = code[:-1] + ("0" if code[-1] != "0" else "1")  # its last sign does not check
        if number % 37 == 5 and made.customers and not internal:
            code = made.customers[-1].uscc  # one enterprise under two names
        large = _heavy(number)
        if large:
            code = credit_code("9", number + 1)
        elif number == 11:
            code = OWN_CODE
        one = Customer(
            key(chance), f"用户{number}{'课题组' if internal else '有限公司'}", internal, "" if internal else code, city=chance.choice(_PLACES),
            industry=chance.choice(_INDUSTRIES), n_staff=chance.choice((None, 5, 19, 20, 99, 100, 299, 300, 1000, 2500)),
            revenue_wan=chance.choice((None, Decimal(49), Decimal(50), Decimal("299.99"), Decimal(300), Decimal(2000), Decimal(40000), Decimal(100000))),
            size_class="小型" if large else chance.choice(_SIZES), size_on=_certified(large, chance),
            department=chance.choice(_DEPARTMENTS) if internal else "",
        )  # fmt: skip
        made.customers.append(one)
        if internal:
            continue
        if large or chance.random() < 0.4:
            place = ("济南市历下区", "聊城市东昌府区", "临沂市", "聊城市")[number % 4] if large else chance.choice(_PLACES)
            assets = chance.choice((None, Decimal(299), Decimal(300), Decimal(5000), Decimal(80000)))
            made.enterprises.append(VoucherEnterprise(key(chance), one.id, place, assets))
        if large or chance.random() < 0.1:
            began = chance.choice((date(2024, 1, 1), date(2025, 1, 1), date(2025, 5, 17)))
            ended = chance.choice((None, None, date(2025, 9, 1)))
            made.groups.append(VoucherGroup(key(chance), one.id, f"控制人{number % 2}", began, ended, "工商档案"))


def _certified(large: bool, chance: random.Random) -> date | None:
    if large:
        return date(2025, 1, 1)
    return None if chance.random() < 0.1 else date(2024, 3, 1) + timedelta(days=chance.randrange(0, 600))


def _heavy(number: int) -> bool:
    """A customer whose year reaches the cap."""
    return number % 100 in (1, 2, 3)


def heavy(customers: list[Customer]) -> list[Customer]:
    """The customers whose year reaches the cap."""
    return [one for number, one in enumerate(customers) if _heavy(number)]


def terms(n: int, price: int) -> FeeTerms:
    """Prices of one of eight forms."""
    hour = Unit("hour", "小时", 60)
    both = (("internal", Fixed(price)), ("external", Fixed(price * 3 // 2 + 1)))
    match n % 8:
        case 4:
            return FeeTerms(hour, (("external", Fixed(price)), ("internal", ShareOf("external", 2, 3))), minimum_minutes=60)
        case 5:
            return FeeTerms(Unit("block", "30分钟", 30), both, startup=(("external", 5_000),))
        case 6:
            return FeeTerms(Unit("count", "样"), both, minimum_units=2, tax_rate=Decimal("0.03"))
        case 7:
            first = (("internal", FirstFurther(price, price // 2)), ("external", FirstFurther(price * 2, price, 2)))
            return FeeTerms(hour, first, urgent_rate=Decimal("1.5"), management_rate=Decimal("0.15"))
        case _:
            caps = (("external", price * 6),) if n % 8 == 3 else ()
            return FeeTerms(hour, both, day_caps=caps, urgent_rate=Decimal("1.2") if n % 8 == 2 else None)


def _fees(made: Registers, one: Instrument, n: int, chance: random.Random) -> None:
    """Two versions, the second a little dearer; of some nobody has built up the cost."""
    price = chance.choice((61_23, 123_45, 300_31, 899_99, 2_400_00))
    for from_on, to_on, more in ((date(2020, 1, 1), NEW_PRICES, 0), (NEW_PRICES, None, 7_77)):
        schedule = FeeSchedule(key(chance), one.id, from_on, to_on, "published", "收费标准")
        made.schedules.append(schedule)
        made.lines.append(FeeLine(key(chance), schedule.id, 1, "测试", terms(n, price + more)))
        if chance.random() < 0.8:
            management = chance.choice(((None, Decimal("0.15")), (39_00, None)))
            for kind, amount, rate in (("depreciation", price * chance.choice((1, 2)) // 2, None), ("consumables", 41_00, None), ("management", *management)):
                made.components.append(CostComponent(key(chance), schedule.id, kind, amount, rate, "凭证"))  # type: ignore[arg-type]  # kinds of the ledger
