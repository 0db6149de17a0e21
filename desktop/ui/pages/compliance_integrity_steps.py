"""The steps at a finding of the self-checks: answer it, take the answer back, see its files and the report that tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop import words
from desktop.actions import integrity, integrity_answers, integrity_many, rectification_files, reporting
from desktop.actions.integrity_answers import Point
from desktop.actions.progress import Progress
from desktop.actions.rectification_files import Collected
from desktop.ledger.changes import Changes
from desktop.ledger.integrity import LONGEST_TEXT
from desktop.ledger.period import parse
from desktop.ledger.problem import Problem
from desktop.ui import texts, theme
from desktop.ui.attachments_view import ENDINGS
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.attachments_dialog import AttachmentsDialog, show_attachments
from desktop.ui.dialogs.file_dialog import open_file, save_file
from desktop.ui.dialogs.form_dialog import FormDialog, ask_form
from desktop.ui.dialogs.progress_dialog import watch
from desktop.ui.dialogs.reason_dialog import ReasonDialog, ask_reason
from desktop.ui.fields import DateField, NoteField, TextField
from desktop.ui.forms import Form
from desktop.ui.labels import label
from desktop.ui.pages.paper_dialog import PaperDialog
from desktop.words import tr

_SHOWN = 5
STATES = ("explained", "corrected", "accepted")
"""What an answer may say; that it is open again is said by taking it back."""


class IntegritySteps:
    """The view shows again what the ledger tells it has changed; nothing is shown here."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self.desk = desk
        self.parent = parent

    def answer(self, point: Point) -> FormDialog:
        """Why it is right, how it was put right, or that it is a fault; by whom and on which day."""
        workspace = self.desk.workspace
        form = Form()
        form.add("state", tr("答复"), SelectField([Choice(one, words.say(f"integrity.state.{one}")) for one in STATES], optional=True), required=True)
        form.add("text", tr("情况说明"), NoteField(4), required=True, hint=tr("原因和依据，印在整改报告上，最多 {n} 字", n=f"{LONGEST_TEXT:,}"))
        form.add("correction", tr("更正的记录"), TextField(limit=120), hint=tr("只在“已更正”时填：已冲销的记录或代替它的记录的编号"))
        form.add("evidence", tr("证明材料"), TextField(), hint=tr("如上机登记簿页码、合同号；文件可以之后附上"))
        form.add("by", tr("答复人"), TextField(limit=120), required=True)
        form.add("on", tr("答复日期"), DateField(self.desk.today), required=True)
        form.set_draft({"by": workspace.who, "on": self.desk.today(), "correction": "", "evidence": ""})
        saw = [texts.visible(integrity.detail_words(point.check, point.seen.detail))] if point.seen else []
        says = "\n".join((words.say(f"integrity.{point.check}"), _named(point), *saw))

        def submit(given: Mapping[str, object], dialog: FormDialog) -> None:
            def refused(problem: Problem) -> None:
                dialog.problem(problem)

            def done(_: object) -> None:
                dialog.accept()
                said = words.say(f"integrity.state.{given['state']}")
                self.desk.tell("done", tr("已记下对 {number} 的答复：{state}", number=texts.visible(point.number), state=said))

            on = given["on"]
            self.desk.jobs.write(
                tr("答复自查发现"),
                lambda progress: integrity_answers.answer(
                    workspace, point.check, point.number, _text(given["state"]), _text(given["text"]), correction=_text(given["correction"]),
                    evidence=_text(given["evidence"]), on=on if isinstance(on, date) else None, by=_text(given["by"]),
                ),
                done, failed=refused, owner=dialog,
            )  # fmt: skip

        return ask_form(
            self.parent, title=tr("答复 {number}", number=texts.visible(point.number)), form=form, do=tr("答复"), submit=submit, says=says, width=600
        )

    def answer_many(self, points: Sequence[Point]) -> FormDialog | None:
        """The same answer to each of these, and one file for all of them: written whole or not at all."""
        if len(points) < 2:
            return self.answer(points[0]) if points else None
        workspace, places = self.desk.workspace, [(one.check, one.number) for one in points]
        form = Form()
        choices = [Choice(one, words.say(f"integrity.state.{one}")) for one in STATES if one != "corrected"]
        form.add("state", tr("答复"), SelectField(choices, optional=True), required=True, hint=tr("已更正的要写明各自更正的记录，请逐条或用表格答复"))
        form.add("text", tr("情况说明"), NoteField(4), required=True, hint=tr("原因和依据，印在整改报告上，最多 {n} 字", n=f"{LONGEST_TEXT:,}"))
        form.add("evidence", tr("证明材料"), TextField(), hint=tr("如上机登记簿页码、合同号；文件可以之后附上"))
        form.add("by", tr("答复人"), TextField(limit=120), required=True)
        form.add("on", tr("答复日期"), DateField(self.desk.today), required=True)
        form.set_draft({"by": workspace.who, "on": self.desk.today(), "evidence": ""})
        chosen = _FileRow(self.desk)

        def submit(given: Mapping[str, object], dialog: FormDialog) -> None:
            def refused(problem: Problem) -> None:
                dialog.do.setEnabled(True)
                told = [texts.finding(one).text for one in problem.findings]
                more = [tr("……另有 {n} 条", n=len(told) - _SHOWN)] if len(told) > _SHOWN else []
                dialog.refuse("\n".join((texts.problem(problem), *told[:_SHOWN], *more)))

            def done(_: object) -> None:
                dialog.accept()
                self.desk.tell("done", tr("已一并答复 {n} 条自查发现。", n=f"{len(places):,}"))

            on = given["on"]
            each = integrity_many.shared(
                places, _text(given["state"]), _text(given["text"]), by=_text(given["by"]), papers=_text(given["evidence"]),
                on=on if isinstance(on, date) else None,
            )  # fmt: skip
            job = self.desk.jobs.write(
                tr("一并答复自查发现"), lambda progress: integrity_many.answer(workspace, each, chosen.path, progress), done, failed=refused, owner=dialog
            )
            watch(dialog, self.desk.jobs, job)

        made = ask_form(
            self.parent, title=tr("一并答复 {n} 条自查发现", n=f"{len(places):,}"), form=form, do=tr("一并答复"), submit=submit, width=600,
            says=tr("同一个说明写给选中的每一条，可附一个文件；任何一条不能这样答复，就一条也不写入。一次撤销全部撤回。"),
        )  # fmt: skip
        made.body.addWidget(chosen)
        made.fit_soon()
        return made

    def save_table(self, year: int) -> None:
        """Ask where, then write what stands open in a year as a table to be filled in."""
        save_file(
            self.parent, title=tr("存成表格"), name=f"{tr('自查发现')}-{year}.xlsx", kinds=((tr("表格"), ("xlsx", "csv")),),
            preferences=self.desk.preferences, purpose="integrity", then=lambda path: self.save_table_to(path, year),
        )  # fmt: skip

    def save_table_to(self, path: Path, year: int) -> None:
        """Write the table, and say what is not in it."""
        workspace, period = self.desk.workspace, parse(str(year))

        def done(found: integrity_many.Standing) -> None:
            lines = [tr("{n} 条待处理的发现已存为 {name}：填好答复再读入。", n=f"{len(found.points):,}", name=path.name)]
            if found.n_withheld:
                lines.append(tr("涉密的 {n} 条没有写进表格，请在这里逐条答复。", n=found.n_withheld))
            self.desk.tell("warning" if found.n_withheld else "done", "\n".join(lines))

        self.desk.jobs.read(
            lambda progress: integrity_many.save_table(workspace, path, period), done, failed=self.desk.trouble, title=tr("存成表格"), owner=self.parent
        )

    def read_table(self) -> None:
        """Ask for a table that was filled in."""
        open_file(
            self.parent, title=tr("读入填好的表格"), kinds=((tr("表格"), ("xlsx", "xls", "ods", "csv")),), preferences=self.desk.preferences,
            purpose="integrity", then=self.take_table,
        )  # fmt: skip

    def take_table(self, path: Path) -> None:
        """Answer as the table says: all of it or, with what speaks against it, none."""
        workspace = self.desk.workspace

        def work(progress: Progress) -> tuple[int, Changes]:
            given = integrity_many.read_table(path, progress)
            return len(given), integrity_many.answer(workspace, given, None, progress)

        def done(told: tuple[int, Changes]) -> None:
            self.desk.tell("done", tr("已一并答复 {n} 条自查发现。", n=f"{told[0]:,}"))

        self.desk.jobs.write(tr("一并答复自查发现"), work, done, failed=self.desk.trouble, owner=self.parent)

    def take_back(self, point: Point) -> ReasonDialog:
        """Open a finding again that was answered: the answers stay in the ledger, and why it is open stands behind them."""
        workspace = self.desk.workspace

        def reasoned(reason: str) -> None:
            self.desk.jobs.write(
                tr("撤回答复"), lambda progress: integrity_answers.answer(workspace, point.check, point.number, "open", reason),
                lambda _: self.desk.tell("done", tr("{number} 又待处理，此前的答复留在台账里。", number=texts.visible(point.number))),
                failed=self.desk.trouble, owner=self.parent,
            )  # fmt: skip

        return ask_reason(
            self.parent, title=tr("撤回对 {number} 的答复", number=texts.visible(point.number)), do=tr("撤回"), then=reasoned,
            says=tr("撤回后这条发现又待处理，整改报告又成为草稿；此前的答复留在台账里。"),
        )  # fmt: skip

    def files(self, point: Point) -> AttachmentsDialog | None:
        """The files that prove the newest answer: pages of the logbook, the contract."""
        if not point.answers:
            return None
        answer, number = point.answers[-1], texts.visible(point.number)
        says = tr("对 {number} 的答复（{day}）：登记簿、合同、说明等。只留在本机，不随同步发出。", number=number, day=str(answer.answered_on))
        return show_attachments(self.desk, self.parent, "integrity_answer", answer.id, says)

    def collect(self, year: int) -> None:
        """Ask where, then collect all files of a year's answers in one archive, to go with the report."""
        save_file(
            self.parent, title=tr("汇总附件"), name=f"{tr('证明材料')}-{year}.zip", kinds=((tr("ZIP 压缩包"), ("zip",)),),
            preferences=self.desk.preferences, purpose="reports", then=lambda path: self.collect_to(path, year),
        )  # fmt: skip

    def collect_to(self, path: Path, year: int) -> None:
        """Write the archive, and say what is not in it."""
        workspace, period = self.desk.workspace, parse(str(year))

        def done(made: Collected) -> None:
            lines = [tr("已汇成 {path}：{n} 个文件，另附清单。", path=made.path, n=made.n_files)]
            if made.n_elsewhere:
                lines.append(tr("另有 {n} 个文件在别的席位，本机未取回，只列在清单里。", n=made.n_elsewhere))
            if made.n_bare:
                lines.append(tr("有 {n} 条已答复的发现没有附件。", n=made.n_bare))
            self.desk.tell("warning" if made.n_elsewhere or made.n_bare else "done", "\n".join(lines))

        self.desk.jobs.write(
            tr("汇总附件"), lambda progress: rectification_files.collect(workspace, period, path, progress), done, owner=self.parent
        )

    def report(self, year: int) -> PaperDialog:
        """The rectification report of a year as it would be printed: a draft while anything stands open."""
        workspace, named = self.desk.workspace, str(year)
        made = PaperDialog(
            self.parent, self.desk, tr("整改报告"), tr("{year} 年", year=year),
            lambda progress: reporting.draw(workspace, "rectification", named, progress=progress),
            lambda path, progress: reporting.make(workspace, "rectification", period=named, out=path, progress=progress),
        )  # fmt: skip
        made.open()
        return made


class _FileRow(QWidget):
    """One file that goes with the answers; ``path`` None: none was chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.path: Path | None = None
        self.button = QPushButton(tr("附一个文件…"))
        theme.dress(self.button, "attach")
        self.line = label("", tone="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        row.addWidget(self.line, 1)
        self.button.clicked.connect(
            lambda: open_file(
                self, title=tr("附一个文件"), kinds=((tr("证明材料"), ENDINGS),), preferences=desk.preferences, purpose="evidence",
                then=self.take,
            )
        )  # fmt: skip

    def take(self, path: Path) -> None:
        """The file that was chosen; it is read when the answers are given."""
        self.path = path
        self.line.setText(texts.visible(tr("附在每一条上，只留在本机：{name}", name=path.name)))


def _named(point: Point) -> str:
    """Which record it is of, on one line."""
    return " · ".join(texts.visible(part) for part in (point.number, point.ended_on, point.asset_number, point.instrument))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
