"""What is done with a version: begin a draft, approve by another person, publish, drop; confirm what a line means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop import words
from desktop.actions import fee_building, fees, people
from desktop.actions.fee_words import CELLS, cell_words
from desktop.actions.fees import Version
from desktop.ledger.changes import Changes
from desktop.ledger.fees import FeeLine
from desktop.ledger.people import Person
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import confirm
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.dialogs.pin_dialog import PinAnswer, PinDialog, ask_pin, choices
from desktop.ui.fields import DateField, TextField
from desktop.ui.forms import Form
from desktop.ui.labels import label
from desktop.ui.pages.fees_builder import FEE_KINDS
from desktop.ui.pages.fees_timeline import span_words
from desktop.words import tr


def _with_role(everyone: Sequence[Person], roles: Sequence[str]) -> list[Choice]:
    return choices([person for person in everyone if person.active and person.role in roles])


class FeeSteps:
    """``made(key)`` is told when a draft version was begun."""

    def __init__(self, desk: Desk, page: QWidget, made: Callable[[str], object]) -> None:
        self.desk = desk
        self.page = page
        self._made = made

    def begin(self, asset_number: str, present: Version | None) -> None:
        """A draft version: from when, by whom, copied from the present one."""
        workspace = self.desk.workspace
        preparers = _with_role(people.everyone(workspace), fees.PREPARERS)
        form = Form()
        form.add("from_on", tr("执行日期"), DateField(self.desk.today), required=True)
        form.add("title", tr("名称"), TextField(limit=120))
        form.add("document", tr("文号"), TextField(limit=80))
        form.add("person", tr("编制人"), SelectField(preparers, optional=True), required=True, hint=tr("编制人不能审批自己编制的标准"))
        pin = TextField(limit=64)
        pin.line.setEchoMode(QLineEdit.EchoMode.Password)
        form.add("pin", tr("PIN"), pin)
        form.set_draft({"from_on": self._first_of_next_month()})

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            start = draft["from_on"]
            if not isinstance(start, date):
                return

            def done(key: str) -> None:
                dialog.accept()
                self.desk.announce(Changes(0, FEE_KINDS))
                self._made(key)

            def failed(problem: Problem) -> None:
                dialog.problem(problem)

            self.desk.jobs.write(
                tr("起草收费标准"),
                lambda progress: fees.add_version(
                    workspace,
                    asset_number,
                    start,
                    title=str(draft["title"] or ""),
                    document=str(draft["document"] or ""),
                    person=None if draft["person"] is None else str(draft["person"]),
                    pin=str(draft["pin"] or ""),
                    copy_of=present.schedule.id if present else None,
                ),
                done,
                failed=failed,
                owner=dialog,
            )

        nobody = "" if preparers else tr("还没有登记可以办理此事的人员。请先到“设置”中登记人员、角色和 PIN。")
        copied = tr("成本构成和价目从现行版本抄来，可以再改。") if present else tr("这台仪器还没有现行标准，从空白开始。")
        ask_form(
            self.page.window(),
            title=tr("新建收费标准版本"),
            says=nobody or copied + tr("草稿不影响计价，批准后才从执行日期起生效。"),
            form=form,
            do=tr("起草"),
            submit=submit,
        )

    def _first_of_next_month(self) -> date:
        return (self.desk.today().replace(day=1) + timedelta(days=32)).replace(day=1)

    def approve(self, version: Version) -> None:
        """By another person than the preparer; what stands against it is told first."""
        workspace, key = self.desk.workspace, version.schedule.id

        def submit(answer: PinAnswer, dialog: PinDialog) -> None:
            def done(changes: Changes) -> None:
                dialog.accept()
                self.desk.tell("done", tr("已批准，自 {day} 起按这一版计价。", day=version.schedule.from_on.isoformat()))

            def failed(problem: Problem) -> None:
                told = [texts.problem(problem), *(texts.finding(each).text for each in problem.findings[:3])]
                dialog.refuse("\n".join(told))

            self.desk.jobs.write(
                tr("批准收费标准"),
                lambda progress: fees.approve(workspace, key, answer.person, answer.pin),
                done,
                failed=failed,
                owner=dialog,
            )

        says = tr(
            "{span}，{n} 个收费项目。批准后价目固定，之前仍在执行的版本到这一天为止；批准不能撤销，改价要另建一版。",
            span=span_words(version),
            n=len(version.lines),
        )
        approvers = _with_role(people.everyone(workspace), fees.APPROVERS)
        ask_pin(self.page.window(), people=approvers, purpose=tr("审批收费标准"), submit=submit, says=says, do=tr("批准"))

    def publish(self, version: Version) -> None:
        """Mark as published."""
        workspace, key = self.desk.workspace, version.schedule.id

        def done(changes: Changes) -> None:
            self.desk.tell("done", tr("已标为已公布；下次同步时上报。"))

        confirm(
            self.page.window(),
            title=tr("标为已公布"),
            effects=[tr("这一版标为已对外公布"), tr("非涉密的价目下次同步时上报网络")],
            do=tr("已公布"),
            then=lambda: self.desk.jobs.write(
                tr("公布收费标准"), lambda progress: fees.publish(workspace, key), done, owner=self.page
            ),
        )

    def drop(self, version: Version) -> None:
        """Remove a draft; undo brings it back."""
        workspace, key = self.desk.workspace, version.schedule.id

        def done(changes: Changes) -> None:
            self.desk.tell("done", tr("草稿已删除，可以撤销。"))

        self.desk.jobs.write(tr("删除收费标准草稿"), lambda progress: fees.drop(workspace, key), done, owner=self.page)

    def settle(self, line: FeeLine) -> None:
        """Say what a line "to confirm" means, by writing it in words that are understood."""
        workspace = self.desk.workspace
        form = Form()
        for name in CELLS:
            form.add(name, cell_words(name), TextField(limit=200))
        verdict = label("", role="strong")
        form.set_draft(fee_building.cells_of(line))

        def cells() -> dict[str, str]:
            return {name: str(value or "") for name, value in form.draft().items()}

        def say(name: str = "") -> None:
            told = fee_building.read(cells())
            form.show_findings(told.findings)
            understood = words.say("fee.joiner").join(one.phrase.told() for one in told.readings)
            verdict.setText(tr("还没有读懂，请改写") if told.to_confirm else tr("这样理解：{words}", words=understood))
            theme.say_tone(verdict, "warning" if told.to_confirm else "plain")

        form.edited.connect(say)

        def submit(draft: Mapping[str, object], dialog: FormDialog) -> None:
            told = fee_building.read(cells())
            terms = told.terms
            if terms is None or told.to_confirm:
                dialog.refuse(tr("还没有读懂，没有保存。请按提示改写，例如单位写“小时”，价格只写数字。"))
                return
            note = words.say("fee.joiner").join(one.phrase.told("zh") for one in told.readings)

            def done(changes: Changes) -> None:
                dialog.accept()
                self.desk.tell("done", tr("“{item}”已确认，相关草稿已重新试算。", item=line.item))

            def failed(problem: Problem) -> None:
                dialog.problem(problem)

            self.desk.jobs.write(
                tr("确认收费项目"),
                lambda progress: fees.confirm_line(workspace, line.id, terms, note, seen=line),
                done,
                failed=failed,
                owner=dialog,
            )

        dialog = ask_form(
            self.page.window(),
            title=tr("确认“{item}”怎样计价", item=line.item),
            says=tr("公布的文字保留不动；这里写清它的意思，读懂后就按它计价。"),
            form=form,
            do=tr("按这样计价"),
            submit=submit,
            width=520,
        )
        dialog.body.addWidget(verdict)
        say()
        dialog.fit_soon()
