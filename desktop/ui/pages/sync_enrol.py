"""Enrolling this ledger with the network: address and enrolment code, checked before anything is asked of the network."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions.sync_pending import NETWORK
from desktop.ui import texts, theme
from desktop.ui.dialogs import file_dialog
from desktop.ui.fields import TextField
from desktop.ui.forms import Form
from desktop.ui.labels import label
from desktop.words import tr

Enrol = Callable[[str, str, Path | None], object]


class EnrolView(QWidget):
    """The form, with what enrolling means beside it."""

    def __init__(
        self, enrol: Enrol, by_hand: Callable[[], object], preferences: MutableMapping[str, object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.form = Form()
        self.form.add(
            "url",
            tr("服务地址"),
            TextField("https://"),
            required=True,
            hint=tr("网络服务的地址，须以 https:// 开头；本机练习可用 http://127.0.0.1"),
        )
        self.form.add("code", tr("注册码"), TextField(), required=True, hint=tr("由单位的网络管理员发给，一次有效"))
        self.form.submitted.connect(self._submit)
        self._enrol = enrol
        self._preferences = preferences
        self.authorities: Path | None = None
        self.authorities_button = QPushButton(tr("单位自己的证书机构…"))
        self.authorities_button.setToolTip(
            texts.tip(tr("服务的证书由单位自己的证书机构签发时，选它的证书文件（PEM 或 CER）；选定后只信任它担保的服务。一般不用选。"))
        )
        self.authorities_button.clicked.connect(self.choose_authorities)
        self.authorities_line = label("", tone="muted")
        self.button = QPushButton(tr("登记到网络"))
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self.form.submit)
        inner = QWidget()
        inner.setMaximumWidth(theme.px(640))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 2 * theme.UNIT, 0, 0)
        column.setSpacing(theme.UNIT)
        self.title = label("", role="section")
        column.addWidget(self.title)
        column.addWidget(
            label(
                tr(
                    "登记只做一次：用注册码把这份台账登记为本单位的一台设备。登记时不报送任何内容；以后每次发送之前，都会先列出将离开本机的内容，由您同意。"
                ),
                tone="muted",
            )
        )
        column.addWidget(label(tr("涉密仪器及其记录、收费永远不离开本机。不联网也可以使用除同步外的全部功能。"), tone="muted"))
        column.addSpacing(theme.UNIT)
        column.addWidget(self.form)
        row = QHBoxLayout()
        row.addWidget(self.authorities_button)
        row.addWidget(self.authorities_line, 1)
        column.addLayout(row)
        row = QHBoxLayout()
        self.by_hand = QPushButton(tr("不能联网：用离线报送包…"))
        self.by_hand.setToolTip(texts.tip(tr("把要报送的内容写成文件，由人带到网络服务，再导入给回的回执包")))
        self.by_hand.clicked.connect(lambda: by_hand())
        row.addWidget(self.by_hand)
        row.addStretch(1)
        row.addWidget(self.button)
        column.addLayout(row)
        column.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(inner, 1)
        whole.addStretch(1)

        self.about(NETWORK)

    def about(self, remote: str, *, by_package: bool = False, anew: bool = False) -> None:
        """Which remote the form enrols with; ``by_package``: it knows the ledger already, but not over a line; ``anew``: it does not know
        this machine any more."""
        named = words.say(f"sync.remote.{remote}")
        first = tr("这份台账还没有登记到{remote}", remote=named)
        if anew:
            self.title.setText(tr("重新登记到{remote}", remote=named))
            return
        self.title.setText(tr("把这份台账联网登记到{remote}", remote=named) if by_package else first)

    def _submit(self) -> None:
        draft = self.form.draft()
        self.button.setEnabled(False)
        self._enrol(str(draft["url"]), str(draft["code"]), self.authorities)

    def choose_authorities(self) -> QFileDialog:
        """Choose the file with the institution's own authority."""
        return file_dialog.open_file(
            self, title=tr("单位自己的证书机构"), kinds=((tr("证书"), ("pem", "crt", "cer")),), preferences=self._preferences,
            purpose="authorities", then=self.take_authorities,
        )  # fmt: skip

    def take_authorities(self, path: Path | None) -> None:
        """The file that was chosen, None for the usual authorities; it is read when the form is sent."""
        self.authorities = path
        self.authorities_line.setText("" if path is None else texts.visible(tr("只信任 {file}", file=path.name)))

    def again(self) -> None:
        """The answer came: the form may be sent again."""
        self.button.setEnabled(True)
