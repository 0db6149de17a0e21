"""Lists of trainings from files, as offices keep them: taken row by row, once, corrected, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.actions import history, importing, trainings
from desktop.actions.workspace import Workspace
from desktop.rules import trainings as rules
from tests.actions.making import sound

HEAD = "培训编号,培训名称,培训内容,开始日期,结束日期,学时,依据,举办单位,工号,姓名,单位,结果,证书编号"
COURSE = "PX-1,工艺放大,工艺设计,2025-05-12,2025-05-16,40,签到表-1,中心"


def taken(ledger: Workspace, folder: Path, *rows: str) -> importing.Outcome:
    file = folder / "trainings.csv"
    file.write_text("\n".join((HEAD, *rows)) + "\n", "utf-8")
    return importing.import_file(ledger, "trainings", file)


def there(ledger: Workspace) -> list[tuple[str, str, str, list[tuple[str, str, str, str]]]]:
    return [
        (one.training.number, one.training.subject, f"{one.training.hours:f}", [(p.name, p.organisation, p.outcome, p.certificate) for p in one.people])
        for one in trainings.every(ledger)
    ]


def test_a_list_is_taken_once_corrected_and_taken_back(small: Workspace, tmp_path: Path) -> None:
    others = "PX-2,安全,safety,2025-06-01,2025-06-01,8,通知,,,,,,"
    rows = (f"{COURSE},T001,,,合格,ZS-1", f"{COURSE},,周八,甲公司,参加,", f"{COURSE},,周八,乙公司,不合格,", others)
    done = taken(small, tmp_path, *rows)
    assert (done.accepted, done.rejected) == (4, 0)
    people = [("周八", "乙公司", "failed", ""), ("周八", "甲公司", "attended", ""), ("张一", "", "passed", "ZS-1")]
    assert [(number, subject, hours, sorted(who)) for number, subject, hours, who in there(small)] == [
        ("PX-1", "process_design", "40", sorted(people)), ("PX-2", "safety", "8", []),
    ]  # fmt: skip
    again = taken(small, tmp_path, *rows)
    assert (again.accepted, again.unchanged, again.operation) == (0, 4, 0)
    better = taken(small, tmp_path, f"{COURSE},,周八,甲公司,合格,ZS-9".replace(",40,", ",36,"))
    assert (better.accepted, better.unchanged) == (1, 0)
    (course,) = [one for one in there(small) if one[0] == "PX-1"]
    assert (course[2], len(course[3]), ("周八", "甲公司", "passed", "ZS-9") in course[3]) == ("36", 3, True)
    history.undo_last(small)
    history.undo_last(small)
    assert there(small) == []
    assert sound(small)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{COURSE},T999,,,合格,", "payout.no_such_technician"),
        (f"{COURSE},T001,李二,,合格,", "ledger_import.staff_number_taken"),
        (f"{COURSE},,周八,甲公司,优,", "training.outcome"),
        (f"{COURSE},,,,合格,", "training.file_nobody"),
        (f"{COURSE},,周八,,,".replace("工艺设计", "厨艺"), "training.file_subject"),
        (f"{COURSE},,周八,,,".replace(",40,", ",0,"), "training.hours"),
        (f"{COURSE},,周八,,,".replace("2025-05-16", "2025-05-11"), "training.days"),
        (f"{COURSE},,周八,,,".replace("2025-05-16", "2026-11-24"), "training.to_come"),
        (f"{COURSE},,周八,,,".replace("签到表-1", ""), "import.blank"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_the_others_are_taken(small: Workspace, tmp_path: Path, row: str, code: str) -> None:
    done = taken(small, tmp_path, row, f"{COURSE.replace('PX-1', 'PX-3')},,周九,,,")
    assert [one.code for one in done.findings if one.severity == "error"] == [code]
    assert [one[0] for one in there(small)] == ["PX-3"]


def test_rows_that_tell_one_training_two_ways_are_refused_after_the_first(small: Workspace, tmp_path: Path) -> None:
    done = taken(small, tmp_path, f"{COURSE},,周八,,,", f"{COURSE},,周九,,,".replace(",40,", ",41,"))
    assert [one.code for one in done.findings if one.severity == "error"] == ["training.file_differs"]
    assert [len(one[3]) for one in there(small)] == [1]


def test_a_person_twice_under_two_spellings_is_told_and_taken_once(small: Workspace, tmp_path: Path) -> None:
    done = taken(small, tmp_path, f"{COURSE},,周八,ABC公司,参加,", f"{COURSE},,周　八,ＡＢＣ公司,合格,ZS-2", f"{COURSE},,周八,乙公司,参加,")
    assert (done.accepted, done.rejected) == (2, 1)
    assert [one.code for one in done.findings if one.severity == "error"] == ["training.named_twice"]
    assert [person[:2] for person in there(small)[0][3]] == [("周八", "ABC公司"), ("周八", "乙公司")]


def test_people_are_told_apart_once_a_row_not_once_a_row_and_person(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"{COURSE},,学员{n},甲公司,参加," for n in range(200)]
    taken(small, tmp_path, *rows)
    asked = []
    who = rules.who
    monkeypatch.setattr(rules, "who", lambda one: (asked.append(one), who(one))[1])
    assert taken(small, tmp_path, *rows).unchanged == 200
    assert len(asked) <= 400, "each that is there and each row once"


def test_a_person_twice_in_one_training_is_told(small: Workspace, tmp_path: Path) -> None:
    done = taken(small, tmp_path, f"{COURSE},T001,,,合格,", f"{COURSE},T001,,,不合格,")
    assert [one.code for one in done.findings if one.severity == "error"] == ["import.repeated"]
