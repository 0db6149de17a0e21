"""仪器: the register with each instrument's duty beside it; the one at hand stands at the right, everything else is a step away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.actions import instrument_list
from desktop.ledger.changes import Changes
from desktop.ledger.instrument import Instrument
from desktop.rules.figure import Rows
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.file_drop import accept_files
from desktop.ui.labels import label
from desktop.ui.page import Page, split
from desktop.ui.paged_model import Key, PagedModel, Sort
from desktop.ui.pages.instruments_detail import DetailPane
from desktop.ui.pages.instruments_list import FILTERS, InstrumentRows, chips, columns, offered
from desktop.ui.pages.instruments_steps import InstrumentSteps
from desktop.ui.pages.national_stated_form import say_closed
from desktop.ui.table import RowAction, Table
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.ui.pages.instruments_reclassify import ReclassifySteps
    from desktop.ui.pages.instruments_sensor_steps import SensorSteps
    from desktop.ui.pages.instruments_transfer_steps import TransferSteps


class InstrumentsPage(Page):
    """See the module's head."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {
            "instrument", "calendar_day", "fee_schedule", "fee_line", "service_record", "posting", "reclassification", "take_back", "transfer",
            "sensor_binding", "power_band", "sensor_session", "sync", "national_closed",
        }
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("仪器"))
        self._wanted: list[Key] = []
        self.steps = InstrumentSteps(desk, self)
        self.source = InstrumentRows(desk.workspace, desk.today, columns())
        self.search = QLineEdit()
        self.department = QComboBox()
        self.table = self._table()
        self.detail = DetailPane(desk)
        self.detail.setMinimumWidth(theme.px(304))
        self.only_line = label(tone="note")
        self.only_bar = QWidget()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(200)
        self._filters()
        self._arrange()
        self._head()
        self._connect()

    @cached_property
    def secrecy(self) -> ReclassifySteps:
        """The steps of a change of confidentiality, loaded when one is asked for."""
        from desktop.ui.pages.instruments_reclassify import ReclassifySteps

        return ReclassifySteps(self.desk, self)

    @cached_property
    def transfers(self) -> TransferSteps:
        """The steps of a transfer, loaded when one is asked for."""
        from desktop.ui.pages.instruments_transfer_steps import TransferSteps

        return TransferSteps(self.desk, self, lambda: self.steps.departments)

    @cached_property
    def sensors(self) -> SensorSteps:
        """The steps about sensors, loaded when one is asked for."""
        from desktop.ui.pages.instruments_sensor_steps import SensorSteps

        return SensorSteps(self.desk, self)

    def transfer_candidates(self) -> None:
        """Which sets last year's use makes candidates for transfer."""
        self.transfers.candidates()

    def _reclassify(self, keys: list[Key]) -> None:
        workspace = self.desk.workspace

        def found(chosen: list[Instrument]) -> None:
            self.secrecy.prepare(chosen)

        self.desk.jobs.read(
            lambda progress: [one for key in _rowids(keys) if (one := instrument_list.one(workspace, key)) is not None],
            found, owner=self, key="reclassify",
        )  # fmt: skip

    # Building

    def _table(self) -> Table:
        empty = Empty(
            tr("还没有仪器"),
            tr("先把仪器放进台账：可以导入全国统一的 40 列表格或本单位的资产台账，从 Excel 粘贴，也可以逐台添加。"),
            "instrument",
            ((tr("导入仪器表"), self.steps.import_file), (tr("添加一台"), self.steps.add)),
        )
        one: Callable[[Callable[[Instrument], object]], Callable[[list[Key]], object]] = self._with_instrument
        actions = [
            RowAction(tr("修改…"), one(self.steps.edit), "edit", "one"),
            RowAction(tr("登记入网…"), one(self.steps.join), "network", "one"),
            RowAction(tr("登记报备…"), one(self.steps.file), "confidential", "one"),
            RowAction(tr("入网义务：为什么？"), lambda keys: self._explain(keys), "why", "one", "Ctrl+E"),
            RowAction(tr("改密级…"), self._reclassify, "confidential", "some"),
            RowAction(tr("批量修改…"), lambda keys: self.steps.together(_rowids(keys)), "edit", "some"),
            RowAction(tr("导出选中的仪器…"), lambda keys: self.steps.export(_rowids(keys), len(keys)), "export", "some"),
        ]
        made = Table(
            PagedModel(self.source, columns(), self.desk.jobs, sort=Sort("asset_number")),
            name="instruments",
            title=tr("仪器"),
            preferences=self.desk.preferences,
            empty=empty,
            chips=chips(),
            actions=actions,
        )
        made.chips.offer(offered({}))
        return made

    def _filters(self) -> None:
        self.search.setPlaceholderText(tr("编号、名称、型号、制造商、部门"))
        self.search.setAccessibleName(tr("查找仪器"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(theme.px(216))
        self.department.setAccessibleName(tr("部门"))
        self.department.setFixedWidth(theme.px(160))
        self.department.addItem(tr("全部部门"), "")

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
        self.body.addWidget(split("instruments", self.desk.preferences, left, self.detail, share=0.58))

    def _head(self) -> None:
        self.head.add(self.search)
        self.head.add(self.department)
        self.head.button(tr("导入…"), "import", self.steps.import_file, tip=tr("导入仪器表；也可以把文件拖到本页"))
        self.head.button(
            tr("粘贴"), "spreadsheet", self.steps.paste, tip=tr("从 Excel 连同表头复制，在这里粘贴"), shortcut="Ctrl+Shift+V"
        )
        self.head.button(tr("导出…"), "export", self.export_shown, tip=tr("把列出的仪器写成 40 列表格，涉密的不写"))
        self.head.button(tr("添加仪器"), "add", self.steps.add, primary=True, shortcut="Ctrl+N")

    def _connect(self) -> None:
        self.table.selected.connect(self._selected)
        self.table.opened.connect(lambda key: self._with_instrument(self.steps.edit)([key]))
        self.table.model.loaded.connect(self._loaded)
        self.table.filtered.connect(self._filtered)
        self.detail.editing.connect(self.steps.edit)
        self.detail.joining.connect(self.steps.join)
        self.detail.filing.connect(self.steps.file)
        self.detail.closing.connect(lambda one, known: say_closed(self.desk, self, one, known))
        self.detail.duty.statement.connect(self.steps.filing_statement)
        self.detail.reclassifying.connect(lambda chosen: self.secrecy.prepare(chosen))
        self.detail.deciding.connect(lambda step, one: self.secrecy.decide(step, one))
        self.detail.transferring.connect(lambda kind, one: self.transfers.prepare(kind, one))
        self.detail.transfer_step.connect(lambda step, listed: self.transfers.take(step, listed))
        self.detail.candidates.connect(self.transfer_candidates)
        self.detail.sensor_step.connect(lambda step, drawn: self.sensors.take(step, drawn))
        self.detail.sensor_sets.connect(lambda: self.sensors.sets())
        self.search.textChanged.connect(self._typing.start)
        self.search.returnPressed.connect(self._apply_search)
        self._typing.timeout.connect(self._apply_search)
        self.department.activated.connect(lambda: self.table.set_filter("department", str(self.department.currentData())))
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.setFocus)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self.table.view)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.steps.paste)
        accept_files(self, self.steps.import_file)

    # What the page is told

    def refresh(self) -> None:
        self.table.refresh()
        self._count()
        self.detail.again()

    def changed(self, changes: Changes) -> None:
        if changes.kinds & {"instrument", "calendar_day", "reclassification", "sync"}:
            self.table.refresh()
            self._count()
        self.detail.again()

    def follow_period(self) -> None:
        """Only what stands in the detail pane belongs to the period."""
        if self.isVisible():
            self.detail.again()

    def arrive(self, where: Mapping[str, str]) -> None:
        named = where.get("key") or where.get("asset_number")
        if named:
            self.detail.turn_to(where.get("tab", ""))
            self.show_only(instrument_list.rowids(self.desk.workspace, [named]))
        elif where:
            self.show_only(None)
            self.search.blockSignals(True)
            self.search.setText(where.get("text", ""))
            self.search.blockSignals(False)
            self.department.setCurrentIndex(max(0, self.department.findData(where.get("department", ""))))
            self.table.filter_by({name: value for name, value in where.items() if name in FILTERS})

    def arrive_rows(self, rows: Rows) -> None:
        named = [*rows.keys, *(value for name, value in rows.where if name in ("asset_number", "id"))]
        self.show_only(instrument_list.rowids(self.desk.workspace, named))

    # The list

    def show_only(self, keys: Sequence[int] | None) -> None:
        """Just these instruments; None: all of them again."""
        self.source.only = None if keys is None else frozenset(keys)
        self.only_bar.setVisible(keys is not None)
        if keys is not None:
            self.only_line.setText(tr("只显示指定的 {n} 台仪器", n=f"{len(keys):,}"))
            self.search.blockSignals(True)
            self.search.clear()
            self.search.blockSignals(False)
            self.department.setCurrentIndex(0)
            self.table.clear_filters()
            self._wanted = list(keys[:1])
        self.table.refresh()

    def _loaded(self) -> None:
        if self._wanted:
            wanted, self._wanted = self._wanted, []
            self.table.select(wanted)

    def _selected(self, keys: list[Key]) -> None:
        key = keys[0] if len(keys) == 1 else None
        if key != self.detail.key:
            self.detail.show_key(key if isinstance(key, int) else None)

    def _filtered(self, filters: Mapping[str, str]) -> None:
        """What stands in the search field is what the list is filtered by, also after "show everything"."""
        if self.search.text() and not filters.get("text") and not self._typing.isActive():
            self.search.blockSignals(True)
            self.search.clear()
            self.search.blockSignals(False)
        if not filters.get("department"):
            self.department.setCurrentIndex(0)

    def _apply_search(self) -> None:
        self._typing.stop()
        self.table.set_filter("text", self.search.text().strip())

    def _count(self) -> None:
        workspace, today = self.desk.workspace, self.desk.today()
        self.desk.jobs.read(
            lambda progress: instrument_list.counts(workspace, today), self._counted, owner=self, key="counts"
        )
        self.desk.jobs.read(
            lambda progress: instrument_list.departments(workspace), self._show_departments, owner=self, key="departments"
        )

    def _counted(self, counts: Mapping[tuple[str, str], int]) -> None:
        self.table.chips.show_counts(counts)
        self.table.chips.offer(offered(counts))

    def _show_departments(self, found: list[str]) -> None:
        self.steps.departments = found
        chosen = self.department.currentData()
        self.department.clear()
        self.department.addItem(tr("全部部门"), "")
        for name in found:
            self.department.addItem(texts.visible(name), name)
        self.department.setCurrentIndex(max(0, self.department.findData(chosen)))

    # Steps

    def _instrument(self, key: Key) -> Instrument | None:
        """The instrument of a row: the one shown already, or a small read."""
        view = self.detail.view
        if view is not None and view.key == key:
            return view.instrument
        return instrument_list.one(self.desk.workspace, int(key))

    def _with_instrument(self, act: Callable[[Instrument], object]) -> Callable[[list[Key]], object]:
        def done(keys: list[Key]) -> None:
            found = self._instrument(keys[0])
            if found is not None:
                act(found)

        return done

    def _explain(self, keys: list[Key]) -> None:
        found = self._instrument(keys[0])
        if found is not None:
            self.steps.explain(found.asset_number)

    def export_shown(self) -> None:
        """The instruments listed, as the national sheet."""
        keys = _rowids(list(self.table.model.keys()))
        self.steps.export(keys, len(keys))


def _rowids(keys: Sequence[Key]) -> list[int]:
    return [key for key in keys if isinstance(key, int)]
