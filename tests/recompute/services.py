"""A year and some months of service records of the invented institution: in order on each instrument, with what an inspector would ask about."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from desktop.ledger.customer import Customer
from desktop.ledger.instrument import Instrument
from desktop.ledger.people import Technician
from desktop.ledger.service_record import ServiceRecord
from tests.recompute.invented import FIRST, Registers, heavy, key

_END = datetime(2025, 12, 31, 22)
_ACCEPTED = ("record.overlap=附件同时使用", "record.before_acceptance=试运行")
_MINUTE = timedelta(minutes=1)


def records(made: Registers, n: int, chance: random.Random) -> list[ServiceRecord]:
    """n records over the instruments that have fees; one in four sets has eight times the use of the others."""
    weights = [8 if place % 4 == 0 else 1 for place in range(len(made.used))]
    total = sum(weights)
    customers = _customers(made.customers, chance)
    told: list[ServiceRecord] = []
    for place, (one, weight) in enumerate(zip(made.used, weights, strict=True)):
        told += _of_instrument(one, place, max(1, round(n * weight / total)), len(told), customers, made.technicians, chance)
    return told


def _customers(customers: list[Customer], chance: random.Random) -> Iterator[Customer]:
    large = heavy(customers)
    while True:
        # The first of them have most of it, so that a year's cap is reached, even of a small institution.
        yield large[int(len(large) * chance.random() ** 3)] if large and chance.random() < 0.2 else chance.choice(customers)


def _of_instrument(
    one: Instrument, place: int, n: int, serial: int, customers: Iterator[Customer], technicians: list[Technician], chance: random.Random
) -> list[ServiceRecord]:
    free = datetime.combine(max(one.accepted_on or FIRST, FIRST), datetime.min.time())
    gap = (_END - free) / n
    longest = max(20, min(1200, int(gap / _MINUTE) - 10))
    told: list[ServiceRecord] = []
    whole_left = 0
    for number in range(n):
        start = free + (chance.random() * max(timedelta(0), gap - longest * _MINUTE)) // _MINUTE * _MINUTE
        minutes = chance.randrange(15, longest)
        if whole_left == 0 and chance.random() < 0.01:
            whole_left = chance.choice((9, 10, 11))
        if whole_left:
            whole_left -= 1
            minutes = max(60, minutes // 60 * 60)
        elif minutes % 60 == 0:
            minutes += 1
        answers: tuple[str, ...] = ()
        if told and chance.random() < 0.004:
            start, answers = max(told[-1].ended_at - 5 * _MINUTE, told[-1].started_at + _MINUTE), _ACCEPTED
            told[-1] = replace(told[-1], answers=_ACCEPTED)
        end = start + minutes * _MINUTE
        free = max(free + gap, end)
        operator = _operator(technicians, place * 3 + number % 4, start)
        told.append(_record(one, serial + number, next(customers), start, end, minutes, operator, answers, chance))
    if place % 25 == 0:
        crowded = _crowded_day(serial, told[-1], (360, 359, 361)[place // 25 % 3], chance)
        told = [replace(each, answers=_ACCEPTED) for each in (*told, *crowded)]
    if place % 15 == 0:
        told = [replace(each, answers=_ACCEPTED) for each in (*told, _over_new_year(serial, told[-1], chance))]
    return told


def _operator(technicians: list[Technician], place: int, start: datetime) -> Technician:
    """Some technicians leave with the year, others come with its second month: the next one stands in for them."""
    at = place % len(technicians)
    if (at % 29 == 5 and start >= datetime(2025, 1, 1)) or (at % 29 == 9 and start < datetime(2025, 1, 1)) or (at % 29 == 12 and start < datetime(2025, 2, 1)):
        at += 1
    return technicians[at % len(technicians)]


def _record(
    one: Instrument, number: int, customer: Customer, start: datetime, end: datetime, minutes: int, operator: Technician, answers: tuple[str, ...],
    chance: random.Random,
) -> ServiceRecord:  # fmt: skip
    contact, way, direction = "王芳", "委托共享", "科学研究"
    if number % 61 == 8:  # two of three of these ways are not the national platform's
        way = ("", "占用共享，技术共享", "委托共享;代测")[number // 61 % 3]
    elif number % 67 == 9:
        direction = ("", "科研", "其他")[number // 67 % 3]
    if chance.random() < 0.01:
        contact = one.contact if chance.random() < 0.5 or not one.phone else f"李娜 {one.phone}"
    derived = chance.random() < 0.002
    return ServiceRecord(
        key(chance), f"R{number:07d}", one.id, customer.id, customer.name, start, end, minutes + chance.choice((0, 1, 30)) * derived, "测试", derived,
        quantity=Decimal(chance.choice(("1", "2", "3", "2.5", "12"))), operator_id=operator.id, operator_name=operator.name, contact=contact, way=way,
        direction=direction, contract="" if customer.internal else f"HT-{number}", urgent=chance.random() < 0.05,
        rating=chance.choice(("非常满意", "基本满意", "")), confidential=bool(one.confidential), answers=answers,
    )  # fmt: skip


def _over_new_year(serial: int, like: ServiceRecord, chance: random.Random) -> ServiceRecord:
    """A service through the night in which the year ends: it belongs to the next one."""
    start = datetime(2024, 12, 31, 20, 15)
    return replace(like, id=key(chance), number=f"R{serial:07d}-9", started_at=start, ended_at=start + 540 * _MINUTE, minutes=540, derived=False)


def _crowded_day(serial: int, like: ServiceRecord, last: int, chance: random.Random) -> list[ServiceRecord]:
    """Three services on one day, of eighteen hours and ``last`` minutes together."""
    day = datetime(2025, 8, 5)
    spans = ((0, 540), (480, 540), (1000, last))
    return [
        replace(
            like, id=key(chance), number=f"R{serial:07d}-{n}", started_at=day + start * _MINUTE, ended_at=day + (start + minutes) * _MINUTE, minutes=minutes,
            derived=False,
        )
        for n, (start, minutes) in enumerate(spans)
    ]  # fmt: skip
