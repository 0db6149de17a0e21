"""The trees behind a printed report: kept with its entry, found by the file, and what they say when the ledger has moved on since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.actions import explaining, parameter_sets, pilot, printed_figures, records, reporting, repricing, trainings
from desktop.actions.repricing import Asked
from desktop.actions.trainings import Given
from desktop.actions.workspace import Workspace
from desktop.ledger import money
from desktop.ledger import period as periods
from desktop.ledger.pilot import PilotBase
from desktop.ledger.problem import Problem, Refused
from desktop.ledger.training import Training
from desktop.reports import plain
from desktop.rules.figure import Figure
from tests.actions.making import posted, prepare, some_work

RECKONED = (
    "award", "transactions", "balance", "fees", "pilot_award", "pilot_performance", "trainings", "management", "performance", "transfers", "sensors",
    "joining", "benefit", "national_assets", "national_income", "quarterly", "integrity",
    "rectification", "cers", "national_audit",
)  # fmt: skip
"""Reports of a period whose figures come with their trees."""


@pytest.fixture
def worked(small: Workspace) -> Workspace:
    """A year with services of one base, a training, and a payout run."""
    some_work(small)
    pilot.add_base(small, PilotBase("", "ZS-1", "中试基地", started_on=date(2023, 3, 1)))
    pilot.serve(small, ["R1"], "ZS-1")
    trainings.enter(small, Training("", "PX-1", "放大", "process_design", "", "", date(2025, 5, 12), date(2025, 5, 16), Decimal(40), "签到表"))
    trainings.attend(small, "PX-1", [Given(staff_number="T001")])
    return small


def made(ledger: Workspace, folder: Path, kind: str, suffix: str = ".pdf") -> Path:
    return reporting.make(ledger, kind, period="2025", out=folder / f"{kind}{suffix}").path


def paper(ledger: Workspace, named: object) -> Figure:
    return explaining.explain(ledger, "paper", str(named))


def amounts(tree: Figure) -> Iterator[str]:
    return (money.text(one.value) for one in tree.walk() if one.unit == "fen" and isinstance(one.value, int) and one.value)


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx"])
def test_a_paper_is_explained_as_it_was_printed_whatever_came_since(worked: Workspace, tmp_path: Path, suffix: str) -> None:
    file = made(worked, tmp_path, "award", suffix)
    then = paper(worked, file)
    assert (then.value, dict(then.params)["title"]) == (reporting.printed(worked)[0].printed_on, reporting.content(worked, "award", "2025").title)
    assert "579.00" in set(amounts(then)), "180.00, 300.00 and 99.00 outside"
    records.reverse(worked, "R1", "登错")
    parameter_sets.add(worked, "award.provider_rate", "0.05", date(2025, 1, 1), "鲁科字〔2026〕8号", reason="新文件")
    now = explaining.explain(worked, "award", "2025")
    assert now.value is not None
    assert paper(worked, file) == then, "the paper still says what it said"
    assert now not in then.inputs
    assert paper(worked, file) == paper(worked, printed_figures.digest_of(file)) == paper(worked, printed_figures.digest_of(file)[:8].upper())


@pytest.mark.parametrize("kind", RECKONED)
def test_every_report_that_reckons_keeps_its_trees(worked: Workspace, tmp_path: Path, kind: str) -> None:
    tree = paper(worked, made(worked, tmp_path, kind))
    said = reporting.content(worked, kind, "2025")
    assert tree.inputs == said.figures
    assert all(explaining.as_lines(one) for one in tree.inputs)
    assert printed_figures.unpacked(printed_figures.packed(said)).inputs == said.figures


@pytest.mark.parametrize("kind", ["award", "transactions", "balance", "pilot_award", "pilot_performance"])
def test_what_a_report_comes_to_stands_in_its_trees(worked: Workspace, tmp_path: Path, kind: str) -> None:
    tree, text = paper(worked, made(worked, tmp_path, kind)), plain.text(reporting.content(worked, kind, "2025"))
    whole = {"award": "579.00", "transactions": "579.00", "balance": "639.00", "pilot_award": "180.00", "pilot_performance": "180.00"}[kind]
    assert whole in text
    assert whole in set(amounts(tree))


def test_a_payout_sheet_answers_with_the_tree_of_its_run(worked: Workspace, tmp_path: Path) -> None:
    run = prepare(worked)
    file = reporting.make(worked, "payout", run=run.number, out=tmp_path / "payout.pdf").path
    tree, *beside = paper(worked, file).inputs
    assert tree == explaining.explain(worked, "payout", run.number)
    whole, *sums = reporting.content(worked, "payout", run=run.number).figures
    assert (whole.code, whole.value, whole.inputs) == (printed_figures.OF_RUN, run.number, ()), "no second copy of a large tree"
    assert beside == sums
    assert all(one.code.startswith("report.") for kept in sums for one in kept.walk()), "and none beside it"


def test_a_repricing_and_what_went_to_a_printer_keep_theirs(worked: Workspace, tmp_path: Path) -> None:
    asked, year = Asked(change=Decimal("0.05")), periods.parse("2025")
    file = reporting.make_repricing(worked, year, asked, out=tmp_path / "r.pdf").path
    assert paper(worked, file).inputs[0] == repricing.over(worked, year, asked).figure
    drawn = reporting.draw(worked, "award", "2025")
    reporting.on_paper(worked, drawn)
    assert paper(worked, reporting.printed(worked)[0].digest).inputs == reporting.content(worked, "award", "2025").figures


def test_a_confidential_set_is_in_no_tree_of_a_paper_that_leaves_it_out(worked: Workspace, tmp_path: Path) -> None:
    posted(worked, "G1", "S1", minutes=60, operator_name="T001")
    for kind in ("award", "transactions", "balance", "fees", "joining", "benefit", "national_assets", "quarterly", "integrity"):
        told = "\n".join(explaining.as_lines(paper(worked, made(worked, tmp_path, kind))))
        assert "S1" not in told
        assert "G1" not in told


def test_what_was_not_printed_here_or_reckons_nothing_is_said(worked: Workspace, tmp_path: Path) -> None:
    file = made(worked, tmp_path, "award")
    file.write_bytes(file.read_bytes() + b" ")
    for named in (file, "0" * 64):
        with pytest.raises(Refused, match=r"report\.not_printed"):
            paper(worked, named)
    file = reporting.make_filing(worked, out=tmp_path / "filing.pdf").path
    with pytest.raises(Refused, match=r"report\.no_figures"):
        paper(worked, file)
    for named in (tmp_path / "nothing.pdf", "abc", ""):
        with pytest.raises(Problem, match=r"report\.cannot_read"):
            paper(worked, named)


def test_a_damaged_entry_is_no_tree() -> None:
    for text in ("", "nothing", "AAAA"):
        with pytest.raises(ValueError, match="no trees"):
            printed_figures.unpacked(text)


def test_a_universitys_sheet_keeps_the_changes_and_each_large_set(worked: Workspace, tmp_path: Path) -> None:
    file = reporting.make(worked, "university", period="2024-2025", out=tmp_path / "u.pdf").path
    changes, *more = paper(worked, file).inputs
    sets = [one for one in more if one.code != "report.line"]
    assert changes == explaining.explain(worked, "university", "2024-2025")
    assert [one.code for one in sets] == ["report.of_set"] * len(sets)
