"""Content onto paper: PDF bytes that are the same for the same content and day, with embedded fonts and searchable text.

No markup is read and nothing is fetched: every text is drawn as the characters it has.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from desktop.ledger.finding import Finding, finding
from desktop.reports import blocks, fonts, keeping, long_lists
from desktop.reports.content import Content, Table, check
from desktop.reports.fonts import Lettering
from desktop.reports.layout import wishes
from desktop.reports.page import A4, SIDE, Chrome, Sheet
from desktop.words import tr

HASH_SHOWN = 16

# One document at a time: a TrueType font of reportlab keeps the subsets of the document it is drawn in.
_press = threading.Lock()


@dataclass(frozen=True, slots=True)
class Paper:
    """A printed report: the PDF, its pages, and what could not be printed as it was written."""

    data: bytes
    n_pages: int
    findings: tuple[Finding, ...]


def render(content: Content, printed_on: date, tick: Callable[[int, int], None] | None = None) -> Paper:
    """Print. ``tick(done, total)`` is called every few hundred rows and may raise to stop the work.

    Raises Problem ``report.sums_differ`` when an amount is not what its rows come to.
    """
    check(content)
    with _press:
        return _render(long_lists.on_page(content), printed_on, tick or (lambda done, total: None))


def _render(content: Content, printed_on: date, tick: Callable[[int, int], None]) -> Paper:
    from reportlab.pdfgen.canvas import Canvas

    lettering = Lettering()
    head = content.letterhead
    chrome = Chrome(
        lettering.fit(head.institution),
        lettering.fit(f"{content.title} · {content.period}"),
        lettering.fit(
            tr(
                "台账链头 {head} · 参数 {parameters} · 打印 {day}",
                head=head.ledger_head[:HASH_SHOWN],
                parameters=head.parameters_hash[:HASH_SHOWN],
                day=printed_on.isoformat(),
            )
        ),
        lettering.fit(content.mark),
    )
    dry = Sheet(None, lettering, chrome, landscape=False, n_pages=0)
    spans = {index: blocks.measure(dry, block) for index, block in enumerate(content.blocks) if isinstance(block, Table)}
    landscape = _lies_down(content, spans)
    rows = 2 * sum(len(block.rows) for block in content.blocks if isinstance(block, Table))
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        tick(done, rows)

    counted = _flow(Sheet(None, lettering, chrome, landscape=landscape, n_pages=0), content, spans, advance)
    lettered = Counter(lettering.missing), Counter(lettering.hidden)
    size = (A4[1], A4[0]) if landscape else A4
    canvas = Canvas("", pagesize=size, pageCompression=1, invariant=1, initialFontName=fonts.REGULAR)
    canvas.setTitle(f"{content.title} {content.period}")
    canvas.setAuthor(head.institution)
    canvas.setSubject(tr("数据截至：{day}", day=head.as_of.isoformat()))
    canvas.setCreator(tr("仪享台账"))
    _flow(Sheet(canvas, lettering, chrome, landscape=landscape, n_pages=counted), content, spans, advance)
    return Paper(bytes(canvas.getpdfdata()), counted, _lost(*lettered))


def _flow(sheet: Sheet, content: Content, spans: dict[int, list[tuple[float, float]]], tick: Callable[[int], None]) -> int:
    """Everything of the report down the sheets; how many there were."""
    closing = content.closing_notes()
    tails = [
        keeping.tails(
            content.blocks,
            sheet.body,
            lambda index: blocks.height(sheet, content.blocks[index]),
            lambda index, tail: blocks.opening(sheet, content.blocks[index], spans.get(index), tail),
            notes,
        )
        for notes in (blocks.notes_height(sheet, closing), 0.0)
    ]
    blocks.title(sheet, content)
    for index, block in enumerate(content.blocks):
        blocks.draw(sheet, block, spans.get(index), tick, (tails[0][index], tails[1][index]))
    blocks.notes(sheet, closing)
    sheet.close()
    return sheet.page


def _lies_down(content: Content, spans: dict[int, list[tuple[float, float]]]) -> bool:
    if content.orientation != "auto":
        return content.orientation == "landscape"
    return any(wishes(columns, blocks.PADDING) > (A4[0] - 2 * SIDE) for columns in spans.values())


def _lost(missing: Counter[str], hidden: Counter[str]) -> tuple[Finding, ...]:
    return tuple(
        finding(code, "warning", char=f"U+{ord(char):04X}")
        for code, letters in (("report.missing_glyph", missing), ("report.hidden_character", hidden))
        for char in sorted(letters)
    )
