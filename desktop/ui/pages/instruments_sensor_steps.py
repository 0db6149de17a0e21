"""The steps about an instrument's sensors: put on, taken off, struck out; power bands; what sensors saw read from files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.actions import sensor_readings, sensors
from desktop.actions.progress import Progress
from desktop.actions.sensor_picture import Drawn
from desktop.actions.sensor_readings import Outcome
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Problem
from desktop.ledger.sensor import PowerBand, SensorBinding
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import confirm
from desktop.ui.dialogs.file_dialog import open_file
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.fields import DateField, NoteField, NumberField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.instruments_sensors import band_words, binding_words
from desktop.ui.pages.payout_steps import told
from desktop.words import tr

_WIDE = 560
_TOLD = 5


class SensorSteps:
    """Each step is a form; what the ledger refuses is said in it, and it stays open."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        self.desk = desk
        self.page = page

    def take(self, step: str, drawn: Drawn) -> None:
        """``bind``, ``end`` or ``drop`` a sensor; set a ``band`` or ``drop_band``; read ``bindings``, ``bands``, ``sessions``,
        ``readings``."""
        one, seen = drawn.seen.instrument, drawn.seen
        steps: dict[str, Callable[[], object]] = {
            "bind": lambda: self.bind(one),
            "end": lambda: self.end(one, [each for each in seen.bindings if each.until_on is None]),
            "drop": lambda: self.drop(one, list(seen.bindings)),
            "band": lambda: self.band(one, list(seen.bands)),
            "drop_band": lambda: self.drop_band(one, list(seen.bands)),
            "bindings": self.bindings,
            "bands": self.bands,
            "sessions": self.sessions,
            "readings": lambda: self.readings(list(seen.bindings)),
        }
        steps[step]()

    def sets(self) -> None:
        """All sets of the period beside each other."""
        from desktop.ui.pages.instruments_sensor_list import SensorSets

        SensorSets(self.page.window(), self.desk).open()

    def bind(self, one: Instrument) -> FormDialog:
        """A sensor sits on the set from a day on."""
        form = Form()
        form.add("sensor", tr("传感器编号"), TextField(limit=60), required=True)
        form.add("from_on", tr("装上日期"), DateField(self.desk.today), required=True)
        form.add("until_on", tr("最后一天"), DateField(self.desk.today), hint=tr("还装着就不填"))
        form.add("source", tr("依据"), TextField(), hint=tr("安装单、省网通知等"))
        form.set_draft({"from_on": self.desk.today()})
        workspace = self.desk.workspace

        def work(given: Mapping[str, Any]) -> Changes:
            return sensors.bind(workspace, one.asset_number, str(given["sensor"]), given["from_on"], given["until_on"], str(given["source"] or ""))

        says = tr("装上和拆下的两天都算装着。同一个传感器同一天只能装在一台仪器上。")
        return self._ask(tr("{number} 装上传感器", number=one.asset_number), form, says, work, tr("传感器已登记，可以撤销。"))

    def end(self, one: Instrument, bindings: list[SensorBinding]) -> FormDialog:
        """The last day a sensor sat there."""
        form = Form()
        form.add("which", tr("传感器"), _which(bindings), required=True)
        form.add("until_on", tr("最后一天"), DateField(self.desk.today), required=True)
        form.set_draft({"which": bindings[-1].id if bindings else None, "until_on": self.desk.today()})
        workspace = self.desk.workspace

        def work(given: Mapping[str, Any]) -> Changes:
            chosen = _chosen(bindings, given)
            return sensors.end_binding(workspace, one.asset_number, chosen.sensor, chosen.from_on, given["until_on"])

        return self._ask(tr("{number} 拆下传感器", number=one.asset_number), form, "", work, tr("传感器的最后一天已登记，可以撤销。"))

    def drop(self, one: Instrument, bindings: list[SensorBinding]) -> FormDialog:
        """A sensor never sat there."""
        form = Form()
        form.add("which", tr("传感器"), _which(bindings), required=True)
        form.add("reason", tr("理由"), NoteField(2), required=True, hint=tr("写入操作日志"))
        form.set_draft({"which": bindings[-1].id if bindings else None})
        workspace = self.desk.workspace

        def work(given: Mapping[str, Any]) -> Changes:
            chosen = _chosen(bindings, given)
            return sensors.drop_binding(workspace, one.asset_number, chosen.sensor, chosen.from_on, str(given["reason"]))

        says = tr("只用于登记错了：那些天的申报从此没有佐证，测到的时段留着，不再计入。拆下了请用“登记拆下”。")
        return self._ask(tr("{number} 作废一次安装", number=one.asset_number), form, says, work, tr("已作废，可以撤销。"))

    def band(self, one: Instrument, bands: list[PowerBand]) -> FormDialog:
        """The set's own limits from a day on."""
        form = Form()
        form.add("from_on", tr("从这一天起"), DateField(self.desk.today), required=True)
        form.add("off", tr("低于此功率为关机"), _watts(), required=True)
        form.add("working", tr("达到此功率为工作"), _watts(), required=True)
        newest = bands[-1] if bands else None
        form.set_draft({
            "from_on": self.desk.today(), "off": newest.off_watts if newest else None, "working": newest.working_watts if newest else None,
        })  # fmt: skip
        workspace = self.desk.workspace

        def work(given: Mapping[str, Any]) -> Changes:
            return sensors.set_band(workspace, one.asset_number, given["from_on"], given["off"], given["working"])

        says = tr("以后导入的读数按此折成时段；已有的时段不变，重新导入读数才会重新折算。")
        return self._ask(tr("{number} 的功率段", number=one.asset_number), form, says, work, tr("功率段已存下，可以撤销。"))

    def drop_band(self, one: Instrument, bands: list[PowerBand]) -> FormDialog:
        """Limits that never held."""
        form = Form()
        form.add("which", tr("功率段"), SelectField([Choice(each.id, band_words(each)) for each in reversed(bands)]), required=True)
        form.add("reason", tr("理由"), NoteField(2), required=True, hint=tr("写入操作日志"))
        workspace = self.desk.workspace

        def work(given: Mapping[str, Any]) -> Changes:
            chosen = next(each for each in bands if each.id == given["which"])
            return sensors.drop_band(workspace, one.asset_number, chosen.from_on, str(given["reason"]))

        return self._ask(tr("{number} 作废功率段", number=one.asset_number), form, "", work, tr("已作废，可以撤销。"))

    def bindings(self) -> None:
        """Which sensor sits on which set, of many at once."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "sensor_bindings", None, parent=self.page)

    def bands(self) -> None:
        """The power bands of many sets at once."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "power_bands", None, parent=self.page)

    def sessions(self) -> None:
        """Sessions a sensor platform has made already."""
        from desktop.ui.dialogs.import_wizard import open_import

        open_import(self.desk, "sensor_sessions", None, parent=self.page)

    def readings(self, bindings: list[SensorBinding]) -> None:
        """Raw readings of power, folded into sessions by the bands: looked at first, written when accepted."""
        sensor = bindings[-1].sensor if bindings else ""
        open_file(
            self.page.window(), title=tr("选择读数文件"), kinds=((tr("表格"), ("xlsx", "xls", "ods", "csv", "txt")),), preferences=self.desk.preferences,
            purpose="sensor.readings", then=lambda path: self.read_file(path, sensor),
        )  # fmt: skip

    def read_file(self, path: Path, sensor: str) -> None:
        """Say what a file of readings would do, and do it when that is accepted; ``sensor``: whose they are, when no column says it."""
        workspace = self.desk.workspace

        def seen(found: Outcome) -> None:
            confirm(
                self.page.window(), title=tr("按这些读数记下开机时段？"), effects=_effects(found), do=tr("导入"),
                then=lambda: self.desk.jobs.write(title, write, self._read, owner=self.page),
            )  # fmt: skip

        def write(progress: Progress) -> Outcome:
            return sensor_readings.import_readings(workspace, path, sensor, progress=progress)

        title = tr("导入读数 {file}", file=path.name)
        self.desk.jobs.read(
            lambda progress: sensor_readings.import_readings(workspace, path, sensor, dry_run=True, progress=progress), seen,
            title=tr("检查读数 {file}", file=path.name), owner=self.page, key="readings",
        )  # fmt: skip

    def _read(self, done: Outcome) -> None:
        self.desk.tell("warning" if done.findings else "done", "\n".join([tr("读数已折成开机时段，可以撤销。"), *_effects(done)]))

    def _ask(self, title: str, form: Form, says: str, work: Callable[[Mapping[str, Any]], object], told_words: str) -> FormDialog:
        def submit(given: Mapping[str, object], dialog: FormDialog) -> None:
            def refused(problem: Problem) -> None:
                dialog.refuse(told(problem))

            def done(_: object) -> None:
                dialog.accept()
                self.desk.tell("done", told_words)

            self.desk.jobs.write(title, lambda progress: work(given), done, failed=refused, owner=dialog)

        return ask_form(self.page.window(), title=title, form=form, do=tr("保存"), submit=submit, says=says, width=_WIDE)


