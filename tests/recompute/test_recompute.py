"""Every figure of an institution's year, reckoned a second time by other means, comes to the same.

The program answers through its actions over a real encrypted ledger of 2 000 instruments, 100 000 records, 500 technicians and 3 000
customers; the second reckoning (``plain_…``) takes the decrypted rows and the rule files and nothing of the program. Broken variants are
tried on a smaller year, on which the two agree as well.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import national_messages, payouts, upkeep
from desktop.actions import vouchers as voucher_actions
from desktop.actions.workspace import Workspace
from desktop.ledger import period as periods
from desktop.rules import (
    award,
    benefit,
    charging,
    cost_parts,
    duties,
    performance,
    purchase_review,
    settlement,
    similarity,
    transfer,
    university_use,
    voucher_city,
    vouchers,
    workdays,
    yearly_balance,
)
from desktop.store import award as award_rows
from desktop.store import evaluation as evaluation_rows
from desktop.store import integrity as integrity_rows
from desktop.store import national as national_rows
from desktop.store import repricing as repricing_rows
from desktop.store import university as university_rows
from tests.recompute import (
    asked,
    entered,
    plain_benefit,
    plain_duties,
    plain_money,
    plain_payouts,
    plain_purchases,
    plain_university,
    plain_use,
    plain_vouchers,
)
from tests.recompute.invented import Size
from tests.recompute.plain import Plain

WHOLE = Size(2_000, 500, 3_000, 100_000)
SMALL = Size(160, 30, 240, 4_000)
CALENDAR, ACADEMIC = periods.parse("2025"), periods.academic_year(2024, 9)
DAY = entered.AS_OF
SPAN = (CALENDAR.start.isoformat(), CALENDAR.end.isoformat())
_CHECKS = ("overlap", "beyond_day", "beyond_times", "round_run", "late", "same_contact", "off_schedule")
Told = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Both:
    """A ledger for the program and its decrypted rows for the second reckoning; ``reckoned`` keeps what that came to."""

    workspace: Workspace
    plain: Plain
    reckoned: dict[str, Told] = field(default_factory=dict)


FAMILIES: dict[str, tuple[Callable[[Workspace], Told], Callable[[Plain], Told]]] = {
    "fees": (asked.prices, plain_money.prices),
    "performance of a calendar year": (lambda w: asked.performance(w, CALENDAR, DAY), lambda p: plain_use.performance(p, *SPAN, DAY)),
    "performance of an academic year": (
        lambda w: asked.performance(w, ACADEMIC, DAY), lambda p: plain_use.performance(p, ACADEMIC.start.isoformat(), ACADEMIC.end.isoformat(), DAY)
    ),
    "yearly benefit scores": (lambda w: asked.scores(w, CALENDAR, DAY), lambda p: plain_benefit.scores(p, "2025", *SPAN, DAY)),
    "a university's academic year": (
        lambda w: asked.university(w, ACADEMIC),
        lambda p: plain_university.tables(p, ACADEMIC.name, ACADEMIC.start.isoformat(), ACADEMIC.end.isoformat()),
    ),
    "what users said": (lambda w: asked.ratings(w, "2025"), lambda p: plain_benefit.ratings(p, *SPAN, DAY)),
    "a year with every price up by a part": (
        lambda w: asked.repriced(w, CALENDAR, Decimal("0.0725")), lambda p: plain_money.repriced(p, 2025, Fraction("0.0725"))
    ),
    "award": (lambda w: asked.award(w, 2025, DAY), lambda p: plain_money.award(p, 2025, DAY)),
    "award before its rate": (lambda w: asked.award(w, 2025, date(2025, 5, 31)), lambda p: plain_money.award(p, 2025, date(2025, 5, 31))),
    "duties at the end of the year": (lambda w: asked.duties(w, DAY), lambda p: plain_duties.duties(p, DAY)),
    "duties within the year": (lambda w: asked.duties(w, date(2025, 3, 14)), lambda p: plain_duties.duties(p, date(2025, 3, 14))),
    "duties beyond the published calendar": (lambda w: asked.duties(w, date(2027, 2, 1)), lambda p: plain_duties.duties(p, date(2027, 2, 1))),
    "vouchers": (lambda w: asked.vouchers(w, 2025), lambda p: plain_vouchers.vouchers(p, 2025)),
    "vouchers of the year before": (lambda w: asked.vouchers(w, 2024), lambda p: plain_vouchers.vouchers(p, 2024)),
    "a payout of posted fees": (lambda w: asked.run(w, entered.SCHEME, DAY), lambda p: plain_payouts.run(p, entered.SCHEME, DAY)),
    "a payout of money received": (lambda w: asked.run(w, entered.RECEIVED, DAY), lambda p: plain_payouts.received(p, entered.RECEIVED, DAY)),
    "yearly balance": (lambda w: asked.balance(w, CALENDAR, DAY), lambda p: plain_money.balance(p, 2025)),
    "candidates for transfer": (
        lambda w: asked.transfers(w, CALENDAR, DAY), lambda p: plain_use.transfers(p, CALENDAR.start, CALENDAR.end, DAY)
    ),
    "purchases": (asked.purchases, plain_purchases.purchases),
    "national effect": (lambda w: asked.effect(w, CALENDAR), lambda p: plain_use.effect(p, 2025)),
    "integrity": (lambda w: asked.integrity(w, CALENDAR, DAY, _CHECKS), lambda p: plain_use.integrity(p, *SPAN, DAY)),
}  # fmt: skip


# The same again on another day: enough to try on the small institution.
_SMALL_ALONE = frozenset({"award before its rate", "duties beyond the published calendar", "vouchers of the year before", "performance of an academic year"})


def _made(folder: Path, size: Size) -> Iterator[Both]:
    workspace = entered.year(folder / "home", size)
    with workspace, pytest.MonkeyPatch.context() as clock:
        clock.setenv("YIXIANG_TODAY", entered.LAST)
        plain = Plain(folder / "home" / "ledger.db", workspace.key, folder / "plain.db")
        yield Both(workspace, plain)
        plain.connection.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    yield from _made(tmp_path_factory.mktemp("whole"), WHOLE)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    yield from _made(tmp_path_factory.mktemp("small"), SMALL)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIXIANG_TODAY", entered.LAST)


def _second(both: Both, family: str) -> Told:
    if family not in both.reckoned:
        both.reckoned[family] = FAMILIES[family][1](both.plain)
    return both.reckoned[family]


def _differences(both: Both, family: str) -> list[str]:
    return asked.differences(FAMILIES[family][0](both.workspace), _second(both, family))


def _listed(found: list[str]) -> str:
    return "\n".join([f"{len(found)} differences", *found[:40]])


@pytest.mark.parametrize("family", FAMILIES)
def test_both_come_to_the_same_of_a_small_institution(small: Both, family: str) -> None:
    found = _differences(small, family)
    assert not found, _listed(found)


@pytest.mark.parametrize("family", [name for name in FAMILIES if name not in _SMALL_ALONE])
def test_both_come_to_the_same(whole: Both, family: str) -> None:
    found = _differences(whole, family)
    assert not found, _listed(found)


def test_the_year_is_as_large_as_it_says(whole: Both) -> None:
    counted = {name: whole.plain.value(f"SELECT count(*) FROM {name}") for name in ("instrument", "service_record", "technician", "customer")}
    assert counted["service_record"] == pytest.approx(WHOLE.n_records, rel=0.01), "the instruments with much use round their shares"
    assert (counted["instrument"], counted["technician"], counted["customer"]) == (WHOLE.n_instruments, WHOLE.n_technicians, WHOLE.n_customers)


def test_the_year_meets_the_edges(small: Both) -> None:
    """What never comes up would agree whatever the program did."""
    duty = _second(small, "duties at the end of the year").values()
    assert {state for state, *_ in duty} >= {"not_obliged", "unknown", "to_join", "overdue", "joined", "joined_late", "to_file"}
    granted = _second(small, "vouchers").values()
    assert {eligible for eligible, *_ in granted} == {True, False, None}
    told = {found.code for one in voucher_actions.year(small.workspace, 2025).grants for found in one.findings}
    assert told >= {"voucher.cap_reached", "voucher.cap_used_up", "voucher.city_cap_reached", "voucher.earlier_open"}
    assert {None, 0} < {added for _, _, added in granted}, "a city added something"
    verdicts = {one[0] for one in _second(small, "candidates for transfer").values()}
    assert verdicts == {"candidate", "kept", "unknown"}
    pointed = _second(small, "integrity")
    assert {name for name, found in pointed.items() if not found} == {"off_schedule"}, "every check but that of charges points at something"
    balances = {one[4] for one in _second(small, "yearly balance").values() if isinstance(one, tuple)}
    assert {"within", "above", "unknown"} <= balances
    purchases = _second(small, "purchases").values()
    assert {one[0] for one in purchases} == {"required", "not_required", "unknown"}
    measured = _second(small, "performance of a calendar year")
    assert any(one[5] == 100 for key, one in measured.items() if key.startswith("set ")), "a score is capped"
    run = settled(small)
    assert run.law_fen is not None
    assert run.sorted.back, "something paid was reversed since"
    assert any(step.limited == "law" for step in run.waterfall.steps), "the legal limit cuts"
    assert run.rest_fen, "what a line had brought out of other parts is more than rounding"


def settled(both: Both) -> settlement.Settlement:
    return payouts.preview(both.workspace, DAY, entered.SCHEME)


def test_the_ledger_written_in_bulk_is_whole(small: Both) -> None:
    assert upkeep.verify(small.workspace).ok


def test_the_second_reckoning_knows_nothing_of_the_program() -> None:
    files = sorted(Path(__file__).parent.glob("plain*.py"))
    assert len(files) == 8
    named = {
        (file.name, name.partition(".")[0])
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert not {pair for pair in named if pair[1] in ("desktop", "network")}


def _down(value: Fraction) -> int:
    return value.numerator // value.denominator


def _rewritten(sql: str, old: str, new: str) -> str:
    assert old in sql, f"the query no longer says {old!r}"
    return sql.replace(old, new)


def _late_as_soon(names: dict[str, str]) -> dict[str, str]:
    return names | {"late": _rewritten(names["late"], "> :late_days", ">= :late_days")}


def _a_full_day(names: dict[str, str]) -> dict[str, str]:
    return names | {"beyond_day": _rewritten(names["beyond_day"], "> :day_minutes", ">= :day_minutes")}


def _whole_functions(used: Any) -> Any:
    """Every function in use as soon as one is."""
    return lambda counts, known, day: used(counts | {"used_functions": counts.get("original_functions", 0)}, known, day)


BROKEN: dict[str, tuple[str, Any, str, Callable[[Any], Any]]] = {
    "the sharing rate upside down": ("performance of a calendar year", performance, "shared", lambda old: lambda outside, inside: old(inside, outside)),
    "special sets rated as general ones": (
        "performance of an academic year", performance, "RATED", lambda old: old | {"专用": old["通用"]}
    ),
    "a score that is not capped": ("yearly benefit scores", benefit, "_within", lambda old: lambda value: value),
    "all functions taken to be in use": ("yearly benefit scores", benefit, "_used", _whole_functions),
    "services that were taken back reported": (
        "a university's academic year", university_rows, "_SERVED",
        lambda sql: _rewritten(sql, "NOT EXISTS (SELECT 1 FROM posting t WHERE t.reverses = p.id)", "1"),
    ),
    "hours of a university cut to whole ones": ("a university's academic year", university_use, "half_up", lambda old: int),
    "the word of the entry before that of the user": (
        "what users said", evaluation_rows, "_RATED", lambda sql: _rewritten(sql, "coalesce(u.word, r.rating)", "coalesce(nullif(r.rating, ''), u.word, '')")
    ),
    "a reversal counted in the year of its service": (
        "award", award_rows, "_LINES", lambda sql: _rewritten(sql, "CASE WHEN p.reverses IS NULL THEN p.ended_on ELSE p.posted_on END", "p.ended_on")
    ),
    "an estimate without its cap": ("award", award, "min", lambda old: max),
    "the day of acceptance counted": (
        "duties at the end of the year", duties, "nth_workday_after", lambda old: lambda day, n, calendar: replace(old(day, max(1, n - 1), calendar), counted=n)
    ),
    "make-up days left out": (
        "duties within the year", workdays.Calendar, "workdays",
        lambda old: lambda self, year: tuple(day for day in old(self, year) if date.fromordinal(day).weekday() < 5),
    ),
    "the cap given out by number": ("vouchers", vouchers, "in_order", lambda old: lambda uses: sorted(uses, key=lambda use: use.number)),
    "shares rounded down": ("vouchers", vouchers, "rounded", lambda old: _down),
    "a city's cap by enterprise alone": ("vouchers", voucher_city, "_places", lambda old: lambda use: old(use)[:1]),
    "the legal limit a fen too high": ("a payout of posted fees", settlement, "at_most", lambda old: lambda rate, base: old(rate, base) + 1),
    "the legal limit of a payout forgotten": ("a payout of posted fees", settlement, "_legal_limit", lambda old: lambda *parts: None),
    "a cost's days rounded down": ("a payout of money received", cost_parts, "rounded", lambda old: _down),
    "the remainder kept by nobody": ("a payout of money received", settlement, "split", lambda old: lambda *parts: replace(old(*parts), remainder=0)),
    "a version's cost rounded down": ("yearly balance", yearly_balance, "rounded", lambda old: _down),
    "one test alone too few": ("candidates for transfer", transfer, "any_of", lambda old: transfer.all_of),
    "a part of a year counted as one": ("purchases", purchase_review, "whole_year", lambda old: lambda *parts: True),
    "likeness by signs, not by pairs": ("purchases", similarity, "pairs", lambda old: lambda text: tuple(dict.fromkeys(text))),
    "the first day of the next year taken in": (
        "national effect", national_rows, "_VOUCHERS", lambda sql: _rewritten(sql, "t.received_on < ?", "t.received_on <= ?")
    ),
    "sets counted that came later or are gone": ("national effect", national_messages, "there", lambda old: lambda one, period: True),
    "late on the last day": ("integrity", integrity_rows, "_CHECKS", _late_as_soon),
    "a full day taken for more than one": ("integrity", integrity_rows, "_CHECKS", _a_full_day),
    "prices moved before they are rounded twice": (
        "a year with every price up by a part", charging, "rounded", lambda old: lambda value: old(Fraction(old(value), 1)) - (value % 1 == Fraction(1, 2))
    ),
    "services that were taken back priced again": (
        "a year with every price up by a part", repricing_rows, "_SERVED",
        lambda sql: _rewritten(sql, "NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)", "1"),
    ),
    "charges compared with sums rounded down": ("integrity", charging, "rounded", lambda old: _down),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_program_is_caught(small: Both, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    family, module, attribute, broken = BROKEN[name]
    _second(small, family)
    monkeypatch.setattr(module, attribute, broken(getattr(module, attribute, min)), raising=False)
    assert _differences(small, family)


def test_a_broken_fee_is_caught(small: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    second = plain_money.prices(small.plain)
    assert not asked.differences(asked.priced_anew(small.workspace), second)
    monkeypatch.setattr(charging, "rounded", _down)
    assert asked.differences(asked.priced_anew(small.workspace), second)


def test_differences_name_both_answers() -> None:
    assert asked.differences({"a": 1, "b": (1, None)}, {"a": 1, "b": (1, 0)}) == ["b: the program says (1, None), reckoned again (1, 0)"]
    assert asked.differences({"a": 1}, {}) == ["a: the program says 1, reckoned again nothing"]
    assert not asked.differences({}, {})
