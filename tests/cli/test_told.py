"""What the terminal tells is enough to act on: which instrument, which customer, how late, what was undone, what to do next."""

from __future__ import annotations

import re

from desktop.ledger.allocation import COST_KINDS
from desktop.words import say_in
from tests.cli.conftest import Shell


def test_duties_name_the_instrument_and_say_how_late_it_is(filled: Shell) -> None:
    told = filled("duties", "--on", "2026-11-23")
    late = [d for d in filled.json("duties", "--on", "2026-11-23")["duties"] if d["state"] == "overdue"]
    assert late
    for duty in late:
        (line,) = [line for line in told.splitlines() if line.startswith(duty["asset_number"])]
        assert duty["name"] in line
        assert f"已逾期 {-duty['days_left']} 个工作日" in line
    assert not re.search(r"-\d+ *$", told, re.M), "no negative days"
    english = filled("duties", "--on", "2026-11-23", "--lang", "en")
    assert not set(english.splitlines()[0]) & set("：，"), english.splitlines()[0]
    assert "working days overdue" in english


def test_the_explanation_of_a_duty_says_not_joined_instead_of_unknown(filled: Shell) -> None:
    late = next(d for d in filled.json("duties", "--on", "2026-11-23")["duties"] if d["state"] == "overdue")
    told = filled("explain", "duty", late["asset_number"], "--on", "2026-11-23")
    assert "已入网：否" in told
    assert "网络仪器编号：未知" not in told
    assert "入网日期：未知" not in told
    assert f"已逾期 {-late['days_left']} 个工作日" in told


def test_problems_tell_the_record_and_the_next_step(filled: Shell) -> None:
    told = filled("problems")
    found = filled.json("problems")["problems"]
    records = {p["record"]: p for p in found}
    assert records
    for number, problem in records.items():
        (heading,) = [line for line in told.splitlines() if line.startswith(f"{number}  ")]
        assert problem["asset_number"] in heading
        assert problem["instrument"] in heading
        assert problem["customer"] in heading
    assert all(p["next"] for p in found if p["severity"] == "error")
    assert {p["code"]: p["next"] for p in found if p["code"] == "record.no_operator"} == {
        "record.no_operator": f"yixiang record answer {_last(found, 'record.no_operator')} --operator 工号"
    }


def _last(found: list[dict[str, str]], code: str) -> str:
    return [p["record"] for p in found if p["code"] == code][-1]


def test_the_next_step_of_a_problem_is_a_command_that_works(filled: Shell) -> None:
    overlapping = next(p for p in filled.json("problems")["problems"] if p["code"] == "record.overlap")
    command = overlapping["next"].removeprefix("yixiang ").replace("理由", "两间样品舱").split()
    filled(*command)
    assert "record.overlap" not in {
        p["code"] for p in filled.json("problems", overlapping["record"])["problems"] if p["severity"] == "error"
    }
    operated = next(p for p in filled.json("problems")["problems"] if p["code"] == "record.no_operator")
    filled(*operated["next"].removeprefix("yixiang ").replace("工号", "T001").split())
    assert "record.no_operator" not in {p["code"] for p in filled.json("problems", operated["record"])["problems"]}


def test_undo_and_redo_name_what_they_did(filled: Shell) -> None:
    filled("person", "add", "赵会计", "--role", "finance")
    assert "赵会计" in filled("undo")
    assert "赵会计" in filled("redo")
    undone = filled.json("undo")
    assert "赵会计" in undone["what"]
    assert "赵会计" in filled.json("redo")["what"]


def test_help_lists_the_kinds_of_cost_and_what_the_status_of_an_import_means(shell: Shell) -> None:
    told = re.sub(r"\s", "", shell.help("payout", "cost", "add"))
    assert all(say_in("zh", f"payout.cost_kinds.{kind}") in told for kind in COST_KINDS)
    assert "退回" in re.sub(r"\s", "", shell.help("import")).rpartition("结束状态")[2]
