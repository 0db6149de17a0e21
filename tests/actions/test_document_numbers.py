"""One paper under two ways of writing its number: entered once, found, corrected, deducted and cited once; what was entered stays as written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import (
    costs,
    evidence,
    importing,
    management,
    parameter_sets,
    purchase_national,
    purchases,
    reporting,
    trainings,
)
from desktop.actions.workspace import Workspace
from desktop.ledger.management import ManagementDocument
from desktop.ledger.problem import Refused
from tests.actions.making import LAB, PINS, sound
from tests.actions.test_import_trainings import COURSE
from tests.actions.test_import_trainings import taken as trainings_taken
from tests.actions.test_purchase_national import CENTRAL
from tests.actions.test_purchase_national import taken as results_taken
from tests.actions.test_purchases import propose

AS_ENTERED, OTHERWISE = "鲁科字〔2026〕8号", "鲁科字［２０２６］ 8号"
PAPER = ManagementDocument("", "fees", AS_ENTERED, "收费管理办法", date(2026, 1, 1), date(2026, 1, 1))


def test_a_management_document_is_one_however_its_number_is_written(empty: Workspace) -> None:
    management.enter(empty, PAPER)
    with pytest.raises(Refused, match=r"management\.number_taken") as told:
        management.enter(empty, replace(PAPER, number=OTHERWISE))
    assert told.value.params["number"] == AS_ENTERED, "told as it stands in the ledger"
    assert management.one(empty, OTHERWISE).number == AS_ENTERED
    assert evidence.subject(empty, "management_document", OTHERWISE) == management.one(empty, AS_ENTERED).id
    management.end(empty, OTHERWISE, date(2026, 6, 30))
    management.change(empty, OTHERWISE, replace(PAPER, number=OTHERWISE))
    assert [one.number for one in management.every(empty)] == [OTHERWISE], "a correction may write it anew"
    with pytest.raises(Refused, match=r"management\.unknown"):
        management.withdraw(empty, "鲁科字〔2026〕9号", "登错")
    management.withdraw(empty, AS_ENTERED, "登错")
    assert management.every(empty) == []
    assert sound(empty)


def test_two_that_stand_from_before_can_still_be_told_apart_and_changed(empty: Workspace) -> None:
    """A ledger may hold one paper twice from the time when the brackets counted."""
    from desktop.store.management import DOCUMENTS

    with empty.write("management enter", params={"number": AS_ENTERED}) as operation:
        DOCUMENTS.insert(operation.connection, [replace(PAPER, id="a"), replace(PAPER, id="b", number=OTHERWISE)])
    management.change(empty, OTHERWISE, replace(PAPER, number=OTHERWISE, title="重复登记"))
    assert {one.id: one.title for one in management.every(empty)} == {"a": "收费管理办法", "b": "重复登记"}
    management.withdraw(empty, OTHERWISE, "重复登记")
    assert [one.id for one in management.every(empty)] == ["a"]


def test_a_result_of_the_national_platform_is_taken_out_by_its_number(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    propose(small, number="SG-1", **CENTRAL)
    monkeypatch.setenv("YIXIANG_TODAY", "2026-06-01")
    results_taken(small, tmp_path, [f"SG-1,同意,2026-03-20,{AS_ENTERED},,"])
    purchase_national.withdraw(small, "SG-1", OTHERWISE, "不是这一台的", LAB, PINS[LAB])
    assert purchases.view(small, "SG-1").national == ()


def test_a_cost_is_not_deducted_twice(small: Workspace, tmp_path: Path) -> None:
    costs.cost_add(small, "energy", None, date(2025, 6, 1), date(2025, 6, 30), 6100, "校财〔2025〕7号")
    file = tmp_path / "costs.csv"
    head = "类别,仪器编号,期间起,期间止,金额（元）,凭证号"
    file.write_text(f"{head}\nenergy,全单位,2025-06-01,2025-06-30,61.00,校财[2025]7号\nenergy,全单位,2025-06-01,2025-06-30,61.00,校财[2025]8号\n", "utf-8")
    done = importing.import_file(small, "costs", file)
    assert (done.accepted, done.unchanged) == (1, 1)
    twice = [f"maintenance,全单位,2025-06-01,2025-06-30,5.00,{number}" for number in ("校财（2025）9号", "校财〔2025〕9号")]
    file.write_text("\n".join((head, *twice)) + "\n", "utf-8")
    done = importing.import_file(small, "costs", file)
    assert (done.accepted, [one.code for one in done.findings if one.severity == "error"]) == (1, ["import.repeated"])


def test_a_value_that_cites_the_same_paper_is_the_same_value(empty: Workspace) -> None:
    day = date(2027, 1, 1)
    parameter_sets.add(empty, "duty.threshold_fen", "200000", day, AS_ENTERED, "第3条", reason="新文件")

    def told(document: str, clause: str) -> list[str]:
        return [one.code for one in parameter_sets.propose(empty, "duty.threshold_fen", "200000", day, document, clause).findings]

    assert told(OTHERWISE, "第 3 条") == []
    assert told(OTHERWISE, "第4条") == told("鲁科字〔2026〕9号", "第3条") == ["parameter.set_cited_otherwise"]


def test_a_paper_that_several_values_rest_on_is_cited_once(small: Workspace) -> None:
    for key, document in (("award.provider_rate", AS_ENTERED), ("award.provider_cap_fen", OTHERWISE)):
        value = "0.05" if key.endswith("rate") else "1000000"
        parameter_sets.add(small, key, value, date(2026, 2, 1), document, "第2条", reason="新文件")
    cited = reporting.content(small, "award", "2025", on=date(2026, 3, 1)).letterhead.sources
    assert cited[0] == f"{OTHERWISE} 第2条", "the cap stands first in the pack's rules"
    assert f"{AS_ENTERED} 第2条" not in cited


def test_rows_of_one_training_may_write_its_ground_two_ways(small: Workspace, tmp_path: Path) -> None:
    first, second = (COURSE.replace("签到表-1", document) for document in (AS_ENTERED, OTHERWISE))
    done = trainings_taken(small, tmp_path, f"{first},,周八,,,", f"{second},,周九,,,")
    assert (done.accepted, done.rejected) == (2, 0)
    assert [one.training.document for one in trainings.every(small)] == [AS_ENTERED]
