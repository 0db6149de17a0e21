"""Results of the national platform from tables: taken row by row, once, corrected, taken out and brought back; what they do to a purchase."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import explaining, history, import_purchase_results, importing, purchase_national, purchase_report, purchases
from desktop.actions.workspace import Workspace
from desktop.reports import plain
from tests.actions.making import APPROVER, AUDITOR, LAB, PINS, everything, refused, sound
from tests.actions.test_purchase_report import HEAD
from tests.actions.test_purchases import propose, review

_FILE = tomllib.loads((Path(__file__).parents[1] / "cases" / "purchase_results.toml").read_text("utf-8"))
HEAD_LINE, CASES = _FILE["head"], _FILE["case"]
THERE = "SG-1,退回修改,2026-03-10,查重〔2026〕1号,请补充指标,某校 扫描电镜"
KNOWN = "SG-1 查重〔2026〕1号 revise 2026-03-10"
CENTRAL = {"price_fen": 200000000, "provincial_fen": 60000000, "central_fen": 30000000}


@pytest.fixture
def asked(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """SG-1 and SG-2 proposed on 2026-03-01 with the central budget's money, SG-3 withdrawn; one paper on SG-1; it is 2026-06-01."""
    for number in ("SG-1", "SG-2", "SG-3"):
        propose(small, number=number, **CENTRAL)
    purchases.withdraw(small, "SG-3", "不买了", LAB, PINS[LAB])
    monkeypatch.setenv("YIXIANG_TODAY", "2026-06-01")
    taken(small, tmp_path, [THERE])
    return small


def taken(ledger: Workspace, folder: Path, rows: list[str], head: str = HEAD_LINE) -> importing.Outcome:
    file = folder / "results.csv"
    file.write_text("\n".join((head, *rows)) + "\n", "utf-8")
    return importing.import_file(ledger, "purchase_results", file)


