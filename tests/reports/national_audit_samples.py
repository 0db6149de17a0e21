"""A small sample of what the national platform's audit says of what it took."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop.reports import national_audit
from desktop.reports.content import Content
from desktop.reports.national_audit import AuditFacts, AuditLine
from tests.reports.samples import LETTERHEAD

_SEM, _MS = "场发射扫描电子显微镜（含能谱仪）", "质谱仪"


def facts() -> AuditFacts:
    """One row of each state, one that was reversed since; a long reason, and none."""
    why = "型号与铭牌照片不符，请上传铭牌清晰照片并核对规格型号、制造商和国别后重新提交；同时请补充主要技术指标"
    return AuditFacts(
        date(2026, 3, 31),
        (
            AuditLine("4", "2015021", _SEM, "BW2026-001", date(2026, 3, 10), "refused", date(2026, 3, 20), why, True),
            AuditLine("6", "R20250611", _MS, "BW2026-003", date(2026, 3, 12), "refused", date(2026, 3, 20), "", True),
            AuditLine("4", "2018044", _MS, "BW2026-001", date(2026, 3, 10), "not_submitted", date(2026, 3, 21), "", True),
            AuditLine("6", "R20250612", _SEM, "BW2026-003", date(2026, 3, 12), "refused", date(2026, 3, 20), "重复", False, stands=False),
            AuditLine("6", "R20250613", _SEM, "BW2026-003", date(2026, 3, 12), "pending", date(2026, 3, 20), "", False),
            AuditLine("6", "R20250614", _SEM, "BW2026-003", date(2026, 3, 12), None, None, "", False),
            AuditLine("4", "2020007", "X 射线衍射仪", "BW2026-001", date(2026, 3, 10), "passed", date(2026, 3, 20), "", False),
        ),
        2,
    )


AUDITED: dict[str, Callable[[], Content]] = {"national_audit": lambda: national_audit.report(facts(), LETTERHEAD)}
