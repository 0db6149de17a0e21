"""首次使用: three steps to a ledger that opens with the passphrase and the printed key, or the practice ledger in one click."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import institution, people, workspace
from desktop.actions.workspace import Workspace, open_ledger, today
from desktop.ui.desk import Desk
from desktop.ui.jobs import Inline, Jobs
from desktop.ui.pages.first_start import BEGIN, INSTITUTION, PASSPHRASE, RECOVERY, WELCOME, FirstStartPage
from tests.actions.making import USCC

SECRET = "海岱惟青州-2026"
FACTS = {"name": "岱宗大学", "uscc": USCC, "kind": "university", "city": "370100"}


@pytest.fixture
def opened() -> Iterator[list[Workspace]]:
    made: list[Workspace] = []
    yield made
    for one in made:
        one.close()


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, opened: list[Workspace]) -> FirstStartPage:
    made = FirstStartPage(Desk(Jobs(Inline()), {}, today), tmp_path / "home", opened.append)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


def to_passphrase(page: FirstStartPage) -> None:
    page.start_button.click()
    page.institution.set_draft(FACTS)
    page.institution.field("county").set_value("370102")
    page.to_passphrase.click()


def protect(page: FirstStartPage, first: str = SECRET, second: str = SECRET) -> None:
    page.passphrase.set_draft({"first": first, "second": second})
    page.make_button.click()


def test_a_wrong_code_is_named_together_with_what_is_missing(page: FirstStartPage) -> None:
    page.start_button.click()
    page.institution.field("uscc").set_value(USCC[:-1] + ("2" if USCC[-1] != "2" else "3"))
    page.to_passphrase.click()
    assert page.stack.currentIndex() == INSTITUTION
    told = {one.field: one.code for one in page.institution._shown}
    assert told == {"name": "field.required", "uscc": "uscc.check", "kind": "field.required", "city": "field.required"}


def test_three_steps_make_a_ledger_that_both_secrets_open(page: FirstStartPage, opened: list[Workspace], tmp_path: Path) -> None:
    to_passphrase(page)
    assert page.stack.currentIndex() == PASSPHRASE
    protect(page)
    assert page.stack.currentIndex() == RECOVERY
    assert not page.kept_button.isEnabled()
    page.recovery.save(tmp_path / "key.pdf")
    page.kept_button.click()
    assert page.stack.currentIndex() == BEGIN
    assert opened == []
    page.enter_button.click()
    kept = institution.get(opened[0])
    assert (kept.name, kept.region) == ("岱宗大学", "370102")
    opened.pop().close()
    for secret in (SECRET, page.recovery.key):
        open_ledger(tmp_path / "home", passphrase=secret).close()


def test_a_wrong_code_stops_the_first_step_beside_its_field(page: FirstStartPage, tmp_path: Path) -> None:
    page.start_button.click()
    page.institution.set_draft({**FACTS, "uscc": USCC[:-1] + "X"})
    page.to_passphrase.click()
    assert page.stack.currentIndex() == INSTITUTION
    page.institution.set_draft({**FACTS, "kind": None})
    page.to_passphrase.click()
    assert page.stack.currentIndex() == INSTITUTION
    assert not workspace.exists(tmp_path / "home")


@pytest.mark.parametrize(("first", "second"), [("短", "短"), (SECRET, SECRET + "x")])
def test_a_passphrase_that_is_short_or_mistyped_makes_nothing(
    page: FirstStartPage, tmp_path: Path, first: str, second: str
) -> None:
    to_passphrase(page)
    protect(page, first, second)
    assert page.stack.currentIndex() == PASSPHRASE
    assert not workspace.exists(tmp_path / "home")


def test_the_practice_ledger_is_one_click_away_and_stands_beside_the_own_one(
    page: FirstStartPage, opened: list[Workspace], tmp_path: Path
) -> None:
    page.try_button.click()
    assert opened[0].practice
    assert people.everyone(opened[0])
    with opened[0].read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM service_record").scalar_one() > 100
    assert not workspace.exists(tmp_path / "home")
    opened.pop().close()
    page.try_button.click()  # the same one is opened again
    assert opened[0].practice


def test_a_stopped_practice_ledger_leaves_nothing_behind(page: FirstStartPage, opened: list[Workspace], tmp_path: Path) -> None:
    from desktop.actions import rehearsal
    from desktop.actions.progress import Watched
    from desktop.ledger.problem import Cancelled

    watched = Watched()
    watched.stop()
    with pytest.raises(Cancelled):
        rehearsal.open_practice(tmp_path / "home", watched)
    assert not workspace.exists(rehearsal.practice_of(tmp_path / "home"))
    page.try_button.click()
    assert opened[0].practice


def test_nothing_is_lost_by_going_back(page: FirstStartPage) -> None:
    to_passphrase(page)
    page.show_step(INSTITUTION)
    assert page.institution.field("name").value() == "岱宗大学"
    page.show_step(WELCOME)
    assert page.start_button.isVisible()
