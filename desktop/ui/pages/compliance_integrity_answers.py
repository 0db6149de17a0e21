"""The answers of a year one by one: when, by whom, to what, and whether it is the one that holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from desktop import words
from desktop.actions.integrity_given import Given
from desktop.ledger.integrity import ANSWER_STANDINGS, ANSWER_STATES
from desktop.ui.chips import Chip
from desktop.ui.desk import Desk
from desktop.ui.empty import Empty
from desktop.ui.held_rows import HeldTable
from desktop.ui.paged_model import Column, Key
from desktop.ui.table import RowAction
from desktop.words import tr

_STATE, _STANDING = "integrity.state", "integrity.standing"


class AnswersTable(HeldTable):
    """Rows are answers by their key. An answer is taken back where its finding is answered: what holds there is opened again."""

    def __init__(self, desk: Desk, *, take_back: Callable[[], object], again: Callable[[], object], why: Callable[[], object]) -> None:
        self._given: dict[str, Given] = {}
        columns = [
            Column("answered_on", tr("答复日期"), "date", 104),
            Column("answered_by", tr("答复人"), width=104, blank=""),
            Column("check", tr("核对"), "state", 168, said_under="integrity.short"),
            Column("number", tr("记录编号"), "code", 112),
            Column("state", tr("答复"), "state", 96, said_under=_STATE),
            Column("standing", tr("以哪条为准"), "state", 136, said_under=_STANDING),
            Column("text", tr("情况说明"), width=240),
            Column("evidence", tr("证明材料"), width=144, blank=""),
            Column("correction", tr("更正的记录"), "code", 112, blank=""),
            Column("instrument", tr("仪器名称"), width=144),
        ]
        super().__init__(
            columns, name="integrity_given", title=tr("全部答复"), preferences=desk.preferences,
            empty=Empty(tr("还没有答复"), tr("逐条或一并答复了自查发现之后，每一条答复都列在这里。"), "edit"),
            chips=[
                *(Chip("standing", one, words.say(f"{_STANDING}.{one}")) for one in ANSWER_STANDINGS),
                *(Chip("state", one, words.say(f"{_STATE}.{one}")) for one in ANSWER_STATES if one != "open"),
            ],
            filters={
                "standing": lambda row, value: row[6] == value, "state": lambda row, value: row[5] == value, "check": lambda row, value: row[3] == value,
            },
            actions=[
                RowAction(tr("再答复…"), lambda keys: again(), "edit", "one"),
                RowAction(tr("撤回答复…"), lambda keys: take_back(), "undo", "one", allowed=lambda keys: self._answered(keys)),
                RowAction(tr("为什么？"), lambda keys: why(), "why", "one", "Ctrl+E"),
            ],
            narrowed_words=lambda name, value: words.say(f"integrity.short.{value}" if name == "check" else f"integrity.{name}.{value}"),
        )  # fmt: skip

    def show_given(self, given: Iterable[Given]) -> None:
        """Draw these answers, in this order."""
        self._given = {one.answer.id: one for one in given}
        self.hold(
            (
                key, one.answer.answered_on, one.answer.answered_by, one.point.check, one.point.number, one.answer.state, one.standing,
                one.answer.text, one.answer.evidence, one.answer.correction, one.point.instrument,
            )
            for key, one in self._given.items()
        )  # fmt: skip

    def points(self) -> list[str]:
        """The findings that the chosen answers were given to, as ``check:record``, each once."""
        chosen = [self._given[str(key)].point for key in self.keys() if str(key) in self._given]
        return list(dict.fromkeys(f"{one.check}:{one.number}" for one in chosen))

    def _answered(self, keys: Iterable[Key]) -> bool:
        return all(str(key) in self._given and self._given[str(key)].point.held is not None for key in keys)
