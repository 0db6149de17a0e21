"""How long a report of 2 000 rows takes to print, against reportlab's own table with the same rows and the same embedded font.

The bare way breaks no line in a cell, adds nothing up and says neither how many pages there are nor what a letter is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

from desktop.reports import fonts, joining, pdf, transactions
from desktop.reports.content import Content, Letterhead, Table, written
from desktop.reports.joining import JoiningFacts, JoiningLine
from desktop.reports.transactions import TransactionFacts, TransactionLine
from tests.bench.measuring import Figure, Place, compared, in_ms, seconds

BOUND = 1.3
N_ROWS = 2_000
PRINTED_ON = date(2026, 1, 16)
_HEAD = Letterhead("齐鲁示范大学（测速）", date(2026, 1, 15), "3f" * 32, "8c" * 32, ("鲁科字〔2024〕62号",))


def _transactions() -> Content:
    lines = [
        TransactionLine(
            f"B{n:07d}", f"2019{n % 200:06d}", f"测速仪器 {n % 200} 号（附能谱分析）", f"测速用户 {n % 377} 有限公司",
            date(2025, 1, 1) + timedelta(days=n % 365), 18_000 + n * 37, f"HT-2025-{n:07d}", f"FP{n:08d}",
        )
        for n in range(N_ROWS)
    ]  # fmt: skip
    return transactions.report(TransactionFacts(2025, lines), _HEAD)


def _joining() -> Content:
    lines = tuple(
        JoiningLine(
            f"2019{n:06d}", f"测速仪器 {n} 号", department=f"第{n % 12}实验中心", value_fen=30_000_000 + n,
            accepted_on=date(2025, 1, 1) + timedelta(days=n % 300), deadline=date(2025, 2, 14) + timedelta(days=n % 300), state="overdue",
            days_left=-(n % 200), clause="措施第 2 条",
        )
        for n in range(N_ROWS)
    )  # fmt: skip
    return joining.report(JoiningFacts(date(2026, 1, 15), lines, 30_000_000, 30, "D"), _HEAD)


def _bare(content: Content) -> None:
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.platypus import LongTable, SimpleDocTemplate

    fonts.font(False)
    flow = []
    for block in content.blocks:
        if isinstance(block, Table):
            rows = [[column.head for column in block.columns]]
            rows += [[written(cell, column) for cell, column in zip(row, block.columns, strict=True)] for row in block.rows]
            flow.append(LongTable(rows, repeatRows=1, style=[("FONT", (0, 0), (-1, -1), fonts.REGULAR, 6)]))
    SimpleDocTemplate(BytesIO(), pagesize=landscape(A4), initialFontName=fonts.REGULAR).build(flow)


def figures(place: Place) -> list[Figure]:
    """Two reports: services of a year, and the duties of as many instruments."""
    made: dict[str, Callable[[], Content]] = {"transactions": _transactions, "joining": _joining}
    found = []
    for name, make in made.items():
        content = make()
        rows = sum(len(block.rows) for block in content.blocks if isinstance(block, Table))

        def ours(content: Content = content) -> pdf.Paper:
            return pdf.render(content, PRINTED_ON)

        def bare(content: Content = content) -> None:
            _bare(content)

        ours(), bare()  # the fonts are read once for the life of the program
        taken, least = compared(lambda ours=ours: seconds(ours), lambda bare=bare: seconds(bare))
        found.append(Figure(f"a report of {rows} rows ({name}) against reportlab's table", BOUND, taken / least, "×", in_ms(taken, least)))
    return found
