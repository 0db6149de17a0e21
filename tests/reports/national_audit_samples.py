"""A small sample of what the national platform's audit says of what it took."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop.reports import national_audit
from desktop.reports.content import Content
from desktop.reports.national_audit import AuditFacts, AuditLine, AuditMessage
from tests.reports.samples import LETTERHEAD

_SEM, _MS = "场发射扫描电子显微镜（含能谱仪）", "质谱仪"


def facts() -> AuditFacts:
    """Two years of messages; a row of each state that is listed, one that was reversed since; a long reason, and none."""
    why = "型号与铭牌照片不符，请上传铭牌清晰照片并核对规格型号、制造商和国别后重新提交；同时请补充主要技术指标"
    none = {"refused": 0, "not_submitted": 0, "pending": 0, "unseen": 0, "passed": 0}
    return AuditFacts(
        date(2026, 3, 31),
        (
            AuditMessage("6", "BW2025-004", date(2025, 7, 9), none | {"passed": 1204, "unseen": 87_312}),
            AuditMessage("4", "BW2026-001", date(2026, 3, 10), none | {"refused": 1, "not_submitted": 1, "passed": 52}),
            AuditMessage("6", "BW2026-003", date(2026, 3, 12), none | {"refused": 2, "pending": 1, "unseen": 310}),
        ),
        (
            AuditLine("4", "2015021", _SEM, "BW2026-001", date(2026, 3, 10), "refused", date(2026, 3, 20), why, True),
            AuditLine("6", "R20250611", _MS, "BW2026-003", date(2026, 3, 12), "refused", date(2026, 3, 20), "", True),
            AuditLine("4", "2018044", _MS, "BW2026-001", date(2026, 3, 10), "not_submitted", date(2026, 3, 21), "", True),
            AuditLine("6", "R20250612", _SEM, "BW2026-003", date(2026, 3, 12), "refused", date(2026, 3, 20), "重复", False, stands=False),
            AuditLine("6", "R20250613", _SEM, "BW2026-003", date(2026, 3, 12), "pending", date(2026, 3, 20), "", False),
        ),
        2,
    )


AUDITED: dict[str, Callable[[], Content]] = {"national_audit": lambda: national_audit.report(facts(), LETTERHEAD)}
