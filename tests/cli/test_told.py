"""What the terminal tells is enough to act on: which instrument, which customer, how late, what was undone, what to do next."""

from __future__ import annotations

import re
from pathlib import Path

from desktop.actions.explaining import KINDS
from desktop.cli.parser import build
from desktop.ledger.allocation import COST_KINDS
from desktop.words import say_in
from tests.cli.conftest import PASSPHRASE, Shell
from tests.formats import books


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


def test_a_line_break_in_a_name_breaks_no_table(filled: Shell) -> None:
    filled("management", "enter", "甲\n乙", "--kind", "fees", "--title", "收费\r\n办法", "--issued", "2025-01-01")
    lines = filled("management", "list").splitlines()
    assert len(lines) == 3
    assert lines[2].split() == ["收费管理办法", "甲", "乙", "收费", "办法", "2025-01-01", "没有止日"]


def test_a_day_of_another_age_is_a_slip_of_the_pen(filled: Shell) -> None:
    for day in ("0225-01-01", "1899-12-31"):
        filled("sensor", "bind", "2019170040", "CG-1", "--from", day, status=2)
        assert day in filled.err
    assert filled.json("sensor", "list")["bindings"] == []
    filled("sensor", "bind", "2019170040", "CG-1", "--from", "２０２５－０１－０１", "--until", "9999-12-31")
    assert [one["from"] for one in filled.json("sensor", "list")["bindings"]] == ["2025-01-01"]


def test_help_lists_the_kinds_of_cost_and_what_the_status_of_an_import_means(shell: Shell) -> None:
    told = re.sub(r"\s", "", shell.help("payout", "cost", "add"))
    assert all(say_in("zh", f"payout.cost_kinds.{kind}") in told for kind in COST_KINDS)
    assert "退回" in re.sub(r"\s", "", shell.help("import")).rpartition("结束状态")[2]


def _posted(shell: Shell) -> str:
    """Some record of the practice files that can be posted, posted."""
    found = {p["record"] for p in shell.json("problems")["problems"] if p["severity"] == "error"}
    number = next(f"R7{n:05d}" for n in range(1, 400) if f"R7{n:05d}" not in found)
    shell("post", number)
    return number


def test_a_price_says_whether_it_is_posted_reversed_and_by_what_replaced(filled: Shell) -> None:
    number = _posted(filled)
    assert filled.json("price", "--record", number)["state"] == "posted"
    filled("record", "reverse", number, "--reason", "时间记错")
    told = filled.json("price", "--record", number)
    assert (told["state"], told["posted"], told["replaced_by"]) == ("reversed", False, None)
    assert "已冲销，还没有替换的记录" in filled("price", "--record", number)
    made = filled.json("record", "replace", number, "--reason", "时间记错", "--contract", "HT-77")
    assert made["replaced_by"] == f"{number}-R1"
    assert f"已冲销，由 {number}-R1 替换" in filled("price", "--record", number)
    assert filled.json("price", "--record", made["replaced_by"])["state"] == "draft"
    assert "已由" in filled.json("record", "replace", number, "--reason", "再来", status=1)["words"]
    filled("undo")
    filled("price", "--record", made["replaced_by"], status=1)
    filled("record", "replace", number, "--reason", "x", "--start", "2026-01-15", status=2)


def test_what_was_accepted_is_told_as_accepted(filled: Shell) -> None:
    overlapping = next(p["record"] for p in filled.json("problems")["problems"] if p["code"] == "record.overlap")
    told = filled("record", "accept", overlapping, "--problem", "overlap", "--reason", "两间样品舱")
    assert "已按原样认可，可以记账。理由：两间样品舱" in told
    assert not re.search("改正前不能记账|才能记账|再记账", "".join(line for line in told.splitlines() if "重叠" in line))


