"""Small samples of the self-check of integrity and of the rectification report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from desktop.reports import integrity, rectification
from desktop.reports.content import Content
from desktop.reports.integrity import CheckLines, IntegrityFacts, SeenLine
from desktop.reports.rectification import AnswerLine, NoticeLine, PointLine, RectificationFacts
from desktop.rules.figure import Figure
from tests.reports.samples import LETTERHEAD, SECRET

NAME = "场发射扫描电子显微镜"


def check(name: str, *lines: SeenLine, limit: int | Decimal | None = None, certainty: str = "", looked: bool = True) -> CheckLines:
    """A check with its count."""
    return CheckLines(name, limit, certainty, lines, looked, Figure(f"integrity.{name}", len(lines) if looked else None, "count", "count"))


SELF_CHECK = IntegrityFacts(
    "2025年度",
    1_204,
    (
        check(
            "overlap", SeenLine("R20250506-02", "A1", NAME, "2025-05-06", 60, "R20250506-01", False),
            SeenLine("R20250507-09", SECRET, SECRET, "2025-05-07", 60, SECRET, True),
        ),
        check("beyond_day", SeenLine("R20250601-03", "A1", NAME, "2025-06-01", 721, "1441", False), limit=1440, certainty="C"),
        check("beyond_times", SeenLine("R20250602-01", "A1", NAME, "2025-06-02", 120, "90", False)),
        check("round_run", SeenLine("R20250606-01", "A1", NAME, "2025-06-06", 180, "12", False), limit=10, certainty="C"),
        check("late", looked=False),
        check("same_contact", SeenLine("R20250603-01", "A1", NAME, "2025-06-03", 30, "王老师", False)),
        check(
            "off_schedule", SeenLine("R20250604-02", "A1", NAME, "2025-06-04", 60, "amount", False, 162_00, 180_00),
            SeenLine("R20250604-03", "A1", NAME, "2025-06-04", 30, "no_schedule", False, 90_00),
        ),
        check("beyond_sensor", SeenLine("R20250605-01", "A1", NAME, "2025-06-05", 120, "95", False), limit=Decimal("0.1"), certainty="C"),
    ),
)  # fmt: skip


def _point(check: str, number: str, state: str, text: str, correction: str = "", *, seen: bool = True, secret: bool = False) -> PointLine:
    asset, name = (SECRET, SECRET) if secret else ("A1", NAME)
    day = None if state == "open" else date(2026, 1, 15)
    evidence = "上机登记簿第 12 页" if state == "explained" else ""
    n_files = 2 if state == "explained" else 0
    by = "设备处甲" if text else ""
    return PointLine(check, number, "2025-05-06", asset, name, seen, state, text, correction, evidence, day, by, secret, n_files)


RECTIFICATION = RectificationFacts(
    "2025年度",
    1_204,
    (
        NoticeLine(
            "rectification", "责令改正通知书（开放共享）", date(2025, 6, 3), date(2025, 6, 13), date(2025, 6, 12), "已冲销重复登记的一条。", "answered",
            None, False,
        ),
        NoticeLine("warning", "关于补录机时的警示", date(2025, 9, 1), date(2025, 9, 12), None, "", "overdue", -3, False),
        NoticeLine("circular", "通报", date(2025, 12, 30), date(2028, 1, 7), None, "", "due", 500, True),
    ),
    (
        _point("overlap", "R20250506-02", "corrected", "两次登记了同一次服务，已冲销。", "R20250506-02", seen=False),
        replace(
            _point("late", "R20250601-03", "explained", "操作员出差，凭当时的登记补记。"),
            earlier=(
                AnswerLine("accepted", "年底集中记账。", "", "", date(2025, 12, 20), "丙实验室"),
                AnswerLine("open", "原因写得不清，退回重写。", "", "", date(2025, 12, 29), "设备处甲"),
            ),
        ),
        _point("same_contact", "R20250603-01", "accepted", "本单位人员代为联系，费用由外单位承担。"),
        _point("round_run", "R20250604-01", "open", ""),
        replace(
            _point("overlap", SECRET, "explained", SECRET, secret=True),
            earlier=(AnswerLine("open", SECRET, "", SECRET, date(2025, 12, 20), SECRET),),
        ),
    ),
)  # fmt: skip
INTEGRITY: dict[str, Callable[[], Content]] = {
    "integrity": lambda: integrity.report(SELF_CHECK, LETTERHEAD),
    "rectification": lambda: rectification.report(RECTIFICATION, LETTERHEAD),
}
