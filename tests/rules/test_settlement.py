"""A payout run loses no fen, never passes the cap, takes reversals back at what was paid, and says what it leaves out."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.ledger.allocation import Original, SettlementLine
from desktop.rules import payout_facts
from desktop.rules.settlement import RunInput, Settlement, settle
from desktop.rules.settlement_lines import is_late
from tests.rules.payout_making import cost, keys, line, paid, refused, reversal_of, run, scheme, settled, share, technician

NOW = datetime(2025, 10, 8, 2, tzinfo=UTC)
quick = settings(max_examples=30)


def facts(settlement: Settlement, number: str = "2025-001") -> payout_facts.PayoutFacts:
    return payout_facts.prepared(
        settlement, key=f"run-{number}", number=number, figure="{}", by="p1", at=NOW, new_key=keys(number)
    )


LINES = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 10**9), st.integers(0, 5000), st.booleans()), min_size=1, max_size=12
)
FACTORS = st.lists(st.decimals("0.1", "3", places=2), min_size=4, max_size=4)
SHARES = st.lists(
    st.tuples(
        st.sampled_from(["gross", "rest"]),
        st.decimals(0, 1, places=3),
        st.one_of(st.none(), st.integers(0, 10**8)),
        st.one_of(st.none(), st.decimals(0, 1, places=2)),
        st.sampled_from(["gross", "net"]),
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def runs(draw: st.DrawFn, kind: str = "enterprise") -> RunInput:
    lines = [line(f"k{n:02d}", fen, who, minutes=minutes, late=late) for n, (who, fen, minutes, late) in enumerate(draw(LINES))]
    back = draw(
        st.lists(st.tuples(st.integers(1, 4), st.integers(1, 10**7), st.integers(0, 100), st.integers(0, 100)), max_size=3)
    )
    for n, (who, amount, part, other) in enumerate(back):
        fen = amount * part // 100
        others = (("fund", "基金", (amount - fen) * other // 100),)
        first = line(f"old{n}", amount, who, month="2025-05")
        apart = fen * (50 - other) // 100
        lines.append(reversal_of(first, f"rev{n}", Original(f"line{n}", "2025-000", f"t{who}", amount, 60, fen, others, apart)))
    shares = [
        share(f"other{n}" if n else "technicians", str(rate), of, cap_fen=cap_fen, cap_rate=cap_rate, cap_of=cap_of)
        for n, (of, rate, cap_fen, cap_rate, cap_of) in enumerate(draw(SHARES))
    ]
    terms = scheme(
        tuple(draw(st.permutations(shares))),
        weigh=draw(st.sampled_from(["amount", "minutes", "equal"])),
        use_coefficient=draw(st.booleans()),
        evaluations=tuple((f"T00{n}", factor) for n, factor in enumerate(draw(FACTORS), 1) if factor > 1),
        remainder_to=draw(st.sampled_from(["T001", "T002", "T003", "T004"])),
    )
    people = tuple(technician(n, str(factor)) for n, factor in enumerate(draw(FACTORS), 1))
    declared = tuple(cost(fen, f"c{n}") for n, fen in enumerate(draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=3))))
    return replace(run(kind=kind), scheme=terms, lines=tuple(lines), costs=declared, technicians=people)


def possible(one: RunInput) -> Settlement | None:
    """The settlement, or None when all weights happen to be zero."""
    result = settle(one)
    if isinstance(result, Settlement):
        return result
    assert {found.code for found in result if found.severity == "error"} == {"payout.no_weights"}
    return None


@quick
@given(runs())
def test_everything_adds_up_to_income_less_costs(one: RunInput) -> None:
    result = possible(one)
    if result is None:
        return
    assert result.income_fen == sum(item.amount_fen for item in one.lines)
    assert result.net_fen == result.pool_fen + sum(item.fen for item in result.receivers) + result.kept_fen
    for item in result.technicians:
        assert sum(part.fen for part in item.lines) == item.fen
    assert {part.line.key for item in result.technicians for part in item.lines} == {item.key for item in one.lines}
    assert result.divided_fen == sum(item.quotient_fen + item.remainder_fen for item in result.technicians) >= 0
    assert result.kept_fen == result.waterfall.kept_fen + result.borne_fen + result.rest_kept_fen
    stored = facts(result)
    assert sum(item.fen for item in stored.shares) == result.net_fen
    assert sum(item.fen for item in stored.shares if item.technician_id) == stored.run.pool_fen


@quick
@given(runs())
def test_the_cap_of_an_enterprise_is_never_passed(one: RunInput) -> None:
    result = possible(one)
    if result is not None:
        assert result.pool_fen <= Decimal("0.8") * max(0, result.net_fen)
        assert result.waterfall.pool_fen <= Decimal("0.8") * max(0, result.waterfall.net_fen)
        assert all(step.fen >= 0 for step in result.waterfall.steps)


@quick
@given(runs("university"))
def test_shares_are_within_a_fen_but_for_the_person_named(one: RunInput) -> None:
    result = possible(one)
    if result is None:
        return
    total = sum(item.weight for item in result.technicians)
    holders = [item for item in result.technicians if item.remainder_fen]
    for item in result.technicians:
        exact = item.weight / total * result.divided_fen if total else 0
        assert 0 <= exact - item.quotient_fen < 1
        assert 0 <= item.remainder_fen < len(result.technicians)
    assert len(holders) <= 1


@quick
@given(runs(), st.integers(0, 1000))
def test_the_order_of_lines_people_and_costs_does_not_matter(one: RunInput, seed: int) -> None:
    result = possible(one)
    chance = random.Random(seed)
    mixed = possible(
        replace(
            one,
            lines=tuple(chance.sample(one.lines, len(one.lines))),
            technicians=tuple(chance.sample(one.technicians, len(one.technicians))),
        )
    )
    assert (result is None) == (mixed is None)
    if result is not None and mixed is not None:
        assert facts(result) == facts(mixed)


@quick
@given(runs())
def test_a_run_and_its_reversal_are_nothing(one: RunInput) -> None:
    result = possible(one)
    if result is None:
        return
    there = facts(result)
    back = payout_facts.reversal(there, key="run-2", number="2025-002", by="p2", at=NOW, reason="写错了", new_key=keys("z"))
    assert (back.run.income_fen, back.run.cost_fen, back.run.pool_fen) == (
        -there.run.income_fen,
        -there.run.cost_fen,
        -there.run.pool_fen,
    )
    for mine, other in zip(there.shares, back.shares, strict=True):
        assert (mine.fen, mine.receiver, mine.technician_id) == (-other.fen, other.receiver, other.technician_id)
    for mine, other in zip(there.lines, back.lines, strict=True):
        assert (mine.fen, mine.amount_fen, mine.minutes, mine.id) == (
            -other.fen,
            -other.amount_fen,
            -other.minutes,
            other.reverses,
        )
    assert [mine.fen for mine in there.costs] == [-other.fen for other in back.costs]


@quick
@given(runs("university"))
def test_taking_back_every_line_takes_back_every_fen(one: RunInput) -> None:
    """Settled in one run, all reversed in the next: every technician and receiver ends at 0, the unit bears the costs."""
    first = possible(replace(one, lines=tuple(item for item in one.lines if item.original is None)))
    if first is None:
        return
    there = facts(first)
    known = payout_facts.originals(there, [item.key for item in first.sorted.present])
    lines = tuple(reversal_of(item, f"x{item.key}", known[item.key]) for item in first.sorted.present)
    second = settle(replace(first.run, lines=lines, costs=(cost(0),)))
    assert isinstance(second, Settlement)
    assert {key: fen + paid(second)[key] for key, fen in paid(first).items()} == dict.fromkeys(paid(first), 0)
    assert sum(item.fen for item in first.receivers) + sum(item.fen for item in second.receivers) == 0
    assert first.kept_fen + second.kept_fen == -first.cost_fen


@quick
@given(runs("university"), st.data())
def test_a_reversal_never_leaves_the_unit_more_than_before(one: RunInput, data: st.DataObject) -> None:
    """The fen that a reversed line gives back beyond its income belong to other technicians, and the next run divides them."""
    first = possible(replace(one, lines=tuple(item for item in one.lines if item.original is None)))
    if first is None:
        return
    known = payout_facts.originals(facts(first), [item.key for item in first.sorted.present])
    gone = data.draw(st.lists(st.sampled_from(first.sorted.present), unique=True, min_size=1)) if first.sorted.present else []
    lines = tuple(reversal_of(item, f"x{item.key}", known[item.key]) for item in gone)
    second = settle(replace(first.run, lines=(*lines, line("new", 10**9)), costs=(cost(0),)))
    if not isinstance(second, Settlement):
        return
    assert second.borne_fen <= len(lines) * (len(first.run.scheme.shares) + len(first.technicians)), "no more than rounding"
    if second.divided_fen and any(item.weight for item in second.technicians):
        assert second.rest_kept_fen <= 0
    assert second.divided_fen == max(0, second.waterfall.pool_fen + second.rest_fen)


@quick
@given(runs("university"), st.integers(1, 10**8))
def test_more_income_never_pays_the_technicians_less(one: RunInput, more: int) -> None:
    """With every share of the rest and weights that stay as they are."""
    terms = replace(one.scheme, shares=(share("technicians", "0.7"),), weigh="equal")
    one = replace(one, lines=tuple(item for item in one.lines if item.original is None))
    less = possible(replace(one, scheme=terms))
    raised = (replace(one.lines[0], amount_fen=one.lines[0].amount_fen + more), *one.lines[1:])
    greater = possible(replace(one, scheme=terms, lines=raised))
    assert less is not None
    assert greater is not None
    for before, after in zip(less.technicians, greater.technicians, strict=True):
        assert after.quotient_fen >= before.quotient_fen


def test_a_reversal_of_a_settled_line_is_taken_back_at_what_was_paid() -> None:
    """Paid at 50 % then, the scheme gives 80 % now: 50 % come back."""
    then = scheme((share("institution", "0.1", "gross"), share("technicians", "0.5"), share("laboratory", "1")))
    first = settled(line("a", 10_000), line("b", 30_000, 2), scheme=then)
    known = payout_facts.originals(facts(first), ["b"])
    assert known["b"].fen == 13_500
    assert known["b"].others == (("institution", "institution", 3_000), ("laboratory", "laboratory", 13_500))
    second = settled(line("c", 50_000), reversal_of(line("b", 30_000, 2), "d", known["b"]), kind="university")
    assert paid(second) == {"T001": 40_000, "T002": -13_500}
    assert [(item.name, item.fen) for item in second.receivers] == [
        ("institution", 10_000), ("institution", -3_000), ("laboratory", -13_500),
    ]  # fmt: skip
    assert second.kept_fen == 0
    assert [item.code for item in second.findings] == ["payout.negative_share"]


def by_coefficient(kind: str = "university") -> tuple[Settlement, RunInput]:
    """A (coefficient 2) and B (1) earn 100.00 each, half is the pool; A's record is reversed, B earns another 100.00."""
    people = (technician(1, "2"), technician(2), technician(3), technician(4))
    terms = scheme((share("institution", "0.3", "gross"), share("technicians", "0.5", "gross"), share("laboratory", "1")))
    first = settled(line("a", 10_000), line("b", 10_000, 2), kind=kind, scheme=terms, technicians=people, fen=1_000)
    assert paid(first) == {"T001": 6_667, "T002": 3_333}
    known = payout_facts.originals(facts(first), ["a"])["a"]
    assert known.from_others_fen == 6_667 - 5_000
    back = reversal_of(line("a", 10_000), "c", known)
    return first, replace(first.run, lines=(back, line("d", 10_000, 2)), costs=(cost(0, "c2"),))


