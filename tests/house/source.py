"""The program's own files as the house rules read them."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = re.compile(r"(^|/)(\.(?!ci/|editorconfig|gitignore)|__pycache__|[^/]*\.egg-info)|^(out|build|dist)/")
CHINESE = re.compile(r"[\u3400-\u9fff]")


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the project, as git sees it, new ones included; outside a clone, every file that is not made."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    if listing.returncode == 0:
        names = listing.stdout.decode().split("\0")
    else:
        names = [
            path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if not MADE.search(path.relative_to(ROOT).as_posix())
        ]
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


def modules(*folders: str) -> list[str]:
    """The Python files below these folders."""
    return [name for name in tracked() if name.endswith(".py") and name.startswith(tuple(f"{f}/" for f in folders))]


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(text(name), name)


def toml(name: str) -> dict[str, object]:
    return tomllib.loads(text(name))


def docstrings(module: ast.AST) -> set[int]:
    """The ids of the nodes that are documentation, not values: strings that stand as a statement of their own."""
    return {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


def called(call: ast.Call) -> str:
    """The last name of what is called: ``say`` for ``say(…)`` and for ``words.say(…)``."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""


def calls(module: ast.AST, names: frozenset[str]) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module) if isinstance(node, ast.Call) and called(node) in names)


def literals(node: ast.expr) -> list[str]:
    """The strings an argument may be, as far as they stand in the source: itself, or both arms of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [found for value in node.values for found in literals(value)]
    return []


def told(faults: list[str], rule: str) -> str:
    """What a failing test says: the rule, then each place that breaks it."""
    return f"{rule}\n  " + "\n  ".join(faults)
