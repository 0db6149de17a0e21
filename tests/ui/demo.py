"""A small ledger in memory and pages over it: what the shell and its parts are tried on. Invented facts."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from desktop.actions.progress import Progress
from desktop.ledger.changes import Changes
from desktop.rules.figure import Figure, Rows
from desktop.ui.chips import Chip
from desktop.ui.choice_fields import Choice, CompletedField, SelectField, found_in
from desktop.ui.desk import Desk, Hit, Place, Standing
from desktop.ui.empty import Empty
from desktop.ui.explain_panel import ExplainPanel
from desktop.ui.fields import CheckField, DateField, MoneyField, NoteField, NumberField, TextField
from desktop.ui.forms import Form, scrolled
from desktop.ui.jobs import Inline, Jobs
from desktop.ui.page import Page, split
from desktop.ui.paged_model import Column, Filters, Key, PagedModel, Row, Sort
from desktop.ui.pages import PageEntry
from desktop.ui.pages.commands import PageCommand
from desktop.ui.table import RowAction, Table

TODAY = date(2026, 1, 15)
STATES = ("joined", "to_join", "overdue", "filed", "not_obliged", "unknown", "joined_late")
NAMES = ("透射电子显微镜", "高效液相色谱质谱联用仪", "核磁共振波谱仪 600 MHz", "X 射线衍射仪", "扫描电镜", "超速离心机")
ENTRIES = (
    PageEntry("overview", "overview", "tests.ui.demo:FormPage"),
    PageEntry(
        "instruments",
        "instrument",
        "tests.ui.demo:InstrumentsPage",
        ("instrument",),
        commands=(PageCommand("导入仪器表", "import", "take_file"),),
        finds=("tests.ui.demo:search",),
    ),
    PageEntry("fees", "fee", "tests.ui.demo:EmptyPage"),
    PageEntry("records", "record", "tests.ui.demo:RecordsPage", ("service_record",)),
    PageEntry("settings", "settings", "tests.ui.demo:EmptyPage", at_bottom=True),
)


def columns() -> list[Column]:
    return [
        Column("number", "资产编号", "code", 112),
        Column("name", "名称", width=240),
        Column("value_fen", "原值", "money", 144),
        Column("accepted_on", "验收日期", "date", 112, blank=""),
        Column("state", "入网状态", "state", 128, said_under="duty.state"),
        Column("hours", "对外机时", "minutes", 120),
        Column("share", "共享率", "ratio", 88, hidden=True),
        Column("place", "存放地点", width=160),
    ]


class Instruments:
    """Rows made from their number: as long a list as one likes, with a count of what was asked."""

    def __init__(self, n: int = 240) -> None:
        self.n = n
        self.gone: set[Key] = set()
        self.asked: list[int] = []
        self.sorts: list[Sort | None] = []

    def ids(self, sort: Sort | None, filters: Filters) -> Sequence[Key]:
        self.sorts.append(sort)
        keys: Iterable[int] = range(1, self.n + 1)
        if sort is not None and sort.descending:
            keys = range(self.n, 0, -1)
        if "state" in filters:
            keys = (key for key in keys if STATES[key % len(STATES)] == filters["state"])
        if "text" in filters:
            keys = (key for key in keys if filters["text"] in f"YQ{key:05d}")
        return array("q", (key for key in keys if key not in self.gone) if self.gone else keys)

    def rows(self, keys: Sequence[Key]) -> Iterable[Row]:
        self.asked.append(len(keys))
        return [self.row(int(key)) for key in reversed(keys) if key not in self.gone]

    def row(self, key: int) -> Row:
        accepted = date(2025, 1 + key % 12, 1 + key % 28) if key % 9 else None
        return (
            key,
            f"YQ{key:05d}",
            NAMES[key % len(NAMES)],
            None if key % 17 == 0 else 30_000_000 + key * 123_457,
            accepted,
            STATES[key % len(STATES)],
            key * 37,
            Decimal(key % 100) / 100,
            "=cmd|' /C calc'!A0" if key == 13 else f"理化楼 {key % 7 + 1}0{key % 9}",
        )


class MemoryLedger:
    """What the frame asks of a ledger, with undo that counts."""

    def __init__(self) -> None:
        self.now = Standing(
            institution="齐鲁示范大学分析测试中心",
            undo="导入服务记录 1,204 条",
            n_unsent=12,
            saved_at=datetime(2026, 1, 15, 6, 3, tzinfo=UTC),
        )
        self.undone = 0

    def standing(self) -> Standing:
        return self.now

    def undo(self, progress: Progress) -> Changes:
        self.undone += 1
        self.now = Standing(self.now.institution, "", self.now.undo, 0, self.now.saved_at)
        return Changes(7, frozenset({"service_record"}))

    def redo(self, progress: Progress) -> Changes:
        self.undone -= 1
        return Changes(8, frozenset({"service_record"}))


def desk(preferences: dict[str, object] | None = None, jobs: Jobs | None = None) -> Desk:
    return Desk(jobs or Jobs(Inline()), {} if preferences is None else preferences, lambda: TODAY)


def figure() -> Figure:
    minutes = Figure("record.figure.minutes", 100, "minutes", note="上机登记")
    price = Figure("fee.figure.price", 18_000, "fen", "parameter", "收费标准 2025 版 第 3 行", "A")
    cap = Figure("payout.figure.cap", Decimal("0.8"), "ratio", "parameter", "征求意见稿 第十条", "D")
    amount = Figure(
        "record.figure.amount", 30_000, "fen", "product", inputs=(minutes, price), rows=Rows("service_record", ("1", "2"))
    )
    missing = Figure("record.figure.operator", None, "text", "fact", note="<b>未登记</b>")
    return Figure(
        "payout.figure.pool", 24_000, "fen", "product", "鲁科字〔2025〕132号 第四条", "B", inputs=(amount, cap, missing)
    )


class InstrumentsPage(Page):
    kinds = frozenset({"instrument", "duty"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "仪器")
        self.n_refreshed = 0
        self.arrived: list[Mapping[str, str]] = []
        self.head.line.setText("入网、报备、收费与机时都从这里看起")
        self.explain_button = self.head.button("为什么？", "why", lambda: desk.explain(figure()))
        self.head.button("添加仪器", "add", lambda: desk.tell("done", "已添加。"), primary=True, shortcut="Ctrl+N")
        self.source = Instruments()
        self.table = Table(
            PagedModel(self.source, columns(), desk.jobs, sort=Sort("number")),
            name="instruments",
            title="仪器",
            preferences=desk.preferences,
            empty=Empty(
                "还没有仪器",
                "可以导入全国统一的 40 列表格，也可以逐台添加。",
                "instrument",
                (("导入仪器表", lambda: None), ("添加一台", lambda: None)),
            ),
            chips=[
                Chip("state", state, words)
                for state, words in (("to_join", "待入网"), ("overdue", "逾期未入网"), ("filed", "已报备"))
            ],
            actions=[RowAction("登记入网…", lambda keys: desk.tell("done", f"已登记 {len(keys)} 台。"), "network", "one")],
        )
        self.table.opened.connect(lambda key: desk.explain(figure()))
        self.body.addWidget(self.table)

    def take_file(self) -> None:
        self.desk.tell("note", "请选择文件。")

    def refresh(self) -> None:
        self.n_refreshed += 1
        self.table.refresh()

    def arrive(self, where: Mapping[str, str]) -> None:
        self.arrived.append(where)
        self.table.filter_by(where)


def search(desk: Desk, text: str) -> Sequence[Hit]:
    return [Hit(name, "仪器", Place("instruments", (("text", "0000"),)), "instrument") for name in NAMES if text in name]


class RecordsPage(InstrumentsPage):
    kinds = frozenset({"service_record"})
    follows_period = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows: list[Rows] = []

    def arrive_rows(self, rows: Rows) -> None:
        self.rows.append(rows)


class EmptyPage(Page):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "收费")
        source = Instruments(0)
        empty = Empty(
            "还没有收费标准",
            "收费标准由成本构成和价目两部分组成，经另一人审批后公示。可以导入价目表，也可以从空白开始。",
            "fee",
            (("导入价目表", lambda: None), ("新建收费标准", lambda: None)),
        )
        self.table = Table(
            PagedModel(source, columns(), desk.jobs), name="fees", title="收费标准", preferences=desk.preferences, empty=empty
        )
        self.body.addWidget(self.table)

    def refresh(self) -> None:
        self.table.refresh()


PEOPLE = [Choice("p1", "王垚", "wang yao"), Choice("p2", "李晓燕", "li xiaoyan"), Choice("p3", "李明", "li ming")]


def form() -> Form:
    made = Form(columns=2)
    made.section("基本")
    made.add("number", "资产编号", TextField("例如 20250123"), required=True)
    made.add("name", "名称", TextField(), required=True)
    made.add("value_fen", "原值", MoneyField(), hint="单台（套）的购置价")
    made.add("accepted_on", "安装验收日期", DateField(lambda: TODAY))
    made.section("归属")
    lookup, named = found_in(PEOPLE)
    made.add("operator", "操作人员", CompletedField(lookup, named))
    made.add("kind", "类别", SelectField([Choice("a", "分析仪器"), Choice("b", "工艺试验仪器")], optional=True))
    made.add("hours", "开放机时", NumberField(places=1, least=Decimal(0), most=Decimal(8784), unit="小时"))
    made.add("fiscal", "经费", CheckField("使用财政资金"))
    made.add("note", "说明", NoteField(), wide=True)
    return made


class FormPage(Page):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "总览")
        self.form = form()
        self.panel = ExplainPanel()
        self.panel.show_figure(figure())
        self.lost = ""
        self.body.addWidget(split("demo", desk.preferences, scrolled(self.form), self.panel))

    def unsaved(self) -> str:
        return self.lost


def nothing() -> QWidget:
    return QWidget()
