"""设置 · 关于: versions, where the ledger is, and the licences of what is shipped with the program."""

from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QPlainTextEdit, QTabWidget

from desktop import resource
from desktop.ui.desk import Desk
from desktop.ui.fact_list import FactList
from desktop.ui.pages.settings_part import SettingsPart
from desktop.words import tr

_LICENCES = (("Noto Sans SC (SIL OFL 1.1)", ("fonts", "OFL.txt")), ("Lucide (ISC)", ("icons", "LICENSE.txt")))
_PARTS = ("SQLAlchemy", "sqlcipher3", "reportlab", "python-calamine", "XlsxWriter", "requests", "keyring")


class AboutPart(SettingsPart):
    """See the module's head."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            tr("关于仪享台账"),
            tr("大型科学仪器开放共享台账：仪器、收费、服务记录、技术人员分配、合规与报送。数据都在本机。"),
        )
        self.facts = FactList()
        self.licences = QTabWidget()
        for title, place in _LICENCES:
            text = QPlainTextEdit()
            text.setReadOnly(True)
            text.setPlainText(resource.path(*place).read_text("utf-8"))
            text.setAccessibleName(title)
            self.licences.addTab(text, title)
        self.body.addWidget(self.facts)
        self.body.addWidget(self.licences, 1)

    def refresh(self) -> None:
        workspace = self.desk.workspace
        parts = " · ".join(f"{name} {found}" for name in _PARTS if (found := _version(name)))
        self.facts.show_facts(
            [
                (tr("版本"), _version("yixiang") or tr("未安装的开发版本")),
                (
                    tr("运行环境"),
                    f"Python {platform.python_version()} · Qt {qVersion()} · {platform.system()} {platform.machine()}",
                ),
                (tr("所用组件"), parts),
                (tr("台账位置"), str(workspace.home)),
                (tr("台账编号"), workspace.lock.ledger),
            ]
        )


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
