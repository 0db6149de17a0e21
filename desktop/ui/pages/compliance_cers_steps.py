"""What is stated of sets for the universities' sharing system at the desk, taken back, and written as a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.ledger.cers import CERS_STATES, SHARE_LEVELS, STATED, CersSet
from desktop.ui import texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.file_dialog import save_file
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.reason_dialog import ask_reason
from desktop.ui.fields import Field, NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.pages.write_form import ask_write
from desktop.words import say, tr

if TYPE_CHECKING:
    from desktop.actions.cers import Written
    from desktop.ledger.finding import Finding
    from desktop.ledger.instrument import Instrument

_BESIDE = ("inner_id", "group_id", "assets_code", "classification_code", "country_code", "alias", "share_level", "state")
_WHOLE_ROW = ("maker_certification", "application_area", "open_calendar", "service_charge", "image_url", "page_url")
_CODES = {"share_level": SHARE_LEVELS, "state": CERS_STATES}
_MOST = 3
_LONGEST = 4000
"""A field of the form cuts nothing that a person would write: what is too long for the system is said, not taken off."""


class CersSteps:
    """The dialogs of the section."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        self.desk = desk
        self.page = page

    def state(self, one: Instrument, known: CersSet | None) -> FormDialog:
        """What the school states of a set; what is left as it was is not written again."""
        from desktop.actions import cers

        workspace, number = self.desk.workspace, one.asset_number
        form = Form(check=_faults, columns=2)
        for name in (*_BESIDE, *_WHOLE_ROW):
            form.add(name, say(f"cers.field.{name}"), _field(name), wide=name in _WHOLE_ROW)
        before = {name: getattr(known, name) if known is not None else "" for name in STATED}
        form.set_draft({name: text or None for name, text in before.items()})

        def work(given: Mapping[str, object]) -> object:
            texts_of = _texts(given)
            return cers.state(workspace, number, {name: texts_of[name] for name in STATED if texts_of[name] != before[name]})

        return ask_write(
            self.desk, self.page.window(), tr("{number} 的共享系统信息", number=texts.visible(number)), form, work,
            lambda given: tr("{number} 已保存，可以撤销。", number=texts.visible(number)),
            says=tr("写明任何一项，这台仪器就列入报送；台账里有的不用再写。代码照共享系统的代码表填。只留在本机。"), width=720,
        )  # fmt: skip

    def withdraw(self, one: Instrument) -> None:
        """Report a set no more, with the reason that the journal keeps."""
        from desktop.actions import cers

        workspace, number = self.desk.workspace, one.asset_number
        title = tr("不再报送 {number}", number=texts.visible(number))

        def reasoned(reason: str) -> None:
            self.desk.jobs.write(
                title, lambda progress: cers.withdraw(workspace, number, reason),
                lambda changes: self.desk.tell("done", tr("{number} 不再向共享系统报送，可以撤销。", number=texts.visible(number))), owner=self.page,
            )  # fmt: skip

        ask_reason(self.page.window(), title=title, do=tr("不再报送"), then=reasoned, says=tr("写明过的信息删除，仪器仍在台账里；可以撤销。"))

    def write(self) -> None:
        """Write the file of sets to a chosen place."""
        from desktop.actions import cers

        workspace, title = self.desk.workspace, tr("写出共享系统报文")

        def chosen(path: Path) -> None:
            self.desk.jobs.read(lambda progress: cers.write(workspace, path), self.written, title=title, owner=self.page)

        save_file(
            self.page.window(), title=title, name="InstrusAndGroups.xml", kinds=((tr("XML 文件"), ("xml",)),), preferences=self.desk.preferences,
            purpose="cers", then=chosen,
        )  # fmt: skip

    def written(self, done: Written) -> None:
        """Say what the file has, and what it has not."""
        said = tr("已写出 {n} 台（套）：{path}", n=done.rows, path=texts.visible(done.path.name))
        rest = tr("有错误没有写出 {wrong} 台（套）；没有写明信息 {unstated}、涉密 {withheld} 台（套）不报送。",
                  wrong=done.left_out, unstated=done.unstated, withheld=done.withheld)  # fmt: skip
        # What was written with a warning, such as a set nobody said is not confidential, is to be seen before the file is sent.
        warnings = [texts.finding(one).text for one in done.findings if one.severity == "warning"]
        more = [*warnings[:_MOST], *(["…"] if len(warnings) > _MOST else [])]
        self.desk.tell("warning" if done.left_out or warnings else "done", "\n".join((said, rest, *more)))


def _field(name: str) -> Field:
    if name in _CODES:
        return SelectField([Choice(code, code) for code in _CODES[name]], optional=True)
    if name in ("application_area", "open_calendar"):
        return NoteField(2)
    return TextField(_instead(name), limit=_LONGEST)


def _instead(name: str) -> str:
    """What stands in the file when the field is left empty."""
    if name == "inner_id":
        return tr("空着用资产编号")
    if name == "country_code":
        return tr("空着按台账的国别")
    return tr("空着用台账里的") if name in ("service_charge", "image_url", "page_url") else ""


def _texts(given: Mapping[str, object]) -> dict[str, str]:
    return {name: " ".join(str(given[name] or "").split()) for name in STATED}


def _faults(draft: Mapping[str, object]) -> list[Finding]:
    from desktop.actions import cers

    return cers.entry_findings(_texts(draft))
