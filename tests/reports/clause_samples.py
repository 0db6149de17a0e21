"""Small samples of the papers of single clauses: the award, vouchers, purchases, transfers, the national platform's annexes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from desktop.reports import (
    award_pack,
    benefit,
    filing,
    handover,
    management,
    national_assets,
    national_income,
    performance,
    purchase_review,
    repricing,
    trainings,
    transfers,
    voucher_claim,
    yearly_balance,
)
from desktop.reports.award_pack import PackFacts, PackLine
from desktop.reports.benefit import BenefitFacts, BenefitLine, CountLine, GroupLine
from desktop.reports.content import Content
from desktop.reports.filing import FilingFacts, FilingLine
from desktop.reports.handover import HandoverFacts
from desktop.reports.management import ManagementFacts, PaperLine
from desktop.reports.national_assets import AssetFacts, AssetLine
from desktop.reports.national_income import IncomeFacts, IncomeLine
from desktop.reports.performance import DepartmentLine, Indicator, Measures, PerformanceFacts, SetLine
from desktop.reports.purchase_review import NationalLine, OpinionFacts, PurchaseFacts
from desktop.reports.repricing import Amounts, ReasonLine, RepricedLine, RepricingFacts
from desktop.reports.transfers import CandidatesFacts, Limit
from desktop.reports.voucher_claim import ClaimedUse, ClaimFacts, Elsewhere
from desktop.reports.yearly_balance import BalanceFacts, BalanceLine
from tests.reports import samples
from tests.reports.cers_samples import SHARED
from tests.reports.comparison_samples import COMPARISON
from tests.reports.integrity_samples import INTEGRITY
from tests.reports.national_audit_samples import AUDITED
from tests.reports.pilot_samples import PILOT
from tests.reports.samples import LETTERHEAD, SECRET
from tests.reports.sensor_samples import SENSED
from tests.reports.university_samples import UNIVERSITY

LONG_NAME = "超高效液相色谱-三重四极杆串联质谱联用仪（含自动进样器与在线固相萃取模块）"
PAPERS = (
    ("commission", "attached"), ("contract", "attached"), ("report", "named"), ("usage", "attached"), ("invoice", "attached"),
    ("acceptance", "waived"),
)  # fmt: skip
CLAIM = ClaimFacts(
    "YHQ-2025-007", 2025, "山东某某生物医药科技股份有限公司", "91370102MA0000015A", "聊城市东昌府区", "small", "accepted", 500_000_00, "C",
    (
        ClaimedUse("R20250611", date(2025, 6, 11), 128_000_00, 126_500_00, Decimal("0.6"), 75_900_00, 37_950_00, PAPERS),
        ClaimedUse("R20250702", date(2025, 7, 2), 333_33, 333_33, Decimal("0.6"), 200_00, 100_00, PAPERS[:2]),
        ClaimedUse("W-01", date(2025, 9, 30), 40_000_00, 40_000_00, Decimal("0.6"), 24_000_00, None, PAPERS[:1], outside=True),
    ),
    accepted_fen=130_000_00,
    withheld=1,
    size_by="certificate", certified_on=date(2025, 3, 1),
    searches=(
        Elsewhere("W-01", "江苏省", "某某研究所", "球差校正透射电子显微镜", date(2025, 9, 1), "球差 透射电镜", date(2025, 8, 30),
                  (("透射电子显微镜", "某某大学", "分辨率达不到 0.08 nm"), (LONG_NAME, "某某研究院", "")), "省内仪器分辨率不足"),
    ),
)  # fmt: skip

CandidateOf = purchase_review.CandidateLine
PURCHASE = PurchaseFacts(
    "SG-2026-003", date(2026, 1, 12), "场发射扫描电子显微镜", "JSM-7610F", "010101", "表面形貌观察、能谱分析", "材料学院",
    "现有电镜机时排满，预约等待超过三周。", 320_000_000, 200_000_000, 100_000_000, "丙老师", "应当查重评议", "应当查重评议",
    (
        CandidateOf(True, "齐鲁示例大学", "2019003", "扫描电子显微镜", "JSM-7601F", Decimal("0.87"), 92_160, 30_000, True,
                    (("分类编码", Decimal(1), "六位相同"), ("名称", Decimal("0.82"), "共有的字占多数"), ("型号", Decimal("0.8"), "只差一个字符"))),
        CandidateOf(False, "某某研究院", "SD2020000777", LONG_NAME, "", Decimal("0.55"), None, None, False,
                    (("名称", Decimal("0.55"), "共有一部分"),)),
    ),
    "2025", 1, Decimal("1536"), Decimal(1200), Decimal("0.5"), 1, 14, "已经饱和", "可以新购",
    (OpinionFacts("同意新购", "本单位同类仪器年有效机时超过饱和机时，周边仪器预约困难，同意购置并开放共享。", "乙主任", date(2026, 1, 15)),),
    True, 1, "C", n_unlisted=13, n_catalogue=30_000, read_on=date(2026, 1, 10), needs="国家平台已同意",
    national=(
        NationalLine(date(2026, 3, 2), "查重〔2026〕118号", "同意购置", "与现有设备指标不同，机时已满，同意购置。",
                     f"某某大学 {LONG_NAME}；某某研究院 场发射扫描电镜", date(2026, 3, 9)),
        NationalLine(date(2026, 2, 3), "查重〔2026〕57号", "退回修改", "请补充与现有设备的指标比较。", "", date(2026, 2, 10)),
    ),
)  # fmt: skip

MovableOf = transfers.CandidateLine
CANDIDATES = CandidatesFacts(
    "2025 年",
    (
        MovableOf("2012007", "紫外可见分光光度计", "化学学院", "通用", 38_000_000, 4_320, 0, Decimal("0.045"), Decimal(0),
                  ("little_used", "badly_shared"), ()),
        MovableOf("2015021", LONG_NAME, "分析测试中心", "通用", 215_000_000, 9_000, 600, Decimal("0.09375"), Decimal("0.06667"),
                  ("little_used",), ("customs", "funds_not_stated"), "DP-2026-001"),
        MovableOf("2016002", "离心机", "生命科学学院", "通用", None, 0, 0, Decimal(0), None, ("little_used",), ("no_records",)),
    ),
    (MovableOf("2018009", "流式细胞仪", "医学院", "", 180_000_000, 60_000, 12_000, Decimal("0.625"), Decimal("0.2"), ("general",), ()),),
    (("general", 12), ("little_used", 31)),
    (
        Limit("low_utilisation", Decimal("0.25"), "本程序口径", "C"),
        Limit("one_suffices", True, "本程序口径", "C"),
        Limit("general_categories", ("通用",), "本程序口径", "C"),
    ),
    "D",
    1,
)  # fmt: skip

HANDOVER = HandoverFacts(
    "DP-2026-001", "allocation", "handed_over", "2015021", LONG_NAME, "TQ-8050", "某某仪器（中国）有限公司", "通用", 215_000_000,
    date(2015, 4, 1), "SD2015000321", "分析测试中心", "", "", "山东某某职业学院", "12370000MB0000001X", "鲁资〔2026〕12号",
    "本单位使用率低，接收单位教学急需。", "戊设备处", date(2026, 1, 4), "乙审批", date(2026, 1, 6), "同意划拨", date(2026, 1, 15), "张一",
    "孙七", "自动进样器 1 台、色谱柱 4 支、手册 2 册、安装盘 1 张", True, "candidate", Decimal("0.09375"), Decimal("0.06667"),
    (("general", "met"), ("little_used", "met"), ("badly_shared", "not_met")),
)  # fmt: skip

AWARD = PackFacts(
    2025, "12370000495570303U", "高等学校",
    (
        PackLine("R0001", "2019003", "扫描电子显微镜", "山东某某新材料有限公司", "91370102MA0000015A", date(2025, 3, 4), 128_000_00, "HT-12",
                 "25372000000012345678", 128_000_00, 3, "满意"),
        PackLine("R0002", "2015021", LONG_NAME, "某某检测技术有限公司", "", date(2025, 5, 6), 6_600_50, "", "", 0, 0, ""),
        PackLine("R0002", "2015021", LONG_NAME, "某某检测技术有限公司", "", date(2025, 5, 6), -6_600_50, "", "", 0, 0, "", date(2025, 6, 1)),
    ),
    2_000_000_00, None, "", None, Decimal("0.34567"), 92_160, 31_857, ("C", "D"), 2, True,
)  # fmt: skip

INCOME = IncomeFacts(
    "2025 年",
    (
        IncomeLine(date(2025, 3, 9), "25372000000012345678", "测试服务费", 128_000_00, "扫描电子显微镜", "山东某某新材料有限公司", handler="王会计、李会计"),
        IncomeLine(date(2025, 6, 30), "", "测试服务费", 333_33, LONG_NAME, "某某检测技术有限公司"),
        IncomeLine(date(2025, 9, 1), "机密发票", "测试", 9_999_00, SECRET, "某保密单位", True),
    ),
    1, 128_000_00, 128_333_33, n_unstated=2,
)  # fmt: skip
ASSETS = AssetFacts(
    "2025 年",
    (
        AssetLine("2019003", "扫描电镜", "场发射扫描电子显微镜", "JSM-7601F", 320_000_000, date(2019, 5, 6), "分析测试中心", "日本电子株式会社"),
        AssetLine("2015021", "030202", LONG_NAME, "TQ-8050", 50_000_000, None, "化学学院", "某某仪器（中国）有限公司"),
    ),
    50_000_000, 1, 1, 1,
)  # fmt: skip

USED = Measures(12, 5, 95_940, 16_380, Decimal(16_380) / 95_940, Decimal("0.9994"), 128_333_33, 40_000_00, Decimal(100))
IDLE = Measures(0, 0, 0, 0, Decimal(0), Decimal(0), 0, 0, None)
BOTH = Measures(12, 5, 95_940, 16_380, Decimal(16_380) / 95_940, Decimal("0.4997"), 128_333_33, 40_000_00)
PERFORMANCE = PerformanceFacts(
    "2025 年", 30_000_000, 1,
    (
        Indicator("effective", "hours", Decimal(1599), Decimal("1440.5"), like=False),
        Indicator("external", "hours", Decimal(273), None, like=False),
        Indicator("sharing_rate", "ratio", Decimal("0.1707"), Decimal(0), like=False),
        Indicator("utilisation", "ratio", None, None),
        Indicator("alike_effective", "hours", Decimal(1599), Decimal("1440.5"), Decimal(1599), "2025年国家开放共享评价考核"),
        Indicator("alike_external", "hours", Decimal(273), None, Decimal(273), "2025年国家开放共享评价考核"),
        Indicator("alike_sharing_rate", "ratio", Decimal("0.1707"), Decimal(0), None),
        Indicator("income", "money", 128_333_33, 0),
        Indicator("external_income", "money", 40_000_00, 0),
    ),
    (DepartmentLine("分析测试中心", 1, 0, USED, 1, 95_940), DepartmentLine("", 1, 1, IDLE)),
    (SetLine("2019003", "扫描电子显微镜", "分析测试中心", "通用", USED, True), SetLine("2015021", LONG_NAME, "", "", IDLE)),
    BOTH, 1, 2,
    {"effective_hours": ("高等学校贵重仪器设备年度效益评价表", "A-"), "sharing_rate": ("评价实务", "B")},
    platforms=(DepartmentLine("国家重点实验室 2011DA105287", 1, 0, USED, 1, 95_940), DepartmentLine("", 1, 1, IDLE)),
    ratings=(("非常满意", 3), ("基本满意", 1), ("一般", 0), ("不满意", 1), ("极差", 0)),
    n_silent=7, satisfied=Decimal("0.8"), evaluated_in="2026 年开放共享评价考核的年度（鲁科字〔2025〕132号第4条，A）",
    n_alike=1, national_fen=50_000_000,
)  # fmt: skip
GRADED = dict.fromkeys(("excellent", "good", "pass", "fail", "open"), 0)
BENEFIT = BenefitFacts(
    "2024–2025 学年", True,
    (
        BenefitLine("2019003", "扫描电子显微镜", "分析测试中心", "通用", (Decimal(100), Decimal("97.5"), Decimal(80), Decimal(100), Decimal(58)),
                    Decimal("92.4"), "excellent", True),
        BenefitLine("2015021", LONG_NAME, "化学学院", "专用", (Decimal("61.25"), "30.00～100.00", "0.00～100.00", Decimal("31.666667"), "0.00～100.00"),
                    "32.19～76.19", "open", True),
        BenefitLine("2016002", "离心机", "", "", ("0.00～100.00", Decimal(0), Decimal(0), Decimal(0), Decimal(0)), "0.00～35.00", "fail", None),
    ),
    (CountLine("2019003", "获得独立操作资格的人数", 9, "操作证 2024-01 至 2024-09"), CountLine("2019003", "核心刊物论文（篇）", 0, "论文清单")),
    (Decimal("0.35"), Decimal("0.20"), Decimal("0.25"), Decimal("0.15"), Decimal("0.05")),
    {"excellent": 90, "good": 75, "pass": 60},
    (("高等学校贵重仪器设备年度效益评价表", "A-"), ("高等学校贵重仪器设备年度效益评价表（教高司条函〔2000〕010号）", "B")),
    40_000_000, 1,
    departments=(
        GroupLine("分析测试中心", GRADED | {"excellent": 1}, Decimal("92.4")), GroupLine("化学学院", GRADED | {"open": 1}, "32.19～76.19"),
        GroupLine("", GRADED | {"fail": 1}, "0.00～35.00"),
    ),
    platforms=(
        GroupLine("国家重点实验室 2011DA105287", GRADED | {"excellent": 1, "open": 1}, "62.30～84.30"), GroupLine("", GRADED | {"fail": 1}, "0.00～35.00"),
    ),
    mean="41.53～67.86",
)  # fmt: skip
BALANCE = BalanceFacts(
    "2025 年",
    (
        BalanceLine("2019003", "扫描电子显微镜", "分析测试中心", 95_940, 128_333_33, 120_000_00, 30_000_00, "above"),
        BalanceLine("2015021", LONG_NAME, "化学学院", 6_000, 5_000_00, None, 0, "unknown"),
        BalanceLine("2016002", "离心机", "", 600, 300_00, 300_01, 0, "within"),
        BalanceLine("2012007", "紫外可见分光光度计", "化学学院", 0, 0, 0, 0, "unused"),
    ),
    (("staff", 30_000_00), ("consumables", 4_500_50)), 4_500_50, 6_000, 1, "C", whole="above",
)  # fmt: skip

FILING = FilingFacts(
    date(2026, 1, 15),
    (
        FilingLine("2020-M-01", "", date(2020, 3, 1), "鲁密备〔2020〕3号", date(2020, 4, 2), "filed", "secret"),
        FilingLine("2025-M-07", "", date(2025, 11, 3), "", None, "to_file"),
        FilingLine("2026-M-01", "", None, "", None, "unknown"),
    ),
    False, "关于加强大型科研仪器及中试装置开放共享的若干措施（征求意见稿） 第2条", "D",
)  # fmt: skip

TRAININGS = trainings.TrainingsFacts(
    "2025 年",
    (
        trainings.SubjectLine("process_design", 1, 3, 3, 1, Decimal("120")),
        trainings.SubjectLine("quality_control", 1, 1, 1, 1, Decimal("12.5")),
    ),
    (
        trainings.CourseLine("PX-1", "中试工艺放大与装置设计", "process_design", date(2025, 5, 12), date(2025, 5, 16), Decimal(40), "某某培训中心",
                             "济南", "签到表-1", 3),
        trainings.CourseLine("PX-2", "质量控制", "quality_control", date(2025, 9, 8), date(2025, 9, 8), Decimal("12.5"), "", "", "通知-2", 1),
    ),
    (
        trainings.PersonLine("PX-1", "张一", None, "passed", "ZS-1"),
        trainings.PersonLine("PX-1", "孙七", None, "attended", ""),
        trainings.PersonLine("PX-1", "周八", "某某新材料有限公司", "failed", ""),
        trainings.PersonLine("PX-2", "张一", None, "passed", "ZS-2"),
    ),
    (
        trainings.HeldLine("T001", "张一", "certificate", "电镜上岗证", "某某协会", "ZS-9", date(2024, 3, 1), date(2026, 2, 28)),
        trainings.HeldLine("T001", "张一", "recognition", "高水平中试人才", "省科技厅", "", date(2025, 11, 3), None),
    ),
    3, 3, "C",
)  # fmt: skip

MANAGEMENT = ManagementFacts(
    date(2026, 1, 15),
    (
        PaperLine("sharing", "in_force", "校发〔2024〕8号", "大型仪器设备开放共享管理办法", "", "设备处", date(2024, 9, 1), date(2024, 9, 1), None, 1),
        PaperLine("fees", "ends_soon", "校发〔2023〕21号", "大型仪器设备开放共享收费管理办法（试行）", "", "财务处", date(2023, 2, 20), date(2023, 3, 1),
                  date(2026, 2, 28), 2),
        PaperLine("flow", "missing"),
        PaperLine("safety", "over", "实〔2021〕3号", "实验室安全管理制度", "", "实验室处", date(2020, 12, 30), date(2021, 1, 1), date(2025, 12, 31)),
        PaperLine("data", "not_yet", "校发〔2026〕1号", "科学数据和技术秘密保护办法", "", "科技处", date(2026, 1, 10), date(2026, 3, 1)),
    ),
    (PaperLine("other", "in_force", "中心〔2022〕2号", "预约违约处理规定", "", "分析测试中心", date(2022, 5, 5), date(2022, 5, 5)),),
    (PaperLine("ip_agreement", "in_force", "ZSCQ-1", "测试数据和成果归属约定", "山东某某生物医药科技股份有限公司", "", date(2025, 6, 25), date(2025, 7, 1),
               date(2027, 6, 30), 1),),
    "C",
)  # fmt: skip
REPRICING = RepricingFacts(
    "2025 年", "2026-01-01 起的一版“收费标准”（草稿），所有价格 +5%", Amounts(5, 1_233_33, 1_301_02, 3, 450_00),
    (
        RepricedLine("2015021", LONG_NAME, Amounts(3, 900_00, 950_02)),
        RepricedLine("2016002", "离心机", Amounts(2, 333_33, 351_00, 1, 50_00)),
        RepricedLine("2018044", "质谱仪", Amounts(0, 0, 0, 2, 400_00)),
    ),
    (RepricedLine("", "山东某某生物医药科技股份有限公司", Amounts(5, 1_233_33, 1_301_02, 3, 450_00)),),
    (
        ReasonLine("“切片”是逐笔议价的项目，价格变动后会议定多少无从知道，不计入重算。", 2, 400_00),
        ReasonLine("记录 R20250611 的服务项目“干燥”不在当日的收费标准里，不能计价。可选：离心。", 1, 50_00),
    ),
    2, "C",
)  # fmt: skip

REPORTS: dict[str, Callable[[], Content]] = {
    **samples.REPORTS,
    "voucher": lambda: voucher_claim.report(CLAIM, LETTERHEAD),
    "purchase": lambda: purchase_review.report(PURCHASE, LETTERHEAD),
    "transfers": lambda: transfers.candidates(CANDIDATES, LETTERHEAD),
    "handover": lambda: handover.form(HANDOVER, LETTERHEAD),
    "award": lambda: award_pack.report(AWARD, LETTERHEAD),
    "trainings": lambda: trainings.report(TRAININGS, LETTERHEAD),
    "national_income": lambda: national_income.report(INCOME, LETTERHEAD),
    "national_assets": lambda: national_assets.report(ASSETS, LETTERHEAD),
    **COMPARISON,
    **INTEGRITY,
    **PILOT,
    **SENSED,
    **UNIVERSITY,
    **SHARED,
    **AUDITED,
    "performance": lambda: performance.report(PERFORMANCE, LETTERHEAD),
    "benefit": lambda: benefit.report(BENEFIT, LETTERHEAD),
    "management": lambda: management.report(MANAGEMENT, LETTERHEAD),
    "repricing": lambda: repricing.report(REPRICING, LETTERHEAD),
    "filing": lambda: filing.report(FILING, LETTERHEAD),
    "balance": lambda: yearly_balance.report(BALANCE, LETTERHEAD),
}
# Of one set that is not confidential, of people or of papers alone: nothing there to withhold.
OF_ONE_SET = {"handover", "trainings", "payout_comparison", "management"}
