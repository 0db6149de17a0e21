"""设置 · 参数: every rule value in force on a day with its source and certainty, what hangs on it, and the institution's own newer ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop import words
from desktop.actions.code_words import code_words
from desktop.ui import texts, theme
from desktop.ui.chips import Chip
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.file_dialog import open_file, save_file
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.dialogs.rule_values_dialog import RuleValuesDialog
from desktop.ui.empty import Empty
from desktop.ui.fact_list import FactList
from desktop.ui.fields import DateField, TextField
from desktop.ui.forms import Form, scrolled
from desktop.ui.held_rows import HeldTable
from desktop.ui.labels import label
from desktop.ui.page import split
from desktop.ui.paged_model import Column, Key, Row
from desktop.ui.pages.settings_part import SettingsPart
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.parameter_sets import Plan
    from desktop.actions.parameters import Rule
    from desktop.ledger.finding import Finding
    from desktop.ledger.parameter import Parameter

_CERTAINTIES = ("A", "A-", "B", "C", "D")


def key_words(key: str) -> str:
    """A rule's name for people."""
    return words.say(f"parameter.{key}")


def value_words(key: str, value: object, unit: str) -> str:
    """A rule's value in its unit."""
    if isinstance(value, tuple):
        return texts.visible(code_words(key, map(str, value)))
    if unit in ("fen", "minutes", "hours", "days"):
        return texts.figure(value, unit)
    if unit == "ratio":
        return texts.figure(value, "ratio")
    said = texts.figure(value)
    return f"{said} {words.say(f'unit.{unit}')}" if words.known(f"unit.{unit}") and isinstance(value, int | Decimal) else said


