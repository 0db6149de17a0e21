"""设置 · 单位: the institution's facts, edited and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop import words
from desktop.ui.desk import Desk
from desktop.ui.pages.institution_form import InstitutionForm
from desktop.ui.pages.settings_part import SettingsPart
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.ledger.institution import Institution


class InstitutionPart(SettingsPart):
    """See the module's head."""

    kinds = frozenset({"institution"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, words.say("settings.part.institution"), tr("这些内容印在每张报表上，也用来登记到省网络。"))
        self._seen: Institution | None = None
        self.form = InstitutionForm()
        self.narrow(self.form)
        self.save_button = self.button(tr("保存"), "save", self.form.submit, primary=True)
        self.form.submitted.connect(self.save)
        self.body.addStretch(1)

    def refresh(self) -> None:
        from desktop.actions import institution

        workspace = self.desk.workspace
        self.desk.jobs.read(lambda progress: institution.get(workspace), self.show_institution, owner=self, key="institution")

    def show_institution(self, known: Institution) -> None:
        """Show it, unless the person is editing."""
        if not self.form.is_edited():
            self._seen = known
            self.form.show_institution(known)

    def save(self) -> None:
        """Keep what was entered, checked again by the action."""
        from desktop.actions import institution

        workspace, facts, seen = self.desk.workspace, self.form.facts(), self._seen
        self.desk.jobs.write(
            tr("修改单位资料"),
            lambda progress: institution.change(workspace, **facts, seen=seen),
            self._saved,
            failed=self.form.show_problem,
            owner=self,
        )

    def _saved(self, _: object) -> None:
        self.form.set_draft(self.form.draft())
        self.refresh()
        self.desk.tell("done", tr("单位资料已保存。"))

    def unsaved(self) -> str:
        return tr("设置里还没有保存的单位资料") if self.form.is_edited() else ""
