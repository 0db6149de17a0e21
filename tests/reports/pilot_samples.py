"""Small papers of two pilot bases: one with pictures, partners and services, one about which little is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from desktop.reports import pilot_award, pilot_catalogue, pilot_performance
from desktop.reports.content import Content, Picture
from desktop.reports.pilot_award import AwardBase, AwardFacts, ServiceLine
from desktop.reports.pilot_catalogue import BaseEntry, CatalogueFacts, OpenLine, PieceLine
from desktop.reports.pilot_conditions import ConditionLine
from desktop.reports.pilot_performance import PerformanceBase, PerformanceFacts, YearOfBase
from tests.reports.samples import LETTERHEAD

RULE = "鲁科字〔2022〕4号（据2024年申报通知）"
OPEN = OpenLine("开放", date(2025, 3, 1), "建成投用")
NOTHING_SAID = OpenLine(None, None, "")
# One grey pixel as JPEG.
PIXEL = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a3d3042605565645f555d5b6a7899816a7190735b5d85"
    "b586909ea3abadab6780bcc9baa6c799a8aba4ffc0000b080001000101011100ffc40014000100000000000000000000000000000000ffc40014100100000000000000000000"
    "000000000000ffda0008010100003f003fffd9"
)

CATALOGUE = CatalogueFacts(
    date(2026, 1, 15),
    (
        BaseEntry(
            "ZS-1", "先进材料中试基地", "新材料、精细化工", "聚合、精馏、干燥", "年中试 20 批", "工艺放大、样品试制", "高新区示范路1号", date(2023, 3, 1),
            "是 三方出资设立运营公司", (("高新区管委会", "园区（高新区等）", "场地和公用工程"), ("某某新材料有限公司", "企业", "运营")), OPEN,
            "周工", "0531-00000000",
            (
                PieceLine("ZS-1-1", "连续流放大试验线", "LX-50", "先进材料中试基地", "连续流反应", "50 公斤/小时", "连续化工艺放大", OPEN),
                PieceLine("ZS-1-2", "龘垚牌喷雾干燥塔", "", "先进材料中试基地", "", "", "", NOTHING_SAID),
            ),
            (Picture(PIXEL, 1, 1, "先进材料中试基地  外景"),),
        ),
        BaseEntry("ZS-2", "生物发酵中试基地", "", "", "", "", "", None, None, (), NOTHING_SAID, "", "", ()),
    ),
    (PieceLine("L-7", "单釜试验装置", "F-100", "", "间歇反应", "100 升", "小批试制", OpenLine("暂停", date(2026, 1, 2), "检修")),),
    withheld=2, lost=("坏图.png",),
)  # fmt: skip

CONDITIONS = (
    ConditionLine("设备原值达到下限", "不符合", "¥ 9,999,999.99", "≥ ¥ 10,000,000.00", RULE, "A-"),
    ConditionLine("运行年限达到下限", "符合", "2", "≥ 2", RULE, "A-"),
    ConditionLine("以市场化方式建设", "资料不全，不能判断", None, "是", "措施（征求意见稿） 第7条", "D"),
)
AWARD = AwardFacts(
    2025,
    "12370000495570303U",
    (
        AwardBase(
            "ZS-1", "先进材料中试基地", date(2023, 3, 1), 999_999_999, "不符合", CONDITIONS,
            (
                ServiceLine("R0001", "ZS-1-1", "聚合放大", "山东某某新材料有限公司", "91370102MA0000015A", date(2025, 3, 4), 128_000_00, "HT-12",
                            "25372000000012345678", 128_000_00, 3, "满意"),
                ServiceLine("R0002", "ZS-1-2", "干燥试验", "某某检测技术有限公司", "", date(2025, 5, 6), 6_600_50, "", "", 0, 0, ""),
                ServiceLine("R0002", "ZS-1-2", "干燥试验", "某某检测技术有限公司", "", date(2025, 5, 6), -6_600_50, "", "", 0, 0, "", date(2025, 6, 1)),
            ),
            None,
        ),
        AwardBase("ZS-2", "生物发酵中试基地", None, None, "资料不全，不能判断", CONDITIONS[2:], (), None),
    ),
    2_000_000_00, None, "", ("C", "D"), 1, True,
)  # fmt: skip

NO_YEAR = YearOfBase(0, 0, 0, 0, 0, frozenset())
THIS_YEAR = YearOfBase(3, 540, 134_600_50, 2, 128_000_00, frozenset(("山东某某新材料有限公司",)))
PERFORMANCE = PerformanceFacts(
    2025,
    "",
    (
        PerformanceBase(
            "ZS-1", "先进材料中试基地", "新材料", "开放", 2, (("高新区管委会", "园区（高新区等）", "场地"),), THIS_YEAR,
            YearOfBase(1, 60, 5_000_00, 1, 5_000_00, frozenset(("老用户有限公司",))), (("聚合放大", 2, 128_000_00),),
            (("山东某某新材料有限公司", 2, 128_000_00),), (("满意", 1, 100_000_00), ("一般", 1, 28_000_00)),
            "聚合、精馏", "年中试 20 批", date(2023, 3, 1), 1_256_000_000, Decimal("0.5"),
        ),
        PerformanceBase("ZS-2", "生物发酵中试基地", "", None, 0, (), NO_YEAR, NO_YEAR, (), (), ()),
    ),
    "C", (), 1, True,
)  # fmt: skip

PILOT: dict[str, Callable[[], Content]] = {
    "pilot_catalogue": lambda: pilot_catalogue.report(CATALOGUE, LETTERHEAD),
    "pilot_award": lambda: pilot_award.report(AWARD, LETTERHEAD),
    "pilot_performance": lambda: pilot_performance.report(PERFORMANCE, LETTERHEAD),
}
