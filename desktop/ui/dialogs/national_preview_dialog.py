"""What would leave for the national platform, row by row with each field as it is sent, before anything is kept or sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget

from desktop import words
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.dialogs.frame import DialogFrame
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.forms import FindingLabel, scrolled
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided, begin_at, label
from desktop.ui.paged_model import Column, Key
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.national_outgoing import Prepared


_UNBROKEN = 20


def in_lines(text: str, width: int = 32) -> str:
    """A text without any place to break it, such as a digest, in lines of so many signs."""
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


def _said(value: str) -> str:
    if not value:
        return "—"
    return in_lines(value, _UNBROKEN) if value.isascii() and " " not in value else value


def field_facts(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every field of a row by its name in words, as it is sent; a blank one as blank."""
    return [(words.say(f"national_field.{name}") if words.known(f"national_field.{name}") else name, _said(value)) for name, value in row.items()]


class RowsView(QWidget):
    """Rows of messages, and all that is sent of the chosen one ``beside`` them, or else below."""

    def __init__(self, desk: Desk, name: str, beside: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beside = beside
        self._rows: list[tuple[str, Mapping[str, str]]] = []
        self.table = HeldTable(
            (
                Column("kind", tr("种类"), width=136 if beside else 120), Column("label", tr("名称"), width=360 if beside else 280),
                *(() if beside else (Column("audit", tr("审核"), width=192, blank=""),)),
            ),
            name=name,
            preferences=desk.preferences,
            empty=Empty(tr("没有内容"), tr("这里列出报文里的每一行。"), "send"),
            title=tr("将发出的内容，逐行"),
            chips=[Chip("kind", kind, words.say(f"national_message.kind_{kind}")) for kind in ("4", "5", "6", "7")] if beside else (),
            filters={"kind": lambda row, value: self._rows[int(row[0])][0] == value},
        )
        self.table.selected.connect(self._chosen)
        self.facts = FactList()
        parts = QSplitter(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(scrolled(self.facts))
        parts.setSizes([500, 400] if beside else [200, 300])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(parts)

    def show_rows(self, rows: list[tuple[str, Mapping[str, str]]], audits: Mapping[str, str] | None = None) -> None:
        """Show rows, each with the kind of its message; ``audits``: key of a row -> what the platform's audit says of it (below a message alone)."""
        from desktop.actions import national_sent

        self._rows = rows
        self.table.hold(
            (
                place, words.say(f"national_message.kind_{kind}"), texts.visible(national_sent.row_words(kind, row)),
                *(() if self._beside else ((audits or {}).get(row.get("recordInnerId") or row.get("innerId") or "", ""),)),
            )
            for place, (kind, row) in enumerate(rows)
        )
        if rows and not self.table.keys():
            self.table.select([0])
        self._chosen(self.table.keys())

    def _chosen(self, keys: list[Key]) -> None:
        self.facts.show_facts(field_facts(self._rows[int(keys[0])][1]) if len(keys) == 1 and int(keys[0]) < len(self._rows) else ())


class NationalPreviewDialog(DialogFrame):
    """``agreed(prepared)`` when the person agrees to send exactly this, ``kept(prepared)`` when it is to be kept and not sent."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, found: Prepared, agreed: Callable[[Prepared], object], kept: Callable[[Prepared], object]
    ) -> None:
        super().__init__(parent, tr("将发给国家平台的内容"), tr("同意并发送"), danger=True, icon="send")
        self.found = found
        self._kept = kept
        self._agreed = agreed
        begin_at(self, 960, 640)
        told = [tr("发往 {address}，{n} 份报文，{rows} 行。", address=found.target.address, n=len(found.drafts), rows=f"{found.n_rows:,}")]
        if found.n_changed:
            told.append(tr("其中 {n} 行平台已有，内容改过。", n=f"{found.n_changed:,}"))
        if found.n_same:
            told.append(tr("平台已接收而内容未变的 {n} 行不重发。", n=f"{found.n_same:,}"))
        if found.left_out:
            told.append(tr("有错误的 {n} 行不发，先改正。", n=f"{found.left_out:,}"))
        if found.withheld:
            told.append(tr("涉密 {n} 行不离开本机。", n=f"{found.withheld:,}"))
        if found.n_absent:
            told.append(tr("其中 {n} 行服务记录的仪器平台上没有，这次也没有报。", n=f"{found.n_absent:,}"))
        self.summary = label("".join(told) if words.language() == "zh" else " ".join(told))
        self.body.addWidget(self.summary)
        if found.personal:
            self.body.addWidget(label(tr("其中有申请人的姓名、电话和邮箱（个人信息）。"), tone="warning"))
        errors = [one for one in found.findings if one.severity == "error" or one.code == "national.set_not_there"]
        for one in errors[:3]:
            line = FindingLabel()
            self.body.addWidget(line)
            line.show_spoken(texts.finding(one))
        if len(errors) > 3:
            self.body.addWidget(label(tr("…另有 {n} 项", n=len(errors) - 3), tone="muted"))
        self.digest = Elided(tr("内容摘要 SHA-256：{sha}", sha=found.digest))
        self.digest.setProperty("tone", "muted")
        self.body.addWidget(self.digest)
        self.rows = RowsView(desk, "national.preview")
        self.rows.setMinimumHeight(theme.px(240))
        self.rows.show_rows([(one.kind, row) for one in found.drafts for row in one.rows])
        self.body.addWidget(self.rows, 1)
        self.body.addWidget(label(tr("发出的内容收不回来；没有明确结果的报文不会自动再发。"), role="strong", tone="error"))
        self.hold = QPushButton(tr("只存下，不发送"))
        self.hold.setToolTip(tr("存下之后可以再发，也可以存成文件自行送交平台，再登记结果"))
        theme.dress(self.hold, "save")
        self.hold.clicked.connect(self._hold)
        self.body.addWidget(self.hold, 0, Qt.AlignmentFlag.AlignLeft)

    def _hold(self) -> None:
        self.accept()
        self._kept(self.found)

    def act(self) -> None:
        """Send exactly this."""
        self.accept()
        self._agreed(self.found)
