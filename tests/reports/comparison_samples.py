"""A sample of the comparison of two periods of payouts: somebody new, somebody gone, a long name, a sum that is deducted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from desktop.ledger.finding import finding
from desktop.reports import payout_comparison
from desktop.reports.content import Content
from desktop.reports.payout_comparison import SourceLine
from tests.reports.samples import LETTERHEAD

_PERSON = payout_comparison.PersonLine
_ONE = Decimal(1)
_WHO = ("分析测试中心", "材料学院")
FACTS = payout_comparison.ComparisonFacts(
    "2024 年", "2025 年", "settled", ("FP2024-001", "FP2024-002", "FP2024-003", "FP2024-004", "FP2024-005"), ("FP2025-001",), "amount",
    (
        _PERSON("T001", "张一", _WHO[0], "both", 60_000_00, 120_000_01, 9_000, 10_200, (("pool", 60_000_00), ("remainder", 1)), 600_000_00,
                600_000_00, (_ONE, _ONE), (_ONE, _ONE), Decimal("0.6"), Decimal("0.6"), Decimal("1.000002")),
        _PERSON("T002", "欧阳尼格买提江·阿布都热合曼", _WHO[1], "both", 40_000_00, -1_250_50, 5_400, -30,
                (("pool", 40_000_00), ("base", -79_999_99), ("coefficient", -1), ("evaluation", 250_00), ("others", -250_00), ("taken_back", -1_250_50)),
                400_000_00, 0, (Decimal("1.2"), Decimal("0.95")), (Decimal("1.2"), _ONE), Decimal("0.4"), Decimal(0), Decimal("-1.031263")),
        _PERSON("T003", "孙七", _WHO[1], "new", None, 80_000_00, None, 3_605, (("presence", 80_000_00),), None, 400_000_00, None,
                (Decimal("0.8"), _ONE), None, Decimal("0.4")),
        _PERSON("T004", "周八", "", "gone", 500_00, None, 60, None, (("presence", -500_00),), 5_000_00, None, (_ONE, _ONE), None, Decimal("0.005")),
    ),
    (
        _PERSON("", "", "", "gone", 500_00, None, 60, None, (("presence", -500_00),)),
        _PERSON("", _WHO[0], _WHO[0], "both", 60_000_00, 120_000_01, 9_000, 10_200, (("pool", 60_000_00), ("remainder", 1))),
        _PERSON("", _WHO[1], _WHO[1], "both", 40_000_00, 78_749_50, 5_400, 3_575,
                (("pool", 40_000_00), ("base", -79_999_99), ("coefficient", -1), ("evaluation", 250_00), ("others", -250_00), ("presence", 80_000_00),
                 ("taken_back", -1_250_50))),
    ),
    (
        SourceLine("本校办法", "服务收入", 201_000_00, 397_498_98), SourceLine("本校办法", "申报成本", 0, 0),
        SourceLine("本校办法", "技术人员", 100_500_00, 198_749_51), SourceLine("本校办法", "发展基金", None, 198_749_47),
        SourceLine("旧办法", "学校", 100_500_00, None),
    ),
    (finding("payout_comparison.waiting", "warning", n=1, runs="FP2025-002"), finding("payout_comparison.schemes", "note", n=2)),
)  # fmt: skip

COMPARISON: dict[str, Callable[[], Content]] = {"payout_comparison": lambda: payout_comparison.report(FACTS, LETTERHEAD)}
