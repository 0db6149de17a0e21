"""5 000 simulated histories: 0 lost, 0 doubled, 0 diverged, 0 stuck, 0 leaked, 0 silent. ``make simulate`` plays more."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulation import history, line, mischance, people
from tests.simulation.__main__ import main, play_all
from tests.simulation.faults import INJECTED, beside, injected, never

N_HISTORIES = 5000
N_PART = 500
N_FEW = 150


@pytest.mark.parametrize("first", range(0, N_HISTORIES, N_PART))
def test_every_promise_is_kept(first: int) -> None:
    n, counts, broken = play_all(first, N_PART)
    assert n == N_PART
    assert not never(counts)
    assert not broken, "\n\n".join(told for _, told in broken[:2])


@pytest.mark.parametrize(
    ("place", "lost"),
    [
        ((history, "FAULTS", [name for name in line.FAULTS if name != "429"]), ["429"]),
        ((history.History, "_dies", lambda *_: False), ["killed before a commit", "killed after a commit"]),
        ((mischance.Mischance, "_clock", lambda *_: None), ["clock jump"]),
        ((people.People, "classify", lambda *_: None), ["reclassified"]),
    ],
    ids=["a kind of fault", "a death", "the clock", "a class"],
)
def test_a_fault_that_nothing_injects_any_more_is_missed(
    place: tuple[object, str, object], lost: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*place)
    _, counts, _ = play_all(0, N_FEW)
    assert never(counts) == lost


def test_what_comes_about_by_itself_is_no_fault() -> None:
    counts = Counter({"delayed": 3, "late arrival": 3, "conflict": 9, "preview": 2, "thawed": 1, "frozen": 1})
    assert sum(injected(counts).values()) == 4
    assert beside(counts) == {"conflict": 9, "late arrival": 3, "preview": 2, "thawed": 1}


def test_the_figure_printed_is_the_sum_of_the_faults_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["60", "--processes", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    kinds = lines[lines.index(next(one for one in lines if one.startswith("faults injected: "))) + 1 :][: len(INJECTED)]
    assert [one.rsplit(maxsplit=1)[0].strip() for one in kinds] == list(INJECTED)
    assert f"faults injected: {sum(int(one.split()[-1]) for one in kinds)}" in lines
    assert lines[-1] == "violations: 0"
