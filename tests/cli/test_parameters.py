"""Rule values by command: what is in force, what hangs on it, what a newer one moves, taking it with a reason, taking it back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import INIT, Shell

ADD = ("parameters", "add", "duty.threshold_fen", "500000", "--from", "2025-01-01", "--document", "鲁科字〔2026〕9号")


def test_a_value_is_found_shown_and_said_by_day(shell: Shell) -> None:
    shell(*INIT)
    listed = shell.json("parameters", "list", "入网限额 单台套")["parameters"]
    assert [(one["key"], one["in_force"]["value"], one["in_force"]["certainty"]) for one in listed] == [("duty.threshold_fen", "300000.00", "A")]
    (earlier,) = shell.json("parameters", "list", "入网限额 单台套", "--on", "2018-01-01")["parameters"]
    assert (earlier["in_force"]["certainty"], earlier["coming"]["from"]) == ("C", "2024-08-01")
    (unset,) = shell.json("parameters", "list", "award.provider_rate")["parameters"]
    assert unset["in_force"] is None
    assert "未公布" in shell("parameters", "list", "award.provider_rate")
    told = shell("parameters", "show", "duty.threshold_fen")
    assert "用在：入网与报备义务；绩效指标与全国基准" in told
    assert told.index("2024-08-01 起") < told.index("2017-09-20 起")
    assert "用在：" in shell("parameters", "show", "national.review_threshold_fen")
    assert shell.json("parameters", "show", "duty.thresholds", status=1)["error"] == "parameter.unknown_key"
    english = shell("parameters", "show", "duty.threshold_fen", "--lang", "en")
    assert "Threshold for joining" in english
    assert "Used in:" in english


def test_what_moves_is_told_first_and_a_reason_takes_it(filled: Shell) -> None:
    known = filled.json("parameters", "list")
    for options, status in ((("--dry-run",), 0), ((), 1)):
        told = filled.json(*ADD, *options, status=status)
        assert told["operation"] is None
        assert {(one["figure"], one["subject"], one["old"], one["new"]) for one in told["moved"]} >= {
            ("parameter_effect.duty_state", "2025170025", "overdue", "not_obliged"),
            ("parameter_effect.duty_deadline", "2025170025", "2025-02-27", None),
        }
        assert (told.get("error") == "parameter.no_reason") == (status == 1)
    assert filled.json("parameters", "list") == known
    assert "理由" in filled(*ADD, status=1) + filled.err
    taken = filled.json(*ADD, "--reason", "新文件")
    assert taken["operation"]
    (now,) = filled.json("parameters", "list", "入网限额 单台套")["parameters"]
    assert (now["in_force"]["value"], now["in_force"]["own"]) == ("500000.00", True)
    filled("undo")
    assert filled.json("parameters", "list") == known
    assert filled.json("verify")["ok"]


def test_a_table_is_written_changed_and_taken(filled: Shell, tmp_path: Path) -> None:
    path = tmp_path / "参数.csv"
    n = filled.json("parameters", "export", path)["values"]
    again = filled.json("parameters", "import", path)
    assert (again["new"], again["known"], again["operation"]) == ([], n, None)
    assert "没有改动" in filled("parameters", "import", path)
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    for row in rows:
        if row["代号"] == "duty.join_days":
            row |= {"值": "40", "起始日期": "2026-01-01", "文号": "鲁科字〔2026〕9号"}
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    told = filled("parameters", "import", path, "--reason", "省厅新文件")
    assert "30 个工作日 → 40 个工作日，2026-01-01 起" in told
    assert "入网期限" in told
    assert "yixiang undo" in told
    assert "采用规则参数文件" in filled("history")


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--reason", "新文件")])
def test_a_faulty_set_is_refused_whole(shell: Shell, tmp_path: Path, options: tuple[str, ...]) -> None:
    shell(*INIT)
    known = shell.json("parameters", "list")
    path = tmp_path / "a.csv"
    head = "代号,起始日期,值,单位,文号,可信度\n"
    path.write_text(head + "duty.join_days,2027-01-01,40,工作日,文号,A\nduty.nothing,2027-01-01,1,,文号,A\n", "utf-8")
    refused = shell.json("parameters", "import", path, *options, status=1)
    assert refused["error"] == "parameter.set_refused"
    assert [(one["row"], one["column"], one["code"]) for one in refused["findings"] if one["severity"] == "error"] == [
        (3, "代号", "parameter.set_unknown_key")
    ]
    assert shell.json("parameters", "list") == known


@pytest.mark.parametrize("value", ["三十万", "0.001", "60万"])
def test_a_value_that_cannot_be_read_says_how_to_write_it(shell: Shell, value: str) -> None:
    shell(*INIT)
    told = shell.json(*ADD[:3], value, *ADD[4:], status=1)
    assert told["error"] == "parameter.own_wrong_type"
    assert "以元为单位" in told["words"]