def test_what_a_reversed_line_had_out_of_others_is_theirs_again() -> None:
    """A gives back 66.67, the pool had 50.00 through A's record: 16.67 were B's and are divided again, the unit gains nothing."""
    first, again = by_coefficient()
    second = settle(again)
    assert isinstance(second, Settlement)
    assert second.divided_fen == 5_000 + 1_667
    assert paid(second) == {"T001": -6_667, "T002": 6_667}
    assert first.pool_fen + second.pool_fen == 10_000, "half of the 200.00 that stand"
    assert second.kept_fen == second.borne_fen == -500, "half of the costs had been carried by the reversed income"
    assert {one.code: dict(one.params).get("yuan") for one in second.findings}["payout.rest_back"] == "16.67"


def test_a_reversed_line_that_had_brought_others_more_is_taken_out_of_the_pool() -> None:
    first, _ = by_coefficient()
    known = payout_facts.originals(facts(first), ["b"])["b"]
    assert known.from_others_fen == 3_333 - 5_000
    second = settle(
        replace(first.run, lines=(reversal_of(line("b", 10_000, 2), "c", known), line("d", 10_000)), costs=(cost(0),))
    )
    assert isinstance(second, Settlement)
    assert paid(second) == {"T001": 5_000 - 1_667, "T002": -3_333}
    assert "payout.rest_borne" in {one.code for one in second.findings}
    small = settle(replace(second.run, lines=(second.run.lines[0], line("d", 1_000))))
    assert isinstance(small, Settlement)
    assert (paid(small)["T001"], small.rest_kept_fen) == (0, 500 - 1_667), "nobody pays for another's reversal"
    assert "payout.rest_lost" in {one.code for one in small.findings}


