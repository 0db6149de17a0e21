"""Where a purchase stands with the national platform: which paper holds, what is unknown, what may be kept at all."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.ledger.purchase import NationalResult
from desktop.rules import purchase_national as rules
from desktop.rules.figure import Figure
from desktop.rules.parameters import packaged
from tests.rules.test_purchase_review import DAY, proposal

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "purchase_needs.toml").read_text("utf-8"))["case"]


def result(day: date, outcome: str = "agree", number: str = "1", **more: Any) -> NationalResult:
    return NationalResult(number, "p", f"查{number}号", outcome, day, day, **more)  # type: ignore[arg-type]  # the cases name outcomes


def stands(case: dict[str, Any]) -> Figure:
    central = None if case["central"] == "?" else case["central"]
    asked = proposal(
        price_fen=case.get("price", 200000000), provincial_fen=None, central_fen=central, proposed_on=DAY, state=case.get("state", "draft")
    )
    papers = [(date.fromisoformat(line.split()[0]), line.split()[1]) for line in case["results"]]
    return rules.needs(asked, [result(day, said, str(n)) for n, (day, said) in enumerate(papers)], packaged())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_where_it_stands(case: dict[str, Any]) -> None:
    found = stands(case)
    assert found.value == case["stands"]
    assert [one.code for one in found.inputs] == ["purchase.national_required"] + ["purchase.national_result"] * len(case["results"])


def test_the_cases_show_each_stand() -> None:
    assert {case["stands"] for case in CASES} == set(rules.NEEDS)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("state", rules.NEEDS)
def test_each_stand_has_words_and_those_to_act_on_are_told(state: str, language: words.Language) -> None:
    assert words.known(f"purchase.state.{state}")
    assert words.known(f"purchase.short.{state}")
    told = rules.findings(Figure("purchase.needs", state, "state"), proposal())
    assert len(told) == (state in ("to_ask", "refused", "returned", "conflict"))
    for one in told:
        said = words.say_in(language, one.code, **dict(one.params))
        assert not said.startswith("[")
        assert "SG-1" in said


@pytest.mark.parametrize("state", ["refused", "returned"])
def test_a_reviewed_purchase_is_told_what_can_still_be_done(state: str) -> None:
    """It can neither be withdrawn nor changed any more."""
    (one,) = rules.findings(Figure("purchase.needs", state, "state"), proposal(state="reviewed"))
    said = words.say_in("zh", one.code, **dict(one.params)), words.say_in("en", one.code, **dict(one.params))
    assert ("撤回" in said[0], "withdraw" in said[1]) == (False, False)
    assert ("登记" in said[0], "another" in said[1]) == (True, True)


def test_what_the_paper_names_stands_in_the_tree() -> None:
    found = rules.needs(proposal(central_fen=0), [result(DAY, "refuse", text="机时没有用满", similar="某校 电镜")], packaged())
    (one,) = [part for part in found.walk() if part.code == "purchase.national_result"]
    assert (one.value, one.note, dict(one.params)) == ("refuse", "机时没有用满", {"day": "2025-03-01", "document": "查1号"})
    assert [part.value for part in one.inputs] == ["某校 电镜"]


@pytest.mark.parametrize(
    ("day", "state", "code"),
    [
        (date(2025, 2, 28), "draft", "purchase.national_before"), (date(2025, 3, 1), "draft", ""), (date(2025, 6, 1), "draft", ""),
        (date(2025, 6, 2), "draft", "purchase.national_to_come"), (date(2025, 6, 1), "reviewed", ""),
        (date(2025, 6, 1), "withdrawn", "purchase.national_withdrawn"),
    ],
)  # fmt: skip
def test_what_may_be_kept(day: date, state: str, code: str) -> None:
    assert rules.fault(result(day), proposal(state=state), date(2025, 6, 1)) == code


def test_taking_the_first_paper_for_the_newest_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken on purpose: the first paper of the list holds."""

    def first(results: Sequence[NationalResult]) -> tuple[NationalResult, ...]:
        return tuple(results[:1])

    monkeypatch.setattr(rules, "newest", first)
    wrong = [case["name"] for case in CASES if stands(case).value != case["stands"]]
    assert len(wrong) >= 3, wrong
