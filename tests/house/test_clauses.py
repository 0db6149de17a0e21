"""The page that maps the clauses of the measure to the program: what it names is there, and what it says is lacking is lacking."""

from __future__ import annotations

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest

from desktop.actions.explaining import KINDS as EXPLAINED
from desktop.cli.parser import build
from tests.house.source import modules, text, told, tracked, tree

PAGE = "docs/clauses.md"
N_CLAUSES = 17
COLUMNS = ("做什么", "录入什么", "函数", "参数", "案例", "命令", "为什么")
LACKING = "还没有："
NAMED = re.compile(r"`([^`]+)`")
KEY = re.compile(r"[a-z]+\.[a-z0-9_]+\*?|[a-z]+\.\*")


def sections(page: str) -> dict[str, str]:
    """The number of a clause -> what stands under its heading."""
    parts = re.split(r"^## (\d+) .*$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(section: str) -> list[dict[str, str]]:
    """The rows of a clause's table, cell by column."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines[2:]]


def lacking(section: str) -> str:
    """What a clause says is not done yet: from the word to the end of its paragraph."""
    return section.partition(LACKING)[2].split("\n\n")[0]


@cache
def keys() -> frozenset[str]:
    files = [tomllib.loads(text(name)) for name in tracked() if name.startswith("resources/rules/")]
    return frozenset(entry["key"] for file in files for part in ("value", "unset") for entry in file.get(part, []))


def meant(name: str) -> set[str]:
    """The parameters a name stands for: itself, or all that begin as it does."""
    return {key for key in keys() if key == name or (name.endswith("*") and key.startswith(name[:-1]))}


def cases() -> set[str]:
    return {name.rpartition("/")[2] for name in tracked() if name.startswith("tests/cases/")}


def function_is_there(name: str) -> bool:
    module, _, function = name.rpartition(".")
    file = f"desktop/{module.replace('.', '/')}.py"
    return file in tracked() and any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree(file).body)


def command_is_there(name: str) -> bool:
    """``report award``: a way through the grammar to something that runs, and what may stand first behind it."""
    parser, words = build(), name.split()
    while True:
        group = next((one for one in parser._actions if isinstance(one, argparse._SubParsersAction)), None)
        if group is None:
            break
        if not words or words[0] not in group.choices:
            return False
        parser = group.choices[words.pop(0)]
    first = next((one for one in parser._actions if not one.option_strings), None)
    return not words or (len(words) == 1 and first is not None and first.choices is not None and words[0] in first.choices)


def reports() -> set[str]:
    group = next(one for one in build()._actions if isinstance(one, argparse._SubParsersAction))
    return {f"report {kind}" for one in group.choices["report"]._actions if one.dest == "kind" for kind in one.choices or ()}


def strangers(section: str) -> Iterator[str]:
    """What a clause names that is not there."""
    there = {
        "函数": (function_is_there, "no such function of desktop/"),
        "参数": (meant, "no such parameter in resources/rules/"),
        "案例": (cases().__contains__, "no such file in tests/cases/"),
        "命令": (command_is_there, "no such command"),
        "为什么": (EXPLAINED.__contains__, "nothing that `explain` answers for"),
    }
    for row in rows(section):
        for column, (is_there, fault) in there.items():
            names = NAMED.findall(row[column])
            if not names and row[column] != "—":
                yield f"{row['做什么']}: {column} is neither named nor —"
            yield from (f"{name}: {fault}" for name in names if not is_there(name))
        if not NAMED.search(row["函数"]):
            yield f"{row['做什么']}: a row without a function is something that is lacking"
    yield from (f"{name}: no such parameter in resources/rules/" for name in unused(section) if not meant(name))


def unused(section: str) -> list[str]:
    """The parameters a clause names among what is lacking: no rule reads them yet."""
    return [name for name in NAMED.findall(lacking(section)) if KEY.fullmatch(name)]


def read_after_all(section: str, source: str) -> list[str]:
    """The parameters that are said to wait for a rule and stand in the source of the program."""
    return sorted(key for name in unused(section) for key in meant(name) if f'"{key}"' in source)


def program() -> str:
    return "\n".join(text(name) for name in modules("desktop"))


@pytest.fixture(scope="module")
def page() -> dict[str, str]:
    return sections(text(PAGE))


def test_each_clause_has_its_place_and_something_to_say(page: dict[str, str]) -> None:
    assert list(page) == [str(n) for n in range(1, N_CLAUSES + 1)]
    faults = [number for number, section in page.items() if not rows(section) and not lacking(section).strip()]
    assert not faults, told(faults, "A clause of docs/clauses.md says neither what is done nor what is lacking.")


def test_what_the_page_names_is_there(page: dict[str, str]) -> None:
    faults = [f"clause {number}: {fault}" for number, section in page.items() for fault in strangers(section)]
    assert not faults, told(faults, "docs/clauses.md names what is not there: a name has changed, or the row has to go.")


def test_nothing_that_is_done_is_left_out(page: dict[str, str]) -> None:
    named = {name for section in page.values() for row in rows(section) for cell in row.values() for name in NAMED.findall(cell)}
    waiting = {key for section in page.values() for name in unused(section) for key in meant(name)}
    told_of = {key for name in named for key in meant(name)} | waiting
    faults = [f"tests/cases/{name}" for name in sorted(cases() - named)]
    faults += [f"parameter {key}" for key in sorted(keys() - told_of)]
    faults += [f"yixiang explain {kind}" for kind in EXPLAINED if kind not in named]
    faults += [f"yixiang {report}" for report in sorted(reports() - named)]
    assert not faults, told(faults, "docs/clauses.md leaves out what belongs to one of its clauses.")


def test_what_is_said_to_be_lacking_is_lacking(page: dict[str, str]) -> None:
    source = program()
    faults = [f"clause {number}: {key}" for number, section in page.items() for key in read_after_all(section, source)]
    assert not faults, told(faults, "docs/clauses.md says no rule reads these parameters, and the program does.")


ROW = "| 做什么 | … | | | | | |\n|---|---|---|---|---|---|---|\n| 一件事 | 录入 | `{}` | `{}` | `{}` | `{}` | `{}` |\n"
RIGHT = ("rules.duties.assess", "duty.join_days", "duties.toml", "report joining", "duty")


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (0, "rules.duties.asses"), (0, "rules.dutys.assess"), (0, "rules.duties.Duty"), (1, "duty.join_day"), (1, "dutys.*"),
        (2, "duty.toml"), (3, "report join"), (3, "instrument"), (3, "duties now"), (4, "duties"),
    ],
)  # fmt: skip
def test_a_wrong_name_is_seen(place: int, wrong: str) -> None:
    assert not list(strangers(ROW.format(*RIGHT)))
    names = [*RIGHT]
    names[place] = wrong
    assert [fault.partition(":")[0] for fault in strangers(ROW.format(*names))] == [wrong]


def test_a_row_that_promises_nothing_and_a_parameter_in_use_are_seen() -> None:
    row = ROW.format(*RIGHT)
    assert list(strangers(row.replace("`rules.duties.assess`", "—")))
    assert list(strangers(row.replace("`duty`", "")))
    assert list(strangers("还没有：`sensors.*`。"))
    assert read_after_all("还没有：某事。参数 `duty.join_*` 尚无规则用到。\n\n别的 `duty.threshold_fen`", program()) == ["duty.join_days"]
