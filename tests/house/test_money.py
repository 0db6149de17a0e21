"""Money is integer fen and quantities are Decimal: no float comes near either, and rounding happens in one place."""

from __future__ import annotations

import ast
from collections.abc import Set

import pytest

from tests.house.source import modules, told, tree

# Whole rooms without a float; everywhere else, functions that handle fen.
ROOMS = ("desktop/ledger/", "desktop/rules/")
# Floats that are no money though fen stands near, or rounding that only asks: file and function -> why.
ALLOWED: dict[str, str] = {
    "desktop/rules/schemes.py:faults": "asks whether a rate has more places than a scheme may have",
    "desktop/reports/blocks.py:_waterfall": "places on the page in points; the amounts are set as text by ledger.money",
}


def _fen(node: ast.AST) -> bool:
    name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "arg", None)
    return isinstance(name, str) and (name == "fen" or name.endswith("_fen"))


def floats(node: ast.AST, allowed: Set[int] = frozenset()) -> list[tuple[int, str]]:
    """Line and kind of each place below the node where a float is or comes to be; allowed nodes (by id) are passed over."""
    found = []
    for each in ast.walk(node):
        if id(each) in allowed:
            continue
        if isinstance(each, ast.Constant) and isinstance(each.value, float):
            found.append((each.lineno, f"the float {each.value}"))
        elif isinstance(each, ast.Name) and each.id == "float":
            found.append((each.lineno, "float"))
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "round":
            found.append((each.lineno, "round(), which rounds halves to even: ledger.money.half_up"))
        elif isinstance(each, ast.BinOp) and isinstance(each.op, ast.Div) and (_fen(each.left) or _fen(each.right)):
            found.append((each.lineno, "fen divided by '/', which gives a float: Decimal or //"))
    return found


def float_faults(name: str, module: ast.Module) -> list[str]:
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    allowed = {id(node) for f in functions if f"{name}:{f.name}" in ALLOWED for node in ast.walk(f)}
    judged: list[ast.AST] = [module] if name.startswith(ROOMS) else [f for f in functions if any(map(_fen, ast.walk(f)))]
    return [f"{name}:{line}: {what}" for part in judged for line, what in floats(part, allowed)]


def test_no_float_near_money() -> None:
    faults = sorted({f for name in modules("desktop", "network") for f in float_faults(name, tree(name))})
    assert not faults, told(faults, "A float stands near money; amounts are int fen, quantities Decimal.")


def test_allowed_places_still_exist() -> None:
    there = {
        f"{name}:{node.name}"
        for name in modules("desktop", "network")
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not ALLOWED.keys() - there, "an allowed place is gone: take it off the list"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("desktop/ledger/x.py", "RATE = 0.8"),
        ("desktop/rules/x.py", "def hours(text): return float(text)"),
        ("desktop/rules/x.py", "def pool(income): return round(income * 80 / 100)"),
        ("desktop/store/x.py", "def half(amount_fen): return amount_fen * 0.5"),
        ("desktop/ui/x.py", "def shown(line): return line.amount_fen / 100"),
        ("desktop/formats/x.py", "def cell(v):\n    return Row(price_fen=int(float(v) * 100))"),
    ],
)
def test_a_float_near_money_is_seen(name: str, source: str) -> None:
    assert float_faults(name, ast.parse(source))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("desktop/ui/x.py", "def wait(): return sleep(0.5)"),
        ("desktop/rules/x.py", "def pool(income_fen): return half_up(Decimal(income_fen) * rate / 100)"),
    ],
)
def test_what_is_no_money_is_left_alone(name: str, source: str) -> None:
    assert not float_faults(name, ast.parse(source))
