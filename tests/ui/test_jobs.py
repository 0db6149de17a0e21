"""Work off the window's thread: order, answers, what is dropped, how it ends."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.actions.progress import Progress
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Cancelled, Problem, Refused
from desktop.ui.jobs import Inline, Job, Jobs, changes_in

CHANGES = Changes(3, frozenset({"instrument"}))


def heard(signal: Any) -> list[Any]:
    got: list[Any] = []
    signal.connect(lambda *values: got.append(values[0] if values else None))
    return got


def raiser(error: BaseException) -> Any:
    def work(progress: Progress) -> None:
        raise error

    return work


def test_work_leaves_the_window_thread_and_its_answer_comes_back(qtbot: QtBot, lanes: Jobs) -> None:
    seen: list[int] = []

    def work(progress: Progress) -> int:
        seen.append(threading.get_ident())
        return 7

    with qtbot.waitSignal(lanes.idle):
        lanes.read(work, lambda answer: seen.extend((answer, threading.get_ident())))
    here = threading.get_ident()
    assert seen[0] != here
    assert seen[1:] == [7, here]


def test_writes_are_done_one_after_the_other_in_the_order_asked_for(qtbot: QtBot, lanes: Jobs) -> None:
    done: list[int] = []
    gate = threading.Event()

    def first(progress: Progress) -> None:
        gate.wait(5)
        done.append(0)

    with qtbot.waitSignal(lanes.idle):
        lanes.write("一", first)
        for n in range(1, 5):
            lanes.write("二", lambda progress, n=n: done.append(n))
        assert lanes.writing()
        gate.set()
    assert done == [0, 1, 2, 3, 4]


def test_three_readers_go_on_while_the_writer_is_busy(qtbot: QtBot, lanes: Jobs) -> None:
    together = threading.Barrier(4, timeout=5)
    answers: list[str] = []
    with qtbot.waitSignal(lanes.idle):
        lanes.write("写", lambda progress: together.wait())
        for _ in range(3):
            lanes.read(lambda progress: together.wait(), lambda place: answers.append("read"))
    assert answers == ["read"] * 3


def test_a_thousand_answers_all_arrive(qtbot: QtBot, lanes: Jobs) -> None:
    total: list[int] = []
    with qtbot.waitSignal(lanes.idle):
        for n in range(1000):
            lanes.read(lambda progress, n=n: n, total.append)
    assert sorted(total) == list(range(1000))


def test_the_answer_for_an_owner_that_is_gone_is_dropped_but_the_write_counts(qtbot: QtBot, lanes: Jobs) -> None:
    owner = QObject()
    gate = threading.Event()
    answers: list[object] = []
    announced = heard(lanes.wrote)

    def write(progress: Progress) -> Changes:
        gate.wait(5)
        return CHANGES

    with qtbot.waitSignal(lanes.idle):
        lanes.write("写", write, answers.append, owner=owner)
        lanes.read(lambda progress: gate.wait(5), answers.append, owner=owner)
        lanes.drop(owner)
        gate.set()
    assert answers == []
    assert announced == [CHANGES]


def test_a_deleted_owner_gets_no_answer(qtbot: QtBot, lanes: Jobs) -> None:
    parent = QObject()
    owner = QObject(parent)
    gate = threading.Event()
    answers: list[object] = []
    with qtbot.waitSignal(lanes.idle):
        lanes.read(lambda progress: gate.wait(5), answers.append, owner=owner)
        parent.deleteLater()
        qtbot.waitUntil(lambda: not __import__("shiboken6").isValid(owner))
        gate.set()
    assert answers == []


def test_the_newest_question_wins(qtbot: QtBot, lanes: Jobs) -> None:
    owner = QObject()
    gate = threading.Event()
    answers: list[str] = []

    def slow(progress: Progress) -> str:
        gate.wait(5)
        progress.check()
        return "old"

    with qtbot.waitSignal(lanes.idle):
        old = lanes.read(slow, answers.append, owner=owner, key="rows")
        lanes.read(lambda progress: "other", answers.append, owner=owner, key="counts")
        lanes.read(lambda progress: "new", answers.append, owner=owner, key="rows")
        gate.set()
    assert sorted(answers) == ["new", "other"]
    assert isinstance(old.error, Cancelled)


@pytest.mark.parametrize("lane", ["read", "write"])
def test_a_problem_goes_to_who_asked_or_to_the_window(qapp: QObject, lane: str) -> None:
    jobs = Jobs(Inline())
    told = heard(jobs.troubled)
    took: list[Problem] = []
    problem = Refused("payout.same_person")
    ask: Any = jobs.read if lane == "read" else lambda work, **more: jobs.write("写", work, **more)
    ask(raiser(problem), failed=took.append)
    assert (took, told) == ([problem], [])
    ask(raiser(problem))
    assert told == [problem]


def test_a_failed_write_is_told_even_when_its_page_is_gone(qtbot: QtBot, lanes: Jobs) -> None:
    owner = QObject()
    told = heard(lanes.troubled)
    gate = threading.Event()

    def work(progress: Progress) -> None:
        gate.wait(5)
        raise Problem("store.full")

    with qtbot.waitSignal(lanes.idle):
        lanes.write("写", work, owner=owner)
        lanes.drop(owner)
        gate.set()
    assert [problem.code for problem in told] == ["store.full"]


def test_stopping_is_told_quietly_and_a_bug_loudly(qapp: QObject) -> None:
    jobs = Jobs(Inline())
    stopped, crashed, troubled = heard(jobs.stopped), heard(jobs.crashed), heard(jobs.troubled)
    jobs.write("导入", raiser(Cancelled()))
    error = KeyError("x")
    jobs.read(raiser(error))
    assert (stopped, crashed, troubled) == (["导入"], [error], [])


def test_a_job_that_is_stopped_before_it_begins_does_nothing(qtbot: QtBot, lanes: Jobs) -> None:
    gate = threading.Event()
    done: list[int] = []
    with qtbot.waitSignal(lanes.idle):
        lanes.write("一", lambda progress: gate.wait(5))
        lanes.write("二", lambda progress: done.append(1)).stop()
        gate.set()
    assert done == []


def test_progress_is_read_where_the_job_stands(qtbot: QtBot, lanes: Jobs) -> None:
    gate = threading.Event()

    def work(progress: Progress) -> None:
        progress.report(3, 10, "work.cancelled")
        progress.report(4, 10)
        gate.wait(5)

    job = lanes.write("导入", work)
    with qtbot.waitSignal(lanes.progressed):
        pass
    assert (job.progress.done, job.progress.total, job.progress.note_code) == (4, 10, "work.cancelled")
    with qtbot.waitSignal(lanes.idle):
        gate.set()


def test_a_read_is_not_a_write(qapp: QObject) -> None:
    jobs = Jobs(Inline())
    announced = heard(jobs.wrote)
    jobs.read(lambda progress: CHANGES)
    assert announced == []
    jobs.write("写", lambda progress: CHANGES)
    assert announced == [CHANGES]


class Carrying:
    changes = CHANGES


@pytest.mark.parametrize(
    ("result", "found"),
    [(CHANGES, CHANGES), (Carrying(), CHANGES), (("x", CHANGES), CHANGES), (None, None), (3, None), ((), None)],
)
def test_what_a_write_changed_is_found_in_its_result(result: object, found: Changes | None) -> None:
    assert changes_in(result) == found


def test_closing_stops_what_runs_and_takes_no_more(qapp: QObject) -> None:
    jobs = Jobs()
    started, answers = threading.Event(), []

    def work(progress: Progress) -> None:
        started.set()
        while True:
            progress.check()

    jobs.write("写", work, answers.append)
    assert started.wait(5)
    jobs.close()
    assert answers == []
    assert jobs.running() == ()
    with pytest.raises(RuntimeError, match="closing"):
        jobs.read(lambda progress: None)


def test_an_answer_that_breaks_does_not_keep_the_next_one_back(qapp: QObject) -> None:
    jobs = Jobs(Inline())
    idle = heard(jobs.idle)
    with pytest.raises(ZeroDivisionError):
        jobs.read(lambda progress: 0, lambda n: 1 // n)
    answers: list[Job | int] = []
    jobs.read(lambda progress: 5, answers.append)
    assert answers == [5]
    assert len(idle) == 2
