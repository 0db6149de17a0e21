"""What is done with instruments from their page: enter, correct, join, file, set together, import, paste, export, explain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.actions import duties, exporting, instrument_entry, instrument_list, instruments
from desktop.actions.exporting import Exported
from desktop.actions.progress import Progress
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.instrument import Instrument
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import confirm
from desktop.ui.dialogs.file_dialog import save_file
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.pages.instruments_form import TogetherForm, edit_dialog, filing_form, joining_form
from desktop.words import tr


class InstrumentSteps:
    """Every step asks, does its work on a lane and tells what became of it."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        self.desk = desk
        self.page = page
        self.departments: list[str] = []

    # One instrument

    def add(self) -> FormDialog:
        """Enter a new one."""
        return self._form(tr("添加仪器"), None, {})

    def edit(self, one: Instrument) -> FormDialog:
        """Correct one."""
        title = tr("修改仪器 {number}", number=one.asset_number)
        return self._form(title, one, instrument_entry.draft_of(one))

    def _form(self, title: str, old: Instrument | None, draft: Mapping[str, object]) -> FormDialog:
        today = self.desk.today()

        def submit(given: Mapping[str, Any], dialog: FormDialog) -> None:
            becomes_secret = bool(given.get("confidential")) and (old is None or not old.confidential)
            if not becomes_secret:
                self._save(old, given, today, dialog)
                return
            dialog.do.setEnabled(True)
            confirm(
                dialog,
                title=tr("把这台仪器定为涉密？"),
                effects=_secret_effects(1),
                do=tr("定为涉密并保存"),
                then=lambda: self._save(old, given, today, dialog),
                irreversible=tr("保存之后，要改回不涉密须由两人办理。"),
            )

        return edit_dialog(self.page.window(), title, tr("保存"), draft, today, self.departments, submit)

    def _save(self, old: Instrument | None, given: Mapping[str, Any], today: date, dialog: FormDialog) -> None:
        workspace = self.desk.workspace

        def work(progress: Progress) -> Changes:
            return instrument_entry.save(workspace, old, given, today)

        self._write(tr("保存仪器"), work, dialog, tr("已保存仪器 {number}。", number=str(given["asset_number"])))

    def join(self, one: Instrument) -> FormDialog:
        """Record that it joined the network."""
        return self._dated(
            one,
            tr("登记入网：{name}", name=one.name),
            joining_form(self.desk.today()),
            instruments.join,
            tr("已登记入网：{name}。", name=one.name),
        )

    def file(self, one: Instrument) -> FormDialog:
        """Record that it was filed."""

        def work(workspace: Workspace, asset_number: str, on: date, number: str, level: str) -> Changes:
            return instruments.file(workspace, asset_number, number, on, level=level)

        return self._dated(
            one,
            tr("登记报备：{name}", name=one.name),
            filing_form(self.desk.today(), one.secrecy_level),
            work,
            tr("已登记报备：{name}。", name=one.name),
        )

    def _dated(self, one: Instrument, title: str, form: Any, act: Callable[..., Changes], told: str) -> FormDialog:
        workspace = self.desk.workspace

        def submit(given: Mapping[str, Any], dialog: FormDialog) -> None:
            # All that was typed is taken here: the work runs on a lane, where no widget may be asked.
            said = (given["on"], str(given["number"]), *((str(given["level"] or ""),) if "level" in given else ()))
            self._write(title, lambda progress: act(workspace, one.asset_number, *said), dialog, told)

        return ask_form(self.page.window(), title=title, form=form, do=tr("登记"), submit=submit)

    def explain(self, asset_number: str) -> None:
        """Why its duty is what it is."""
        workspace, today = self.desk.workspace, self.desk.today()
        self.desk.jobs.read(
            lambda progress: duties.explain(workspace, asset_number, today), self.desk.explain, owner=self.page, key="why"
        )

    # Many

    def together(self, keys: Sequence[int]) -> FormDialog:
        """Set the same facts on all of these."""
        form = TogetherForm(self.desk.today(), self.departments)
        form.set_draft({"fiscal": "keep", "confidential": "keep"})

        def submit(given: Mapping[str, Any], dialog: FormDialog) -> None:
            values = form.values()
            dialog.do.setEnabled(True)
            if not values:
                dialog.refuse(tr("还没有选要改的内容。"))
            elif values.get("confidential"):
                confirm(
                    dialog,
                    title=tr("把 {n} 台仪器定为涉密？", n=f"{len(keys):,}"),
                    effects=_secret_effects(len(keys)),
                    do=tr("定为涉密"),
                    then=lambda: self._set(keys, values, dialog),
                    irreversible=tr("保存之后，要改回不涉密须由两人办理。"),
                )
            else:
                self._set(keys, values, dialog)

        title = tr("批量修改 {n} 台仪器", n=f"{len(keys):,}")
        return ask_form(
            self.page.window(),
            title=title,
            form=form,
            do=tr("修改"),
            submit=submit,
            says=tr("只改选了的几项；一次写入，可以整批撤销。"),
        )

    def _set(self, keys: Sequence[int], values: Mapping[str, Any], dialog: FormDialog) -> None:
        workspace = self.desk.workspace

        def work(progress: Progress) -> Changes:
            return instrument_entry.change_many(workspace, keys, values, progress=progress)

        self._write(tr("批量修改仪器"), work, dialog, tr("已修改。要撤回，按 Ctrl+Z。"))

    def import_file(self, path: Path | None = None) -> None:
        """The national sheet or the institution's own list."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "instruments", path, parent=self.page)

    def filing_statement(self) -> None:
        """The paper of the confidential sets' filings: looked at, printed, saved; it goes nowhere by itself."""
        from desktop.actions import reporting
        from desktop.ui.pages.paper_dialog import PaperDialog

        workspace = self.desk.workspace
        PaperDialog(
            self.page.window(), self.desk, tr("报备说明"), self.desk.today().isoformat(), lambda progress: reporting.draw_filing(workspace, progress),
            lambda path, progress: reporting.make_filing(workspace, out=path, progress=progress),
        ).open()  # fmt: skip

    def paste(self) -> None:
        """Rows copied from a spreadsheet, with their header."""
        text = QGuiApplication.clipboard().text()
        if "\t" not in text and "\n" not in text.strip():
            self.desk.tell("note", tr("剪贴板里没有表格。请在 Excel 或 WPS 里连同表头一起选中、复制，再粘贴。"))
            return
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "instruments", parent=self.page).paste(text)

    def export(self, keys: Sequence[int] | None, n: int) -> None:
        """Write the national sheet; ``keys`` None: the whole register."""
        workspace = self.desk.workspace

        def write(path: Path) -> None:
            def told(done: Exported) -> None:
                words = tr("已导出 {n} 台到 {name}。", n=f"{done.rows:,}", name=done.path.name)
                if done.withheld:
                    words += tr("另有涉密 {n} 台没有写入：这张表是要交出去的。", n=f"{done.withheld:,}")
                self.desk.tell("done", words)

            self.desk.jobs.read(
                lambda progress: exporting.instruments(workspace, path, keys, progress),
                told,
                title=tr("导出 {n} 台仪器", n=f"{n:,}"),
                owner=self.page,
                key="export",
            )

        save_file(
            self.page.window(),
            title=tr("导出 40 列仪器表"),
            name=tr("仪器表 {day}.xlsx", day=self.desk.today().isoformat()),
            kinds=((tr("Excel 工作簿"), ("xlsx",)), (tr("CSV 文件"), ("csv",))),
            preferences=self.desk.preferences,
            purpose="export.instruments",
            then=write,
        )

    def read_departments(self) -> None:
        """The departments to choose from."""
        workspace = self.desk.workspace

        def have(found: list[str]) -> None:
            self.departments = found

        self.desk.jobs.read(
            lambda progress: instrument_list.departments(workspace), have, owner=self.page, key="steps.departments"
        )

    def _write(self, title: str, work: Callable[[Progress], Changes], dialog: FormDialog, told: str) -> None:
        def done(changes: Changes) -> None:
            dialog.accept()
            self.desk.tell("done", told if changes else tr("没有需要改的内容，台账没有改动。"))

        dialog.do.setEnabled(False)
        self.desk.jobs.write(title, work, done, failed=dialog.problem, owner=dialog)


def _secret_effects(n: int) -> list[str]:
    return [
        tr("{n} 台仪器只报备、不入网，不再列入任何交出去的表和同步内容", n=f"{n:,}"),
        tr("它们未记账的服务记录一并成为涉密"),
        tr("已经上报过的内容不会自动收回，请另与网络管理平台联系"),
    ]
