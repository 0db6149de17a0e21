"""A value of a report under the words it has on the paper: what is kept of counts and sums whose making is plain."""

from __future__ import annotations

from desktop.rules.figure import Figure, Rows, Value


def line(said: str, value: Value, *inputs: Figure, unit: str = "count", how: str = "count", rows: Rows | None = None) -> Figure:
    """One value with what it was made from; ``said`` stays as it is on the paper, in its language."""
    return Figure("report.line", value, unit, how, inputs=inputs, rows=rows, params=(("said", said),))
