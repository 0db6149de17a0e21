"""The day at the window: a backup is written to another disk, something goes wrong, the backup takes the ledger's place."""

from __future__ import annotations

from pathlib import Path

from desktop.ui.dialogs.confirm_dialog import ConfirmDialog
from desktop.ui.dialogs.form_dialog import FormDialog
from desktop.ui.dialogs.passphrase_dialog import PassphraseDialog
from desktop.ui.pages.settings_backup import BackupPart
from tests.e2e.beginning import PASSPHRASE_TEXT
from tests.e2e.hands import Hands

MISTAKEN = "误加的人"


def back_up(hands: Hands, path: Path) -> None:
    """A checked copy where the person wants it."""
    part = _part(hands)
    hands.press_named(part, "立即备份到文件…")
    hands.choose_file(path)
    hands.until(lambda: any("已备份到" in each for each in hands.notices()))
    assert path.stat().st_size > 100_000


def make_a_mistake(hands: Hands) -> None:
    """Something that was not in the ledger when the backup was taken."""
    page = hands.page("settings")
    hands.pick_in_list(page.list, "人员")
    part = page.part("people")
    hands.until(part.isVisible)
    n = part.table.model.rowCount()
    hands.press_named(part, "添加人员…")
    dialog = hands.dialog(FormDialog)
    hands.fill(dialog.form.field("name").editor, MISTAKEN)
    hands.pick(dialog.form.field("role").editor, "finance")
    hands.press(dialog.do)
    hands.gone(dialog)
    hands.until(lambda: part.table.model.rowCount() == n + 1)


def restore(hands: Hands, path: Path, passphrase: str = PASSPHRASE_TEXT) -> None:
    """What it does is said before it is done; a file that is no backup changes nothing; the old ledger is kept."""
    before = hands.window
    home = hands.program.desk.workspace.home
    part = _part(hands)
    broken = path.with_name("broken.yxb")
    broken.write_bytes(path.read_bytes()[:50_000])
    hands.press_named(part, "从文件恢复…")
    hands.choose_file(broken)
    hands.until(lambda: any("broken.yxb" in each for each in hands.notices()))
    assert hands.window is before
    hands.press_named(part, "从文件恢复…")
    hands.choose_file(path)
    sure = hands.dialog(ConfirmDialog)
    said = hands.labels(sure)
    assert "之后的改动不在其中" in said
    assert "另一份台账" not in said
    assert sure.cancel.isDefault()
    hands.press(sure.do)
    if passphrase:
        _open_with_its_passphrase(hands, passphrase)
    hands.until(lambda: hands.window is not before and hands.program.desk.is_open)
    hands.rest()
    hands.until(lambda: any("原来的台账在" in each for each in hands.notices()))
    assert list((home / "replaced").rglob("ledger.db"))
    settings = hands.page("settings")
    hands.pick_in_list(settings.list, "人员")
    people = settings.part("people").table
    hands.until(lambda: people.model.rowCount() > 0)
    assert MISTAKEN not in hands.column(people, 0)


def _open_with_its_passphrase(hands: Hands, passphrase: str) -> None:
    """There is no keyring here: the passphrase of the backup's time is asked for, and a wrong one changes nothing."""
    before = hands.window
    asked = hands.dialog(PassphraseDialog)
    assert "备份当时的口令" in hands.labels(asked)
    hands.fill(asked.first, "wrong horse")
    hands.press(asked.do)
    hands.until(lambda: asked.said.isVisible() and asked.do.isEnabled())
    assert hands.window is before
    hands.fill(asked.first, passphrase)
    hands.press(asked.do)


def _part(hands: Hands) -> BackupPart:
    page = hands.page("settings")
    hands.pick_in_list(page.list, "备份")
    part = page.part("backup")
    assert isinstance(part, BackupPart)
    hands.until(part.isVisible)
    return part
