"""Trainings and facts about technicians through a real ledger: entered, corrected, explained with their rows, on paper, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.actions import evidence, explaining, history, institution, reporting, staff_facts, trainings
from desktop.actions.trainings import Given
from desktop.actions.workspace import Workspace
from desktop.ledger.staff_fact import StaffFact
from desktop.ledger.training import Training
from desktop.reports import plain
from desktop.reports.content import Table
from tests.actions.making import refused, sound

COURSE = Training("", "PX-1", " 工艺放大 ", "process_design", "中心", "济南", date(2025, 5, 12), date(2025, 5, 16), Decimal(40), "签到表-1")
FACT = StaffFact("", "", "certificate", "电镜上岗证", date(2025, 1, 1), date(2025, 12, 31), "协会", "ZS-1", "证书复印件")
GUEST = Given(name="周八", organisation="甲公司")


@pytest.fixture
def number(practice: Workspace) -> str:
    """The staff number of a technician of the practice ledger."""
    return staff_facts.every(practice)[0].person.staff_number


def test_a_training_is_entered_stated_and_taken_back(practice: Workspace, number: str) -> None:
    trainings.enter(practice, COURSE)
    trainings.attend(practice, "PX-1", [Given(staff_number=number, outcome="passed", certificate="ZS-7"), GUEST])
    found = trainings.statement(practice, trainings.span("2025"))
    assert (found.pilot.value, found.all.value) == (2, 2)
    assert trainings.one(practice, "PX-1").training.name == "工艺放大"
    trainings.attend(practice, "PX-1", [replace(GUEST, outcome="failed")])
    course = trainings.one(practice, "PX-1")
    assert len(course.people) == 2, "who is there already is changed, not added"
    assert {(one.name, one.outcome) for one in course.people if one.technician_id is None} == {("周八", "failed")}
    trainings.enter(practice, replace(COURSE, ends_on=date(2026, 1, 1), hours=Decimal(41)))
    assert trainings.statement(practice, trainings.span("2025")).all.value == 0, "it ends in the next year now"
    for _ in range(4):
        history.undo_last(practice)
    assert trainings.every(practice) == []
    assert sound(practice)


def test_what_is_behind_the_number_is_shown(practice: Workspace, number: str) -> None:
    trainings.enter(practice, COURSE)
    trainings.attend(practice, "PX-1", [Given(staff_number=number), GUEST])
    tree = explaining.explain(practice, "training", "2025")
    (subject,) = tree.inputs[0].inputs
    assert subject.rows is not None
    rows = explaining.rows(practice, subject.rows)
    assert sorted(row["organisation"] for row in rows) == ["", "甲公司"]
    assert {row["number"] for row in rows} == {"PX-1"}
    lines = "\n".join(explaining.as_lines(tree))
    assert "中试培训人数（每人计一次）：2" in lines
    assert "工艺设计：人数：2" in lines


def test_a_training_is_dropped_whole_with_a_reason(practice: Workspace) -> None:
    trainings.enter(practice, COURSE)
    trainings.attend(practice, "PX-1", [GUEST])
    assert refused(trainings.drop, practice, "PX-1", " ") == ["training.no_reason"]
    trainings.drop(practice, "PX-1", "登记错")
    assert trainings.every(practice) == []
    assert history.latest(practice, 1)[0].reason == "登记错"
    history.undo_last(practice)
    assert [one.name for one in trainings.one(practice, "PX-1").people] == ["周八"]
    (person,) = trainings.one(practice, "PX-1").people
    trainings.leave_out(practice, "PX-1", person.id)
    assert trainings.one(practice, "PX-1").people == ()
    assert refused(trainings.leave_out, practice, "PX-1", person.id) == ["training.not_there"]


def test_nothing_of_what_is_refused_is_kept(practice: Workspace) -> None:
    assert refused(trainings.enter, practice, replace(COURSE, hours=Decimal(0))) == ["training.hours"]
    assert refused(trainings.enter, practice, replace(COURSE, ends_on=date(2999, 1, 1))) == ["training.to_come"]
    assert refused(trainings.attend, practice, "PX-1", [GUEST]) == ["training.unknown"]
    trainings.enter(practice, COURSE)
    assert refused(trainings.attend, practice, "PX-1", []) == ["training.nobody_given"]
    assert refused(trainings.attend, practice, "PX-1", [GUEST, Given(name=" ")]) == ["training.nobody_given"]
    assert refused(trainings.attend, practice, "PX-1", [GUEST, GUEST]) == ["training.named_twice"]
    assert refused(trainings.attend, practice, "PX-1", [GUEST, Given(staff_number="没有")]) == ["payout.no_such_technician"]
    assert refused(trainings.attend, practice, "PX-1", [replace(GUEST, outcome="slept")]) == ["training.outcome"]
    assert trainings.one(practice, "PX-1").people == (), "all of them or none"
    assert refused(explaining.explain, practice, "training", "some day") == ["report.period"]


def test_a_fact_is_entered_ended_and_withdrawn(practice: Workspace, number: str) -> None:
    staff_facts.enter(practice, number, FACT)
    (holds,) = staff_facts.every(practice, date(2025, 12, 31), number)
    assert ([one.value for one in holds.certificates], [one.code for one in holds.findings]) == (["电镜上岗证"], ["staff.certificate_ends"])
    key = holds.facts[0].id
    staff_facts.end(practice, key, date(2025, 6, 30))
    (holds,) = staff_facts.every(practice, date(2025, 7, 1), number)
    assert (holds.certificates, [one.code for one in holds.findings]) == ((), ["staff.certificate_over"])
    assert refused(staff_facts.end, practice, key, date(2024, 12, 31)) == ["staff.days"]
    assert refused(staff_facts.withdraw, practice, key, "") == ["staff.no_reason"]
    staff_facts.withdraw(practice, key, "登记错人")
    assert staff_facts.every(practice, None, number)[0].facts == ()
    assert refused(staff_facts.end, practice, key, date(2025, 6, 30)) == ["staff.unknown"]
    assert refused(staff_facts.enter, practice, "没有", FACT) == ["payout.no_such_technician"]
    for _ in range(3):
        history.undo_last(practice)
    assert staff_facts.every(practice, None, number)[0].facts == ()
    assert sound(practice)


def test_what_was_entered_wrongly_is_written_anew_and_undone(practice: Workspace, number: str) -> None:
    staff_facts.enter(practice, number, FACT)
    (holds,) = staff_facts.every(practice, date(2025, 6, 1), number)
    key = holds.facts[0].id
    staff_facts.correct(practice, key, replace(FACT, kind="title", value=" 高级工程师 ", last_on=None))
    (holds,) = staff_facts.every(practice, date(2026, 1, 1), number)
    assert [(one.id, one.kind, one.value) for one in holds.facts] == [(key, "title", "高级工程师")]
    assert (holds.states, holds.findings) == (("in_force",), ())
    assert refused(staff_facts.correct, practice, key, replace(FACT, ground="")) == ["staff.empty"]
    assert refused(staff_facts.correct, practice, "没有", FACT) == ["staff.unknown"]
    history.undo_last(practice)
    (holds,) = staff_facts.every(practice, date(2026, 1, 1), number)
    assert [(one.value, state) for one, state in zip(holds.facts, holds.states, strict=True)] == [("电镜上岗证", "over")]
    assert sound(practice)


def test_a_number_that_is_there_is_entered_anew_only_when_meant(practice: Workspace) -> None:
    trainings.enter(practice, COURSE, anew=False)
    assert refused(trainings.enter, practice, replace(COURSE, name="另一个"), anew=False) == ["training.number_taken"]
    assert trainings.one(practice, "PX-1").training.name == "工艺放大"
    trainings.enter(practice, replace(COURSE, name="另一个"))
    assert [one.training.name for one in trainings.every(practice)] == ["另一个"]


def test_files_go_with_what_they_hang_on_and_come_back(practice: Workspace, number: str, tmp_path: Path) -> None:
    file = tmp_path / "签到表.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    trainings.enter(practice, COURSE)
    staff_facts.enter(practice, number, FACT)
    course, fact = trainings.one(practice, "PX-1").training, staff_facts.every(practice, None, number)[0].facts[0]
    for kind, key in (("training", course.id), ("staff_fact", fact.id)):
        evidence.add(practice, kind, evidence.subject(practice, kind, key), file)
        assert evidence.counted(practice, kind) == {key: 1}
    trainings.drop(practice, "PX-1", "登记错")
    staff_facts.withdraw(practice, fact.id, "登记错")
    assert (evidence.counted(practice, "training"), evidence.counted(practice, "staff_fact")) == ({}, {})
    for _ in range(2):
        history.undo_last(practice)
    assert (evidence.counted(practice, "training"), evidence.counted(practice, "staff_fact")) == ({course.id: 1}, {fact.id: 1})
    assert sound(practice)


def test_the_evaluation_of_a_day_gives_the_factor_of_that_day(practice: Workspace, number: str) -> None:
    for year, factor in ((2024, "0.9"), (2025, "1.2")):
        given = StaffFact("", "", "evaluation", "优秀", date(year, 1, 1), date(year, 12, 31), "", "", "考核表", Decimal(factor))
        staff_facts.enter(practice, number, given)
    assert staff_facts.evaluations(practice, date(2024, 12, 31)) == ((number, Decimal("0.9")),)
    assert staff_facts.evaluations(practice, date(2025, 1, 1)) == ((number, Decimal("1.2")),)
    assert staff_facts.evaluations(practice, date(2026, 1, 1)) == ()
    tree = explaining.explain(practice, "staff", number, date(2025, 5, 1))
    assert [str(one.value) for one in tree.walk() if one.code == "staff.factor_of"] == ["1.2"]


def test_the_statement_is_the_same_on_paper(practice: Workspace, number: str, tmp_path: Path) -> None:
    trainings.enter(practice, COURSE)
    trainings.attend(practice, "PX-1", [Given(staff_number=number, outcome="passed"), GUEST])
    staff_facts.enter(practice, number, FACT)
    said = plain.text(reporting.content(practice, "trainings", "2025", on=date(2026, 1, 5)))
    assert "工艺放大" in said
    assert "电镜上岗证" in said
    assert reporting.draw(practice, "trainings", "2025").data == reporting.draw(practice, "trainings", "2025").data
    for suffix in reporting.FORMATS:
        made = reporting.make(practice, "trainings", period="2025", out=tmp_path / f"a{suffix}", printed_on=date(2026, 1, 5))
        assert made.path.stat().st_size > 1000
    empty = plain.text(reporting.content(practice, "trainings", "2024", on=date(2026, 1, 5)))
    assert "没有登记不等于没有培训" in empty, "nothing entered is not nothing done"


def test_someone_whose_organisation_is_not_entered_is_not_called_one_of_the_house(practice: Workspace, number: str) -> None:
    trainings.enter(practice, COURSE)
    trainings.attend(practice, "PX-1", [Given(staff_number=number), GUEST, Given(name="吴九")])
    own = staff_facts.every(practice, None, number)[0].person.name
    said = reporting.content(practice, "trainings", "2025", on=date(2026, 1, 5))
    people = next(one for one in said.blocks if isinstance(one, Table) and one.columns[2].head == "单位")
    assert {row[1]: row[2] for row in people.rows} == {own: "本单位", "周八": "甲公司", "吴九": "未登记"}


@pytest.mark.parametrize("organisation", ["{own}", " {own} ", "本单位", ""])
def test_a_technician_entered_by_name_as_well_is_told_where_the_people_are_counted(practice: Workspace, number: str, organisation: str) -> None:
    name = staff_facts.every(practice)[0].person.name
    trainings.enter(practice, COURSE)
    trainings.attend(practice, "PX-1", [Given(staff_number=number), Given(name=name, organisation=organisation.format(own=institution.get(practice).name))])
    found = trainings.statement(practice, trainings.span("2025"))
    assert found.all.value == 2, "nobody but a person knows whether they are one"
    assert [(one.code, dict(one.params)["name"]) for one in found.findings] == [("training.perhaps_twice", name)]
    assert "有 1 人次按姓名登记，与参加过培训的技术人员同名" in plain.text(reporting.content(practice, "trainings", "2025"))


def test_people_of_other_houses_and_other_names_are_no_doubt(practice: Workspace, number: str) -> None:
    name = staff_facts.every(practice)[0].person.name
    trainings.enter(practice, COURSE)
    trainings.attend(practice, "PX-1", [Given(staff_number=number), Given(name=name, organisation="甲公司"), Given(name="周八")])
    assert trainings.statement(practice, trainings.span("2025")).findings == ()
    assert "同名" not in plain.text(reporting.content(practice, "trainings", "2025"))


def test_the_performance_pack_of_pilot_bases_has_them_and_says_unknown_without(practice: Workspace, number: str) -> None:
    before = plain.text(reporting.content(practice, "pilot_performance", "2025", on=date(2026, 1, 5)))
    assert "未知（台账没有登记）" in before
    trainings.enter(practice, COURSE)
    trainings.attend(practice, "PX-1", [Given(staff_number=number), GUEST])
    staff_facts.enter(practice, number, replace(FACT, kind="recognition", value="高水平中试人才", last_on=None))
    said = plain.text(reporting.content(practice, "pilot_performance", "2025", on=date(2026, 1, 5)))
    assert "未知（台账没有登记）" not in said
    for line in ("中试培训人数（每人计一次）: 2", "工艺设计：人数: 2", "有效的人才认定（人次）: 1"):
        assert line in said


def test_one_entered_wrongly_is_taken_out_by_name(practice: Workspace) -> None:
    trainings.enter(practice, COURSE)
    trainings.attend(practice, "PX-1", [GUEST, replace(GUEST, organisation="乙公司"), Given(name="郑十")])
    assert refused(trainings.leave_out_named, practice, "PX-1", "周八") == ["training.named_twice"]
    assert refused(trainings.leave_out_named, practice, "PX-1", "没有") == ["training.not_there"]
    trainings.leave_out_named(practice, "PX-1", "周八", "乙公司")
    trainings.leave_out_named(practice, "PX-1", "郑十")
    assert [(one.name, one.organisation) for one in trainings.one(practice, "PX-1").people] == [("周八", "甲公司")]


def test_a_certificate_for_ever_is_good_to_the_end_of_days(practice: Workspace, number: str) -> None:
    staff_facts.enter(practice, number, replace(FACT, last_on=date.max))
    for day in (date(2026, 1, 1), date(9999, 12, 30), date.max):
        (holds,) = staff_facts.every(practice, day, number)
        assert [one.value for one in holds.certificates] == ["电镜上岗证"]


def test_what_is_there_already_is_corrected_not_entered_beside_it(practice: Workspace, number: str) -> None:
    """Two evaluations from one day would leave open which one weighs a payout; a recognition entered twice would count twice on the statement."""
    evaluation = replace(FACT, kind="evaluation", value="优秀", last_on=None, factor=Decimal("1.5"))
    for first, again in ((FACT, replace(FACT, ground="另一份")), (evaluation, replace(evaluation, value="合格", factor=Decimal(1)))):
        staff_facts.enter(practice, number, first)
        assert refused(staff_facts.enter, practice, number, again) == ["staff.there"]
    staff_facts.enter(practice, number, replace(FACT, from_on=date(2026, 1, 1), last_on=None))
    later = replace(evaluation, from_on=date(2026, 1, 1))
    staff_facts.enter(practice, number, later)
    (held,) = staff_facts.every(practice, date(2026, 6, 1), number)
    assert held.evaluation is not None
    assert refused(staff_facts.correct, practice, held.evaluation.id, evaluation) == ["staff.there"], "back to the day of the other"
    staff_facts.correct(practice, held.evaluation.id, replace(later, value="良好", factor=Decimal("1.2")))
    (held,) = staff_facts.every(practice, date(2026, 6, 1), number)
    assert ([one.value for one in held.facts if one.kind == "evaluation"], len(held.certificates)) == (["优秀", "良好"], 1)
