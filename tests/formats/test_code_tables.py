"""Code tables as people have them: tab, comma or workbook; a code that stands twice; zeros a sheet has dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.formats import code_tables, write
from desktop.formats.write import OutSheet
from desktop.ledger.problem import Problem


def file(tmp_path: Path, text: str, name: str = "a.tsv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_a_code_may_be_a_group_and_a_leaf_of_another(tmp_path: Path) -> None:
    text = "parent\tcode\tname\n_root_\t010000\t分析仪器\n010000\t010100\t电子光学仪器\n010100\t010100\t其他电子光学仪器\n"
    assert code_tables.read(classes=file(tmp_path, text)).classes == {"010000", "010100"}
    with pytest.raises(Problem, match=r"code_table\.twice"):
        code_tables.read(classes=file(tmp_path, text + "010000\t010100\t另一个\n"))


def test_disciplines_and_countries_from_comma_and_workbook(tmp_path: Path) -> None:
    write.write(tmp_path / "学科.xlsx", [OutSheet("学科", ["代码", "名称"], [["110", "数学"], ["430", "材料科学"]])])
    nations = file(tmp_path, "key,name\nn1,德国\nn2,日本\n", "国别.csv")
    tables = code_tables.read(subjects=tmp_path / "学科.xlsx", nations=nations)
    assert (tables.subjects, tables.nations, tables.classes) == ({"110": "数学", "430": "材料科学"}, {"德国", "日本"}, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("code\tname\n10000\t分析仪器\n", "bad_code"),
        ("code\tname\nO10000\t分析仪器\n", "bad_code"),
        ("code\tname\n010000\t\n", "bad_code"),
        ("code\tname\n", "empty"),
        ("甲\t乙\n010000\t分析仪器\n", "no_header"),
    ],
    ids=["a dropped zero", "a letter", "no name", "no row", "no header"],
)
def test_a_table_that_is_wrong_is_not_used(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(Problem, match=rf"code_table\.{code}"):
        code_tables.read(classes=file(tmp_path, text))
