"""Whether a tree of figures answers "why?" to the end: words for every step, sums that are the sums of their parts, rows that open."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from desktop import words
from desktop.actions import explaining
from desktop.actions.workspace import Workspace
from desktop.rules.figure import Figure, Value

# What a figure may stand on without parts or rows of its own: it is a fact of the ledger, a rule, or a step shown beside it.
GROUND = frozenset({
    "fact", "parameter", "scheme", "step", "lookup", "later", "entered", "agreed", "derived", "posted", "draft", "count", "original",
    "remainder", "difference", "rows_above",
})  # fmt: skip
MONEY = ("posting", "receipt")


def unexplained(workspace: Workspace, tree: Figure) -> Iterator[str]:
    """What is wrong with a tree, in words; nothing when all of it is explained."""
    for part in tree.walk():
        if not words.known(part.code):
            yield f"{part.code} has no words"
        if part.how and not words.known(f"how.{part.how}"):
            yield f"{part.code}: how.{part.how} has no words"
        if part.how == "parameter" and part.value is not None and not (part.clause and part.certainty):
            yield f"{part.code} cites nothing"
        if part.how == "sum" and part.unit == "fen" and part.inputs and part.value is not None:
            parts = [one.value for one in part.inputs if one.unit == "fen"]
            # Steps of a price are exact; what does not end is shown to six places.
            if abs(_number(part.value) - sum(_number(value) for value in parts)) > Decimal("0.0001"):
                yield f"{part.code} is {part.value}, its parts are {parts}"
        if part.how not in GROUND and not part.inputs and part.rows is None and part.value is not None:
            yield f"{part.code} ({part.how}) stands on nothing"
        if part.rows is not None and part.rows.keys:
            yield from _rows(workspace, part)
    for language in ("zh", "en"):
        words.use(language)
        try:
            told = "\n".join(explaining.as_lines(tree))
        finally:
            words.use("zh")
        yield from (f"without words: {line.strip()}" for line in told.splitlines() if "[payout." in line or "{" in line)


def _number(value: Value) -> Decimal:
    return Decimal(str(value))


def _rows(workspace: Workspace, part: Figure) -> Iterator[str]:
    assert part.rows is not None
    found = explaining.rows(workspace, part.rows)
    if {row["id"] for row in found} != set(part.rows.keys):
        yield f"{part.code}: {len(part.rows.keys)} rows named, {len(found)} found"
    elif part.how == "sum" and part.unit == "fen" and not part.inputs and part.rows.kind in MONEY:
        total = sum(row["amount_fen"] for row in found)
        if total != part.value:
            yield f"{part.code} is {part.value}, its rows add up to {total}"
