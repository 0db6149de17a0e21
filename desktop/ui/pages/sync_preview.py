"""What is about to leave this machine: grouped, counted, summed, line by line with all that is sent of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions import sync_outcome, sync_words
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.dialogs.withheld_dialog import show_withheld
from desktop.ui.empty import Empty, EmptyView
from desktop.ui.fact_list import FactList
from desktop.ui.forms import scrolled
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import Elided, label
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.sync_views import Preview, PreviewLine
    from desktop.actions.unsaid import Unsaid

_AND = "|"  # between the groups chosen together
_MOST_GROUPS = 5  # rows of the kinds shown at once: the lines below need room too


def value_words(name: str, value: object, kind: str = "", names: Mapping[str, str] | None = None) -> str:
    """A value of the wire as people read it; ``names``: key -> what the row it refers to is called."""
    if (lines := sync_words.written(name, value, kind)) is not None:
        return "\n".join(texts.visible(line) for line in lines) or "—"
    if value in (None, "", "[]", "{}"):
        return "—"
    if isinstance(value, bool) or sync_words.is_flag(kind, name):
        return tr("是") if value else tr("否")
    if isinstance(value, int) and name.endswith("fen"):
        return texts.money(value)
    if isinstance(value, int) and name == "minutes":
        return texts.minutes(value)
    if name == "id":
        return _in_two_lines(texts.visible(str(value)))
    known = sync_words.linked(name, value, kind, names or {})
    return texts.visible(known or sync_words.coded(name, value, kind) or str(value))


def _in_two_lines(key: str) -> str:
    """A key broken at the hyphen after its middle: before a digit no line is broken, and the whole does not fit beside a list."""
    place = key.find("-", len(key) // 2) + 1
    return f"{key[:place]}\n{key[place:]}" if place else key


def body_facts(kind: str, body: Mapping[str, object] | None, names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """All that is sent of a row, a fact a line; empty fields too, because they are sent as empty."""
    told = body or {}
    return [(sync_words.field(name, kind), value_words(name, told[name], kind, names)) for name in sync_words.in_order(kind, told)]


class PreviewView(QWidget):
    """Groups above, lines at the left, the body of the chosen line at the right."""

    def __init__(self, desk: Desk, look: Any, remote: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._remote = desk, remote
        self._lines: list[PreviewLine] = []
        self._done: dict[tuple[str, str], str] = {}
        self._names: Mapping[str, str] = {}
        self.summary = label("")
        self.withheld = QPushButton(tr("看是哪些"))
        self.withheld.setAccessibleName(tr("看是哪些内容不离开本机"))
        self.withheld.clicked.connect(self._read_withheld)
        self.unsaid = label(tone="warning")
        self.unsaid.hide()
        self.digest = Elided()
        self.digest.setProperty("tone", "muted")
        self.digest.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_digest = QToolButton()
        self.copy_digest.setToolTip(tr("复制内容摘要"))
        self.copy_digest.setAccessibleName(tr("复制内容摘要"))
        theme.dress(self.copy_digest, "copy")
        self.copy_digest.clicked.connect(lambda: QGuiApplication.clipboard().setText("\n".join(self.digests)))
        self.digests: tuple[str, ...] = ()
        self.groups = HeldTable(
            (
                Column("kind", tr("种类"), width=160),
                Column("action", tr("动作"), width=88),
                Column("n", tr("项数"), "number", 80),
                Column("sums", tr("金额合计"), width=360, sortable=False),
            ),
            name="sync.groups",
            preferences=desk.preferences,
            empty=Empty(tr("没有要上报的内容"), tr("本机与对方的内容相同。"), "done"),
            title=tr("将离开本机的内容，按种类"),
        )
        # All of them are told, and there is nothing to choose among four columns: the rows get the room.
        self.groups.count.hide()
        self.groups.chooser.hide()
        self.groups.selected.connect(self._narrow)
        self.table = HeldTable(
            (
                Column("label", tr("名称"), width=224),
                Column("kind", tr("种类"), width=112),
                Column("action", tr("动作"), width=72),
                Column("result", tr("结果"), width=112),
            ),
            name="sync.lines",
            preferences=desk.preferences,
            empty=Empty(tr("没有要上报的内容"), tr("本机与对方的内容相同。"), "done"),
            title=tr("将离开本机的内容，逐项"),
            filters={"group": lambda row, value: self._group(int(row[0])) in value.split(_AND)},
            narrowed_words=lambda _, value: tr("、").join(_group_words(group) for group in value.split(_AND)),
        )
        self.table.filtered.connect(lambda filters: None if filters.get("group") else self.groups.select([]))
        self.table.selected.connect(self._chosen)
        self.body = FactList()
        self.body_title = QLabel()
        self.body_title.setProperty("role", "section")
        self.body_title.setTextFormat(Qt.TextFormat.PlainText)
        self._arrange(desk, look)

    def _arrange(self, desk: Desk, look: Any) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.body_title)
        column.addWidget(scrolled(self.body), 1)
        digest_row = QHBoxLayout()
        digest_row.setSpacing(theme.UNIT // 2)
        digest_row.addWidget(self.digest, 1)
        digest_row.addWidget(self.copy_digest)
        digest_row.addStretch(1)
        shown = QWidget()
        whole = QVBoxLayout(shown)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.UNIT)
        summary_row = QHBoxLayout()
        summary_row.setSpacing(theme.UNIT)
        summary_row.addWidget(self.summary, 1)
        summary_row.addWidget(self.withheld)
        whole.addLayout(summary_row)
        whole.addWidget(self.unsaid)
        whole.addLayout(digest_row)
        whole.addWidget(self.groups)
        whole.addWidget(split("sync", desk.preferences, self.table, right, share=0.6), 1)
        ask = Empty(
            tr("先看，再发送"),
            tr(
                "发送之前，这里逐项列出将离开本机的全部内容：有多少、金额合计、每一项发出去的原样。涉密的、没有注明是否涉密的留在本机，是哪些只在本机显示。"
            ),
            "send",
            ((tr("查看将离开本机的内容"), look),),
        )
        self.before = EmptyView(ask)
        self.shown = shown
        self.stack = QStackedWidget()
        self.stack.addWidget(self.before)
        self.stack.addWidget(shown)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, theme.UNIT, 0, 0)
        outer.addWidget(self.stack)

    def clear(self) -> None:
        """Nothing was asked for yet, or what was shown is no longer what would be sent."""
        self._lines, self.digests, self._done = [], (), {}
        self.stack.setCurrentWidget(self.before)

    def show_preview(self, found: Preview) -> None:
        """Show what the sealed bytes hold."""
        self._lines, self.digests, self._done, self._names = list(found.lines), found.digests, {}, found.names
        said = [tr("将离开本机 {n} 项，共 {bytes} 字节。", n=f"{found.n_changes:,}", bytes=f"{found.n_bytes:,}")]
        if found.n_withheld:
            said.append(tr("另有涉密或没有注明是否涉密的 {n} 项，不离开本机。", n=f"{found.n_withheld:,}"))
        if found.n_left:
            said.append(tr("另有 {n} 项在这一批之后。", n=f"{found.n_left:,}"))
        said += sync_outcome.untaken(found.untaken)
        self.summary.setText(sync_outcome.joined(said))
        self.withheld.setVisible(bool(found.n_withheld))
        self.digest.setText(tr("内容摘要 SHA-256：{sha}", sha=" ".join(found.digests)) if found.digests else "")
        self.copy_digest.setVisible(bool(found.digests))
        self.table.clear_filters()
        self.groups.hold(
            (
                f"{one.kind} {one.action}", words.say(f"kind.{one.kind}"), action_words(one.action), one.n_changes,
                tr("；").join(f"{sync_words.field(name)} {texts.money(fen)}" for name, fen in one.sums_fen) or "—",
            )
            for one in found.groups
        )  # fmt: skip
        self._size_groups(len(found.groups))
        self._hold()
        self.stack.setCurrentWidget(self.shown)
        from desktop.actions.unsaid import unsaid

        workspace = self._desk.workspace
        self._desk.jobs.read(lambda progress: unsaid(workspace), self._show_unsaid, owner=self, key="unsaid")

    def _show_unsaid(self, found: Unsaid) -> None:
        """That of which nobody said whether it is confidential stays here until somebody does."""
        sets = tr("仪器 {n} 台没有注明是否涉密，连同其记录、收费不离开本机；请到“仪器”用“未注明涉密”筛选，逐台注明。", n=found.n_sets)
        equipment = tr("中试设备 {n} 件没有注明是否涉密，不离开本机；请到“中试 · 中试设备”逐件注明。", n=found.n_equipment)
        said = [*([sets] if found.n_sets else []), *([equipment] if found.n_equipment else [])]
        self.unsaid.setText("\n".join(said))
        self.unsaid.setVisible(bool(said))

    def _size_groups(self, n: int) -> None:
        """As high as its rows, up to a few; an empty one as high as its words."""
        rows = theme.row_height() * (min(n, _MOST_GROUPS) + 1) + 2 if n else theme.px(96)
        self.groups.setFixedHeight(max(rows, theme.px(96)))

    def _narrow(self, groups: list[Key]) -> None:
        """Only the lines of the kinds chosen above; none chosen: all."""
        self.table.set_filter("group", _AND.join(str(one) for one in groups))
        shown = self.table.model.keys()
        if shown and not self.table.keys():
            self.table.select([shown[0]])

    def _group(self, place: int) -> str:
        line = self._lines[place]
        return f"{line.kind} {line.action}"

    def _read_withheld(self) -> None:
        from desktop.actions import sync_views

        workspace, remote = self._desk.workspace, self._remote()
        self._desk.jobs.read(
            lambda progress: sync_views.withheld(workspace, remote),
            lambda found: show_withheld(self._desk, self, found),
            failed=self._desk.trouble,
            owner=self,
            key="withheld",
        )

    def show_results(self, parked: Mapping[tuple[str, str], str], contested: frozenset[tuple[str, str]]) -> None:
        """What became of each line: refused (with the reason's code), contested, or delivered."""
        for line in self._lines:
            place = (line.kind, line.id)
            self._done[place] = tr("未被接受") if place in parked else tr("冲突") if place in contested else tr("已送达")
        self._hold()

    def _hold(self) -> None:
        self.table.hold(
            (
                place, line.label or line.id, words.say(f"kind.{line.kind}"), action_words(line.action),
                self._done.get((line.kind, line.id), tr("待发送")),
            )
            for place, line in enumerate(self._lines)
        )  # fmt: skip
        if self._lines and not self.table.keys():
            self.table.select([0])

    def _chosen(self, keys: list[Key]) -> None:
        if len(keys) != 1:
            self.body_title.setText("")
            self.body.show_facts(())
            return
        line = self._lines[int(keys[0])]
        self.body_title.setText(texts.visible(line.label or line.id))
        facts = body_facts(line.kind, line.body, self._names)
        self.body.show_facts(facts or [(tr("动作"), tr("删除这一条，不发送内容"))])


def _group_words(group: str) -> str:
    kind, _, action = group.partition(" ")
    return f"{words.say(f'kind.{kind}')} {action_words(action)}"


def action_words(action: str) -> str:
    """upsert, delete … in words."""
    return words.say(f"sync.action.{action}") if words.known(f"sync.action.{action}") else action