def there(ledger: Workspace) -> list[str]:
    found = [(one.number, each) for one in purchases.every(ledger) for each in purchases.view(ledger, one.number).national]
    return sorted(f"{number} {each.document} {each.outcome} {each.decided_on}" for number, each in found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(asked: Workspace, tmp_path: Path, case: dict[str, Any]) -> None:
    done = taken(asked, tmp_path, case["rows"], case.get("head", HEAD_LINE))
    assert there(asked) == sorted([case.get("known", KNOWN), *case.get("keeps", [])])
    told = [f"{one.cell.row if one.cell else 0} {one.code}" for one in done.findings if one.severity == "error"]
    assert told == case.get("findings", [])
    assert (done.rejected, done.unchanged) == (len(case.get("findings", [])), case.get("unchanged", 0))
    assert done.accepted == len(case["rows"]) - done.rejected - done.unchanged
    assert sound(asked)


def test_a_table_is_taken_once_and_taken_back_whole(asked: Workspace, tmp_path: Path) -> None:
    rows = ["SG-1,同意,2026-03-20,2026-2,同意,", "SG-2,不同意,2026-03-20,2026-3,,某校 电镜"]
    assert taken(asked, tmp_path, rows).accepted == 2
    (one,) = purchases.view(asked, "SG-2").national
    assert (one.similar, one.noted_on, one.noted_by) == ("某校 电镜", date(2026, 6, 1), asked.who)
    again = taken(asked, tmp_path, rows)
    assert (again.accepted, again.unchanged, again.operation) == (0, 2, 0)
    history.undo_last(asked)
    assert there(asked) == [KNOWN]


def test_an_empty_cell_takes_nothing_away_and_a_correction_keeps_the_rest(asked: Workspace, tmp_path: Path) -> None:
    assert taken(asked, tmp_path, ["SG-1,不同意,2026-03-10,查重〔2026〕1号,,"]).accepted == 1
    (one,) = purchases.view(asked, "SG-1").national
    assert (one.outcome, one.text, one.similar) == ("refuse", "请补充指标", "某校 扫描电镜")


def test_a_purchase_says_what_it_still_needs(asked: Workspace, tmp_path: Path) -> None:
    assert purchase_national.standing(asked) == {
        one.id: {"SG-1": "returned", "SG-2": "to_ask", "SG-3": "withdrawn"}[one.number] for one in purchases.every(asked)
    }
    found = purchases.view(asked, "SG-2")
    assert (found.needs.value, [one.code for one in found.findings][:1]) == ("to_ask", ["purchase.national_to_ask"])
    taken(asked, tmp_path, ["SG-2,同意,2026-03-20,2026-2,,"])
    found = purchases.view(asked, "SG-2")
    assert found.needs.value == "given"
    assert not [one.code for one in found.findings if "national" in one.code]
    tree = explaining.explain(asked, "purchase", "SG-1")
    assert tree.inputs[-1] == purchases.view(asked, "SG-1").needs
    told = "\n".join(explaining.as_lines(tree))
    for wanted in ("国家平台退回，须修改后重报", "2026-03-10 查重〔2026〕1号 的结果：退回修改", "请补充指标", "某校 扫描电镜"):
        assert wanted in told, wanted
    assert "purchase." not in told


def test_a_result_that_comes_after_the_opinion_is_shown_and_changes_nothing_of_it(asked: Workspace, tmp_path: Path) -> None:
    given = review(asked, "agree", number="SG-2")
    assert given.needs.value == "to_ask"
    taken(asked, tmp_path, ["SG-2,不同意,2026-04-20,2026-2,重复购置,"])
    found = purchases.view(asked, "SG-2")
    assert found.figure == given.figure
    assert found.needs.value == "refused"
    assert [one.code for one in found.findings] == ["purchase.national_refused"]
    assert explaining.explain(asked, "purchase", "SG-2").inputs[-1].value == "refused"


def test_the_report_has_the_papers_and_where_it_stands(asked: Workspace, tmp_path: Path) -> None:
    taken(asked, tmp_path, ["SG-1,同意,2026-03-20,2026-2,补充后同意,"])
    text = plain.text(purchase_report.content(asked, purchases.view(asked, "SG-1"), HEAD))
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.startswith("2026-03-")]
    assert rows[:2] == [
        ["2026-03-20", "2026-2", "同意购置", "补充后同意", "", "2026-06-01"],
        ["2026-03-10", "查重〔2026〕1号", "退回修改", "请补充指标", "某校 扫描电镜", "2026-06-01"],
    ]
    assert "目前: 国家平台已同意" in text
    assert "没有登记国家平台的结果" in plain.text(purchase_report.content(asked, purchases.view(asked, "SG-2"), HEAD))
    propose(asked, number="SG-4", central_fen=0)
    assert "国家平台查重结果" not in plain.text(purchase_report.content(asked, purchases.view(asked, "SG-4"), HEAD)), "neither due nor made"


def test_a_wrong_one_is_taken_out_by_a_person_with_a_reason_and_undo_brings_it_back(asked: Workspace) -> None:
    before = everything(asked)

    def take(number: str = "SG-1", document: str = "查重〔2026〕1号", reason: str = "是另一份申购的", by: str = LAB) -> Any:
        return purchase_national.withdraw(asked, number, document, reason, by, PINS[by])

    assert refused(take, reason=" ") == ["purchase.no_withdraw_reason"]
    assert refused(take, by=AUDITOR) == ["person.not_allowed"]
    assert refused(take, by=APPROVER) == ["person.not_allowed"]
    assert refused(take, "SG-9") == ["purchase.unknown"]
    assert refused(take, "SG-2") == ["purchase.national_no_document"]
    assert everything(asked) == before
    take()
    assert there(asked) == []
    assert purchases.view(asked, "SG-1").needs.value == "to_ask"
    history.undo_last(asked)
    assert there(asked) == [KNOWN]
    assert sound(asked)


def test_a_table_that_is_not_checked_would_be_seen(asked: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose: any day is taken."""
    monkeypatch.setattr(import_purchase_results.rules, "fault", lambda *parts: "")
    case = next(one for one in CASES if one["name"].startswith("of today"))
    with pytest.raises(AssertionError):
        test_cases(asked, tmp_path, case)


def test_the_ledger_itself_keeps_one_result_a_paper(asked: Workspace) -> None:
    (one,) = purchases.view(asked, "SG-1").national
    with pytest.raises(Exception, match="UNIQUE"), asked.write("by hand") as operation:
        purchase_national.NATIONAL.insert(operation.connection, [replace(one, id="x" * 32)])
