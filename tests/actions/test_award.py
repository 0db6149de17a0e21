"""The provider award out of a real ledger: the amount is that of the annual statement, its parts add up, nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.actions import award, evaluations, parameter_sets, records, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger import money
from desktop.ledger.problem import Refused
from desktop.reports import plain
from desktop.reports.content import KeyValues
from tests.actions.making import INSIDE, posted

ON = date(2026, 3, 1)


def test_parts_make_the_amount_and_it_is_that_of_the_annual_statement(small: Workspace) -> None:
    posted(small, "R1", minutes=120)  # 360.00 outside
    posted(small, "R2", "A2", date(2025, 5, 7))  # 33.00 outside
    posted(small, "R3", day=date(2025, 5, 8), customer_name=INSIDE)
    posted(small, "R4", "S1", date(2025, 5, 9))
    records.receive(small, "R1", date(2025, 6, 1), 36000, "FP-1")
    found = award.year(small, 2025, ON)
    told = found.evidenced
    assert (told.n, told.fen, told.evidenced_fen, told.n_wanting, told.wanting_fen) == (2, 39300, 36000, 1, 3300)
    assert told.fen == told.evidenced_fen + told.wanting_fen + told.reversed_fen
    assert ({line.record_number for line in found.lines}, found.n_withheld) == ({"R1", "R2"}, 1)
    assert f"{money.text(told.fen)} 元" in plain.text(reporting.content(small, "transactions", "2025"))


def test_what_is_taken_back_counts_in_its_own_year(small: Workspace) -> None:
    posted(small, "R1", minutes=120)
    records.reverse(small, "R1", "登错")
    assert award.year(small, 2025, ON).evidenced.fen == 36000
    turned = [line for year in range(2025, 2028) for line in award.year(small, year, ON).lines if line.reversed_on]
    assert [line.amount_fen for line in turned] == [-36000]


def test_no_formula_no_estimate_until_a_document_gives_one(small: Workspace) -> None:
    posted(small, "R1", minutes=120)
    assert award.year(small, 2025, ON).estimate.value is None
    plan = parameter_sets.propose(small, "award.provider_rate", "10%", date(2026, 1, 1), "鲁科字〔2026〕8号")
    parameter_sets.commit(small, plan, "已公布")
    assert award.year(small, 2025, ON).estimate.value == 3600
    assert award.year(small, 2025, date(2025, 12, 31)).estimate.value is None, "by the rules of the day of applying"


def test_the_explanation_reaches_the_postings_and_wants_a_year(small: Workspace) -> None:
    posted(small, "R1", minutes=120)
    tree = award.explain(small, "2025")
    (behind,) = [part.rows for part in tree.walk() if part.rows is not None]
    assert len(behind.keys) == 1
    for wrong in ("2025Q1", "2025-07", "去年"):
        with pytest.raises(Refused, match=r"report\.period"):
            award.explain(small, wrong)


def test_the_pack_names_what_is_wanting_and_guesses_nothing(small: Workspace) -> None:
    posted(small, "R1", minutes=120)
    posted(small, "R2", "A2", date(2025, 5, 7))
    posted(small, "R4", "S1", date(2025, 5, 9))
    records.receive(small, "R1", date(2025, 6, 1), 36000, "FP-1")
    text = plain.text(reporting.content(small, "award", "2025", on=ON))
    said_of = ("未知（未公布计算公式）", "2,000,000.00 元", "393.00 元", "叁佰玖拾叁元整", "有 1 笔缺合同或发票", "FP-1", "另有涉密 1 项未列")
    for said in (*said_of, "D（仅见于征求意见稿）"):
        assert said in text, said
    assert "特种雷达" not in text
    plan = parameter_sets.propose(small, "award.provider_rate", "10%", date(2026, 1, 1), "鲁科字〔2026〕8号")
    parameter_sets.commit(small, plan, "已公布")
    told = plain.text(reporting.content(small, "award", "2025", on=ON))
    assert "39.30 元" in told
    assert "鲁科字〔2026〕8号" in told


def test_what_users_said_after_posting_is_in_the_pack(small: Workspace) -> None:
    """The clause rewards by what users say: a word that came later counts before the one the record was entered with."""
    posted(small, "R1", rating="不满意")
    posted(small, "R2", "A2", date(2025, 5, 7))
    posted(small, "R3", "A2", date(2025, 5, 8), rating="一般")
    evaluations.rate(small, "R1", "非常满意", date(2025, 6, 1))
    evaluations.rate(small, "R2", "基本满意", date(2025, 6, 1))
    assert {line.record_number: line.rating for line in award.year(small, 2025, ON).lines} == {"R1": "非常满意", "R2": "基本满意", "R3": "一般"}
    text = plain.text(reporting.content(small, "award", "2025", on=ON))
    assert "不满意" not in text
    assert "没有评价" not in text


def test_the_pack_is_of_last_year_and_of_a_whole_one(small: Workspace) -> None:
    assert reporting.content(small, "award", on=ON).period == reporting.content(small, "award", str(award.today().year - 1), on=ON).period
    with pytest.raises(Refused, match=r"report\.period_year"):
        reporting.content(small, "award", "2025Q1")


def test_parts_on_paper_come_to_the_amount(small: Workspace) -> None:
    """With evidence, without, taken back: a reader can add them up."""
    posted(small, "R1", day=award.today(), minutes=120)
    posted(small, "R2", "A2", award.today())
    records.reverse(small, "R1", "登错")
    (pairs, *_) = [block.pairs for block in reporting.content(small, "award", str(award.today().year)).blocks if isinstance(block, KeyValues)]
    told = dict(pairs)
    assert told["其中凭据齐全"] == "0 笔，0.00 元"
    assert told["缺合同或发票"] == "2 笔，393.00 元"
    assert told["冲销金额"] == "1 笔，-360.00 元"
    assert told["年度服务交易额"] == "33.00 元"