def test_what_nobody_can_be_given_stays_with_the_unit_and_is_said() -> None:
    _, again = by_coefficient()
    alone = settle(replace(again, lines=again.lines[:1]))
    assert isinstance(alone, Settlement)
    assert (paid(alone), alone.rest_kept_fen) == ({"T001": -6_667}, 1_667)
    assert {"payout.rest_kept", "payout.negative_share"} == {one.code for one in alone.findings}


def test_a_reversal_lowers_the_cap_of_an_enterprise() -> None:
    """Over both runs the technicians keep at most 80 % of what was earned less what it cost."""
    first = settled(line("a", 10_000), fen=5_000)
    assert first.pool_fen == 4_000
    known = payout_facts.originals(facts(first), ["a"])["a"]
    second = settled(line("b", 20_000), reversal_of(line("a", 10_000), "c", known))
    assert first.pool_fen + second.pool_fen == (20_000 - 5_000) * 8 // 10
    assert "payout.law_cap_reached" in {item.code for item in second.findings}


def test_a_record_posted_and_reversed_before_any_run_brings_nothing() -> None:
    result = settled(line("a", 10_000), reversal_of(line("a", 10_000), "b"), line("c", 5_000, 2))
    assert result.income_fen == 5_000
    assert paid(result) == {"T001": 0, "T002": 4_000}
    stored = facts(result)
    there, back = (item for item in stored.lines if item.technician_id == "t1")
    assert back.reverses == there.id
    assert payout_facts.originals(stored, ["a", "b", "c"]).keys() == {"c"}


