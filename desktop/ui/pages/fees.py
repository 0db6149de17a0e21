"""收费: every instrument's price lines with their versions; beside the list one instrument's timeline; the builder of a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit

from desktop.actions import fee_building, fees
from desktop.actions.fees import Version
from desktop.rules.figure import Rows
from desktop.ui import theme
from desktop.ui.choice_fields import Choice
from desktop.ui.desk import Desk
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.empty import Empty
from desktop.ui.file_drop import accept_files
from desktop.ui.fitted_stack import FittedStack
from desktop.ui.forms import Form
from desktop.ui.page import Page, split
from desktop.ui.paged_model import Key, PagedModel, Sort
from desktop.ui.pages.fees_builder import FEE_KINDS, FeeBuilder
from desktop.ui.pages.fees_detail import FeesDetail
from desktop.ui.pages.fees_list import FeeRows, chips, columns
from desktop.ui.pages.fees_steps import FeeSteps
from desktop.ui.pages.records_choices import instrument_field
from desktop.ui.table import RowAction, Table
from desktop.words import tr

_FILTERS = frozenset({"show", "to_confirm", "text", "instrument"})


class FeesPage(Page):
    """See the module's head. Fees do not follow the period: a version has days of its own."""

    kinds: ClassVar[frozenset[str]] = FEE_KINDS | {"instrument", "posting"}
    follows_period: ClassVar[bool] = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("收费"))
        self._wanted: list[Key] = []
        self._chosen: Key | None = None
        self.steps = FeeSteps(desk, self, self._made)
        self.source = FeeRows(desk.workspace, desk.today)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("资产编号、仪器、收费项目"))
        self.search.setAccessibleName(tr("查找收费项目"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(theme.px(216))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(200)
        self.table = self._table()
        self.detail = FeesDetail(desk, self.steps)
        self.detail.setMinimumWidth(theme.px(304))
        self.builder = FeeBuilder(desk)
        self.stack = FittedStack()
        self.stack.addWidget(split("fees", desk.preferences, self.table, self.detail, share=0.56))
        self.stack.addWidget(self.builder)
        self.body.addWidget(self.stack)
        self.head.add(self.search)
        self.head.button(tr("导入价目表…"), "import", self.import_file)
        self.head.button(tr("新建收费标准"), "add", self.new, primary=True, shortcut="Ctrl+N")
        self._connect()
        self.table.filter_by({"show": "in_force"})

    def _table(self) -> Table:
        empty = Empty(
            tr("还没有收费标准"),
            tr("收费标准由成本构成和价目两部分组成，经另一人审批后生效。可以导入价目表，也可以从空白开始。"),
            "fee",
            ((tr("导入价目表"), self.import_file), (tr("新建收费标准"), self.new)),
        )
        actions = [RowAction(tr("为这台仪器新建版本…"), self._begin, "add", "one")]
        return Table(
            PagedModel(self.source, columns(), self.desk.jobs, sort=Sort("asset_number")),
            name="fees",
            title=tr("收费项目"),
            preferences=self.desk.preferences,
            empty=empty,
            chips=chips(),
            actions=actions,
        )

    def _connect(self) -> None:
        self.table.selected.connect(self._selected)
        self.table.opened.connect(lambda key: self._open(key))
        self.table.model.loaded.connect(self._loaded)
        self.table.filtered.connect(self._filtered)
        accept_files(self, self.import_file)
        self.detail.building.connect(self._build)
        self.builder.closed.connect(self._close_builder)
        self.search.textChanged.connect(self._typing.start)
        self.search.returnPressed.connect(self._apply_search)
        self._typing.timeout.connect(self._apply_search)
        shortcut = QShortcut(QKeySequence("Ctrl+F"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.search.setFocus)

    # What the page is told

    def refresh(self) -> None:
        self.table.refresh()
        if self.detail.asset_number:
            self.detail.again()
        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: fee_building.counts(workspace), self._counted, owner=self, key="counts")

    def arrive(self, where: Mapping[str, str]) -> None:
        if self.builder.unsaved():
            self.desk.tell("warning", tr("收费标准还没有保存；保存或返回列表后再查看别的。"))
            return
        self.stack.setCurrentIndex(0)
        self.source.only = None
        asset = where.get("asset_number", "")
        named = where.get("key", "")
        if asset:
            self.search.setText(asset)
            self._apply_search()
            self._chosen = None
            self.detail.show_instrument(asset)
        elif named:
            self._show_rows(fee_building.keys_of(self.desk.workspace, [named]))
        elif where:
            self.search.setText(where.get("text", ""))
            self.table.filter_by({name: value for name, value in where.items() if name in _FILTERS})

    def arrive_rows(self, rows: Rows) -> None:
        self.stack.setCurrentIndex(0)
        self._show_rows(fee_building.keys_of(self.desk.workspace, rows.keys))

    def unsaved(self) -> str:
        return tr("收费标准里还没有保存的成本或价目") if self.builder.unsaved() else ""

    # The list

    def _show_rows(self, keys: Sequence[int]) -> None:
        self._wanted = list(keys)
        self.search.clear()
        self.table.clear_filters()
        self.refresh()

    def _loaded(self) -> None:
        if self._wanted:
            keys, self._wanted = self._wanted, []
            self.table.select(keys)

    def _counted(self, counts: dict[str, int]) -> None:
        if not any(counts.values()) and self.table.model.filters:
            self.table.clear_filters()  # a ledger without prices is told what belongs here, not that a filter hides it
        places = {("show", "in_force"): counts["in_force"], ("show", "draft"): counts["draft"]}
        self.table.chips.show_counts(places | {("to_confirm", "1"): counts["to_confirm"]})
        self.head.line.setText(tr("有 {n} 项待确认", n=counts["to_confirm"]) if counts["to_confirm"] else "")

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
        if len(keys) != 1 or keys[0] == self._chosen:
            return  # the list was only read anew: the version at hand stays
        self._chosen = keys[0]
        owner = fee_building.instrument_of(self.desk.workspace, int(keys[0]))
        if owner is not None:
            self.detail.show_instrument(*owner)

    def _open(self, key: Key) -> None:
        self._chosen = None
        self._selected([key])
        version = self.detail.version()
        if version is not None and version.schedule.state == "draft":
            self._build(version)

    # Building

    def _build(self, version: Version) -> None:
        self.stack.setCurrentWidget(self.builder)
        self.builder.edit(version)

    def _made(self, key: str) -> None:
        version = fees.version(self.desk.workspace, key)
        self.detail.show_instrument(version.instrument.asset_number, key)
        self._build(version)

    def _close_builder(self) -> None:
        self.stack.setCurrentIndex(0)
        version = self.builder.version
        if version is not None:
            self.detail.show_instrument(version.instrument.asset_number, version.schedule.id)

    def _begin(self, keys: Sequence[Key]) -> None:
        owner = fee_building.instrument_of(self.desk.workspace, int(keys[0]))
        if owner is not None:
            self._begin_for(owner[0])

    def _begin_for(self, asset_number: str) -> None:
        versions = fees.versions(self.desk.workspace, asset_number)
        self.steps.begin(asset_number, fee_building.in_force(versions, self.desk.today()))

    def new(self) -> None:
        """A version for an instrument that is chosen first; the one shown is offered."""
        form = Form()
        field = instrument_field(self.desk.workspace, by_number=True)
        form.add("asset_number", tr("使用仪器"), field, required=True)
        if self.detail.asset_number:
            field.take(Choice(self.detail.asset_number, self.detail.asset_number))

        def chosen(draft: Mapping[str, object], dialog: FormDialog) -> None:
            dialog.accept()
            self._begin_for(str(draft["asset_number"]))

        ask_form(self.window(), title=tr("为哪台仪器？"), form=form, do=tr("下一步"), submit=chosen)

    def import_file(self, path: Path | None = None) -> None:
        """The import wizard, made when first asked for; a dropped file goes straight into it."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "fees", path, parent=self)
