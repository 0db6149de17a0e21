"""附件: the files of evidence of one row. Added by choosing or dropping a file; opened, saved, fetched and removed here. Used by every detail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.actions import evidence
from desktop.actions.evidence import Attachment, Attachments
from desktop.actions.progress import Progress
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import confirm
from desktop.ui.dialogs.file_dialog import open_file, save_file
from desktop.ui.file_drop import accept_files
from desktop.ui.flow import FlowLayout
from desktop.ui.forms import FindingLabel
from desktop.ui.labels import label
from desktop.ui.texts import Spoken
from desktop.words import say, tr

ENDINGS = ("pdf", "ofd", "png", "jpg", "jpeg", "tif", "tiff", "webp", "docx", "xlsx")


def show_outside(path: Path) -> bool:
    """Let the desktop show a file in its own program."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class AttachmentsView(QWidget):
    """``show_subject(kind, key)`` reads and shows; ``counted(n)`` tells how many there are."""

    counted = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None, show: Callable[[Path], bool] = show_outside) -> None:
        super().__init__(parent)
        self.desk = desk
        self.subject: tuple[str, str] | None = None
        self.found: Attachments | None = None
        self._show_outside = show
        self.add_button = QPushButton(tr("添加附件…"))
        theme.dress(self.add_button, "attach")
        self.add_button.clicked.connect(self.choose)
        self.hint = label(tr("也可以把文件拖到这里。PDF、OFD、图片、.docx、.xlsx，每个不超过 50 MB；保存的是副本。"), tone="muted")
        self.secret = FindingLabel()
        self.nothing = label(tr("还没有附件。"), tone="muted")
        head = QHBoxLayout()
        head.setSpacing(2 * theme.UNIT)
        head.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.hint, 1)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.UNIT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(self.secret)
        column.addWidget(self.nothing)
        column.addLayout(self._rows)
        column.addStretch(1)
        accept_files(self, self.add_file, ())
        desk.changed.connect(self._hear)

    # Showing

    def show_subject(self, of_kind: str, of_id: str) -> None:
        """Show what is attached to this row."""
        if self.subject != (of_kind, of_id):
            self.subject = of_kind, of_id
            self._show(Attachments(of_kind, of_id, False, ()))
        self.again()

    def again(self) -> None:
        """Read once more."""
        if self.subject is None:
            return
        workspace, subject = self.desk.workspace, self.subject
        self.desk.jobs.read(lambda progress: evidence.listing(workspace, *subject), self._show, owner=self, key="attachments")

    def _hear(self, changes: Changes) -> None:
        if changes.kinds & {"attachment", "instrument"}:
            self.again()

    def _show(self, found: Attachments) -> None:
        self.found = found
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for one in found.items:
            self._rows.addWidget(self._row(one))
        self.nothing.setVisible(not found.items)
        self.secret.show_spoken(Spoken(tr("属于涉密或没有注明是否涉密的一条：附件只留在本机，不报送也不同步。"), "warning"))
        self.secret.setVisible(found.confidential)
        self.counted.emit(len(found.items))

    def _row(self, one: Attachment) -> QWidget:
        made = QFrame()
        made.setProperty("role", "card")
        name = label(texts.visible(one.name), role="strong")
        name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        parts = [say(evidence.type_code(one)), size(one.n_bytes)]
        if one.added_at is not None:
            parts.append(texts.moment(one.added_at.replace(tzinfo=UTC)))
        parts += [texts.visible(one.added_by)] if one.added_by else []
        buttons = QWidget()
        flow = FlowLayout(buttons)
        if one.kept:
            flow.addWidget(self._link(tr("打开"), "open", one, self.open))
            flow.addWidget(self._link(tr("另存为…"), "save", one, self.save))
        else:
            flow.addWidget(self._link(tr("取回"), "network", one, self.fetch))
        flow.addWidget(self._link(tr("移除…"), "remove", one, self.remove))
        column = QVBoxLayout(made)
        column.setContentsMargins(*[theme.UNIT] * 4)
        column.setSpacing(theme.UNIT // 2)
        column.addWidget(name)
        column.addWidget(label(" · ".join(parts), tone="muted"))
        if one.note:
            column.addWidget(label(texts.visible(one.note)))
        if not one.kept:
            column.addWidget(label(tr("在另一席位添加，文件还没有取到本机。"), tone="note"))
        column.addWidget(buttons)
        return made

    def _link(self, text: str, icon: str, one: Attachment, act: Callable[[Attachment], object]) -> QPushButton:
        made = QPushButton(text)
        made.setProperty("role", "link")
        made.setAccessibleName(f"{text} {one.name}")
        theme.dress(made, icon, "accent")
        made.clicked.connect(lambda: act(one))
        return made

    # What can be done

    def choose(self) -> None:
        """Choose a file to attach."""
        kinds = ((tr("可以添加的文件"), ENDINGS), (tr("全部文件"), ("*",)))
        open_file(self, title=tr("添加附件"), kinds=kinds, preferences=self.desk.preferences, purpose="evidence", then=self.add_file)

    def add_file(self, path: Path) -> None:
        """Attach a copy of a file."""
        if self.subject is None:
            return
        workspace, subject = self.desk.workspace, self.subject

        def work(progress: Progress) -> Changes:
            return evidence.add(workspace, *subject, path, progress=progress)[1]

        self.desk.jobs.write(tr("添加附件"), work, lambda _changes: self._told_added(path), owner=self)

    def _told_added(self, path: Path) -> None:
        self.desk.tell("done", tr("已添加附件「{name}」，原文件没有改动。", name=texts.visible(path.name)))

    def open(self, one: Attachment) -> None:
        """Show a copy in its own program; it goes when the program ends."""

        def do() -> None:
            workspace = self.desk.workspace
            self.desk.jobs.read(lambda progress: evidence.copy_to_open(workspace, one.id), self._opened, owner=self, key="open")

        if self.found is not None and self.found.confidential:
            said = [tr("在本机的临时目录里放一份不加密的只读副本，退出程序时删除。"), tr("用来打开它的程序可能另留痕迹（如最近文件）。")]
            confirm(self, title=tr("打开涉密的附件？"), effects=said, do=tr("打开"), then=do)
        else:
            do()

    def _opened(self, path: Path) -> None:
        if not self._show_outside(path):
            self.desk.trouble(Problem("attachment.no_program", name=path.name))

    def save(self, one: Attachment) -> None:
        """Write it out where the person says."""
        ending = one.name.rpartition(".")[2] if "." in one.name else evidence.type_code(one).rpartition(".")[2]

        def chosen(path: Path) -> None:
            workspace = self.desk.workspace
            self.desk.jobs.read(
                lambda progress: evidence.save(workspace, one.id, path, replace=True), self._saved, title=tr("另存附件"), owner=self, key="save"
            )

        kinds = ((tr("附件"), (ending,)),)
        save_file(
            self, title=tr("另存附件"), name=one.name, kinds=kinds, preferences=self.desk.preferences, purpose="evidence", then=chosen
        )

    def _saved(self, path: Path) -> None:
        self.desk.tell("done", tr("已另存为 {path}。", path=texts.visible(str(path))))

    def fetch(self, one: Attachment) -> None:
        """Bring the bytes here."""
        from desktop.actions import evidence_fetch

        workspace = self.desk.workspace
        self.desk.jobs.write(tr("取回附件"), lambda progress: evidence_fetch.fetch(workspace, one.id, progress), owner=self)

    def remove(self, one: Attachment) -> None:
        """Take it off the row, after asking."""

        def do() -> None:
            workspace = self.desk.workspace
            self.desk.jobs.write(tr("移除附件"), lambda progress: evidence.remove(workspace, one.id), owner=self)

        said = [texts.visible(one.name), tr("30 天内可以撤销；之后它的文件从台账里清除。")]
        confirm(self, title=tr("移除这个附件？"), effects=said, do=tr("移除"), then=do)


def counted(n: int) -> str:
    """The title of a tab that shows them."""
    return tr("附件 {n}", n=n) if n else tr("附件")


def size(n_bytes: int | None) -> str:
    """How large a file is, as file managers say it."""
    if n_bytes is None:
        return texts.unknown()
    return f"{n_bytes / (1 << 20):.1f} MB" if n_bytes >= 1 << 20 else f"{-(-n_bytes // 1024)} KB"
