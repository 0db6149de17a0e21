"""A figure as JSON text and back without loss, so that a fixed amount keeps the explanation it was fixed with."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.rules.figure import Figure, Rows, Value


def to_json(figure: Figure) -> str:
    """Canonical JSON: equal figures give equal text."""
    return json.dumps(_table(figure), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Figure:
    """The figure ``to_json`` wrote. Raises ValueError or KeyError for any other text."""
    return _figure(json.loads(text))


def _value(value: Value) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def _read(value: Any) -> Value:
    if isinstance(value, dict):
        return Decimal(value["decimal"]) if "decimal" in value else date.fromisoformat(value["date"])
    if value is None or isinstance(value, str | int):
        return value
    raise ValueError(f"not a figure's value: {value!r}")


def _table(figure: Figure) -> dict[str, Any]:
    table: dict[str, Any] = {"code": figure.code, "value": _value(figure.value), "how": figure.how}
    for name in ("unit", "clause", "certainty", "note"):
        text = getattr(figure, name)
        if text:
            table[name] = text
    if figure.params:
        table["params"] = [list(pair) for pair in figure.params]
    if figure.inputs:
        table["inputs"] = [_table(part) for part in figure.inputs]
    if figure.rows is not None:
        table["rows"] = [figure.rows.kind, list(figure.rows.keys), [list(pair) for pair in figure.rows.where]]
    return table


def _figure(table: dict[str, Any]) -> Figure:
    rows = table.get("rows")
    return Figure(
        code=table["code"],
        value=_read(table["value"]),
        unit=table.get("unit", ""),
        how=table["how"],
        clause=table.get("clause", ""),
        certainty=table.get("certainty", ""),
        note=table.get("note", ""),
        inputs=tuple(_figure(part) for part in table.get("inputs", ())),
        rows=None if rows is None else Rows(rows[0], tuple(rows[1]), tuple((a, b) for a, b in rows[2])),
        params=tuple((a, b) for a, b in table.get("params", ())),
    )
