"""Counts that only a report makes stand in the trees it keeps: each number unlike any other, so that none can stand for another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop.reports import management, university
from desktop.reports.content import Content
from desktop.reports.management import ManagementFacts, PaperLine
from tests.actions.printed_numbers import missing, without
from tests.reports import university_samples
from tests.reports.samples import LETTERHEAD

ENTERED = ("学校代码", "单价（元）")


def a_university() -> Content:
    facts = university_samples.facts()
    (worst, *others) = facts.faults
    worst = replace(worst, asset_numbers=tuple(f"S{n}" for n in range(419)))
    return university.report(replace(facts, n_sets=977, n_sj1=731, n_unstated=89, n_unstated_valuable=53, faults=(worst, *others)), LETTERHEAD)


def some_papers() -> Content:
    papers = tuple(PaperLine("sharing", "in_force", f"校发{n}号", "办法", from_on=date(2024, 9, 1), n_files=61) for n in range(7))
    agreements = tuple(PaperLine("ip_agreement", "in_force", f"ZSCQ-{n}", "约定", f"公司{n}", from_on=date(2024, 9, 1), n_files=83) for n in range(23))
    others = (PaperLine("other", "over", "校发99号", "旧办法", from_on=date(2020, 9, 1), n_files=71),)
    return management.report(ManagementFacts(date(2025, 12, 31), papers, others, agreements, "C"), LETTERHEAD)


@pytest.mark.parametrize(
    ("said", "dropped", "told"),
    [
        (a_university, "SJ1 可写", ["SJ1 可写: 731", "SJ1 可写: 977"]),
        (a_university, "SJ3 可写", ["SJ3 可写: 2"]),
        (a_university, "没有注明是否涉密", ["没有注明是否涉密: 89", "没有注明是否涉密: 53"]),
        (a_university, "SJ2 增减变动", ["台（套）数: 12", "金额（万元）: 1,186.28"]),
        (some_papers, "应有的管理制度", ["应有的管理制度: 7", "附件: 61"]),
        (some_papers, "其他管理制度", ["附件: 71"]),
        (some_papers, "与使用单位的知识产权约定", ["知识产权约定: 23", "附件: 83"]),
    ],
)
def test_what_a_paper_counts_stands_in_its_trees_and_is_told_when_it_does_not(said: object, dropped: str, told: list[str]) -> None:
    assert callable(said)
    content = said()
    assert missing(content, ENTERED) == []
    lost = missing(content, ENTERED, without(content.figures, (dropped,)))
    assert set(told) <= set(lost)


def test_a_kind_of_fault_keeps_all_the_sets_it_is_told_of() -> None:
    content = a_university()
    (kept,) = [one for one in content.figures if one.value == 419]
    assert "S418" in kept.note
    assert "台（套）数: 419" in missing(content, ENTERED, without(content.figures, (dict(kept.params)["said"],)))
