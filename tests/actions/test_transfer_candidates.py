"""Candidates for transfer out of a real ledger: who is offered and why, what is said on paper, what stays unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop.actions import explaining, instruments, parameter_sets, records, reporting, transfer_candidates
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import parse
from desktop.ledger.problem import Refused
from desktop.reports import plain
from tests.actions.making import INSIDE, posted

LAST = date(2025, 12, 31)


def general(workspace: Workspace, *numbers: str) -> None:
    for number in numbers:
        instruments.change(workspace, replace(instruments.get(workspace, number), category="通用"))


def verdicts(workspace: Workspace, on: date = LAST) -> dict[str, tuple[str, tuple[str, ...]]]:
    found = transfer_candidates.year(workspace, parse("2025"), on)
    return {one.use.asset_number: (one.assessment.verdict, one.assessment.reasons) for one in found.judged}


def test_use_and_sharing_come_from_posted_records_only(small: Workspace) -> None:
    general(small, "A1", "A2")
    posted(small, "R1", minutes=600)
    posted(small, "R2", day=date(2025, 5, 7), minutes=600, customer_name=INSIDE)
    found = {one.use.asset_number: one for one in transfer_candidates.year(small, parse("2025"), LAST).judged}
    one = found["A1"].assessment
    assert one.verdict == "candidate"
    assert (one.named("little_used").met, one.named("badly_shared").met) == (True, False)
    assert (found["A2"].assessment.verdict, found["A2"].assessment.cautions) == ("candidate", ("no_records",))
    records.reverse(small, "R1", "登错")
    assert verdicts(small)["A1"][1][-2:] == ("little_used", "badly_shared"), "what is taken back is no service to others"


def test_a_set_without_a_category_and_a_year_that_runs_are_not_judged(small: Workspace) -> None:
    general(small, "A1")
    assert verdicts(small)["A2"] == ("unknown", ("general",))
    assert verdicts(small, date(2025, 7, 1))["A1"] == ("unknown", ("over",))


def test_confidential_sets_are_counted_and_never_named(small: Workspace) -> None:
    general(small, "A1")
    instruments.change(small, replace(instruments.get(small, "S1"), category="通用"))
    found = transfer_candidates.year(small, parse("2025"), LAST)
    assert (set(verdicts(small)), found.n_withheld) == ({"A1", "A2"}, 1)
    text = plain.text(reporting.content(small, "transfers", "2025"))
    assert "特种雷达" not in text
    assert "另有涉密 1 项未列" in text


def test_the_list_gives_reasons_cautions_and_limits(small: Workspace) -> None:
    general(small, "A1")
    instruments.add(small, Instrument("", "A3", "离心机", 100, True, False, date(2020, 1, 1), category="专用"))
    text = plain.text(reporting.content(small, "transfers", "2025"))
    for said in ("使用率低；开放共享差", "先核实是没有使用还是没有登记", "30.00%", "C（未见出处，为本台账口径）", "D（仅见于征求意见稿）", "第16条"):
        assert said in text, said
    assert "离心机" not in text, "what is kept is counted, not listed"
    early = plain.text(reporting.content(small, "transfers", "2023"))
    assert "本期末没有生效的界限" in early


def test_a_candidate_that_is_gone_since_says_so(small: Workspace) -> None:
    """By the end of the year it was in service and a candidate; whoever reads the list today is not sent to move what was given away."""
    general(small, "A1", "A2")
    instruments.change(small, replace(instruments.get(small, "A2"), retired_on=date(2026, 3, 1)))
    text = plain.text(reporting.content(small, "transfers", "2025"))
    assert verdicts(small)["A2"][0] == "candidate"
    assert text.count("2026-03-01 起退役") == 1
    assert [line.now for line in transfer_candidates.offered(small).lines] == ["", "2026-03-01 起退役"]


def test_a_candidate_that_leaves_on_a_day_to_come_is_not_said_to_be_gone(small: Workspace) -> None:
    general(small, "A1")
    instruments.change(small, replace(instruments.get(small, "A1"), retired_on=date(2999, 1, 1)))
    (line,) = transfer_candidates.offered(small).lines
    assert (line.now, "已退役" in plain.text(reporting.content(small, "transfers", "2025"))) == ("2999-01-01 起退役", False)


def test_a_limit_by_document_number_moves_the_list(small: Workspace) -> None:
    general(small, "A1")
    posted(small, "R1", minutes=1200)
    assert verdicts(small)["A1"][0] == "candidate"
    plan = parameter_sets.propose(small, "transfer.low_utilisation", "1%", date(2025, 1, 1), "校设〔2025〕9号")
    parameter_sets.commit(small, plan, "本校规定")
    assert verdicts(small)["A1"][0] == "kept"
    assert "校设〔2025〕9号" in plain.text(reporting.content(small, "transfers", "2025"))


def test_the_explanation_goes_down_to_the_postings(small: Workspace) -> None:
    general(small, "A1")
    posted(small, "R1", minutes=120)
    tree = explaining.explain(small, "transfer", "A1", period="2025")
    said = explaining.as_lines(tree)
    assert "调配候选" in said[0]
    assert not [line for line in said if "transfer." in line or "parameter." in line or "performance." in line]
    (behind, *_) = [part.rows for part in tree.walk() if part.rows is not None]
    assert [row["record_number"] for row in explaining.rows(small, behind)] == ["R1"]
    with pytest.raises(Refused, match=r"performance\.not_in_service"):
        explaining.explain(small, "transfer", "A9", period="2025")


def test_last_year_is_meant_when_none_is_said(small: Workspace) -> None:
    asked = transfer_candidates.span(small, None)
    assert reporting.content(small, "transfers").period == reporting.content(small, "transfers", asked.name).period
    with pytest.raises(Refused, match=r"report\.period_year"):
        reporting.content(small, "transfers", "2025Q1")


_AGAIN = """
SELECT i.asset_number, i.category, coalesce(i.accepted_on, i.booked_on), i.retired_on,
       coalesce(sum(p.minutes), 0), coalesce(sum(CASE WHEN p.external THEN p.minutes END), 0)
FROM instrument i LEFT JOIN posting p ON p.instrument_id = i.id AND p.ended_on BETWEEN '2025-01-01' AND '2025-12-31'
WHERE coalesce(i.confidential, 0) = 0 GROUP BY i.id
"""


def test_counted_again_in_another_way_the_verdicts_agree(practice: Workspace) -> None:
    """Plain SQL and whole numbers, limits written out: 30 % of 1 600 hours, 10 %, 365 days, all by the end of 2025."""
    records.post(practice, to=LAST)
    with practice.read() as connection:
        rows = connection.exec_driver_sql(_AGAIN).fetchall()
    again = {}
    for number, category, since, retired, minutes, external in rows:
        general = category.startswith("通用")
        little, bad = minutes < 28_800, external * 10 < minutes or minutes == 0
        long_enough = since is not None and since <= "2025-01-01"
        no = (category and not general) or (since and not long_enough) or (retired and retired <= "2025-12-31") or not (little or bad)
        again[number] = "kept" if no else "candidate" if category and since else "unknown"
    told = {number: verdict for number, (verdict, _) in verdicts(practice).items()}
    assert {number: again[number] for number in told} == told
    assert len(set(told.values())) > 1
