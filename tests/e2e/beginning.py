"""The day at the window, first part: a ledger is made, the five files come in, one is taken back and brought again."""

from __future__ import annotations

import re
from pathlib import Path

from desktop import resource
from desktop.ui.dialogs.import_wizard import DONE, FILE, PREVIEW, ImportWizard
from desktop.ui.pages.first_start import BEGIN, INSTITUTION, PASSPHRASE, RECOVERY, WELCOME, FirstStartPage
from tests.e2e.hands import Hands

NAME, USCC, PASSPHRASE_TEXT = "齐鲁示范大学", "123700004000000181", "泉水 horse 7 stapler"
FILES = {  # file, rows taken, rows rejected (the packaged practice files)
    "instruments": ("instruments.xlsx", 60, 5),
    "fees": ("price-list.xlsx", 42, 1),
    "technicians": ("technicians.xlsx", 12, 1),
    "customers": ("customers.csv", 15, 1),
    "records": ("service-records.xlsx", 502, 4),
}

LISTED = ("instruments", "fees")  # whose page lists every row of the file


def first_start(hands: Hands, recovery_page: Path) -> str:
    """Institution, passphrase, recovery key; the way on to the first file. Returns the recovery key that was shown."""
    view = hands.window.before.currentWidget()
    assert isinstance(view, FirstStartPage)
    assert view.stack.currentIndex() == WELCOME
    assert hands.window.status.state.text() == "还没有台账"
    hands.press(view.start_button)
    assert view.stack.currentIndex() == INSTITUTION
    _institution(hands, view)
    hands.until(lambda: view.stack.currentIndex() == PASSPHRASE)
    hands.enter(PASSPHRASE_TEXT)
    hands.type("something else")
    hands.press(view.make_button)
    assert "两次输入的口令不一样" in hands.labels(view)
    hands.fill(view.passphrase.field("second").editor, PASSPHRASE_TEXT)
    hands.press(view.make_button)
    hands.until(lambda: view.stack.currentIndex() == RECOVERY)
    key = view.recovery.text.text()
    assert re.fullmatch(r"(\w{4}-){7}\w{4}", key)
    assert not view.kept_button.isEnabled()  # not before the key is somewhere
    hands.press(view.recovery.save_button)
    hands.choose_file(recovery_page)
    hands.press(view.kept_button)
    assert view.stack.currentIndex() == BEGIN
    hands.press(view.import_button)
    hands.until(lambda: hands.program.desk.is_open)
    return key


def _institution(hands: Hands, view: FirstStartPage) -> None:
    """The code is judged while it is typed; a wrong one is refused in words and keeps the step."""
    form = view.institution
    hands.until(lambda: form.field("name").editor.hasFocus())
    hands.enter(NAME)
    assert form.field("uscc").editor.hasFocus()
    hands.type(USCC[:-1])
    assert "校验码不对" not in hands.labels(form)
    hands.type("2")
    assert "校验码不对" in hands.labels(form)
    hands.press(view.to_passphrase)
    assert view.stack.currentIndex() == INSTITUTION
    hands.fill(form.field("uscc").editor, USCC)
    assert "校验码不对" not in hands.labels(form)
    for name, chosen in (("kind", "university"), ("city", "370100"), ("county", "370102")):
        hands.pick(form.field(name).editor, chosen)
    hands.press(view.to_passphrase)


def import_the_files(hands: Hands, kinds: tuple[str, ...] = tuple(FILES)) -> None:
    """Each file: a preview that writes nothing, then all good rows; again: nothing changes and the wizard says so."""
    for kind, (name, n_taken, n_rejected) in ((kind, FILES[kind]) for kind in kinds):
        wizard = hands.dialog(ImportWizard) if kind == "instruments" else _wizard(hands, kind)
        _preview(hands, wizard, kind, name)
        assert _counts(wizard) == (n_taken, 0, n_rejected), kind
        assert "还没有写入台账" in wizard.preview_step.says.text()
        hands.press(wizard.go_on)
        hands.until(lambda wizard=wizard: wizard.steps.currentIndex() == DONE)
        assert f"已导入 {n_taken} 行" in wizard.done_step.title.text()
        hands.press(wizard.go_on)
        hands.gone(wizard)
        if kind in LISTED:
            assert hands.page(kind).table.model.rowCount() == n_taken
    for kind, (name, n_taken, n_rejected) in ((kind, FILES[kind]) for kind in kinds):
        wizard = _wizard(hands, kind)
        _preview(hands, wizard, kind, name)
        assert _counts(wizard) == (0, n_taken, n_rejected), kind
        assert wizard.go_on.text() == "关闭"
        hands.press(wizard.go_on)
        hands.gone(wizard)


def _wizard(hands: Hands, kind: str) -> ImportWizard:
    page = hands.page(kind if kind in ("fees", "records") else "instruments")
    hands.press_named(page.head, "导入价目表…" if kind == "fees" else "导入…")
    return hands.dialog(ImportWizard)


def _preview(hands: Hands, wizard: ImportWizard, kind: str, name: str) -> None:
    assert wizard.steps.currentIndex() == FILE
    if wizard.file_step.kind.currentData() != kind:
        hands.pick(wizard.file_step.kind, kind)
    hands.press(wizard.file_step.button)
    hands.choose_file(resource.path("practice", name))
    hands.until(lambda: wizard.steps.currentIndex() == PREVIEW)


def _counts(wizard: ImportWizard) -> tuple[int, int, int]:
    step = wizard.preview_step
    accepted, unchanged, rejected = (int(card.number.text()) for card in (step.accepted, step.unchanged, step.rejected))
    return accepted, unchanged, rejected


def undo_and_redo(hands: Hands) -> None:
    """The toolbar takes the whole import of records back and brings it again; it says what it would take back."""
    hands.year(2025)
    page = hands.page("records")
    before = hands.column(page.table, 0)
    assert len(before) > 250
    top = hands.window.top
    assert "导入" in top.undo_button.accessibleName()
    hands.press(top.undo_button)
    hands.until(lambda: page.table.model.rowCount() == 0)
    hands.rest()
    hands.press(top.redo_button)
    hands.until(lambda: page.table.model.rowCount() == len(before))
    hands.rest()
    assert hands.column(page.table, 0) == before
