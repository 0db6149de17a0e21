"""Two periods of payouts in a real ledger: which runs count, that every fen is explained, and what is refused."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from desktop.actions import (
    explaining,
    payout_comparison,
    payout_comparison_report,
    payout_comparison_words,
    payout_trees,
    payouts,
    records,
    reporting,
)
from desktop.actions.payout_comparison import Paid
from desktop.actions.payouts import Run
from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import PayoutRun
from desktop.reports import plain
from desktop.rules.payout_comparison import REASONS
from tests.actions import making
from tests.actions.explained import unexplained
from tests.actions.making import FINANCE, JULY, JUNE, MAY, PINS, refused

FIRST, SECOND = "2025-05", "2025-06"


@pytest.fixture
def two(small: Workspace) -> Workspace:
    """May: three people. June: one of them no more, one with twice the work, some costs."""
    for number, who, minutes in (("R1", "T001", 60), ("R2", "T002", 95), ("R5", "T003", 95)):
        making.posted(small, number, operator_name=who, minutes=minutes)
    making.settled(small)
    for number, who, minutes in (("R3", "T001", 120), ("R4", "T002", 60)):
        making.posted(small, number, day=JUNE, operator_name=who, minutes=minutes)
    making.settled(small, JUNE, cost=1_000)
    return small


def amounts(paid: Paid) -> dict[str, tuple[int | None, int | None]]:
    return {one.staff_number: (one.before_fen, one.after_fen) for one in paid.found.people}


def codes(paid: Paid) -> list[str]:
    return [one.code.partition(".")[2] for one in paid.findings]


def run_on(workspace: Workspace, day: date) -> Run:
    """The newest run that settles up to a day, whole."""
    return payouts.show(workspace, next(one.number for one in payouts.every(workspace) if one.to_on == day))


def test_both_amounts_are_those_of_the_runs_and_the_reasons_make_the_difference(two: Workspace) -> None:
    before = making.everything(two)
    paid = payout_comparison.compare(two, FIRST, SECOND)
    may, june = (making.paid(run_on(two, day)) for day in (MAY, JUNE))
    assert amounts(paid) == {number: (may.get(number), june.get(number)) for number in ("T001", "T002", "T003")}
    assert [one.standing for one in paid.found.people] == ["both", "both", "gone"]
    for one in (*paid.found.people, *paid.found.departments, paid.found.whole):
        assert sum(reason.fen for reason in one.reasons) == one.more_fen
    assert paid.found.weighed
    assert paid.findings == ()
    assert making.everything(two) == before, "a comparison writes nothing"


def test_the_rows_of_the_scheme_are_compared_with_income_and_costs(two: Workspace) -> None:
    paid = payout_comparison.compare(two, FIRST, SECOND)
    told = {payout_comparison_words.source(one): (one.before_fen, one.after_fen) for one in paid.found.sources}
    may, june = run_on(two, MAY), run_on(two, JUNE)
    assert told["服务收入"] == (may.income_fen, june.income_fen)
    assert told["申报成本"] == (0, 1_000)
    assert told["技术人员"] == (may.pool_fen, june.pool_fen)
    others = {"服务收入", "申报成本"}
    for side, run in ((0, may), (1, june)):
        given = sum(pair[side] or 0 for name, pair in told.items() if name not in others)
        assert given == run.income_fen - run.cost_fen, "everything that came in went somewhere"


def test_why_is_answered_for_all_and_for_one(two: Workspace) -> None:
    for key in ("2025-05:2025-06", "2025-05:2025-06:T001", "2025-06:2025-05:T003"):
        tree = explaining.explain(two, "payout", key)
        assert list(unexplained(two, tree)) == []
        assert tree.value == sum(int(str(one.value)) for one in next(one for one in tree.inputs if one.code.endswith(".reasons")).inputs)
    rows = [one.rows for one in explaining.explain(two, "payout", "2025-05:2025-06").walk() if one.rows]
    assert {row["number"] for each in rows for row in explaining.rows(two, each)} == {"FP2025-001", "FP2025-002"}


def test_turned_round_every_reason_has_the_other_sign(two: Workspace) -> None:
    there, back = payout_comparison.compare(two, FIRST, SECOND), payout_comparison.compare(two, SECOND, FIRST)
    for one, other in zip(there.found.people, back.found.people, strict=True):
        assert [one.because(code) for code in REASONS] == [-other.because(code) for code in REASONS]


def test_what_is_only_prepared_is_told_and_not_counted(two: Workspace) -> None:
    making.posted(two, "R6", day=JULY)
    run = making.prepare(two, JULY)
    assert refused(payout_comparison.compare, two, SECOND, "2025-07") == ["payout_comparison.no_run"]
    making.approve(two, run)
    assert codes(payout_comparison.compare(two, SECOND, "2025-07")) == []
    making.posted(two, "R7", day=JULY)
    second = making.prepare(two, JULY)
    assert codes(payout_comparison.compare(two, SECOND, "2025-07")) == ["waiting"]
    payouts.withdraw(two, second.number, FINANCE, PINS[FINANCE])
    assert codes(payout_comparison.compare(two, SECOND, "2025-07")) == []


def redone(workspace: Workspace) -> Run:
    """The run of May reversed and made again with costs."""
    making.reversed_run(workspace, "FP2025-001")
    return making.settled(workspace, cost=5_000)


def wrong(workspace: Workspace) -> list[str]:
    """What is wrong with the May of a ledger whose run was made again."""
    again = redone(workspace)
    paid = payout_comparison.compare(workspace, FIRST, SECOND)
    found = {number: pair[0] for number, pair in amounts(paid).items()}
    return [] if found == making.paid(again) and codes(paid) == ["undone"] and paid.found.before.runs == (again.number,) else [str(found)]


def test_a_reversed_run_counts_no_more_and_the_one_made_again_does(two: Workspace) -> None:
    assert wrong(two) == []


def test_counting_a_reversed_run_is_noticed(two: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(known: list[PayoutRun], span: object, dated: str) -> list[PayoutRun]:
        return [run for run in known if run.to_on in span and run.reverses is None]  # type: ignore[operator]

    monkeypatch.setattr(payout_comparison, "_counting", all_of_them)
    assert wrong(two)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(payouts, "now", lambda: moment)


@pytest.mark.parametrize(
    ("moment", "month"),
    [(datetime(2025, 6, 30, 15, 59), "2025-06"), (datetime(2025, 6, 30, 16, 0), "2025-07")],
    ids=["last minute of June in Shanghai", "first of July in Shanghai"],
)
def test_by_approval_the_day_is_that_of_shanghai(small: Workspace, monkeypatch: pytest.MonkeyPatch, moment: datetime, month: str) -> None:
    at(monkeypatch, datetime(2025, 5, 31, 8))
    making.posted(small, "R1")
    making.settled(small)
    at(monkeypatch, moment)
    making.posted(small, "R2", day=JUNE)
    making.settled(small, JUNE)
    other = "2025-07" if month == "2025-06" else "2025-06"
    assert payout_comparison.compare(small, FIRST, month, "approved").found.after.runs == ("FP2025-002",)
    assert refused(payout_comparison.compare, small, FIRST, other, "approved") == ["payout_comparison.no_run"]


def test_by_approval_a_reversal_takes_back_in_the_period_of_its_own(two: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Approved today are May, June and, a year later, the reversal of May."""
    may, june = making.paid(run_on(two, MAY)), making.paid(run_on(two, JUNE))
    monkeypatch.setenv("YIXIANG_TODAY", "2027-01-04")
    making.reversed_run(two, "FP2025-001")
    paid = payout_comparison.compare(two, "2026", "2027", "approved")
    assert amounts(paid) == {number: (may[number] + june.get(number, 0), -may[number]) for number in may}
    assert [one.because("reversed") for one in paid.found.people] == [-fen for fen in may.values()]
    assert list(unexplained(two, payout_comparison.figure(paid))) == []
    assert refused(payout_comparison.compare, two, FIRST, SECOND) == ["payout_comparison.no_run"], "nothing is left of May"