def test_a_corrected_record_counts_once() -> None:
    """A record, its reversal and its replacement, corrected before any run."""
    result = settled(line("a", 30_000), reversal_of(line("a", 30_000), "b"), line("c", 25_000))
    assert result.income_fen == 25_000
    assert paid(result) == {"T001": 20_000}


def test_a_pair_without_operator_is_not_waiting() -> None:
    result = settled(line("a", 1_000, None), reversal_of(line("a", 1_000, None), "b"), line("c", 5_000))
    assert [item.key for item in result.sorted.void] == ["a", "b"]
    assert result.findings == ()


def test_a_settled_internal_line_is_taken_back_even_when_the_scheme_leaves_internal_out() -> None:
    old = line("a", 1_000, external=False)
    result = settled(
        reversal_of(old, "b", Original("l", "2025-000", "t1", 1_000, 60, 400)), scheme=scheme(include_internal=False)
    )
    assert paid(result) == {"T001": -400}
    assert result.kept_fen == -600


def test_confidential_lines_are_paid_like_others() -> None:
    open_one, secret = settled(line("a", 999)), settled(line("a", 999, confidential=True))
    assert paid(open_one) == paid(secret) == {"T001": 799}


def test_people_may_earn_nothing() -> None:
    result = settled(line("a", 0), line("b", 100, 2))
    assert paid(result) == {"T001": 0, "T002": 80}


