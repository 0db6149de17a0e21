"""The day at the window, last part: the network, and the ledger verified."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.actions import local_network
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.pages.compliance import VERIFY
from tests.e2e.beginning import NAME, USCC
from tests.e2e.hands import Hands

SECRET = ("2023170011", "2022170028", "2024170045")  # confidential instruments of the practice files


@dataclass(frozen=True)
class Service:
    """The reference network in a process of its own, and a code to enrol with."""

    url: str
    code: str
    database: str


@contextmanager
def network(file: Path) -> Iterator[Service]:
    """The service on loopback, over a database file."""
    database = f"sqlite:///{file}"
    with local_network.child_network(database, NAME, USCC) as (url, code):
        yield Service(url, code, database)
    held = b"".join(path.read_bytes() for path in file.parent.glob(file.name + "*"))
    assert b"2021170001" in held
    assert not [asset for asset in SECRET if asset.encode() in held]


def sync(hands: Hands, service: Service) -> None:
    """Enrol with the service, look at what would leave, agree, send; both sides then hold the same."""
    page = hands.page("sync")
    assert hands.window.top.pill.text() == "未入网络"
    form = page.enrol_view.form
    hands.fill(form.field("url").editor, service.url)
    hands.fill(form.field("code").editor, "not-a-code")
    hands.press(page.enrol_view.button)
    hands.until(page.enrol_view.button.isEnabled)
    assert page.stack.currentWidget() is page.enrol_view
    hands.fill(form.field("code").editor, service.code)
    hands.press(page.enrol_view.button)
    hands.until(lambda: page.stack.currentWidget() is page.tabs)
    hands.rest()
    n = look(hands, page)
    send(hands, page, n)
    _nothing_twice(hands, page)


def look(hands: Hands, page: Any) -> int:
    """See what would leave; nothing confidential is among it. Returns how many items."""
    hands.press(page.look_button)
    hands.until(page.send_button.isEnabled)
    view = page.preview_view
    n = view.table.model.rowCount()
    assert f"将离开本机 {n:,} 项" in view.summary.text()
    assert "不离开本机" in view.summary.text()
    shown = "\n".join(hands.column(view.table, 0))
    assert not [asset for asset in SECRET if asset in shown]
    assert hands.window.top.pill.text() == f"{n:,} 项待上报"
    return n


def send(hands: Hands, page: Any, n: int) -> None:
    """Agree to exactly what was seen; each item says that it arrived."""
    hands.press(page.send_button)
    sure = hands.dialog(ConfirmDialog)
    assert "收不回来" in hands.labels(sure)
    hands.press(sure.do)
    hands.gone(sure)
    hands.until(lambda: any("送达" in each for each in hands.notices()))
    (told,) = [each for each in hands.notices() if "送达" in each]
    assert f"送达 {n:,} 项" in told
    assert "两边内容一致" in told
    hands.rest()
    assert set(hands.column(page.preview_view.table, 3)) == {"已送达"}
    assert hands.window.top.pill.text() == "已全部上报"


def _nothing_twice(hands: Hands, page: Any) -> None:
    hands.press(page.look_button)
    hands.rest()
    assert page.preview_view.table.model.rowCount() == 0
    assert not page.send_button.isEnabled()
    hands.press(page.receive_button)
    hands.until(lambda: any("送达 0 项，接收 0 项" in each for each in hands.notices()))
    hands.rest()


def verify(hands: Hands) -> None:
    """合规 recomputes the whole ledger and finds nothing."""
    page = hands.page("compliance")
    hands.tab(page.tabs, VERIFY)
    hands.press(page.verification.start)
    hands.until(lambda: page.verification.verdict is not None)
    assert page.verification.verdict.ok
    assert "校验通过" in page.verification.title.text()
