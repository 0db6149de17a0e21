"""The day at the window would notice: each case breaks the program in one place, and the chapter that looks there must fail."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import resource
from desktop.actions import (
    backups,
    history,
    importing,
    institution,
    payouts,
    posting,
    record_entry,
    record_views,
    reporting,
    sync_resolving,
    syncing,
    upkeep,
)
from desktop.actions.importing import Outcome
from desktop.actions.workspace import open_ledger
from desktop.ledger.changes import Changes
from desktop.ledger.finding import finding
from desktop.ui.application import Application, opener_of
from desktop.ui.dialogs.import_wizard import ImportWizard
from tests.e2e import beginning, disagreeing, paying, restoring, sending, working
from tests.e2e.hands import Hands

TODAY = date(2026, 3, 2)
PATIENCE_MS = 15_000  # a page may be slow on a busy machine; only the three cases that wait in vain take this long
Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Case:
    """``home``: the ledger it begins with; ``breaking`` breaks the program; ``chapter`` is what a person does then; ``says`` is
    part of what the failure tells, so that it fails for this and nothing else."""

    home: str
    breaking: Callable[[Patch], None]
    chapter: Callable[[Hands, Path], object]
    says: str


def _wrapped(place: Any, name: str, change: Callable[[Any], Any]) -> Callable[[Patch], None]:
    """Break a function by changing what it answers."""

    def breaking(patch: Patch) -> None:
        real = getattr(place, name)
        patch.setattr(place, name, lambda *args, **more: change(real(*args, **more)))

    return breaking


def _instead(place: Any, name: str, other: Callable[..., Any]) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(place, name, other)


# Chapters that need something before them


def _import_instruments(hands: Hands, tmp_path: Path) -> None:
    page = hands.page("instruments")
    hands.press_named(page.head, "导入…")
    hands.dialog(ImportWizard)
    beginning.import_the_files(hands, ("instruments",))


def _type_and_post(hands: Hands, tmp_path: Path) -> None:
    hands.year(2025)
    working.post_everything(hands, working.a_record_by_keyboard(hands))


def _pay(hands: Hands, tmp_path: Path) -> None:
    hands.year(2025)
    paying.people(hands)
    paying.scheme(hands)
    number = paying.run(hands, tmp_path)
    paying.papers(hands, tmp_path, number)


def _disagree(hands: Hands, tmp_path: Path) -> None:
    with sending.network(tmp_path / "network.db") as service:
        sending.sync(hands, service)
        with disagreeing.other_seat(tmp_path / "home", tmp_path / "other", service, None) as seat:
            disagreeing.conflict(hands, seat, service)


def _restore(hands: Hands, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    restoring.back_up(hands, tmp_path / "disk" / "copy.yxb")
    restoring.make_a_mistake(hands)
    restoring.restore(hands, tmp_path / "disk" / "copy.yxb", "")


def _not_put_in_place(workspace: Any, path: Path, **more: object) -> tuple[Any, Path]:
    kept = workspace.home / "replaced" / "now"
    kept.mkdir(parents=True)
    workspace.close()
    shutil.copy(workspace.home / "ledger.db", kept / "ledger.db")
    return open_ledger(workspace.home), kept


def _choose_the_other(real: Callable[..., Changes]) -> Callable[..., Changes]:
    other = {"mine": "theirs", "theirs": "mine"}
    return lambda workspace, kind, key, chosen, *more: real(
        workspace, kind, key, {name: other[side] for name, side in chosen.items()}, *more
    )


def _an_hour(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda connection, draft: real(connection, replace(draft, ended_at=draft.started_at + timedelta(hours=1)))


def _short_statement(real: tuple[Any, Any, list[Any]]) -> tuple[Any, Any, list[Any]]:
    run, technician, lines = real
    return run, technician, lines[:-1]


CASES = {
    "an import that says it wrote and did not": Case(
        "empty",
        _instead(
            importing,
            "commit",
            lambda workspace, plan, **more: Outcome(plan.accepted, plan.rejected, 0, (), 0, None, Changes(1, frozenset())),
        ),
        _import_instruments,
        "assert 0 == 60",
    ),
    "undo that takes nothing back": Case(
        "imported",
        _instead(history, "undo_last", lambda workspace: Changes(0, frozenset({"service_record"}))),
        lambda hands, tmp_path: beginning.undo_and_redo(hands),
        "waited in vain; MainWindow",
    ),
    "a price of another time than the one typed": Case(
        "imported",
        lambda patch: patch.setattr(record_entry, "weighed", _an_hour(record_entry.weighed)),
        _type_and_post,
        "¥100.00",
    ),
    "a sum agreed to that is not the sum posted": Case(
        "imported",
        _wrapped(record_views, "would_post", lambda told: replace(told, amount_fen=told.amount_fen + 1)),
        _type_and_post,
        "¥927,695.01",
    ),
    "a statement that leaves a line out": Case("posted", _wrapped(payouts, "statement", _short_statement), _pay, "不符"),
    "paper that is not in the history": Case(
        "posted", _wrapped(reporting, "printed", lambda told: told[:1]), _pay, "waited in vain; MainWindow"
    ),
    "confidential items that are not told of": Case(
        "imported", _wrapped(syncing, "preview", lambda told: replace(told, n_withheld=0)), _disagree, "不离开本机"
    ),
    "a conflict settled the other way": Case(
        "imported",
        lambda patch: patch.setattr(sync_resolving, "resolve", _choose_the_other(sync_resolving.resolve)),
        _disagree,
        disagreeing.THEIRS,
    ),
    "a backup that is not put in place": Case(
        "imported", _instead(backups, "put_in_place", _not_put_in_place), _restore, restoring.MISTAKEN
    ),
    "a verifier that finds something": Case(
        "imported",
        _wrapped(upkeep, "verify", lambda verdict: replace(verdict, findings=(finding("verify.gap", seq=1),))),
        lambda hands, tmp_path: sending.verify(hands),
        "assert False",
    ),
}


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Ledgers to begin with: an institution and nothing else, the practice files imported, the same with everything posted."""
    folder = tmp_path_factory.mktemp("caught")
    with institution.start(folder / "empty", beginning.NAME, beginning.USCC, "university", "370102", practice=True)[0]:
        pass
    shutil.copytree(folder / "empty", folder / "imported")
    with open_ledger(folder / "imported") as workspace:
        for kind, (name, *_) in beginning.FILES.items():
            importing.import_file(workspace, kind, resource.path("practice", name))
    shutil.copytree(folder / "imported", folder / "posted")
    with open_ledger(folder / "posted") as workspace:
        posting.post(workspace, None, date(2025, 12, 31))
    return {name: folder / name for name in ("empty", "imported", "posted")}


@pytest.fixture
def hands(
    qtbot: QtBot, qapp: QApplication, homes: dict[str, Path], case: Case, tmp_path: Path, monkeypatch: Patch
) -> Iterator[Hands]:
    monkeypatch.setenv("YIXIANG_TODAY", TODAY.isoformat())
    home = shutil.copytree(homes[case.home], tmp_path / "home", ignore=shutil.ignore_patterns("*.lock"))
    program = Application(qapp, home, lambda: TODAY)
    bugs: list[BaseException] = []
    program.jobs.crashed.connect(bugs.append)
    program.show()
    program.open_with(opener_of(home))
    made = Hands(qtbot, program, PATIENCE_MS)
    made.until(lambda: program.desk.is_open)
    made.rest()
    yield made
    made.window.leave()
    made.window.close()
    made.window.deleteLater()
    program.close()
    program.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # the next window is not dressed with this one
    assert not bugs  # what is broken is found by looking, not by falling over


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_day_notices(case: Case, hands: Hands, tmp_path: Path, monkeypatch: Patch) -> None:
    case.breaking(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)) as caught:
        case.chapter(hands, tmp_path)
    assert case.says in str(caught.value)