def test_an_agreed_price_outside_the_band_is_refused_and_nothing_is_written(filled: Shell) -> None:
    number = next(p["record"] for p in filled.json("problems")["problems"] if p["code"] == "fee.agreed_missing")
    before = filled.json("history")
    refused = filled.json("record", "answer", number, "--agreed-price", "1", status=1)
    assert [f["code"] for f in refused["findings"]] == ["fee.agreed_outside"]
    assert filled.json("history") == before
    low = re.search(r"([\d.]+)–", refused["findings"][0]["words"])
    assert low is not None
    filled("record", "answer", number, "--agreed-price", low[1])
    assert "fee.agreed_missing" not in {p["code"] for p in filled.json("problems", number)["problems"]}


def test_a_catalogue_that_was_read_and_holds_nothing_is_not_called_unread(filled: Shell) -> None:
    from desktop.actions.workspace import open_ledger

    assert "还没有读到本机" in filled("catalogue", "search", "显微镜")
    with open_ledger(filled.home, passphrase=PASSPHRASE) as workspace:
        workspace.keep("catalogue.read_at.network", "2026-11-23T01:00:00Z")
    told = filled("catalogue", "search", "显微镜")
    assert "还没有读到本机" not in told
    assert "目录共 0 台" in told


def test_the_day_a_catalogue_was_read_is_that_of_the_desk(filled: Shell) -> None:
    from desktop.actions.workspace import open_ledger
    from desktop.store import library as rows

    after_midnight = "2026-11-22T16:30:00Z"
    with open_ledger(filled.home, passphrase=PASSPHRASE) as workspace:
        workspace.keep("catalogue.read_at.network", after_midnight)
        with workspace.write("sync", undoable=False) as operation:
            rows.keep_book(operation.connection, "network", "instrument_classes", "3", "{}", after_midnight)
    assert "2026-11-23 读取" in filled("catalogue", "search", "显微镜")
    assert "2026-11-23" in filled("published", "list")


def test_a_month_takes_two_people_by_command(filled: Shell) -> None:
    filled("person", "add", "张会计", "--role", "finance", "--pin", "1234")
    filled("person", "add", "李审批", "--role", "approver", "--pin", "5678")
    first, second = ("--as", "张会计", "--pin", "1234"), ("--as", "李审批", "--pin", "5678")
    assert filled.json("month", "close", "2025-05", *second, status=1)["error"] == "payout.month_not_prepared"
    assert filled.json("month", "prepare", "2025-05", *first)["state"] == "prepared"
    assert "编制人不能自己结账" in filled.json("month", "close", "2025-05", *first, status=1)["words"]
    (month,) = [one for one in filled.json("month", "list")["months"] if one["month"] == "2025-05"]
    assert (month["state"], month["closed"], month["prepared_by"]) == ("prepared", False, "张会计")
    assert filled.json("month", "close", "2025-05", *second)["state"] == "closed"
    filled("month", "reopen", "2025-05", *second, status=2)
    assert filled.json("month", "reopen", "2025-05", *second, "--reason", "漏记")["state"] == "open"


def test_whatever_is_explained_may_be_asked_by_command() -> None:
    for kind in KINDS:
        assert build().parse_args(["explain", kind, "X"]).kind == kind


def test_readings_that_cannot_be_read_are_told_with_sheet_and_row_where_there_are_several(filled: Shell, tmp_path: Path) -> None:
    filled("sensor", "bind", "2019170040", "CG-1", "--from", "2025-01-01")
    bad = [["传感器编号", "时间", "功率(W)"], ["CG-1", "何时", 1], ["CG-1", "2025-05-06 09:00", 600], ["CG-1", "2025-05-06 09:10", 0]]
    both = filled("sensor", "readings", books.xlsx(tmp_path / "a.xlsx", {"五月": bad, "六月": bad[:2]}), status=1)
    assert "工作表「五月」 第 2 行" in both
    assert "工作表「六月」 第 2 行" in both
    one = filled("sensor", "readings", books.xlsx(tmp_path / "b.xlsx", {"五月": bad}), status=1)
    assert "错误  第 2 行 " in one
    table = books.csv(tmp_path / "c.csv", [["资产编号", "传感器编号", "装上日期"], ["A9", "CG-1", "2025-01-01"]])
    assert 'row 2, "资产编号" No instrument' in filled("import", "sensor_bindings", table, "--lang", "en", status=1)
