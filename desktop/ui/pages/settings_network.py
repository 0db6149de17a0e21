"""设置 · 省网络: whether and where this ledger is enrolled, how the last sync ended, what the network publishes; the work itself is done on 同步."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desktop import words
from desktop.actions.sync_pending import HUB
from desktop.ui import texts, theme
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.paged_model import Column
from desktop.ui.pages.settings_part import SettingsPart
from desktop.ui.texts import Spoken
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.sync_status import Status
    from desktop.ledger.notice import Benchmark


class NetworkPart(SettingsPart):
    """See the module's head."""

    kinds = frozenset({"sync"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("省网络"), tr("只有您在“同步”页同意的内容才会发出；涉密的永远不离开本机。不联网也能用其余全部功能。"))
        self.open_button = self.button(tr("打开同步页"), "sync", lambda: desk.go("sync"), primary=True)
        self.state = label("", role="strong")
        self.facts = FactList()
        self.body.addWidget(self.state)
        self.narrow(self.facts, 720)
        self.hub_state = label(role="strong")
        self.hub_line = label()
        self.body.addWidget(self.hub_state)
        self.body.addWidget(self.hub_line)
        self.books = self._books()
        self.body.addSpacing(theme.UNIT)
        self.body.addWidget(label(tr("网络发布的代码表和考核基准"), role="section"))
        self.body.addWidget(label(tr("只供查阅：台账的规则不会因此改变。放假安排在“合规 › 放假安排”里核对后采用。"), tone="muted"))
        self.body.addWidget(self.books, 1)

    def _books(self) -> HeldTable:
        columns = (
            Column("book", tr("代码表"), width=120),
            Column("year", tr("年份"), width=72, blank=""),
            Column("what", tr("指标"), width=208, blank=""),
            Column("value", tr("数值"), "code", 96, blank=""),
            Column("source", tr("出处"), width=224, blank=""),
            Column("version", tr("版本"), "code", 136),
            Column("read", tr("读取"), width=136),
        )
        empty = Empty(tr("还没有读到"), tr("登记并同步以后，网络发布的代码表和每年的考核基准列在这里。"), "network")
        return HeldTable(columns, name="settings.books", preferences=self.desk.preferences, empty=empty, title=tr("网络发布的代码表和考核基准"))

    def refresh(self) -> None:
        from desktop.actions import library, sync_status

        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: (sync_status.status(workspace), sync_status.status(workspace, HUB)),
            lambda found: self.show_status(*found),
            owner=self,
            key="network",
        )
        self.desk.jobs.read(
            lambda progress: (library.books(workspace), library.benchmarks(workspace)),
            lambda found: self.show_books(*found),
            owner=self,
            key="books",
        )

    def show_books(self, books: list[tuple[str, str, str, str]], benchmarks: list[Benchmark]) -> None:
        """List them, the benchmarks with year and source first."""
        from desktop.actions import library

        told = [
            (
                library.book_words(library.BENCHMARKS), texts.visible(one.year), texts.visible(library.benchmark_words(one.name)),
                texts.visible(one.value), texts.visible(one.source) or _remote(one.remote), texts.visible(one.version), _moment(one.read_at),
            )
            for one in benchmarks
        ]  # fmt: skip
        told += [
            (texts.visible(library.book_words(name)), "", "", "", _remote(remote), texts.visible(version), _moment(at))
            for remote, name, version, at in books
            if name != library.BENCHMARKS or not any(one.remote == remote for one in benchmarks)
        ]
        self.books.hold((n, *row) for n, row in enumerate(told))

    def show_status(self, found: Status, hub: Status | None = None) -> None:
        """Say where the ledger stands with the province, and with the institution's hub where it is enrolled there."""
        if found.enrolled:
            self.state.setText(tr("这份台账已登记到省网络。"))
        else:
            self.state.setText(tr("这份台账还没有登记到省网络。在“同步”页用注册码登记一次即可。"))
        self.facts.show_facts(_facts(found) if found.enrolled else ())
        self.hub_state.setText(tr("这份台账已登记到机构中心。"))
        self.hub_line.setText(_line(hub) if hub is not None and hub.enrolled else "")
        for one in (self.hub_state, self.hub_line):
            one.setVisible(bool(self.hub_line.text()))


def _line(found: Status) -> str:
    last = texts.moment(datetime.fromisoformat(found.last_at)) if found.last_at else tr("还没有同步过")
    parts = (
        found.url or tr("离线报送包"), f"{tr('上次同步')} {last}", f"{tr('未被接受')} {found.n_parked}", f"{tr('冲突')} {found.n_conflicts}",
    )  # fmt: skip
    return texts.visible(" · ".join(parts))


def _facts(found: Status) -> list[tuple[str, str | Spoken]]:
    from desktop.actions import sync_status

    last = texts.moment(datetime.fromisoformat(found.last_at)) if found.last_at else tr("还没有同步过")
    return [
        (tr("服务地址"), found.url or tr("离线报送包")),
        (tr("登记单位"), texts.visible(found.institution) or texts.unknown()),
        (tr("担保服务的证书机构"), texts.visible(tr("；").join(sync_status.vouching_names(found))) or tr("通行的证书机构")),
        (tr("上次同步"), last),
        (tr("未被接受"), Spoken(tr("{n} 项", n=found.n_parked), "warning" if found.n_parked else "plain")),
        (tr("冲突"), Spoken(tr("{n} 项", n=found.n_conflicts), "warning" if found.n_conflicts else "plain")),
    ]


def _remote(remote: str) -> str:
    return words.say(f"sync.remote.{remote}")


def _moment(at: str) -> str:
    return texts.moment(datetime.fromisoformat(at))
