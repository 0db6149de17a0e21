"""服务记录: the list of a period, entry of one or many, posting and reversing; the record at hand stands beside the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions import record_list
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.file_drop import accept_files
from desktop.ui.labels import label
from desktop.ui.page import Page, split
from desktop.ui.paged_model import Key, PagedModel, Sort
from desktop.ui.pages.records_list import RecordRows, chips, columns, nothing_chosen
from desktop.ui.table import RowAction, Table
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.ledger.service_record import ServiceRecord
    from desktop.rules.figure import Rows
    from desktop.ui.pages.records_detail import DetailPane
    from desktop.ui.pages.records_entry import EntryPane
    from desktop.ui.pages.records_grid import GridPane
    from desktop.ui.pages.records_steps import RecordSteps
    from desktop.ui.pages.records_timeline import TimelinePane

_FILTERS = frozenset({"state", "problem", "confidential", "text", "problem_code", "any_period", "instrument", "customer", "operator"})


class RecordsPage(Page):
    """See the module's head."""

    kinds: ClassVar[frozenset[str]] = record_list.KINDS | {
        "fee_line", "fee_schedule", "customer", "technician", "instrument", "national_service", "user_rating", "voucher_mark",
    }  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("服务记录"))
        self._wanted: list[Key] = []
        self._first_wanted = False
        self.source = RecordRows(desk.workspace, desk.period)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("编号、仪器、单位、操作人、合同"))
        self.search.setAccessibleName(tr("查找服务记录"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(theme.px(216))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(200)
        self.table = self._table()
        self.hint = nothing_chosen()
        self.right = QStackedWidget()
        self.right.addWidget(self.hint)
        self.right.setMinimumWidth(theme.px(304))
        self.only_line = label("", tone="note")
        self.only_bar = QWidget()
        self.stack = QStackedWidget()
        self._arrange()
        self._head()
        self._connect()

    # Building: the list waits for nothing it does not show

    @cached_property
    def steps(self) -> RecordSteps:
        """What is done with records of the list."""
        from desktop.ui.pages.records_steps import RecordSteps

        return RecordSteps(self.desk, self, self._replace)

    @cached_property
    def detail(self) -> DetailPane:
        """The record at hand, made when one is first chosen."""
        from desktop.ui.pages.national_stated_form import state_service
        from desktop.ui.pages.records_detail import DetailPane

        pane = DetailPane(self.desk)
        pane.editing.connect(self._correct)
        pane.posting.connect(lambda record: self.steps.post([record.number]))
        pane.reversing.connect(lambda record: self.steps.reverse(record))
        pane.replacing.connect(lambda record: self.steps.replace(record))
        pane.renumbering.connect(lambda detail: self.steps.renumber(detail))
        pane.unmarking.connect(lambda detail: self.steps.unmark(detail))
        pane.stating.connect(lambda detail: state_service(self.desk, self, detail))
        self.right.addWidget(pane)
        return pane

    @cached_property
    def entry(self) -> EntryPane:
        """Entry of one record, made when first asked for."""
        from desktop.ui.pages.records_entry import EntryPane

        pane = EntryPane(self.desk)
        pane.saved.connect(self._saved)
        pane.closed.connect(self._close_entry)
        self.right.addWidget(pane)
        return pane

    @cached_property
    def grid(self) -> GridPane:
        """Entry of many records, made when first asked for."""
        from desktop.ui.pages.records_grid import GridPane

        pane = GridPane(self.desk)
        pane.closed.connect(lambda: self.stack.setCurrentIndex(0))
        pane.stored.connect(self._stored)
        self.stack.addWidget(pane)
        return pane

    @cached_property
    def timeline(self) -> TimelinePane:
        """The same records on a line of time, made when first asked for."""
        from desktop.ui.pages.records_timeline import TimelinePane

        pane = TimelinePane(self.desk)
        pane.chosen.connect(lambda key: self.table.select([key]))
        pane.opened.connect(lambda key: self._edit_keys([key]))
        return pane

    def _made(self, name: str) -> bool:
        return name in self.__dict__

    def _table(self) -> Table:
        empty = Empty(
            tr("这个期间还没有服务记录"),
            tr("每次开放服务登记一条。可以快速录入、从 Excel 粘贴，或导入使用记录表；也可以换一个期间看。"),
            "record",
            ((tr("快速录入"), self.new), (tr("导入使用记录表"), self.import_file)),
        )
        actions = [
            RowAction(tr("修改草稿"), self._edit_keys, "edit", "one"),
            RowAction(tr("记账…"), lambda keys: self._with_drafts(keys, self.steps.post), "approve", "some"),
            RowAction(tr("批量补填操作人、合同…"), lambda keys: self._with_drafts(keys, self.steps.fill), "edit", "some"),
            RowAction(tr("冲销…"), lambda keys: self._with_posted(keys, self.steps.reverse), "reverse", "one"),
            RowAction(tr("冲销并更正…"), lambda keys: self._with_posted(keys, self.steps.replace, reversed_too=True), "reverse", "one"),
            RowAction(tr("删除草稿"), lambda keys: self._with_drafts(keys, self.steps.remove), "delete", "some", "Del"),
        ]
        return Table(
            PagedModel(self.source, columns(), self.desk.jobs, sort=Sort("ended_at", descending=True)),
            name="records",
            title=tr("服务记录"),
            narrowed_words=self._narrowed_words,
            preferences=self.desk.preferences,
            empty=empty,
            chips=chips(),
            actions=actions,
        )

    def _arrange(self) -> None:
        row = QHBoxLayout(self.only_bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.only_line, 1)
        everything = QPushButton(tr("显示全部"))
        everything.clicked.connect(lambda: self.show_only(None))
        row.addWidget(everything)
        self.only_bar.hide()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.only_bar)
        column.addWidget(self.table, 1)
        self.stack.addWidget(split("records", self.desk.preferences, left, self.right, share=0.6))
        self.body.addWidget(self.stack)

    def _head(self) -> None:
        self.head.add(self.search)
        self.as_timeline = self.head.button(tr("时间线"), "calendar", self._show_as, tip=tr("按仪器看什么时候在用、哪里重叠"))
        self.as_timeline.setCheckable(True)
        self.as_timeline.setChecked(self.desk.preferences.get("records.timeline") is True)
        self.head.button(tr("导入…"), "import", self.import_file, tip=tr("导入使用记录表"))
        self.head.button(
            tr("粘贴多条"), "spreadsheet", self.open_grid, shortcut="Ctrl+Shift+N", tip=tr("从 Excel 粘贴最多 500 行")
        )
        self.head.button(tr("全部记账…"), "approve", self.post_up_to, tip=tr("截止某日的全部草稿"))
        self.head.button(tr("快速录入"), "add", self.new, primary=True, shortcut="Ctrl+N")

    def _connect(self) -> None:
        self.table.selected.connect(self._selected)
        self.table.opened.connect(lambda key: self._edit_keys([key]))
        self.table.model.loaded.connect(self._loaded)
        self.table.filtered.connect(self._filtered)
        accept_files(self, self.import_file)
        self.search.textChanged.connect(self._typing.start)
        self.search.returnPressed.connect(self._apply_search)
        self._typing.timeout.connect(self._apply_search)
        shortcut = QShortcut(QKeySequence("Ctrl+F"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.search.setFocus)

    # What the page is told

    def refresh(self) -> None:
        self.source.period = self.desk.period
        self.table.refresh()
        self._count()

    def arrive(self, where: Mapping[str, str]) -> None:
        self.stack.setCurrentIndex(0)
        named = where.get("key") or where.get("number")
        if named:
            self._to_problems(where.get("tab") == "problems")
            self.show_only(record_list.keys_of(self.desk.workspace, [named]))
        elif where:
            self.show_only(None)
            self._first_wanted = "problem_code" in where
            self.search.setText(where.get("text", ""))
            self.table.filter_by({name: value for name, value in where.items() if name in _FILTERS})

    def arrive_rows(self, rows: Rows) -> None:
        self.stack.setCurrentIndex(0)
        self.show_only(record_list.keys_of(self.desk.workspace, rows.keys))

    def unsaved(self) -> str:
        waiting = []
        if self._made("entry") and self.entry.unsaved():
            waiting.append(tr("正在录入的一条服务记录"))
        if self._made("grid") and self.grid.unsaved():
            waiting.append(tr("批量录入表格里还没有保存的行"))
        return "、".join(waiting)

    def _narrowed_words(self, name: str, value: str) -> str:
        if name == "problem_code":
            return texts.problem_kind(value)
        if name == "any_period":
            return tr("不限期间")
        kind = {"instrument": "instrument", "customer": "customer", "operator": "technician"}.get(name)
        if kind is None:
            return ""
        from desktop.actions import searching

        found = searching.name_of(self.desk.workspace, kind, value)
        return tr("{kind} {name}", kind=say(f"kind.{kind}"), name=texts.visible(found)) if found else ""

    # The list

    def show_only(self, keys: Sequence[int] | None) -> None:
        """Just these records, whatever the period; None: the period's again."""
        self.source.only = None if keys is None else frozenset(keys)
        self.only_bar.setVisible(keys is not None)
        if keys is not None:
            self.only_line.setText(tr("只显示指定的 {n} 条记录，不限期间", n=f"{len(keys):,}"))
            self.search.clear()
            self.table.clear_filters()
            self._wanted = list(keys[:1])
        self.refresh()

    def _show_as(self) -> None:
        """As a list, or on a line of time; remembered."""
        on = self.as_timeline.isChecked()
        self.desk.preferences["records.timeline"] = on
        self.table.show_as(self.timeline if on else None)
        if on:
            self.timeline.show_keys(self.table.model.keys())
            keys = self.table.keys()
            self.timeline.choose(int(keys[0]) if len(keys) == 1 else None)

    def _loaded(self) -> None:
        if self.as_timeline.isChecked():
            self._show_as()
        if self._wanted:
            keys, self._wanted = self._wanted, []
            self.table.select(keys)
        elif self._first_wanted and self.table.model.filters and self.table.model.rowCount():
            self._first_wanted = False
            self._to_problems(True)
            self.table.select([self.table.model.key_at(0)])

    def _to_problems(self, on: bool) -> None:
        """The record that is chosen next is shown for its problems."""
        if on or self._made("detail"):
            self.right.setCurrentWidget(self.detail)
            self.detail.to_problems = on

    def _count(self) -> None:
        workspace, period = self.desk.workspace, self.desk.period
        self.desk.jobs.read(lambda progress: record_list.counts(workspace, period), self._counted, owner=self, key="counts")

    def _counted(self, counts: dict[str, int]) -> None:
        places = {("state", name): counts[name] for name in ("draft", "posted", "reversed")}
        places |= {(name, "1"): counts[name] for name in ("problem", "confidential")}
        self.table.chips.show_counts(places)
        self.head.line.setText(tr("{period}结束的服务", period=texts.period(self.desk.period.name)))

    def _filtered(self, filters: Mapping[str, str]) -> None:
        """What stands in the search field is what the list is filtered by, also after "show everything"."""
        if self.search.text() and not filters.get("text") and not self._typing.isActive():
            self.search.blockSignals(True)
            self.search.clear()
            self.search.blockSignals(False)

    def _apply_search(self) -> None:
        self._typing.stop()
        self.table.set_filter("text", self.search.text().strip())

    def _selected(self, keys: list[Key]) -> None:
        chosen = int(keys[0]) if len(keys) == 1 else None
        if self._made("timeline"):
            self.timeline.choose(chosen)
        if chosen is not None and self.right.currentWidget() is self.hint:
            self.right.setCurrentWidget(self.detail)
        if self._made("detail") and self.right.currentWidget() is self.detail:
            self.detail.show_key(chosen)

    def _with_drafts(self, keys: Sequence[Key], act: Callable[[list[str]], object]) -> None:
        found = record_list.found(self.desk.workspace, [int(key) for key in keys])
        numbers = [record.number for record in found if record.state == "draft"]
        if numbers:
            act(numbers)
        else:
            self.desk.tell("note", tr("所选的记录都已记账，没有草稿可以处理。"))

    def _one(self, keys: Sequence[Key]) -> ServiceRecord | None:
        found = record_list.found(self.desk.workspace, [int(key) for key in keys[:1]])
        return found[0] if found else None

    def _with_posted(self, keys: Sequence[Key], act: Callable[[ServiceRecord], object], *, reversed_too: bool = False) -> None:
        record = self._one(keys)
        if record is None:
            return
        if record.state == "draft":
            self.desk.tell("note", tr("{number} 没有记账，可以直接修改或删除。", number=record.number))
        elif record.state == "reversed" and not reversed_too:
            self.desk.tell("note", tr("{number} 已经冲销；要登记替换它的记录，请用“冲销并更正…”。", number=record.number))
        else:
            act(record)

    # Entering

    def new(self) -> None:
        """Enter a new record beside the list."""
        self.stack.setCurrentIndex(0)
        self.right.setCurrentWidget(self.entry)
        self.entry.begin()

    def open_grid(self) -> None:
        """Enter many at once."""
        self.stack.setCurrentWidget(self.grid)
        self.grid.start()

    def import_file(self, path: Path | None = None) -> None:
        """The import wizard, made when first asked for; a dropped file goes straight into it."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "records", path, parent=self)

    def post_up_to(self) -> None:
        """Post every draft up to a day."""
        self.steps.post_up_to()

    def _edit_keys(self, keys: Sequence[Key]) -> None:
        record = self._one(keys)
        if record is not None and record.state == "draft":
            self._correct(record)
        elif record is not None:
            self.right.setCurrentWidget(self.detail)
            self.detail.show_key(int(keys[0]))

    def _correct(self, record: ServiceRecord) -> None:
        self.right.setCurrentWidget(self.entry)
        self.entry.correct(record)
        self.entry.form.field("instrument_id").editor.setFocus()

    def _replace(self, record: ServiceRecord, reason: str) -> None:
        self.right.setCurrentWidget(self.entry)
        self.entry.replace(record, reason)

    def _saved(self, number: str) -> None:
        self._wanted = list(record_list.keys_of(self.desk.workspace, [number]))
        self.table.refresh()

    def _close_entry(self) -> None:
        self.right.setCurrentWidget(self.detail)
        keys = self.table.keys()
        self.detail.show_key(int(keys[0]) if len(keys) == 1 else None)
        self.table.view.setFocus()

    def _stored(self, n: int) -> None:
        if not (self._made("grid") and self.grid.unsaved()):
            self.stack.setCurrentIndex(0)
        self.refresh()
