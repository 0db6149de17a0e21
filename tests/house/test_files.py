"""Files: short, speaking for themselves, and about the project alone."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable

from tests.house.source import ROOT, modules, text, told, tracked, tree

LONGEST = 500
# Written so that this file does not break its own rule.
FOREIGN = re.compile(
    r"\bpy[p]i\.(org|python)|python[h]osted|(deb|security|ftp)\.debia[n]|archive\.ubunt[u]|registry\.np[m]|np[m]mirror|"
    r"mirrors?\.[a-z.]+\.(cn|com|edu|org)\b|"
    r"(?<![\w.\]])/(wor[k]|roo[t]|hom[e]|mn[t]|farm)/[a-z]|(?<![\w.])/op[t]/[a-z]|[A-Z]:\\\\User[s]"
)
BANNED = re.compile(r"(Manager|Controller|Helper|Utils?|Data|Info)(?=[A-Z]|$)")
BANNED_FILES = re.compile(r"(^|_)(manager|controller|helpers?|utils?|data|info|misc|common)(_|$)")
PROGRAM = ("desktop", "network", "tests")


def too_long(name: str, source: str) -> list[str]:
    n_lines = source.count("\n")
    return [f"{name}: {n_lines} lines"] if n_lines > LONGEST else []


def foreign(name: str, source: str) -> list[str]:
    return [
        f"{name}:{number}: {found[0]}" for number, line in enumerate(source.splitlines(), 1) for found in FOREIGN.finditer(line)
    ]


def banned_names(name: str, module: ast.Module) -> list[str]:
    classes = [node for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
    faults = [f"{name}:{node.lineno}: class {node.name}" for node in classes if BANNED.search(node.name)]
    stem = name.rsplit("/", 1)[-1].removesuffix(".py")
    return faults + ([f"{name}: the file's name"] if BANNED_FILES.search(stem) else [])


def unpromised(name: str, module: ast.Module) -> list[str]:
    """Where annotations are evaluated at import: the first statement after the docstring must be the future import."""
    if not [node for node in module.body if not isinstance(node, ast.Expr)]:
        return []
    wanted = any(
        isinstance(node, ast.ImportFrom) and node.module == "__future__" and any(a.name == "annotations" for a in node.names)
        for node in module.body
    )
    return [] if wanted else [name]


def undocumented(name: str, module: ast.Module) -> list[str]:
    return [name] if module.body and not ast.get_docstring(module) else []


def test_no_file_swallows_the_house() -> None:
    faults = [f for name in modules(*PROGRAM) for f in too_long(name, text(name))]
    assert not faults, told(faults, f"A file above {LONGEST} lines holds more than one subject: part it by subject.")


def test_files_speak_of_the_project_alone() -> None:
    faults = []
    for name in tracked():
        raw = (ROOT / name).read_bytes()
        if b"\0" not in raw[:8192]:
            faults += foreign(name, raw.decode("utf-8", errors="replace"))
    assert not faults, told(faults, "The path of one machine or the address of a package registry stands in a file.")


def test_names_say_what_a_thing_is() -> None:
    faults = [f for name in modules(*PROGRAM) for f in banned_names(name, tree(name))]
    assert not faults, told(faults, "Manager, Controller, Helper, Util, Data, Info say nothing: take the word of the glossary.")


def test_every_module_opens_with_what_it_is_for() -> None:
    faults = [f for name in modules(*PROGRAM) for f in undocumented(name, tree(name))]
    assert not faults, told(faults, "A module opens with a docstring: what it is for and what it must not do.")


def test_annotations_are_never_evaluated_at_import() -> None:
    faults = [f for name in modules(*PROGRAM) for f in unpromised(name, tree(name))]
    assert not faults, told(faults, "'from __future__ import annotations' is missing.")


def test_the_rules_see_what_breaks_them() -> None:
    assert too_long("x.py", "\n" * (LONGEST + 1))
    assert not too_long("x.py", "\n" * LONGEST)
    for line in (
        "see /wor" + "k/main",
        "index-url = https://py" + "pi.org/x",
        "p = '/hom" + "e/li/ledger'",
        "mirror" + "s.example.edu.cn",
        "'/op" + "t/tools'",
    ):
        assert foreign("x.md", line), line
    for line in ("a network/" "work/order", "tests/home/x", "(ROOT / 'home' / 'x')", "https://docs.python.org", "/api/" "work/"):
        assert not foreign("x.md", line), line
    assert banned_names("desktop/ui/window.py", ast.parse("class SyncManager: ..."))
    assert banned_names("desktop/ui/utils.py", ast.parse(""))
    assert not banned_names("desktop/ui/database.py", ast.parse("class Database: ..."))
    assert undocumented("x.py", ast.parse("import os"))
    assert not undocumented("x.py", ast.parse('"""For this."""'))
    assert unpromised("x.py", ast.parse('"""For this."""\nimport os'))


def doubled_numbers(names: Iterable[str]) -> list[str]:
    """Decisions that bear the number of another one."""
    found = Counter(name.rpartition("/")[2].partition("-")[0] for name in names if name.startswith("docs/decisions/"))
    return sorted(number for number, n in found.items() if n > 1)


def test_each_decision_has_a_number_of_its_own() -> None:
    assert doubled_numbers(["docs/decisions/0001-a.md", "docs/decisions/0001-b.md"]) == ["0001"]
    faults = doubled_numbers(tracked())
    assert not faults, told(faults, "Two decisions bear one number; the newer takes the next free one.")


def doubled_lines(changes: str) -> list[str]:
    """Lines of one version that begin alike: both sides of a merge stand there."""
    return [begun for part in changes.split("\n## ") for begun, n in Counter(line[:80] for line in part.splitlines() if len(line) > 80).items() if n > 1]


def test_the_changelog_tells_each_thing_once() -> None:
    line = "- What was paid in two periods side by side: each person, department and row of the schemes"
    assert doubled_lines(f"{line}\n- Other\n{line}, who is new or gone") == [line[:80]]
    assert not doubled_lines(f"{line}\n\n## [0.1]\n\n{line}")
    faults = doubled_lines(text("CHANGELOG.md"))
    assert not faults, told(faults, "One change is told twice, or a line of it stands under another one: keep the newer.")