def test_minutes_attribute_the_share_to_lines_by_minutes() -> None:
    result = settled(line("a", 100, minutes=10), line("b", 100, minutes=30), scheme=scheme(weigh="minutes"))
    assert [part.fen for part in result.technicians[0].lines] == [40, 120]


def test_a_declared_zero_is_a_statement_but_an_empty_one_is_not() -> None:
    assert settled(line("a", 100), costs=(cost(0),)).cost_fen == 0
    for empty in (None, ()):
        assert refused(line("a", 100), costs=empty) == {"payout.no_cost_statement"}


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((line("a", 1), line("a", 1)), "payout.line_twice"),
        ((line("a", 1, counted_on=date(2025, 10, 1)),), "payout.line_after"),
        ((line("a", -1),), "payout.negative_line"),
        ((line("a", 1, minutes=-1),), "payout.negative_line"),
        ((reversal_of(line("a", 1), "b"),), "payout.reversal_unmatched"),
        ((line("a", 1), reversal_of(line("a", 2), "b")), "payout.reversal_differs"),
        ((line("a", 1), reversal_of(line("a", 1, 2), "b")), "payout.reversal_differs"),
        ((line("a", 1), reversal_of(line("a", 1, minutes=5), "b")), "payout.reversal_differs"),
        ((reversal_of(line("a", 1), "b", Original("l", "1", "t1", 2, 60, 1)),), "payout.reversal_differs"),
        ((line("a", 1), reversal_of(line("x", 1, 9), "b", Original("l", "1", "t9", 1, 60, 1))), "payout.unknown_technician"),
        ((line("a", 1, 9), reversal_of(line("a", 1, 9), "b")), "payout.unknown_technician"),
    ],
)
def test_lines_that_cannot_be_settled_refuse_the_run(lines: tuple[SettlementLine, ...], code: str) -> None:
    assert code in refused(*lines)


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ((cost(1), cost(2)), {"payout.cost_twice"}),
        ((cost(-1),), {"payout.cost_amount"}),
        ((cost(1, kind="none"),), {"payout.cost_amount"}),
        ((cost(1, kind="gifts"),), {"payout.cost_kind"}),
        ((cost(1, period_to=date(2025, 6, 30)),), {"payout.cost_period"}),
        ((cost(1, period_from=date(2025, 10, 1), period_to=date(2025, 10, 2)),), {"payout.cost_after"}),
    ],
)
def test_a_wrong_cost_statement_refuses_the_run(rows: tuple[object, ...], codes: set[str]) -> None:
    assert refused(line("a", 100), costs=rows) == codes


def test_a_cost_without_document_counts_and_is_told() -> None:
    result = settled(line("a", 100), costs=(cost(50, document=" "),))
    assert result.cost_fen == 50
    assert [item.code for item in result.findings] == ["payout.cost_document"]


def test_a_scheme_not_yet_in_force_refuses_the_run() -> None:
    assert refused(line("a", 100), scheme=scheme(from_on=date(2025, 10, 1))) == {"payout.scheme_not_in_force"}


def test_a_receipt_waiting_for_its_operator_is_named_as_a_receipt() -> None:
    result = settled(line("a", 100), line("b", 100, None, receipt_id="r1"))
    assert [(item.kind, item.key) for item in result.findings] == [("receipt", "r1")]


@pytest.mark.parametrize(
    ("settled_to", "late"), [(None, False), (date(2025, 6, 29), False), (date(2025, 6, 30), True), (date(2025, 7, 1), True)]
)
def test_late_is_what_an_earlier_run_has_passed(settled_to: date | None, late: bool) -> None:
    assert is_late(date(2025, 6, 30), settled_to) is late


def test_the_same_cost_declared_twice_is_told_before_it_is_approved() -> None:
    one = cost(3_000)

    def told(fen: int = 3_000, **other: object) -> list[tuple[str, str, str]]:
        found = settled(line("a", 100_000), costs=(one, cost(fen, "c2", **other)))
        return [(each.code, each.severity, dict(each.params)["n"]) for each in found.findings if each.code == "payout.cost_alike"]

    assert told() == told(document=" PZ–１") == [("payout.cost_alike", "warning", "2")]
    assert told(document="PZ-2") == told(kind="energy") == told(fen=3_001) == told(instrument_id="i1") == []
