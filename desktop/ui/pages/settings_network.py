"""设置 · 省网络: whether and where this ledger is enrolled, how the last sync ended; the work itself is done on 同步."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desktop.ui import texts
from desktop.ui.desk import Desk
from desktop.ui.fact_list import FactList
from desktop.ui.labels import label
from desktop.ui.pages.settings_part import SettingsPart
from desktop.ui.texts import Spoken
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.sync_status import Status


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
        self.body.addStretch(1)

    def refresh(self) -> None:
        from desktop.actions import sync_status

        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: sync_status.status(workspace), self.show_status, owner=self, key="network")

    def show_status(self, found: Status) -> None:
        """Say it."""
        from desktop.actions import sync_status

        if not found.enrolled:
            self.state.setText(tr("这份台账还没有登记到省网络。在“同步”页用注册码登记一次即可。"))
            self.facts.show_facts(())
            return
        self.state.setText(tr("这份台账已登记到省网络。"))
        last = texts.moment(datetime.fromisoformat(found.last_at)) if found.last_at else tr("还没有同步过")
        self.facts.show_facts(
            [
                (tr("服务地址"), found.url or tr("离线报送包")),
                (tr("登记单位"), texts.visible(found.institution) or texts.unknown()),
                (tr("担保服务的证书机构"), texts.visible(tr("；").join(sync_status.vouching_names(found))) or tr("通行的证书机构")),
                (tr("上次同步"), last),
                (tr("未被接受"), Spoken(tr("{n} 项", n=found.n_parked), "warning" if found.n_parked else "plain")),
                (tr("冲突"), Spoken(tr("{n} 项", n=found.n_conflicts), "warning" if found.n_conflicts else "plain")),
            ]
        )
