"""Lists that may be long: a page shows their beginning and says where the rest is; the workbook of the same content goes on to a stated bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desktop.reports.content import Block, Content, Paragraph, Table
from desktop.words import tr

ON_PAGE = 200
"""How many rows of such a list a page shows."""
IN_WORKBOOK = 5_000
"""How many rows of such a list a report has at all: eight full lists stay within what a report may take of memory."""


def beyond(n: int) -> list[Block]:
    """What stands over a list of ``n`` rows: nothing, unless it is longer than a report carries."""
    if n <= IN_WORKBOOK:
        return []
    return [Paragraph(tr("共 {n} 条，超过报表所能列的：只列前 {most} 条，全部见台账。", n=f"{n:,}", most=f"{IN_WORKBOOK:,}"), strong=True)]


def on_page(content: Content) -> Content:
    """The same report with each long table cut to what a page shows of it, and under it how many rows the workbook has."""
    if not any(isinstance(block, Table) and _is_cut(block) for block in content.blocks):
        return content
    blocks: list[Block] = []
    for block in content.blocks:
        blocks += _shortened(block) if isinstance(block, Table) and _is_cut(block) else [block]
    return replace(content, blocks=tuple(blocks))


def _is_cut(table: Table) -> bool:
    return 0 < table.shown < len(table.rows)


def _shortened(table: Table) -> Sequence[Block]:
    told = tr("以上是前 {shown} 行，共 {n} 行；其余见同一报表的工作簿（XLSX）。", shown=f"{table.shown:,}", n=f"{len(table.rows):,}")
    return replace(table, rows=table.rows[: table.shown]), Paragraph(told)