class RulesPart(SettingsPart):
    """See the module's head."""

    kinds = frozenset({"parameter", "sync"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            tr("规则参数"),
            tr(
                "程序按这些值计算，每个值都写明出处和可信度。旧值不能修改；有新文件时，按文号添加更晚生效的值，先看哪些数字会变再采用，已记账的金额不变。"
            ),
        )
        self._rules: dict[str, Rule] = {}
        self.add_button = self.button(tr("按文号添加新值…"), "add", self.ask_add, primary=True)
        self.why_button = self.button(tr("为什么？"), "why", self.explain)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("按名称、出处查找"))
        self.search.setAccessibleName(tr("按名称、出处查找"))
        self.search.setClearButtonEnabled(True)
        self.day = DateField(desk.today)
        self.day.set_value(desk.today())
        self.day.editor.setAccessibleName(tr("按哪天"))
        self.day.setFixedWidth(theme.px(144))
        self.day.changed.connect(self._day_changed)
        self.take_button = self._plain_button(tr("从文件导入…"), "import", self.choose)
        self.save_button = self._plain_button(tr("存成表格…"), "save", self.save_table)
        self.published = self._plain_button(tr("采用网络发布的参数…"), "network", self.take_published)
        self.published.hide()
        columns = (
            Column("name", tr("参数"), width=184),
            Column("value", tr("现行值"), width=128, sortable=False),
            Column("from", tr("起始日期"), "date", 104, blank="—"),
            Column("certainty", tr("可信度"), width=120),
            Column("source", tr("出处"), width=320),
            Column("clause", tr("条款"), width=120, blank="—"),
            Column("key", tr("代号"), "code", 200, hidden=True),
        )
        chips = [Chip("certainty", code, texts.certainty(code).text) for code in _CERTAINTIES]
        self.table = HeldTable(
            columns,
            name="settings.rules",
            preferences=desk.preferences,
            empty=Empty(tr("没有规则参数"), tr("程序的规则文件没有装好，请重新安装。"), "warning"),
            title=tr("规则参数"),
            chips=[*chips, Chip("own", "1", tr("本单位的值")), Chip("unset", "1", tr("未公布"))],
            filters={"certainty": self._certain, "own": self._own, "unset": self._unset, "text": self._matches},
        )
        self.search.textChanged.connect(lambda text: self.table.set_filter("text", text.strip()))
        self.table.selected.connect(self._chosen)
        self.table.opened.connect(lambda key: self.explain())
        self.faults = label("", tone="error")
        self.faults.hide()
        self.detail_title = label("", role="strong")
        self.history = FactList()
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.detail_title)
        column.addWidget(scrolled(self.history), 1)
        self.body.addWidget(self.faults)
        self.body.addLayout(self._head())
        self.body.addWidget(split("settings.rules", desk.preferences, self.table, right, share=0.66), 1)

    def _plain_button(self, text: str, icon: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(text)
        theme.dress(made, icon)
        made.clicked.connect(lambda: act())
        return made

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addWidget(self.search, 1)
        row.addWidget(QLabel(tr("按哪天")))
        row.addWidget(self.day)
        row.addWidget(self.published)
        row.addWidget(self.take_button)
        row.addWidget(self.save_button)
        return row

    def on(self) -> date:
        """The day the values are shown for: today unless another is chosen."""
        chosen = self.day.value()
        return chosen if isinstance(chosen, date) else self.desk.today()

    def _day_changed(self) -> None:
        if self.day.fault() is None and self.isVisible():
            self.refresh()

    def _matches(self, row: Row, text: str) -> bool:
        rule = self._rules[str(row[0])]
        told = " ".join([*(str(cell) for cell in row), *(words.say(f"parameter_use.{use}") for use in rule.uses)]).casefold()
        return all(word in told for word in text.casefold().split())

    def _certain(self, row: Row, value: str) -> bool:
        rule = self._rules[str(row[0])].in_force
        return rule is not None and rule.certainty == value

    def _own(self, row: Row, _: str) -> bool:
        rule = self._rules[str(row[0])]
        return any(one is not None and one.own for one in (rule.in_force, rule.coming))

    def _unset(self, row: Row, _: str) -> bool:
        return self._rules[str(row[0])].in_force is None

    def refresh(self) -> None:
        from desktop.actions import parameter_published, parameters, rules_in_force

        workspace, day = self.desk.workspace, self.on()
        self.desk.jobs.read(
            lambda progress: (
                parameters.every(workspace, day), rules_in_force.faults(workspace), parameter_published.offered(workspace),
            ),
            lambda found: self.show_rules(*found),
            owner=self,
            key="rules",
        )  # fmt: skip

    def show_rules(self, found: list[Rule], faults: tuple[Finding, ...], published: bool) -> None:
        """List them; own values that are left out are said above. ``published``: the network has values that are not taken."""
        self.published.setVisible(published)
        self._rules = {rule.key: rule for rule in found}
        self.faults.setText("\n".join(texts.finding(fault).text for fault in faults))
        self.faults.setVisible(bool(faults))
        rows = []
        for rule in found:
            known = rule.in_force
            rows.append(
                (
                    rule.key,
                    key_words(rule.key),
                    tr("未知") if known is None else value_words(rule.key, known.value, rule.unit),
                    known.from_on if known else None,
                    texts.certainty(known.certainty).text if known else tr("未公布"),
                    known.source if known else "",
                    known.clause if known else "",
                    rule.key,
                )
            )
        self.table.hold(rows)
        if rows and not self.table.keys():
            self.table.select([rows[0][0]])
        self._chosen(self.table.keys())

    def _one(self) -> str:
        keys = self.table.keys()
        return str(keys[0]) if len(keys) == 1 else ""

    def _chosen(self, keys: list[Key]) -> None:
        key = str(keys[0]) if len(keys) == 1 else ""
        for button in (self.add_button, self.why_button):
            button.setEnabled(bool(key))
        if not key:
            self.detail_title.setText(tr("选一个参数，看它的历次取值。"))
            self.history.show_facts(())
            return
        from desktop.actions import parameters

        workspace = self.desk.workspace
        self.detail_title.setText(key_words(key))
        self.desk.jobs.read(lambda progress: parameters.history(workspace, key), self.show_history, owner=self, key="history")

    def show_history(self, found: tuple[Parameter, ...]) -> None:
        """All values of the chosen rule, newest first."""
        key = self._one()
        uses = self._rules[key].uses if key in self._rules else ()
        said = "\n".join(words.say(f"parameter_use.{use}") for use in uses)
        facts: list[tuple[str, str]] = [(tr("用在"), said or tr("程序还没有数字用到它"))]
        for one in reversed(found):
            cited = " ".join(part for part in (one.source, one.clause) if part)
            told = [value_words(one.key, one.value, one.unit), cited, texts.certainty(one.certainty).text, one.note]
            if one.own:
                told.append(tr("本单位按文号添加"))
            facts.append((tr("{day} 起", day=one.from_on.isoformat()), "\n".join(part for part in told if part)))
        if not found:
            facts.append((tr("取值"), tr("还没有公布的值；有文件依据时可以按文号添加。")))
        self.history.show_facts(facts)

    def explain(self) -> None:
        """Where the chosen value comes from."""
        key = self._one()
        if key:
            from desktop.actions import parameters

            workspace, day = self.desk.workspace, self.on()
            self.desk.jobs.read(
                lambda progress: parameters.figure(workspace, key, day), self.desk.explain, owner=self, key="why"
            )

    # Adding

    def ask_add(self) -> FormDialog | None:
        """Value, first day, document number, clause, certainty."""
        key = self._one()
        if not key:
            return None
        rule = self._rules[key]
        form = Form()
        form.add("value", tr("新值"), TextField(), required=True, hint=value_hint(rule.unit))
        form.add("from_on", tr("起始日期"), DateField(self.desk.today), required=True, hint=tr("须晚于已有的最新值"))
        form.add("document", tr("文号"), TextField(), required=True, hint=tr("依据文件的文号，会印在报表上"))
        form.add("clause", tr("条款"), TextField())
        certainties = [Choice(code, texts.certainty(code).text) for code in _CERTAINTIES]
        form.add("certainty", tr("可信度"), SelectField(certainties), required=True)
        form.set_draft({"value": typed_value(rule), "certainty": "A"})
        now = (
            tr("现行值：{value}", value=value_words(rule.key, rule.in_force.value, rule.unit))
            if rule.in_force
            else tr("现在没有生效的值。")
        )
        return ask_form(
            self,
            title=tr("添加新值：{name}", name=key_words(key)),
            says=now + " " + value_hint(rule.unit),
            form=form,
            do=tr("看看哪些数字会变"),
            submit=lambda draft, dialog: self._add(key, draft, dialog),
        )

    def _add(self, key: str, draft: Mapping[str, object], dialog: FormDialog) -> None:
        from desktop.actions import parameter_sets

        workspace, from_on = self.desk.workspace, draft["from_on"]
        if not isinstance(from_on, date):
            return
        value, document, clause = str(draft["value"]), str(draft["document"]), str(draft["clause"] or "")

        def propose() -> Plan:
            return parameter_sets.checked(
                parameter_sets.propose(workspace, key, value, from_on, document, clause, str(draft["certainty"]))
            )

        def proposed(plan: Plan) -> None:
            dialog.accept()
            self.show_plan(plan)

        self.desk.jobs.read(lambda progress: propose(), proposed, failed=dialog.problem, owner=self, key="propose")

    # Sets

    def choose(self) -> None:
        """Ask for a file with newer values."""
        open_file(
            self.window(),
            title=tr("选择一套规则参数"),
            kinds=((tr("规则参数"), ("xlsx", "xls", "ods", "csv", "toml")),),
            preferences=self.desk.preferences,
            purpose="rules",
            then=self.take_file,
        )

    def take_file(self, path: Path) -> None:
        """Read it and show what it would move; a set with a fault is refused whole."""
        from desktop.actions import parameter_sets

        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: parameter_sets.checked(parameter_sets.read(workspace, path, progress)),
            self.show_plan,
            failed=self.desk.trouble,
            title=tr("读取规则参数"),
            owner=self,
            key="set",
        )

    def take_published(self) -> None:
        """Show what the values that the network published would move; they are taken only with a reason."""
        from desktop.actions import parameter_published, parameter_sets

        workspace = self.desk.workspace
        self.desk.jobs.read(
            lambda progress: parameter_sets.checked(parameter_published.published(workspace)),
            self.show_plan,
            failed=self.desk.trouble,
            title=tr("读取规则参数"),
            owner=self,
            key="set",
        )

    def show_plan(self, plan: Plan) -> RuleValuesDialog | None:
        """Ask before the values are taken; None when there is nothing new."""
        if not plan.new:
            self.desk.tell("note", tr("{name} 里的值都已知道，没有改动。", name=plan.name))
            return None
        dialog = RuleValuesDialog(self.window(), self.desk, plan, value_words)
        dialog.open()
        dialog.work_out()
        return dialog

    def save_table(self) -> None:
        """Write what is in force on the day as a table that can be changed and read back."""
        from desktop.actions import parameter_sets

        workspace, day = self.desk.workspace, self.on()

        def save(path: Path) -> None:
            def told(n: int) -> None:
                self.desk.tell("done", tr("{n} 个规则值已存为 {name}：改成新值和新的起始日期，就能导入。", n=n, name=path.name))

            self.desk.jobs.read(
                lambda progress: parameter_sets.export(workspace, path, day), told, failed=self.desk.trouble, owner=self
            )

        save_file(
            self.window(),
            title=tr("存成表格"),
            name=tr("规则参数-{day}.xlsx", day=day.isoformat()),
            kinds=((tr("规则参数"), ("xlsx", "csv")),),
            preferences=self.desk.preferences,
            purpose="rules",
            then=save,
        )


def value_hint(unit: str) -> str:
    """How a value of this unit is typed."""
    return words.say(f"unit.hint.{unit}") if words.known(f"unit.hint.{unit}") else ""


def typed_value(rule: Rule) -> str | None:
    """The value in force as a person types it: yuan for fen, 是/否 for a flag."""
    known = rule.value_text
    if known is None:
        return None
    if rule.unit == "fen":
        return texts.money(int(known)).removeprefix("¥")
    if rule.unit == "flag":
        return tr("是") if known == "true" else tr("否")
    return known
