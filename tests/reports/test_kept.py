"""Counts that only a report makes stand in the trees it keeps: each number unlike any other, so that none can stand for another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop.reports import integrity, management, university
from desktop.reports.content import Content
from desktop.reports.management import ManagementFacts, PaperLine
from tests.actions.printed_numbers import missing, without
from tests.reports import clause_samples, integrity_samples, samples, university_samples
from tests.reports.samples import LETTERHEAD

ENTERED = ("学校代码", "单价（元）", "机时（小时）")


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


def self_checks() -> Content:
    return integrity.report(integrity_samples.SELF_CHECK, LETTERHEAD)


@pytest.mark.parametrize(
    ("said", "dropped", "told"),
    [
        (a_university, "SJ1 可写", ["SJ1 可写: 731", "SJ1 可写: 977"]),
        (a_university, "SJ3 可写", ["SJ3 可写: 2"]),
        (a_university, "没有注明是否涉密", ["没有注明是否涉密: 89", "没有注明是否涉密: 53"]),
        (a_university, "SJ2 增减变动", ["台（套）数: 12", "金额（万元）: 1,186.28"]),
        (self_checks, "核对的记录", ["核对的记录: 1204"]),
        (self_checks, "有发现的核对", ["有发现的核对: 7", "发现（条）: 2", "连续条数: 12"]),
        (self_checks, "同一台仪器一天的机时超过界限", ["当天合计（小时）: 24.02"]),
        (self_checks, "连续多条机时都是整小时", ["连续条数: 12"]),
        (self_checks, "收费与收费标准不符", ["已收（元）: 162.00", "应收（元）: 180.00", "相差（元）: -18.00"]),
        (self_checks, "机时多于传感器测得", ["传感器测得（小时）: 1.58"]),
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


ALL = {**clause_samples.REPORTS, **samples.REPORTS}
POSTED = ("逐笔依据", "金额（元）", "已到账（元）", "附件")
"""Amounts of single services, fixed when they were posted; what they come to is reckoned all the same."""


@pytest.mark.parametrize(
    ("kind", "dropped", "told"),
    [
        ("joining", ("仪器总数",), ["仪器总数: 6"]),
        ("transfers", ("在用仪器",), ["在用仪器: 47", "不能判断: 1", "不列为候选: 43", "仪器（台套）: 31", "仪器（台套）: 43"]),
        ("award", ("其中凭据齐全", "按仪器", "按使用单位", "用户评价", "逐笔依据"), ["其中凭据齐全: 128,000.00", "附件: 3", "已到账（元）: 128,000.00"]),
        ("award", ("缺合同或发票", "按仪器", "按使用单位", "用户评价"), ["缺合同或发票: 6,600.50", "金额（元）: 134,600.50"]),
        ("award", ("冲销金额",), ["冲销金额: -6,600.50"]),
        ("balance", ("仪器", "按仪器"), ["仪器: 4", "成本未知: 1", "机时（小时）: 1,709.00", "收入÷成本: 106.94", "收入减成本（元）: -0.01"]),
        ("balance", ("本期的申报成本",), ["与全年申报成本相比: 34,500.50", "归入本期的金额（元）: 34,500.50"]),
        ("pilot_award", ("申报基地", "ZS-1 先进材料中试基地"), ["服务交易额（元）: 128,000.00", "对外服务（笔）: 2"]),
        ("pilot_award", ("ZS-1 先进材料中试基地",), ["缺合同或发票: 6,600.50", "用户评价: 1", "附件: 3"]),
        ("pilot_performance", ("服务机时",), ["服务机时: 1.00"]),
        ("pilot_performance", ("上年", "按基地"), ["服务收入: 5,000.00", "上年对外收入（元）: 5,000.00"]),
        ("pilot_performance", ("ZS-1 先进材料中试基地",), ["对外收入（元）: 100,000.00", "对外收入（元）: 28,000.00"]),
    ],
)
def test_what_is_dropped_of_a_paper_is_told(kind: str, dropped: tuple[str, ...], told: list[str]) -> None:
    content = ALL[kind]()
    assert not set(told) & set(missing(content, POSTED))
    assert set(told) <= set(missing(content, POSTED, without(content.figures, dropped)))