def test_a_service_reversed_since_is_told_as_taken_back(two: Workspace) -> None:
    records.reverse(two, "R2", "重复登记")
    making.posted(two, "R8", day=JULY)
    making.settled(two, JULY)
    paid = payout_comparison.compare(two, SECOND, "2025-07")
    one = next(one for one in paid.found.people if one.staff_number == "T002")
    back = making.paid(run_on(two, JULY))["T002"]
    assert one.after_fen == back < 0
    assert one.because("taken_back") == back
    assert one.after is not None
    assert one.after.minutes == -95
    assert list(unexplained(two, payout_comparison.figure(paid, "T002"))) == []


def test_where_the_calculation_is_elsewhere_pool_and_share_are_told_apart(two: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = payout_comparison.compare(two, FIRST, SECOND)
    tree = payout_trees.tree

    def away(connection: object, run: PayoutRun) -> object:
        found = tree(connection, run)  # type: ignore[arg-type]
        return found if run.to_on == JUNE else type(found)("payout.run", 0, "fen")

    monkeypatch.setattr(payout_trees, "tree", away)
    paid = payout_comparison.compare(two, FIRST, SECOND)
    assert codes(paid) == ["unweighed"]
    assert amounts(paid) == amounts(whole)
    assert {reason.code for one in paid.found.people for reason in one.reasons} <= {"pool", "share", "presence", "remainder", "rest"}
    assert all(one.before is None or one.before.base is None for one in paid.found.people), "unknown, not zero"
    assert list(unexplained(two, payout_comparison.figure(paid))) == []


def test_another_scheme_of_the_second_period_is_told(two: Workspace) -> None:
    payouts.add_scheme(two, making.scheme("机时方案", weigh="minutes"))
    making.posted(two, "R8", day=JULY)
    making.settled(two, JULY, "机时方案")
    paid = payout_comparison.compare(two, SECOND, "2025-07")
    assert codes(paid) == ["schemes", "unweighed"]
    assert {one.scheme for one in paid.found.sources} == {"记账", "机时方案"}


def test_what_cannot_be_compared_is_refused(two: Workspace) -> None:
    assert refused(payout_comparison.compare, two, "2025", "2025-07") == ["payout_comparison.overlap"]
    assert refused(payout_comparison.compare, two, "2025-05", "2025-05") == ["payout_comparison.overlap"]
    assert refused(payout_comparison.compare, two, "2025-13", "2025-05") == ["report.period"]
    assert refused(payout_comparison.compare, two, "上月", "2025-05") == ["report.period"]
    assert refused(payout_comparison.compare, two, "2024", "2025") == ["payout_comparison.no_run"]
    assert refused(payout_comparison.compare, two, FIRST, SECOND, "paid") == ["payout_comparison.dated"]
    assert refused(explaining.explain, two, "payout", "2025-05:2025-06:T999") == ["payout_comparison.stranger"]
    assert refused(explaining.explain, two, "payout", "2025-05:") == ["report.period"]


def test_the_paper_says_the_same_and_is_remembered(two: Workspace, tmp_path: Path) -> None:
    drawn = reporting.draw_comparison(two, FIRST, SECOND)
    assert drawn.data == reporting.draw_comparison(two, FIRST, SECOND).data
    assert (drawn.kind, drawn.period) == ("payout_comparison", "2025-05:2025-06")
    for suffix in reporting.FORMATS:
        made = reporting.make_comparison(two, FIRST, SECOND, out=tmp_path / f"a{suffix}")
        entry = reporting.of_file(two, made.path)[1]
        assert entry is not None
        assert entry.period == "2025-05:2025-06"
    assert refused(reporting.make_comparison, two, FIRST, SECOND, out=tmp_path / "a.doc") == ["report.format"]
    paid = payout_comparison.compare(two, FIRST, SECOND)
    head = reporting._letterhead(two, "payout_comparison", date(2026, 1, 5))
    said = plain.text(payout_comparison_report.content(paid, head))
    assert "两期都有 2 人，新增 0 人，退出 1 人" in said
    assert "337.50 元 → 238.00 元，相差 -99.50 元" in said


def reckoned(workspace: Workspace) -> dict[str, dict[str, int]]:
    """The reasons of May against June once more, from the rows alone: parts of the pools by amount × role, replaced in both orders."""
    sql = (
        "SELECT substr(r.to_on, 1, 7) AS month, t.staff_number, sum(l.amount_fen), t.coefficient, s.fen FROM payout_run r "
        "JOIN payout_line l ON l.run_id = r.id JOIN technician t ON t.id = l.technician_id "
        "JOIN payout_share s ON s.run_id = r.id AND s.technician_id = t.id GROUP BY r.id, t.id"
    )
    weights: dict[str, dict[str, Fraction]] = {FIRST: {}, SECOND: {}}
    paid: dict[str, dict[str, int]] = {FIRST: {}, SECOND: {}}
    with workspace.read() as connection:
        for month, number, amount, role, fen in connection.exec_driver_sql(sql):
            weights[month][number], paid[month][number] = amount * Fraction(role), int(fen)
    divided = {}
    for month, of_month in weights.items():
        total, pool = sum(of_month.values()), sum(paid[month].values())
        divided[month] = sum(int(pool * weight / total) for weight in of_month.values())
    told = {}
    for number in weights[FIRST].keys() & weights[SECOND].keys():
        (w, o), (v, p) = ((own[number], sum(own.values()) - own[number]) for own in (weights[FIRST], weights[SECOND]))
        level = Fraction(divided[FIRST] + divided[SECOND], 2)
        parts = {
            "pool": (divided[SECOND] - divided[FIRST]) * (w / (w + o) + v / (v + p)) / 2,
            "base": level * (v / (v + o) - w / (w + o) + v / (v + p) - w / (w + p)) / 2,
            "others": level * (w / (w + p) - w / (w + o) + v / (v + p) - v / (v + o)) / 2,
        }
        told[number] = {code: int(abs(part) + Fraction(1, 2)) * (1 if part > 0 else -1) for code, part in parts.items()}
        told[number]["all"] = paid[SECOND][number] - paid[FIRST][number]
    return told


def test_the_reasons_reckoned_from_the_rows_alone_are_the_same(small: Workspace) -> None:
    payouts.add_scheme(small, making.scheme("按角色", use_coefficient=True))
    for day, work in ((MAY, {"T001": 60, "T002": 95, "T003": 30}), (JUNE, {"T001": 115, "T002": 35, "T003": 200})):
        for n, (who, minutes) in enumerate(work.items()):
            making.posted(small, f"R{day.month}{n}", day=day, operator_name=who, minutes=minutes)
        making.settled(small, day, "按角色")
    paid = payout_comparison.compare(small, FIRST, SECOND)
    again = reckoned(small)
    assert {one.staff_number for one in paid.found.people} == again.keys()
    for one in paid.found.people:
        told = {code: one.because(code) for code in ("pool", "base", "others")} | {"all": one.more_fen}
        assert told == again[one.staff_number]
        assert one.because("coefficient") == 0, "the role did not change"
