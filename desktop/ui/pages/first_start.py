"""首次使用: three steps to one's own ledger, or the practice ledger in one click. Shown in the pages' place while there is none.

Step 1 the institution (code checked while typing), step 2 passphrase and recovery key, step 3 the first file. The ledger is made
at the end of step 2, whole or not at all; the window opens it after step 3.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop import words
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.passphrase_dialog import LEAST
from desktop.ui.forms import Form, scrolled
from desktop.ui.labels import label
from desktop.ui.pages.institution_form import InstitutionForm
from desktop.ui.pages.recovery_view import RecoveryView
from desktop.ui.pages.settings_people import PinField
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.workspace import Workspace
    from desktop.ledger.problem import Problem
    from desktop.ui.jobs import Job

WELCOME, INSTITUTION, PASSPHRASE, RECOVERY, BEGIN, WORKING = range(6)
_STEPS = {INSTITUTION: 1, PASSPHRASE: 2, RECOVERY: 2, BEGIN: 3}


class FirstStartPage(QWidget):
    """``have(workspace)`` is called when the person is done: the window goes on with that ledger."""

    def __init__(self, desk: Desk, home: Path, have: Callable[[Workspace], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._home = home
        self._have = have
        self._workspace: Workspace | None = None
        self._job: Job | None = None
        self.setAccessibleName(tr("首次使用"))
        self.step_words = label("", tone="muted")
        self.institution = InstitutionForm()
        self.passphrase = self._passphrase_form()
        self.recovery = RecoveryView(desk)
        self.stack = QStackedWidget()
        for made in (
            self._welcome(), self._institution_step(), self._passphrase_step(), self._recovery_step(), self._begin_step(), self._working(),
        ):  # fmt: skip
            self.stack.addWidget(made)
        self._arrange()
        desk.jobs.progressed.connect(self._show_progress)
        self.show_step(WELCOME)

    def _arrange(self) -> None:
        frame = QFrame()
        frame.setObjectName("card")
        frame.setMaximumWidth(theme.px(760))
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(*[4 * theme.UNIT] * 4)
        inside.setSpacing(theme.UNIT)
        inside.addWidget(self.step_words)
        inside.addWidget(self.stack, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(frame, 100)
        row.addStretch(1)
        frame.setMaximumHeight(theme.px(576))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[3 * theme.UNIT] * 4)
        whole.addLayout(row, 100)
        whole.addStretch(1)

    # The steps

    def _welcome(self) -> QWidget:
        self.start_button = QPushButton(tr("建立本单位的台账"))
        self.start_button.setProperty("role", "primary")
        self.start_button.clicked.connect(lambda: self.show_step(INSTITUTION))
        self.try_button = QPushButton(tr("试一试：打开练习台账"))
        theme.dress(self.try_button, "play")
        self.try_button.clicked.connect(self.practise)
        made = _step(
            tr("欢迎使用仪享台账"),
            tr(
                "管好大型科学仪器的开放共享：入网期限、收费标准、服务记录、技术人员分配、报表和报送。数据加密存放在这台电脑上，不联网也能用。"
            ),
        )
        column = made.layout()
        if isinstance(column, QVBoxLayout):
            for title, says in (
                (tr("三步建好"), tr("填写单位 → 设置口令、收好恢复密钥 → 导入已有的 Excel 表。大约五分钟。")),
                (tr("先试一试"), tr("练习台账里是虚构的单位、仪器和服务记录，可以随便改。以后随时可以另建正式台账。")),
            ):
                column.addWidget(label(title, role="strong"))
                column.addWidget(label(says, tone="muted"))
            column.addSpacing(theme.UNIT)
            column.addLayout(_buttons(self.try_button, self.start_button))
            column.addStretch(1)
        return made

    def _institution_step(self) -> QWidget:
        self.institution.submitted.connect(self._institution_done)
        self.to_passphrase = QPushButton(tr("下一步"))
        self.to_passphrase.setProperty("role", "primary")
        self.to_passphrase.clicked.connect(self.institution.submit)
        says = tr("这些内容印在报表上，也用来登记到省网络；以后可以在“设置”里更正。")
        return self._form_step(tr("这是谁的台账？"), says, self.institution, self.to_passphrase, WELCOME)

    def _passphrase_form(self) -> Form:
        form = Form()
        form.add(
            "first",
            tr("口令"),
            PinField(),
            required=True,
            hint=tr("至少 {n} 个字符；几个不相干的词连在一起最好记也最难猜。", n=LEAST),
        )
        form.add("second", tr("再输入一次"), PinField(), required=True)
        return form

    def _passphrase_step(self) -> QWidget:
        self.passphrase.submitted.connect(self._passphrase_done)
        self.make_button = QPushButton(tr("建立台账"))
        self.make_button.setProperty("role", "primary")
        self.make_button.clicked.connect(self.passphrase.submit)
        says = tr(
            "台账文件是加密的。口令用来在换电脑或钥匙串不可用时打开它，至少 {n} 个字符。忘了口令还可以用恢复密钥，下一步给您。",
            n=LEAST,
        )
        return self._form_step(tr("用口令保护它"), says, self.passphrase, self.make_button, INSTITUTION)

    def _form_step(self, title: str, says: str, form: Form, do: QPushButton, before: int) -> QWidget:
        made = _step(title, says)
        back = QPushButton(tr("上一步"))
        back.clicked.connect(lambda: self.show_step(before))
        column = made.layout()
        if isinstance(column, QVBoxLayout):
            column.addWidget(scrolled(form), 1)
            column.addLayout(_buttons(back, do))
        return made

    def _recovery_step(self) -> QWidget:
        made = _step(tr("收好恢复密钥"), "")
        self.kept_button = QPushButton(tr("我已打印或存好，下一步"))
        self.kept_button.setProperty("role", "primary")
        self.kept_button.setEnabled(False)
        self.kept_button.clicked.connect(lambda: self.show_step(BEGIN))
        self.recovery.saved.connect(lambda: self.kept_button.setEnabled(True))
        column = made.layout()
        if isinstance(column, QVBoxLayout):
            column.addWidget(self.recovery)
            column.addStretch(1)
            column.addLayout(_buttons(self.kept_button))
        return made

    def _begin_step(self) -> QWidget:
        made = _step(
            tr("台账建好了，从哪里开始？"),
            tr(
                "有全国统一的仪器表（40 列）就先导入它：列名自动对应，先预览、逐格说明问题，再一次写入，可以整批撤销。也可以直接进入台账，以后再导入。"
            ),
        )
        self.import_button = QPushButton(tr("导入仪器表…"))
        self.import_button.setProperty("role", "primary")
        theme.dress(self.import_button, "import", "on_accent")
        self.import_button.clicked.connect(lambda: self._go_on("instruments"))
        self.enter_button = QPushButton(tr("直接进入台账"))
        self.enter_button.clicked.connect(lambda: self._go_on(""))
        column = made.layout()
        if isinstance(column, QVBoxLayout):
            column.addLayout(_buttons(self.enter_button, self.import_button))
            column.addStretch(1)
        return made

    def _working(self) -> QWidget:
        made = _step(tr("请稍候"), "")
        self.doing = QLabel()
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("进度"))
        self.stop_button = QPushButton(tr("停止"))
        self.stop_button.clicked.connect(self._stop)
        column = made.layout()
        if isinstance(column, QVBoxLayout):
            column.addWidget(self.doing)
            column.addWidget(self.bar)
            column.addLayout(_buttons(self.stop_button))
            column.addStretch(1)
        return made

    def show_step(self, step: int) -> None:
        """Show a step and put the keyboard into it."""
        self.stack.setCurrentIndex(step)
        place = _STEPS.get(step)
        self.step_words.setText(tr("第 {n} 步，共 3 步", n=place) if place else "")
        self.step_words.setVisible(place is not None)
        focus = {
            WELCOME: self.start_button,
            INSTITUTION: self.institution.field("name"),
            PASSPHRASE: self.passphrase.field("first"),
        }
        if step in focus:
            focus[step].setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_step(self.stack.currentIndex())

    # What happens between them

    def _institution_done(self) -> None:
        from desktop.actions import institution
        from desktop.ledger.problem import Refused

        try:
            institution.check(**self.institution.facts())
        except Refused as problem:
            self.institution.show_problem(problem)
            return
        self.show_step(PASSPHRASE)

    def _passphrase_done(self) -> None:
        draft = self.passphrase.draft()
        first = str(draft["first"] or "")
        faults = []
        from desktop.ledger.finding import finding

        if len(first) < LEAST:
            faults.append(finding("key.short", field="first", least=LEAST))
        elif first != draft["second"]:
            faults.append(finding("key.differ", field="second"))
        if faults:
            self.passphrase.show_findings(faults)
            return
        from desktop.actions import institution

        home, facts = self._home, self.institution.facts()
        self._work(
            tr("建立台账"),
            lambda progress: institution.start(
                home, facts["name"], facts["code"], facts["kind"], facts["region"], passphrase=first
            ),
            lambda made: self._made(*made),
            PASSPHRASE,
        )

    def _made(self, workspace: Workspace, recovery: str) -> None:
        self._workspace = workspace
        self.passphrase.set_draft({"first": None, "second": None})
        self.recovery.show_key(workspace, recovery)
        self.show_step(RECOVERY)

    def _go_on(self, kind: str) -> None:
        workspace = self._workspace
        if workspace is None:
            return
        window = self.window()
        self._have(workspace)
        if kind:
            from desktop.ui.dialogs.import_wizard import ImportWizard

            ImportWizard(self.desk, kind, None, window).open()

    def practise(self) -> None:
        """Make and open the practice ledger: the packaged files imported, people and scheme in place."""
        from desktop.actions import rehearsal

        home = self._home
        self._work(tr("准备练习台账"), lambda progress: rehearsal.open_practice(home, progress), self._have, WELCOME)

    def _work(self, title: str, work: Callable[[Any], Any], then: Callable[[Any], object], back: int) -> None:
        def failed(problem: Problem) -> None:
            self.show_step(back)
            if problem.code == "work.cancelled":
                self.desk.tell("note", tr("已停止，没有建立台账。"))
            elif back == PASSPHRASE:
                self.passphrase.show_problem(problem)
            else:
                self.desk.tell("error", texts.problem(problem))

        self.doing.setText(title)
        self.bar.setRange(0, 0)
        self.stop_button.setEnabled(True)
        self.show_step(WORKING)
        self._job = self.desk.jobs.write(title, work, then, failed=failed, owner=self)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()
            self.stop_button.setEnabled(False)

    def _show_progress(self) -> None:
        job = self._job
        if job is None or job.finished:
            return
        said = words.say(job.progress.note_code) if job.progress.note_code else ""
        self.doing.setText(" · ".join(part for part in (job.title, said) if part))
        self.bar.setRange(0, job.progress.total)
        self.bar.setValue(min(job.progress.done, job.progress.total))


def _step(title: str, says: str) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.UNIT)
    column.addWidget(label(title, role="title"))
    if says:
        column.addWidget(label(says, tone="muted"))
    column.addSpacing(theme.UNIT)
    return made


def _buttons(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.UNIT)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return row
