"""When the program itself is wrong: a dialog that says so, what it means for the data, and details without personal data.

The details are the kind of error and the lines of our code it passed through. Messages of exceptions are left out: they may
carry names or amounts of the ledger. The log gets the same, as codes.
"""

from __future__ import annotations

import hashlib
import platform
import traceback
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.ledger.problem import Problem
from desktop.ui import theme
from desktop.ui.labels import fit_height, label
from desktop.words import tr

_ROOTS = ("desktop", "network", "resources")


def place_of(file: str) -> str:
    """A file as it is called inside the program or its libraries; where it lies on this machine is nobody's business."""
    parts = Path(file).parts
    for root in ("site-packages", *_ROOTS):
        if root in parts:
            at = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[at + (root == "site-packages") :])
    return parts[-1] if parts else "?"


def details(error: BaseException) -> str:
    """Versions, kinds of error along the chain of causes, and the lines they passed: no messages, no values, no paths."""
    lines = [
        f"Python {platform.python_version()} · Qt {qVersion()} · {platform.system()} {platform.machine()}",
        f"#{signature(error)}",
    ]
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        code = f" {one.code}" if isinstance(one, Problem) else ""
        lines.append(f"{type(one).__module__}.{type(one).__qualname__}{code}")
        lines.extend(f"  {place_of(at.filename)}:{at.lineno} {at.name}" for at in traceback.extract_tb(one.__traceback__))
        one = one.__cause__ or one.__context__
    return "\n".join(lines)


def signature(error: BaseException) -> str:
    """Eight hex digits that are the same for the same bug at the same place."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    what = f"{type(error).__qualname__} {place_of(last.filename)}:{last.name}" if last else type(error).__qualname__
    return hashlib.sha256(what.encode()).hexdigest()[:8]


class CrashDialog(QDialog):
    """Says that the program made a mistake; offers the details to copy and to go on."""

    def __init__(self, told: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("程序出错"))
        self.setMinimumWidth(theme.px(560))
        head = label(tr("程序自身出了差错，这一步没有做完。"), role="section")
        self.meaning = label(
            tr(
                "台账没有损坏：没有做完的写入已全部退回。\n可以继续工作；如果再次出现，请把下面的内容发给维护人员。"
                "其中只有程序的位置和版本，没有台账里的数据。"
            )
        )
        self.text = QPlainTextEdit(told)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("差错详情"))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(theme.px(200))
        copy = QPushButton(tr("复制详情"))
        theme.dress(copy, "copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        go_on = QPushButton(tr("继续工作"))
        go_on.setProperty("role", "primary")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(go_on)
        top = QHBoxLayout()
        top.setSpacing(theme.UNIT)
        top.addWidget(theme.IconLabel("error", "error", 24))
        top.addWidget(head, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[2 * theme.UNIT] * 4)
        column.setSpacing(theme.UNIT)
        column.addLayout(top)
        column.addWidget(self.meaning)
        column.addWidget(self.text, 1)
        column.addLayout(row)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit_height(self)
