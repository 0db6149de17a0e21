"""What the ledger keeps of a run, when a run can be reversed, and the payroll file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from desktop.ledger.allocation import CostRow, Original, PayoutCost, PayoutLine, PayoutRun, PayoutShare, WrittenScheme
from desktop.rules import payout_facts
from desktop.rules.payroll import payroll
from desktop.rules.settlement import Settlement
from desktop.store import schema_money
from desktop.store.rows import Codec
from tests.rules.payout_making import keys, line, reversal_of, settled, technician

NOW = datetime(2025, 10, 8, 2, tzinfo=UTC)
PEOPLE = {f"t{n}": technician(n) for n in range(1, 5)}


def facts(settlement: Settlement) -> payout_facts.PayoutFacts:
    return payout_facts.prepared(settlement, key="run1", number="2025-001", figure="{}", by="p1", at=NOW, new_key=keys())


def approved(settlement: Settlement) -> payout_facts.PayoutFacts:
    there = facts(settlement)
    return replace(there, run=replace(there.run, state="approved", approved_by="p2", approved_at=NOW))


TWO = settled(
    line("a", 10_000, late=True),
    line("b", 5_001, 2),
    reversal_of(line("o", 9_000, 2), "c", Original("old", "2024-004", "t2", 9_000, 60, 7_200)),
    line("z", 0, 3),
)


def test_shares_name_the_remainder_and_what_the_unit_keeps() -> None:
    stored = facts(TWO)
    assert [(one.receiver, one.technician_id, one.remainder) for one in stored.shares] == [
        ("technicians", "t1", True),
        ("technicians", "t2", False),
        ("technicians", "t3", False),
        ("institution", None, False),
        ("kept", None, False),
    ]
    assert [one.position for one in stored.shares] == [1, 2, 3, 4, 5]
    assert stored.run.income_fen - stored.run.cost_fen == sum(one.fen for one in stored.shares)


def test_a_line_taken_back_names_the_payout_line_it_takes_back() -> None:
    assert {one.posting_id: one.reverses for one in facts(TWO).lines} == {"a": None, "b": None, "c": "old", "z": None}


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        (WrittenScheme, schema_money.scheme),
        (CostRow, schema_money.cost_row),
        (PayoutRun, schema_money.payout_run),
        (PayoutShare, schema_money.payout_share),
        (PayoutLine, schema_money.payout_line),
        (PayoutCost, schema_money.payout_cost),
    ],
)
def test_facts_have_the_columns_of_their_tables(kind: type, table: object) -> None:
    assert Codec(kind, table).names  # type: ignore[arg-type,var-annotated]  # a codec refuses a fact that differs from its table


def test_an_approved_run_can_be_reversed_once_and_not_twice() -> None:
    there = approved(TWO)
    assert payout_facts.irreversible(there, there.lines) == ()
    back = payout_facts.reversal(there, key="run2", number="2025-002", by="p1", at=NOW, reason="错", new_key=keys("z"))
    assert back.run.state == "prepared"
    assert back.run.approved_by is None
    assert [one.code for one in payout_facts.irreversible(back, ())] == ["payout.reverse_reversal", "payout.reverse_state"]


def test_a_run_not_approved_is_withdrawn_not_reversed() -> None:
    assert [one.code for one in payout_facts.irreversible(facts(TWO), ())] == ["payout.reverse_state"]


def test_a_run_whose_line_was_taken_back_later_is_not_reversed_first() -> None:
    there = approved(TWO)
    later = PayoutLine("n", "run9", "q", None, "t1", -10_000, -60, -8_000, "2025-08", False, there.lines[0].id)
    assert [one.code for one in payout_facts.irreversible(there, [later])] == ["payout.reverse_later"]
    assert [one.code for one in payout_facts.taken_back(facts(TWO), [later])] == ["payout.reverse_later"]
    unrelated = replace(later, reverses="elsewhere")
    assert payout_facts.irreversible(there, [unrelated]) == ()


def test_payroll_lists_everyone_with_money_and_says_why() -> None:
    stored = facts(TWO)
    rows = payroll(stored, PEOPLE)
    assert [(row.staff_number, row.department, row.run_number) for row in rows] == [
        ("T001", "分析测试中心", "2025-001"), ("T002", "分析测试中心", "2025-001"),
    ]  # fmt: skip
    assert sum(row.gross_fen for row in rows) == stored.run.pool_fen
    assert [[note.code for note in row.notes] for row in rows] == [
        ["payout.note_late", "payout.note_remainder"],
        ["payout.note_back", "payout.note_deduction"],
    ]
    assert dict(rows[1].notes[0].params) == {"yuan": "72.00"}


def test_payroll_of_a_reversal_deducts_what_was_paid() -> None:
    there = approved(settled(line("a", 10_000)))
    back = payout_facts.reversal(there, key="run2", number="2025-002", by="p1", at=NOW, reason="错", new_key=keys("z"))
    (row,) = payroll(back, PEOPLE)
    assert row.gross_fen == -8_000
    assert [note.code for note in row.notes] == ["payout.note_reversal", "payout.note_deduction"]


def test_payroll_refuses_an_unknown_person() -> None:
    with pytest.raises(KeyError):
        payroll(facts(TWO), {})


def test_only_asked_lines_are_answered() -> None:
    known = payout_facts.originals(facts(TWO), ["b", "unknown"])
    assert known.keys() == {"b"}
    assert known["b"].run_number == "2025-001"
    assert date.fromisoformat("2025-09-30") == facts(TWO).run.to_on
