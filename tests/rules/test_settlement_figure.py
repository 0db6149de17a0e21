"""Every figure of a run answers "why?": the tree adds up, cites the clause, and opens the rows behind each sum."""

from __future__ import annotations

from decimal import Decimal

from desktop import words
from desktop.ledger.allocation import Original
from desktop.rules import settlement_figure
from desktop.rules.figure import Figure
from tests.rules.payout_making import cost, line, reversal_of, scheme, settled, share

RICH = settled(
    line("a", 10_001, month="2025-07"),
    line("b", 20_000, 2),
    line("c", 3_000, 2, month="2025-05", late=True),
    line("d", 500, None),
    line("e", 700, external=False),
    line("f", 50, 3),
    reversal_of(line("f", 50, 3), "g"),
    reversal_of(line("o", 900), "h", Original("l9", "2025-001", "t1", 900, 60, 600, (("fund", "基金", 100),), 150)),
    scheme=scheme(
        (share("fund", "0.1", "gross", cap_fen=2_000), share("technicians", "0.9")),
        include_internal=False,
        evaluations=(("T002", Decimal("0.5")),),
    ),
    costs=(cost(1_000), cost(500, "c2", instrument_id="i1")),
)
TREE = settlement_figure.explain(RICH)


def find(code: str, tree: Figure = TREE) -> list[Figure]:
    return [one for one in tree.walk() if one.code == code]


def test_sums_of_the_tree_are_the_sums_of_the_run() -> None:
    for one in TREE.walk():
        if one.how == "sum" and one.inputs:
            assert one.value == sum(part.value for part in one.inputs)  # type: ignore[misc]  # sums are of fen
    net = find("payout.net")[0]
    assert net.value == net.inputs[0].value - net.inputs[1].value == RICH.net_fen  # type: ignore[operator]  # fen
    assert TREE.value == find("payout.pool")[0].value == RICH.pool_fen


def test_every_figure_has_words_in_both_languages() -> None:
    for one in TREE.walk():
        if not one.code.startswith("parameter."):
            assert words.known(one.code), one.code
            for language in ("zh", "en"):
                said = words.say_in(language, one.code, **dict(one.params))
                assert "{" not in said


def test_each_technician_opens_exactly_the_lines_behind_the_sum() -> None:
    opened = {dict(one.params)["staff_number"]: one.rows.keys for one in find("payout.technician") if one.rows}
    assert opened == {"T001": ("a", "h"), "T002": ("c", "b"), "T003": ("f", "g")}


def test_months_and_late_records_stand_apart() -> None:
    told = [(one.code, dict(one.params)["month"], one.value) for one in find("payout.income")[0].inputs if one.params]
    assert told == [
        ("payout.income_late", "2025-05", 3_000),
        ("payout.income_month", "2025-07", 10_001),
        ("payout.income_month", "2025-08", 20_000),
    ]


def test_what_takes_no_part_is_listed() -> None:
    assert [one.rows.keys for one in (*find("payout.waiting"), *find("payout.left_out")) if one.rows] == [("d",), ("e",)]


def test_the_legal_cap_is_cited_with_its_clause_and_certainty() -> None:
    cap = find("payout.law_cap")[0]
    cited = cap.inputs[1]
    assert cited.code == "parameter.payout.technician_share_cap"
    assert "第10条" in cited.clause
    assert cap.weakest == TREE.weakest == "D"
    assert find("payout.step")[1].value == cap.value


def test_a_university_cites_no_cap_and_says_what_was_left() -> None:
    result = settled(
        line("a", 1_000), fen=900, kind="university", scheme=scheme((share("technicians", "0.5", "gross"),), weigh="minutes",
                                                                    use_coefficient=False),
    )  # fmt: skip
    tree = settlement_figure.explain(result)
    assert find("payout.law_cap", tree) == []
    step = find("payout.step", tree)[0]
    assert (step.value, step.how, dict(step.params)["limited"]) == (100, "minimum", "rest")
    assert find("payout.weight_minutes", tree)[0].value == 60
    assert find("payout.coefficient", tree) == find("payout.evaluation", tree) == []


def test_the_remainder_is_a_line_of_its_own() -> None:
    remainder = find("payout.remainder")
    assert [one.value for one in remainder] == [one.remainder_fen for one in RICH.technicians if one.remainder_fen]
    assert len(remainder) == 1


def test_money_received_opens_receipts() -> None:
    result = settled(line("a", 1_000, receipt_id="r1"), scheme=scheme(basis="received"))
    rows = find("payout.technician", settlement_figure.explain(result))[0].rows
    assert rows is not None
    assert (rows.kind, rows.keys) == ("receipt", ("r1",))
