"""Small reports of one invented institution, as an action hands them over: long names, rare characters, a confidential set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from desktop.ledger.publication import NetworkEvaluation, Publication
from desktop.reports import fee_standard, joining, payout_sheet, quarterly, statement, transactions
from desktop.reports.content import Column, Content, Letterhead, Table
from desktop.reports.fee_standard import FeeFacts, FeeItem, InstrumentFees
from desktop.reports.joining import JoiningFacts, JoiningLine, PublishedLine
from desktop.reports.payout_sheet import CostLine, OtherShare, PayoutFacts
from desktop.reports.quarterly import QuarterlyFacts, SharingLine
from desktop.reports.statement import Statement, StatementFacts, StatementLine
from desktop.reports.transactions import TransactionFacts, TransactionLine
from desktop.rules.settlement_tree import Weighing

PRINTED_ON = date(2026, 1, 16)
HEAD = "3fa91c07d2b85e4466f0a1b9c8d7e6f5" * 2
PARAMETERS = "8c1d22e9b7a6053f44d1c0ffee998877" * 2
LETTERHEAD = Letterhead("齐鲁示例大学", date(2026, 1, 15), HEAD, PARAMETERS, ("鲁科字〔2024〕62号", "国家网络管理平台管理办法"))
SECRET = "特种环境模拟舱"
SECRET_NUMBER = "QL-SECRET-77"
CLAUSE = "措施第 2 条"


def duty(number: str, name: str, state: str, days_left: int | None = None, **more: object) -> JoiningLine:
    given: dict[str, object] = {
        "department": "分析测试中心",
        "value_fen": 128_000_000,
        "accepted_on": date(2025, 12, 1),
        "deadline": date(2026, 1, 14),
        "clause": CLAUSE,
    } | more
    return JoiningLine(number, name, days_left=days_left, state=state, **given)  # type: ignore[arg-type]  # names as above


GRADED = NetworkEvaluation(2025, "优秀", Decimal("92.5"), date(2026, 3, 20))


def published(number: str, name: str, here: str, standing: str, there: str = "", state: str = "", **more: object) -> PublishedLine:
    told = Publication(number, there, state, date(2026, 1, 12), **more) if state else None  # type: ignore[arg-type]  # names as there
    return PublishedLine(number, name, here, told, standing)


JOINING = JoiningFacts(
    date(2026, 1, 15),
    (
        duty("2025001", "场发射扫描电子显微镜", "overdue", -1),
        duty(
            "2025002",
            "超高效液相色谱-三重四极杆串联质谱联用仪（含自动进样器与在线固相萃取模块）",
            "to_join",
            27,
            deadline=date(2027, 1, 8),
            provisional=True,
            accepted_on=date(2026, 11, 25),
        ),
        duty("2019003", "共聚焦显微镜", "joined", joined_on=date(2019, 6, 3), network_number="SD2019000123"),
        duty("2020004", "核磁共振波谱仪", "joined_late", joined_on=date(2021, 2, 1), network_number="SD2021000456"),
        duty("2018005", "离心机", "not_obliged", value_fen=4_500_000, deadline=None),
        duty("2024006", "流式细胞仪", "unknown", value_fen=None, accepted_on=None, deadline=None),
        duty(SECRET_NUMBER, SECRET, "to_file", confidential=True),
    ),
    threshold_fen=30_000_000,
    n_days=30,
    certainty="D",
    published=(
        published("2019003", "共聚焦显微镜", "SD2019000123", "agrees", "SD2019000123", "listed", evaluations=(GRADED,)),
        published("2020004", "核磁共振波谱仪", "SD2021000456", "number_differs", "SD2021000465", "listed"),
        published("2025001", "场发射扫描电子显微镜", "", "not_there"),
        published("2017008", "X 射线衍射仪", "SD2018000077", "taken_down", "SD2018000077", "taken_down", reason="预约电话长期无人接听"),
    ),
    told_on=date(2026, 1, 14),
    n_elsewhere=1,
)

FEES = FeeFacts(
    date(2026, 1, 15),
    (
        InstrumentFees(
            "2019003",
            "共聚焦显微镜",
            "UltraView VOX",
            "分析测试中心",
            (
                FeeItem("活细胞成像", "30分钟", 15_000, 30_000, notes="按开始的每 30 分钟计"),
                FeeItem("数据处理", "小时", 5_000, None, minimum="1 小时"),
            ),
            date(2025, 1, 1),
            document="校发〔2024〕18号",
            content="活细胞、固定样品成像",
            flow="预约后送样，首次使用先培训",
            booking="https://example.cn/2019003",
            contact="王工",
            phone="0531-00000000",
        ),
        InstrumentFees(
            "2020004",
            "核磁共振波谱仪",
            "",
            "化学学院",
            (
                FeeItem(
                    "固体碳谱",
                    "小时",
                    "首小时 200.00\n以后每小时 50.00",
                    "首小时 250.00\n以后每小时 62.50",
                    20_000,
                    notes="加急按 1.5 倍计",
                    kind="block",
                ),
            ),
            date(2025, 7, 1),
            date(2026, 7, 1),
        ),
        InstrumentFees("2021007", "拉曼光谱仪", "", "化学学院", (), date(2025, 1, 1)),
        InstrumentFees(
            SECRET_NUMBER, SECRET, "", "化学学院", (FeeItem("舱内试验", "天", 1, 2),), date(2025, 1, 1), confidential=True, content=SECRET,
        ),
    ),
    management_document="《大型仪器开放共享管理办法》",
    flow_document="《开放服务流程》（设字〔2024〕3号）",
)

QUARTERLY = QuarterlyFacts(
    "2025 年第 3 季度",
    (
        SharingLine("2019003", "共聚焦显微镜", "分析测试中心", 41, 24_000, 6_000, 1_230_050, 900_000, sensor_backed=True),
        SharingLine("2025001", "场发射扫描电子显微镜", "分析测试中心", 3, 100, 0, 30_000, 0),
        SharingLine("2020004", "核磁共振波谱仪", "化学学院", 12, None, None, 505_005, 505_005),
        SharingLine("2021007", "拉曼光谱仪", "化学学院", 0, 0, 0, 0, 0),
        SharingLine(SECRET_NUMBER, SECRET, "化学学院", 9, 900, 900, 99, 99, confidential=True),
    ),
    n_unposted=2,
)

TRANSACTIONS = TransactionFacts(
    2025,
    (
        TransactionLine("R-0001", "2019003", "共聚焦显微镜", "泉城示例生物", date(2025, 3, 4), 300_000, "HT-01", "03710001"),
        TransactionLine("R-0002", "2019003", "共聚焦显微镜", "济水示例材料", date(2025, 5, 6), 120_050, "HT-02", ""),
        TransactionLine("R-0003", "2020004", "核磁共振波谱仪", "泉城示例生物", date(2025, 12, 31), 80_000, "HT-01", "03710003"),
        TransactionLine(
            "R-0900",
            "2020004",
            "核磁共振波谱仪",
            "泉城示例生物",
            date(2024, 11, 2),
            -50_000,
            "HT-01",
            "03710900",
            reversed_on=date(2025, 1, 9),
        ),
        TransactionLine("R-0004", "2019003", "共聚焦显微镜", "化学学院", date(2025, 6, 1), 77_700, external=False),
        TransactionLine("R-0005", "2019003", "共聚焦显微镜", "泉城示例生物", date(2024, 12, 31), 88_800, "HT-01", "1"),
        TransactionLine("R-0006", SECRET_NUMBER, SECRET, "济水示例", date(2025, 6, 2), 66_600, "HT-9", "9", confidential=True),
    ),
)

YAO = Statement(
    "T007",
    "龘垚",
    "分析测试中心",
    240_001,
    (
        StatementLine(
            "R-0001", "共聚焦显微镜", "泉城示例生物", date(2025, 9, 4), "2025-09", 100, 300_000, 180_001
        ),
        StatementLine("R-0455", "共聚焦显微镜", "济水示例材料", date(2025, 6, 6), "2025-06", 45, 60_000, 40_000, late=True),
        StatementLine(
            "R-0456", SECRET, "某保密单位", date(2025, 9, 7), "2025-09", 60, 30_000, 20_000, confidential=True
        ),
    ),
    Weighing(390_000, Decimal("1.0"), None, 240_000, 1, 0),
)  # fmt: skip
LI = Statement(
    "T011", "李示例", "化学学院", 159_999,
    (StatementLine("R-0700", "核磁共振波谱仪", "泉城示例生物", date(2025, 8, 1), "2025-08", 300, 250_000, 159_999),),
    Weighing(250_000, Decimal("1.03999"), None, 159_999, 0, 0),
)  # fmt: skip

PAYOUT = PayoutFacts(
    run_number="FP-2025-03",
    scheme="开放共享收入分配方案",
    scheme_document="齐示字〔2025〕7号",
    basis="posted",
    to_on=date(2025, 9, 30),
    state="approved",
    income_fen=640_000,
    n_lines=4,
    costs=(CostLine("consumables", 60_000, "PZ-118", "共聚焦显微镜"), CostLine("energy", 80_000, "PZ-119")),
    others=(OtherShare("学校", 75_000, "余额 5,000.00 × 15%"), OtherShare("留存", 25_000, "各项份额分配后的余额")),
    pool_fen=400_000,
    technicians=(YAO, LI),
    prepared_by="王会计",
    prepared_at="2025-10-08 09:30",
    approved_by="赵主任",
    approved_at="2025-10-09 14:05",
    pool_how="余额 4,250.00 × 95%；以方案上限为限",
    n_without_operator=1,
    order="学校、实验技术人员、留存",
    divided_fen=400_000,
)

REPORTS: dict[str, Callable[[], Content]] = {
    "joining": lambda: joining.report(JOINING, LETTERHEAD),
    "fees": lambda: fee_standard.report(FEES, LETTERHEAD),
    "quarterly": lambda: quarterly.report(QUARTERLY, LETTERHEAD),
    "transactions": lambda: transactions.report(TRANSACTIONS, LETTERHEAD),
    "payout": lambda: payout_sheet.report(PAYOUT, LETTERHEAD),
    "statement": lambda: statement.report(StatementFacts("FP-2025-03", "截至 2025-09-30", YAO), LETTERHEAD),
}


def long_table(n: int) -> Content:
    """A table of ``n`` rows with every kind of column."""
    columns = (
        Column("记录编号"),
        Column("日期", "date"),
        Column("使用单位", weight=2),
        Column("机时（小时）", "minutes"),
        Column("金额（元）", "money"),
        Column("比率", "ratio"),
        Column("数量", "number"),
    )
    rows = tuple(
        (f"R{i:06d}", date(2025, 1, 1) + timedelta(days=i % 365), f"示例单位{i % 97}", i % 600, i * 37, Decimal(i % 100) / 100, i)
        for i in range(n)
    )
    total = ("合计", "", "", sum(i % 600 for i in range(n)), sum(i * 37 for i in range(n)), "", "")
    return Content("long", "长表", "2025 年", LETTERHEAD, (Table(columns, rows, total, caption="明细"),))
