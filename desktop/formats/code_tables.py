"""Long code tables a user imports for checking: classes of instruments, first-level disciplines, countries.

A code can stand twice, as a group and as a leaf of another: what may not be said twice is (parent, code).
"""

from __future__ import annotations

from pathlib import Path

from desktop.formats import cells, spreadsheet
from desktop.formats.national import Tables
from desktop.formats.spreadsheet import Value
from desktop.ledger.problem import Problem

_PARENT = frozenset(("parent", "上级", "上级代码", "父级"))
_CODE = frozenset(("code", "key", "代码", "编码", "分类编码", "学科代码"))
_NAME = frozenset(("name", "名称", "分类名称", "学科名称", "国别", "国家"))
_DIGITS = {"classes": 6, "subjects": 3}


def read(classes: Path | None = None, subjects: Path | None = None, nations: Path | None = None) -> Tables:
    """The tables of these files (tsv, csv, xlsx …); what is not given stays unchecked.

    Raises Problem ``code_table.no_header``, ``code_table.bad_code``, ``code_table.twice``, ``code_table.empty``, and what reading a file raises.
    """
    return Tables(
        subjects=None if subjects is None else {code: name for _, code, name in _rows(subjects, "subjects")},
        nations=None if nations is None else frozenset(name for _, _, name in _rows(nations, "nations")),
        classes=None if classes is None else frozenset(code for _, code, _ in _rows(classes, "classes")),
    )


def _rows(path: Path, kind: str) -> list[tuple[str, str, str]]:
    """Parent ("" without one), code and name of each row; for countries the code may be missing."""
    grid = spreadsheet.read(path).sheets[0]
    head = [_text(cell).lower() for cell in grid.rows[0]] if grid.rows else []
    places = [next((at for at, word in enumerate(head) if word in known), None) for known in (_PARENT, _CODE, _NAME)]
    if places[2] is None or (places[1] is None and kind != "nations"):
        raise Problem("code_table.no_header", name=path.name)
    seen: dict[tuple[str, str], str] = {}
    found = []
    for number, row in enumerate(grid.rows[1:], 2):
        parent, code, name = ("" if at is None or at >= len(row) else _text(row[at]) for at in places)
        if not code and not name:
            continue
        digits = _DIGITS.get(kind)
        if not name or (digits is not None and not (code.isascii() and code.isdigit() and len(code) == digits)):
            raise Problem("code_table.bad_code", name=path.name, row=number, shown=code or "—")
        if code and seen.setdefault((parent, code), name) != name:
            raise Problem("code_table.twice", name=path.name, row=number, shown=code)
        found.append((parent, code, name))
    if not found:
        raise Problem("code_table.empty", name=path.name)
    return found


def _text(value: Value) -> str:
    return cells.clean(cells.shown(value))[0] if value is not None else ""
