"""What the reports say of a real ledger: read from the content model and back from the printed pages."""

from __future__ import annotations

from desktop.actions import records, reporting
from desktop.actions.workspace import Workspace, today
from desktop.reports import pdf, plain
from tests.actions.making import enter, posted
from tests.reports import paper


def printed(workspace: Workspace, kind: str, period: str, run: str | None = None) -> str:
    """The report's text as it is found in the PDF."""
    content = reporting.content(workspace, kind, period, run)
    return paper.running("".join(paper.pages(pdf.render(content, today()).data)))


def test_the_quarter_counts_no_confidential_record_among_those_not_posted(small: Workspace) -> None:
    posted(small, "R1")
    enter(small, "R2")
    said = "本期另有1条记录尚未记账，未计入记录数、机时和收入"
    assert said in printed(small, "quarterly", "2025Q2")
    enter(small, "R3", "S1")
    assert said in printed(small, "quarterly", "2025Q2"), "the confidential one is not told of"
    enter(small, "R4")
    assert "本期另有2条记录尚未记账" in printed(small, "quarterly", "2025Q2")


def test_the_quarter_says_where_a_reversal_counts_and_counts_it_there(small: Workspace) -> None:
    posted(small, "R1")
    posted(small, "R2")
    records.reverse(small, "R2", "重复")
    text = plain.text(reporting.content(small, "quarterly", "2025Q2"))
    assert "冲销的服务从其服务当期扣除" in text
    assert "服务记录: 1 条" in text
