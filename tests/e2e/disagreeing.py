"""The day at the window: a colleague at another seat changed the same instrument; both versions stand side by side until one chooses."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop.actions import enrolment, instruments, local_network, syncing
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.reason_dialog import ReasonDialog
from desktop.ui.pages.sync import CONFLICTS
from tests.e2e import sending
from tests.e2e.beginning import PASSPHRASE_TEXT, USCC
from tests.e2e.hands import ENTER, Hands

DISPUTED = "2021170030"
MINE, THEIRS = "激光共聚焦显微镜（主楼）", "激光共聚焦显微镜（东区）"
THEIR_CONTENT = "活细胞成像，周末可约"


@contextmanager
def other_seat(home: Path, elsewhere: Path, service: sending.Service, passphrase: str | None = PASSPHRASE_TEXT) -> Iterator[Workspace]:
    """The same institution's ledger on another computer, enrolled with a code of its own and in step with the network."""
    shutil.copytree(home, elsewhere, ignore=shutil.ignore_patterns("*.lock"))
    with open_ledger(elsewhere, passphrase=passphrase) as seat:
        with seat.write("another seat") as operation:
            operation.connection.exec_driver_sql("DELETE FROM remote")
        code = str(local_network.operator(service.database, "enrolment-code", "--uscc", USCC)["code"])
        enrolment.enrol(seat, service.url, code)
        syncing.sync(seat)
        yield seat


def conflict(hands: Hands, seat: Workspace, service: sending.Service) -> None:
    """Both name the instrument anew, the colleague changes what it offers too: that comes in by itself, the name is asked."""
    theirs = replace(instruments.get(seat, DISPUTED), name=THEIRS, service_content=THEIR_CONTENT)
    instruments.change(seat, theirs)
    assert syncing.sync(seat).sent == 1
    _rename(hands)
    page = hands.page("sync")
    hands.press(page.receive_button)
    hands.until(lambda: any("冲突 1 项" in each for each in hands.notices()))
    hands.rest()
    _choose(hands, page)
    n = sending.look(hands, page)
    assert n == 1
    sending.send(hands, page, n)
    syncing.sync(seat)
    held = instruments.get(seat, DISPUTED)
    assert (held.name, held.service_content) == (MINE, THEIR_CONTENT)


def _rename(hands: Hands) -> None:
    page = hands.page("instruments")
    hands.fill(page.search, DISPUTED)
    hands.key(ENTER)
    hands.until(lambda: page.table.model.rowCount() == 1)
    hands.open_row(page.table, DISPUTED)
    dialog = hands.dialog(FormDialog)
    hands.fill(dialog.form.field("name").editor, MINE)
    hands.press(dialog.do)
    hands.gone(dialog)
    hands.until(lambda: hands.column(page.table, 1) == [MINE])
    hands.fill(page.search, "")
    hands.key(ENTER)


def _choose(hands: Hands, page: Any) -> None:
    """Nothing is settled before each group has a side and there is a reason; the reason is in the journal."""
    hands.tab(page.tabs, CONFLICTS)
    view = page.conflicts_view
    assert [choice.name for choice in view.choices] == ["name"]
    seen = hands.labels(view.choices[0])
    assert MINE in seen
    assert THEIRS in seen
    assert not view.settle.isEnabled()
    hands.press(view.choices[0].mine)
    hands.press(view.settle)
    asked = hands.dialog(ReasonDialog)
    assert not asked.do.isEnabled()
    hands.until(asked.text.hasFocus)
    hands.type("仪器已搬到主楼")
    hands.press(asked.do)
    hands.until(lambda: view.table.model.rowCount() == 0)
    hands.rest()
    assert not view.detail.isVisible()
    kept = instruments.get(hands.program.desk.workspace, DISPUTED)
    assert (kept.name, kept.service_content) == (MINE, THEIR_CONTENT)
    settings = hands.page("settings")
    hands.pick_in_list(settings.list, "操作日志")
    part = settings.part("history")
    hands.until(lambda: "仪器已搬到主楼" in hands.column(part.table, 4))
    hands.page("sync")
