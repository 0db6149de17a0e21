"""The network's word against the ledger: each boundary by case."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.ledger.publication import STATES, NetworkEvaluation, Publication
from desktop.rules import publications
from desktop.rules.publications import STANDINGS, PublicationFacts

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "publications.toml").read_text("utf-8"))["case"]


def facts(case: dict[str, Any]) -> PublicationFacts:
    graded = (NetworkEvaluation(2024, "合格"), NetworkEvaluation(2025, "优秀", Decimal("92.5"), date(2026, 3, 20)))
    told = Publication("k", case.get("number", "N-1"), case.get("state", "listed"), date(2026, 1, 12), case.get("reason", ""), graded)
    retired = case.get("retired", False)
    duty = None if retired else case.get("duty", "overdue")
    return PublicationFacts("A1", duty, case.get("here", ""), told if case.get("there", True) else None, retired)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    assert publications.assess(facts(case)) == case["standing"]
    found = publications.findings(facts(case))
    assert [(one.code, one.severity) for one in found] == (
        [(f"publication.{case['standing']}", case["severity"])] if "severity" in case else []
    )


def test_every_standing_is_tried_and_has_words() -> None:
    assert {case["standing"] for case in CASES} == set(STANDINGS)
    assert all(words.known(f"publication.standing.{one}") for one in STANDINGS)
    assert all(words.known(f"publication_state.{one}") for one in (*STATES, "none"))
    for case in CASES:
        for one in publications.findings(facts(case)):
            for language in ("zh", "en"):
                said = words.say_in(language, one.code, **dict(one.params))
                assert "A1" in said
                assert "{" not in said
                assert "[" not in said


def test_a_reason_is_said_as_the_network_gave_it_and_its_lack_in_words() -> None:
    case = {"here": "N-1", "state": "taken_down"}
    (given,) = publications.findings(facts(case | {"reason": "数据长期未更新"}))
    (none,) = publications.findings(facts(case))
    assert "数据长期未更新" in words.say_in("zh", given.code, **dict(given.params))
    assert "没有写" in words.say_in("zh", none.code, **dict(none.params))


def test_the_tree_shows_what_it_was_found_from_and_unknown_as_unknown() -> None:
    tree = publications.explain(facts({"here": "N-2"}))
    assert (tree.code, tree.value) == ("publication.compared", "number_differs")
    told = {part.code: part.value for part in tree.inputs}
    assert (told["publication.number_here"], told["publication.number_there"]) == ("N-2", "N-1")
    graded = [(dict(part.params)["year"], part.value, part.inputs[0].value) for part in tree.inputs if part.code == "publication.evaluation"]
    assert graded == [("2024", "合格", None), ("2025", "优秀", Decimal("92.5"))]
    alone = publications.explain(facts({"there": False}))
    assert {part.code: part.value for part in alone.inputs}["publication.number_here"] is None
    assert all(words.known(part.code) for part in (*tree.walk(), *alone.walk()))


def test_a_rule_that_compares_numbers_sign_by_sign_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publications, "same_number", lambda one, other: one == other)
    with pytest.raises(AssertionError):
        test_cases(next(case for case in CASES if case["name"].startswith("the same number in wide")))
