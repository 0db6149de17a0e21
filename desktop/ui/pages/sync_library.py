"""What the network publishes, on the sync page: notices with the day to answer by, and a locator of other institutions' instruments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop import words
from desktop.actions.sync_pending import NETWORK
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.progress_dialog import watch
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.paged_model import Column, Key
from desktop.ui.texts import Tone
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.locator import Located
    from desktop.ledger.changes import Changes
    from desktop.ledger.notice import Elsewhere, Notice, NoticeAnswer
    from desktop.ledger.problem import Problem
    from desktop.ui.dialogs.form_dialog import FormDialog


class NoticesView(QWidget):
    """All notices, unread ones first; the chosen one in full below, with what was answered. ``marked()`` is told when somebody has read one."""

    def __init__(self, desk: Desk, marked: Callable[[], object]) -> None:
        super().__init__()
        self.desk, self._marked = desk, marked
        self.notices: list[Notice] = []
        self.chosen: Notice | None = None
        columns = (
            Column("state", tr("状态"), width=80),
            Column("kind", tr("种类"), width=128),
            Column("title", tr("标题"), width=248),
            Column("issued", tr("发出"), "date", 112),
            Column("due", tr("答复期限"), "date", 136, blank=""),
            Column("answer", tr("答复"), width=136, blank=""),
            Column("who", tr("谁已读"), width=120, blank=""),
        )
        empty = Empty(tr("没有通知"), tr("责令改正、警示、通报和告知在同步时收到，列在这里，写明答复期限。"), "done")
        self.table = HeldTable(columns, name="sync.notices", preferences=desk.preferences, empty=empty, title=tr("通知"))
        self.table.opened.connect(self.show_notice)
        self.title = label(role="strong")
        self.text = label()
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(tr("标为已读"))
        self.button.clicked.connect(self.mark)
        self.why = QPushButton(tr("为什么？"))
        self.why.setProperty("role", "link")
        theme.dress(self.why, "why", "accent")
        self.why.clicked.connect(self.explain)
        self.answer_button = QPushButton(tr("答复…"))
        self.answer_button.setProperty("role", "primary")
        theme.dress(self.answer_button, "edit", "on_accent")
        self.answer_button.clicked.connect(self.ask_answer)
        self.answers = label()
        self.answers.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.title, 1)
        row.addWidget(self.why)
        row.addWidget(self.button)
        row.addWidget(self.answer_button)
        self.panel = QWidget()
        inner = QVBoxLayout(self.panel)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(row)
        inner.addWidget(_scrolled(self.text, self.answers))
        self.panel.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addWidget(self.table, 1)
        column.addWidget(self.panel, 1)

    def show_notices(self, found: list[Notice]) -> None:
        """Draw them; the chosen one stays chosen."""
        self.notices = found
        self.table.hold(
            (
                each.id, tr("已读") if each.read_at else tr("未读"), words.say(f"notice.kind.{each.kind}"), texts.visible(each.title),
                each.issued_on, each.due_on, _answered(each), each.read_by,
            )
            for each in found
        )  # fmt: skip
        if self.chosen is not None:
            self.show_notice(self.chosen.id)

    def show_notice(self, key: Key) -> None:
        """One in full."""
        self.chosen = next((each for each in self.notices if each.id == key), None)
        self.panel.setVisible(self.chosen is not None)
        if self.chosen is None:
            return
        due = self.chosen.due_on
        days = (due - self.desk.today()).days if due is not None else None
        tone: Tone = "plain"
        if due is None:
            said = texts.visible(self.chosen.title)
        elif not self.chosen.answers and days is not None and days < 0:
            said, tone = tr("{title} · 答复期限 {day}，已过 {n} 天", title=texts.visible(self.chosen.title), day=due, n=-days), "error"
        else:
            said = tr("{title} · 答复期限 {day}", title=texts.visible(self.chosen.title), day=due)
        self.title.setText(said)
        theme.say_tone(self.title, tone)
        self.text.setText("\n".join(texts.visible(line) for line in self.chosen.text.splitlines()))
        self.answers.setText("\n".join(_told(one) for one in self.chosen.answers))
        self.answers.setVisible(bool(self.chosen.answers))
        self.answer_button.setText(tr("补充答复…") if self.chosen.answers else tr("答复…"))
        self.button.setText(tr("标为未读") if self.chosen.read_at else tr("标为已读"))

    def explain(self) -> None:
        """How the chosen notice stands today, with the days it hangs on."""
        from desktop.actions import library

        notice, workspace = self.chosen, self.desk.workspace
        if notice is not None:
            self.desk.jobs.read(lambda progress: library.explain(workspace, notice.id), self.desk.explain, failed=self.desk.trouble, owner=self, key="why")

    def ask_answer(self) -> FormDialog | None:
        """Write what was done about the notice; it goes with the next sync, after it was shown among what leaves."""
        from desktop.actions import library
        from desktop.ui.dialogs.form_dialog import ask_form
        from desktop.ui.fields import DateField, NoteField
        from desktop.ui.forms import Form

        notice, workspace = self.chosen, self.desk.workspace
        if notice is None:
            return None
        form = Form()
        form.add("text", tr("答复内容"), NoteField(6), required=True, hint=tr("写明办了什么、何时办好；没有办好的写明原因和计划。"))
        form.add("on", tr("答复日期"), DateField(self.desk.today), required=True)
        form.set_draft({"on": self.desk.today(), "text": None})

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            text, on = str(draft["text"]), draft["on"]
            self.desk.jobs.write(
                tr("答复通知"),
                lambda progress: library.answer(workspace, notice.id, text, on if isinstance(on, date) else None),
                lambda changes: self._answered(dialog, changes),
                failed=dialog.problem,
                owner=dialog,
            )

        says = tr("“{title}”。答复存在台账里，下次同步时先列给您看，同意后才发出；存下后不能修改，可以撤销或再补充。", title=texts.visible(notice.title))
        return ask_form(self.window(), title=tr("答复通知"), form=form, do=tr("存下答复"), submit=submit, says=says)

    def _answered(self, dialog: FormDialog, changes: Changes) -> None:
        dialog.accept()
        self.desk.tell("done", tr("答复已存下，下次同步时发出。"))
        self.desk.announce(changes)

    def mark(self) -> None:
        """Whoever is at the desk has read it, or has not after all."""
        from desktop.actions import library

        chosen, workspace = self.chosen, self.desk.workspace
        if chosen is not None:
            self.desk.jobs.write(
                tr("标记通知"),
                lambda progress: library.mark(workspace, chosen.id, read=chosen.read_at is None),
                lambda _: self._marked(),
                owner=self,
            )


def _nearness(one: Elsewhere) -> str:
    return words.say(f"library.near_{one.nearness}") if one.nearness else ""


def _scrolled(*told: QWidget) -> QScrollArea:
    """Texts of any length below one another, in whatever room there is: a long notice must not push the window off the screen."""
    area, inside = QScrollArea(), QWidget()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    for one in told:
        column.addWidget(one)
    column.addStretch(1)
    area.setWidget(inside)
    return area


def _answered(notice: Notice) -> str:
    if not notice.answers:
        return ""
    last = notice.answers[-1]
    return tr("{day} 已送达", day=last.answered_on) if last.sent else tr("{day} 待发送", day=last.answered_on)


def _told(one: NoticeAnswer) -> str:
    who = f" {texts.visible(one.answered_by)}" if one.answered_by else ""
    state = tr("已送达") if one.sent else tr("待发送")
    said = "\n".join(texts.visible(line) for line in one.text.splitlines())
    return tr("{day}{who} 答复（{state}）：{text}", day=one.answered_on, who=who, state=state, text=said)


class CatalogueView(QWidget):
    """The locator: words to look for, what was found, and the reading of the catalogue when somebody asks for it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._remote = NETWORK
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("名称、型号、厂商、功能、单位或地区，几个词用空格隔开"))
        self.search.setAccessibleName(tr("找仪器"))
        self.search.textChanged.connect(lambda _: self.refresh(self._remote))
        self.order = QComboBox()
        self.order.setAccessibleName(tr("排序"))
        for key, said in (("name", tr("按名称")), ("near", tr("由近到远")), ("price", tr("价格由低到高"))):
            self.order.addItem(said, key)
        self.order.currentIndexChanged.connect(lambda _: self.refresh(self._remote))
        self.read_button = QPushButton(tr("从网络读取目录"))
        self.read_button.clicked.connect(self.read)
        self.line = label(tone="muted")
        columns = (
            Column("name", tr("名称"), width=184),
            Column("model", tr("型号"), width=104, blank=""),
            Column("institution", tr("单位"), width=208),
            Column("place", tr("地区"), width=136, blank=""),
            Column("near", tr("远近"), width=128, blank="", tip=tr("按行政区划分级，不是公里数")),
            Column("fee", tr("收费"), width=112, blank=""),
            Column("service", tr("服务内容"), width=184, blank=""),
            Column("number", tr("入网编号"), width=112, blank=""),
        )
        empty = Empty(tr("没有找到"), tr("目录读到本机之后不联网也能找；没有读过时，先从网络读取。"), "search")
        self.table = HeldTable(columns, name="sync.catalogue", preferences=desk.preferences, empty=empty, title=tr("找仪器"))
        row = QHBoxLayout()
        row.addWidget(self.search, 1)
        row.addWidget(self.order)
        row.addWidget(self.read_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.UNIT, 0, 0)
        column.addLayout(row)
        column.addWidget(self.line)
        column.addWidget(self.table, 1)

    def refresh(self, remote: str) -> None:
        """Look again; the network is not asked."""
        from desktop.actions import library, locator

        self._remote = remote
        workspace, text, order = self.desk.workspace, self.search.text(), str(self.order.currentData())
        self.desk.jobs.read(
            lambda progress: (locator.find(workspace, text, remote, order), library.catalogue_read_at(workspace, remote)),
            lambda found: self.show_found(found[0], *found[1]),
            owner=self,
            key="catalogue",
        )

    def show_found(self, located: Located, n_known: int, read_at: str) -> None:
        """Draw them."""
        n_found, found, resembling, read = located
        if not n_known:
            said = tr("目录还没有读到本机。")
        else:
            when = texts.moment(datetime.fromisoformat(read_at)) if read_at else tr("没有读完")
            counts = {"n": f"{n_found:,}", "k": len(found), "m": f"{n_known:,}", "at": when}
            if resembling:
                said = tr("没有完全符合的；写法相近的有 {n} 台，列出 {k} 台。目录共 {m} 台，读取于 {at}。", **counts)
            else:
                said = tr("找到 {n} 台，列出 {k} 台；目录共 {m} 台，读取于 {at}。", **counts)
            if read:
                said = f"{said}{tr('简称也按全称找：{read}。', read=read)}"
        self.line.setText(said)
        self.table.hold(
            (n, *(texts.visible(text) for text in (
                one.name, one.model, one.institution_name, one.place, _nearness(one), one.fee_text, one.service_content, one.network_number
            )))
            for n, one in enumerate(found)
        )  # fmt: skip

    def read(self) -> None:
        """Read the whole catalogue anew."""
        from desktop.actions import library

        workspace, remote = self.desk.workspace, self._remote
        self.read_button.setEnabled(False)

        def done(n_known: int) -> None:
            self.read_button.setEnabled(True)
            self.desk.tell("done", tr("目录已读到本机，共 {n} 台。", n=f"{n_known:,}"))
            self.refresh(remote)

        def failed(problem: Problem) -> None:
            self.read_button.setEnabled(True)
            self.desk.trouble(problem)

        job = self.desk.jobs.write(
            tr("从网络读取目录"), lambda progress: library.refresh_catalogue(workspace, remote, progress), done, failed=failed, owner=self
        )
        watch(self, self.desk.jobs, job)
