"""Answers to self-checks in a real ledger: given, explained, taken back, and brought on the rectification report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from desktop.actions import explaining, history, integrity_answers, library, records, reporting
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.ledger.problem import Refused
from desktop.reports import plain
from desktop.rules.figure import Rows
from tests.actions.test_integrity import at

DAY = datetime(2025, 5, 6)
YEAR = parse("2025")
LAST = date(2025, 12, 31)


@pytest.fixture
def overlapping(small: Workspace) -> Workspace:
    """R2 overlaps R1 on A1; R4 overlaps R3 on the confidential S1."""
    for asset, first, second in (("A1", "R1", "R2"), ("S1", "R3", "R4")):
        at(small, first, DAY.replace(hour=9), 61, asset=asset)
        at(small, second, DAY.replace(hour=9, minute=30), 61, asset=asset)
    return small


def states(workspace: Workspace) -> dict[str, str]:
    return {one.number: one.state for one in integrity_answers.every(workspace, YEAR, LAST).of("overlap")}


def refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(Refused) as told:
        call()
    assert told.value.code == code


def test_an_answer_settles_a_point_a_further_one_holds_and_undo_takes_it_back(overlapping: Workspace) -> None:
    assert states(overlapping) == {"R2": "open", "R4": "open"}
    done = integrity_answers.answer(overlapping, "overlap", "R2", "explained", "两个工位", evidence="登记簿第 12 页")
    assert "integrity_answer" in done.kinds
    assert states(overlapping) == {"R2": "explained", "R4": "open"}
    integrity_answers.answer(overlapping, "overlap", "R2", "accepted", "重复登记")
    assert states(overlapping)["R2"] == "accepted"
    history.undo_last(overlapping)
    assert states(overlapping)["R2"] == "explained"
    (point,) = [one for one in integrity_answers.every(overlapping, YEAR, LAST).of("overlap") if one.number == "R2"]
    assert [one.evidence for one in point.answers] == ["登记簿第 12 页"]


def test_what_was_corrected_is_seen_no_more_and_stays_told(overlapping: Workspace) -> None:
    refused("integrity.correction_itself", lambda: integrity_answers.answer(overlapping, "overlap", "R2", "corrected", "冲销", correction="R2"))
    records.reverse(overlapping, "R2", "重复登记")
    assert "R2" not in states(overlapping)
    integrity_answers.answer(overlapping, "overlap", "R2", "corrected", "已冲销", correction="R2")
    (point,) = [one for one in integrity_answers.every(overlapping, YEAR, LAST).of("overlap") if one.number == "R2"]
    assert (point.seen, point.state) == (None, "corrected")
    assert [one.number for one in integrity_answers.every(overlapping, parse("2025Q3"), LAST).points] == []


def test_what_is_refused_writes_nothing(overlapping: Workspace) -> None:
    refused("integrity.record_unknown", lambda: integrity_answers.answer(overlapping, "overlap", "R9", "explained", "x"))
    refused("integrity.not_pointed_at", lambda: integrity_answers.answer(overlapping, "same_contact", "R1", "explained", "x"))
    refused("integrity.no_text", lambda: integrity_answers.answer(overlapping, "overlap", "R2", "explained", " "))
    refused("integrity.correction_unknown", lambda: integrity_answers.answer(overlapping, "overlap", "R2", "corrected", "x", correction="R9"))
    with overlapping.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM integrity_answer").scalar_one() == 0


def test_why_names_the_records_and_what_was_said_to_each(overlapping: Workspace) -> None:
    integrity_answers.answer(overlapping, "overlap", "R2", "explained", "两个工位")
    tree = explaining.explain(overlapping, "integrity", "overlap", period="2025")
    assert {part.code: part.value for part in tree.inputs} == {
        "integrity.n_explained": 1, "integrity.n_corrected": 0, "integrity.n_accepted": 0, "integrity.n_open": 1,
    }  # fmt: skip
    assert tree.value == 2
    assert tree.rows is not None
    assert [row["number"] for row in explaining.rows(overlapping, tree.rows)] == ["R2", "R4"]
    one = explaining.explain(overlapping, "integrity", "overlap:R2")
    assert one.value == "explained"
    assert one.rows == Rows("record_number", ("R2",))
    lines = "\n".join(explaining.as_lines(one))
    assert "已说明" in lines
    assert "两个工位" in lines
    assert "R1" in lines
    late = explaining.explain(overlapping, "integrity", "late", period="2025")
    assert late.inputs[0].value == 90
    refused("integrity.check_unknown", lambda: explaining.explain(overlapping, "integrity", "weather"))
    refused("integrity.not_pointed_at", lambda: explaining.explain(overlapping, "integrity", "overlap:R1"))
    refused("integrity.record_unknown", lambda: explaining.explain(overlapping, "integrity", "overlap:R9"))
    refused("report.period", lambda: explaining.explain(overlapping, "integrity", "overlap", period="soon"))


def test_the_report_is_a_draft_until_all_is_answered_and_never_names_what_is_confidential(overlapping: Workspace) -> None:
    content = reporting.content(overlapping, "rectification", "2025")
    assert content.mark == "草稿"
    assert "R2" in plain.text(content)
    for check in integrity_answers.every(overlapping, YEAR, LAST).points:
        integrity_answers.answer(overlapping, check.check, check.number, "explained", "两个工位")
    content = reporting.content(overlapping, "rectification", "2025")
    text = plain.text(content)
    assert content.mark == ""
    assert "两个工位" in text
    assert "R4" not in text
    assert "另有涉密" in text


def test_why_an_answer_stands_is_said_in_words(overlapping: Workspace) -> None:
    integrity_answers.answer(overlapping, "overlap", "R2", "explained", "两个工位")
    first = explaining.as_lines(explaining.explain(overlapping, "integrity", "overlap:R2", period="2025"))[0]
    assert first.startswith("对这条发现的答复：已说明")


def test_notices_stand_by_their_day(overlapping: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIXIANG_TODAY", "2025-06-16")
    row = ("network", "n1", "rectification", "责令改正通知", "请说明", "2025-06-03", "2025-06-13", "2025-06-03T08:00:00+00:00")
    with overlapping.write("sync", undoable=False) as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO notice (remote, id, kind, title, text, issued_on, due_on, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row
        )
    assert "已超过 1 个工作日" in plain.text(reporting.content(overlapping, "rectification", "2025"))
    assert "责令改正通知" not in plain.text(reporting.content(overlapping, "rectification", "2024"))
    library.answer(overlapping, "n1", "已收到，正在核对", date(2025, 6, 13))
    once = plain.text(reporting.content(overlapping, "rectification", "2025"))
    assert "已收到，正在核对" in once
    assert "2025-06-13  已收到" not in once, "its day stands beside it"
    library.answer(overlapping, "n1", "漏报 3 条已补报")
    said = plain.text(reporting.content(overlapping, "rectification", "2025"))
    assert "已按期答复" in said
    assert "2025-06-13  已收到，正在核对" in said
    assert "2025-06-16  漏报 3 条已补报" in said, "not as if it had been answered on the day of the first"


def test_a_correction_tells_nothing_of_a_confidential_record_and_is_of_the_same_set(overlapping: Workspace) -> None:
    at(overlapping, "R8", DAY.replace(hour=15), 30, asset="A2")
    for number, code in (("R3", "integrity.correction_unknown"), ("R8", "integrity.correction_other_set")):
        refused(code, lambda number=number: integrity_answers.answer(overlapping, "overlap", "R2", "corrected", "另记", correction=number))
    said = plain.text(reporting.content(overlapping, "rectification", "2025"))
    assert "R3" not in said
    integrity_answers.answer(overlapping, "overlap", "R4", "corrected", "另记", correction="R3")
    assert states(overlapping) == {"R2": "open", "R4": "corrected"}


def test_what_was_taken_back_can_be_called_corrected_and_nothing_else(overlapping: Workspace) -> None:
    records.reverse(overlapping, "R2", "重复登记")
    refused("integrity.not_pointed_at", lambda: integrity_answers.answer(overlapping, "late", "R2", "explained", "当时停电"))
    integrity_answers.answer(overlapping, "overlap", "R2", "corrected", "已冲销", correction="R2")
    integrity_answers.answer(overlapping, "overlap", "R2", "open", "再查")
    assert states(overlapping)["R2"] == "open", "what was answered once can be answered again"


def test_a_notice_without_a_day_belongs_to_the_day_it_came_in_at_the_desk(overlapping: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIXIANG_TODAY", "2026-06-16")
    row = ("network", "n1", "rectification", "责令改正通知", "请说明", "", None, "2025-12-31T16:30:00+00:00")
    with overlapping.write("sync", undoable=False) as operation:
        operation.connection.exec_driver_sql(
            "INSERT INTO notice (remote, id, kind, title, text, issued_on, due_on, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row
        )
    told = {year: "责令改正通知" in plain.text(reporting.content(overlapping, "rectification", year)) for year in ("2025", "2026")}
    assert told == {"2025": False, "2026": True}
