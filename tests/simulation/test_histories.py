"""5 000 simulated histories: 0 lost, 0 doubled, 0 diverged, 0 stuck, 0 leaked, 0 silent. ``make simulate`` plays more."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulation import history, line, mischance, mutants, people
from tests.simulation.__main__ import main, play_all
from tests.simulation.breaking import broken, violation
from tests.simulation.faults import INJECTED, beside, injected, never

N_HISTORIES = 5000
N_PART = 500
N_FEW = 150
BUG = "no compare-and-set"


@pytest.mark.parametrize("first", range(0, N_HISTORIES, N_PART))
def test_every_promise_is_kept(first: int) -> None:
    n, counts, violations = play_all(first, N_PART)
    assert n == N_PART
    assert not never(counts)
    assert counts["late arrival"], "what is delayed never arrives after what was sent later"
    assert not violations, "\n\n".join(told for _, told in violations[:2])


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


def test_a_delay_that_delays_nothing_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mischance.Mischance, "arrive", lambda *_: None)
    _, counts, _ = play_all(0, N_FEW)
    assert counts["delayed"]
    assert not counts["late arrival"]


def test_what_comes_about_by_itself_is_no_fault() -> None:
    counts = Counter({"delayed": 3, "late arrival": 3, "conflict": 9, "preview": 2, "thawed": 1, "frozen": 1})
    assert sum(injected(counts).values()) == 4
    assert beside(counts) == {"conflict": 9, "late arrival": 3, "preview": 2, "thawed": 1}


def test_the_seeds_of_violations_are_printed_last(capsys: pytest.CaptureFixture[str]) -> None:
    """With a bug in it: what is printed is what a person looks the histories up by."""
    assert BUG in mutants.MUTANTS
    with broken(BUG):
        found = [seed for seed in range(N_FEW) if violation(seed)]
        assert main([str(N_FEW), "--processes", "1"]) == 1
    assert found
    told = capsys.readouterr().out.splitlines()[-1]
    count, _, seeds = told.removeprefix("violations: ").partition(" (seeds ")
    assert set(found) <= {int(seed) for seed in seeds.rstrip(")").split(", ")}
    assert int(count) == len(seeds.split(", "))


def test_the_figure_printed_is_the_sum_of_the_faults_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["60", "--processes", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    kinds = lines[lines.index(next(one for one in lines if one.startswith("faults injected: "))) + 1 :][: len(INJECTED)]
    assert [one.rsplit(maxsplit=1)[0].strip() for one in kinds] == list(INJECTED)
    assert f"faults injected: {sum(int(one.split()[-1]) for one in kinds)}" in lines
    assert lines[-1] == "violations: 0"
