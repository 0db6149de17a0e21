"""The filing statement: every confidential set in service and nothing else, no more of it than is needed, and never anywhere but here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import instruments, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.reports import plain
from desktop.store import reach

DAY = date(2026, 1, 15)


def said(workspace: Workspace, *, names: bool = False, on: date = DAY) -> str:
    return plain.text(reporting._filing(workspace, on, names))


def test_only_confidential_sets_stand_in_it_and_their_names_only_when_asked_for(small: Workspace) -> None:
    text = said(small)
    assert "S1" in text
    assert "特种雷达" not in text
    assert "A1" not in text
    assert "待报备" in text
    assert "不得通过互联网" in text
    assert "特种雷达" in said(small, names=True)


def test_a_filing_counts_from_its_day(small: Workspace) -> None:
    instruments.change(small, replace(instruments.get(small, "S1"), filing_number="鲁密备〔2026〕1号", filed_on=DAY))
    assert "鲁密备〔2026〕1号" in said(small)
    assert "鲁密备〔2026〕1号" not in said(small, on=date(2026, 1, 14))


def test_a_retired_set_is_not_in_it(small: Workspace) -> None:
    instruments.change(small, replace(instruments.get(small, "S1"), retired_on=date(2025, 1, 1)))
    assert "没有在用的涉密仪器" in said(small)


def test_it_is_written_here_and_the_history_keeps_no_word_of_it(small: Workspace, tmp_path: Path) -> None:
    for suffix in reporting.FORMATS:
        made = reporting.make_filing(small, out=tmp_path / f"f{suffix}", with_names=True, printed_on=DAY)
        assert made.path.stat().st_size > 1000
    kept = reporting.printed(small)[:2]
    assert [(one.kind, one.period) for one in kept] == [("filing", "2026-01-15")] * 2
    assert "printed_report" not in {kind for remote in reach.REMOTES for kind in reach.kinds(remote)}
    with pytest.raises(Refused, match=r"report\.format"):
        reporting.make_filing(small, out=tmp_path / "f.docx")


def test_no_report_of_the_gallery_is_the_statement(small: Workspace) -> None:
    """It is asked for by itself: nobody prints it by going through the reports."""
    assert "filing" not in reporting.KINDS
    with pytest.raises(Refused, match=r"report\.kind"):
        reporting.content(small, "filing")