def _watts() -> NumberField:
    return NumberField(places=3, least=Decimal(0), most=sensors.MOST_WATTS, unit="W")


def _which(bindings: list[SensorBinding]) -> SelectField:
    return SelectField([Choice(one.id, binding_words(one)) for one in reversed(bindings)])


def _chosen(bindings: list[SensorBinding], given: Mapping[str, Any]) -> SensorBinding:
    return next(one for one in bindings if one.id == given["which"])


def _effects(found: Outcome) -> list[str]:
    lines = [
        tr("读数 {n} 个，传感器 {m} 个", n=f"{found.n_readings:,}", m=len(found.folded)),
        tr(
            "新时段 {new} 个，改动 {changed} 个，去掉 {dropped} 个，不变 {same} 个",
            new=found.new, changed=found.changed, dropped=found.dropped, same=found.unchanged,
        ),
    ]  # fmt: skip
    told_rows = [_placed(each) for each in found.findings[:_TOLD]]
    if len(found.findings) > _TOLD:
        told_rows.append(tr("…另有 {n} 项", n=len(found.findings) - _TOLD))
    return [*lines, *told_rows]


def _placed(one: Finding) -> str:
    words, cell = texts.finding(one).text, one.cell
    if cell is None or not cell.row:
        return words
    if not cell.sheet:
        return tr("第 {row} 行：{words}", row=cell.row, words=words)
    return tr("「{sheet}」第 {row} 行：{words}", sheet=texts.visible(cell.sheet), row=cell.row, words=words)
