"""What answers mean and where messages stand: cases a clerk can read, and what must hold of every course."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.ledger.national_message import STATES, STEPS
from desktop.rules import national_sending as rules
from tests.case_files import cases

VERBS = ("send", "again", "settle", "drop")


@pytest.mark.parametrize("case", cases("national_sending", "answered"), ids=lambda case: case["name"])
def test_answers(case: dict[str, Any]) -> None:
    said = {name: case.get(name, False) for name in ("accepted", "fault", "published")}
    assert rules.answered(case["status"], case["media"], **said) == case["step"]


@pytest.mark.parametrize("case", cases("national_sending", "steps"), ids=lambda case: case["name"])
def test_courses(case: dict[str, Any]) -> None:
    stands = rules.state(case["steps"])
    assert stands == case["state"]
    assert [verb for verb in VERBS if rules.may(stands, verb)] == case["may"]


@given(st.integers(100, 599), st.sampled_from(["text/xml", "text/html", ""]), st.booleans(), st.booleans(), st.booleans())
def test_only_the_platforms_own_words_accept(status: int, media: str, accepted: bool, fault: bool, published: bool) -> None:
    step = rules.answered(status, media, accepted=accepted, fault=fault, published=published)
    assert (step == "accepted") == (status == 200 and media == "text/xml" and accepted and not fault)


@given(st.lists(st.sampled_from(STEPS)))
def test_what_left_is_never_forgotten(steps: list[Any]) -> None:
    """After something has left, a message is written again only if every try ended with nothing having left."""
    if rules.state(steps) == "written":
        assert all(later == "not_sent" for step, later in pairwise([*steps, ""]) if step == "sent")
    assert rules.state([*steps, "sent"]) == "sent"


def test_every_state_has_words() -> None:
    for state in STATES:
        assert words.known(f"national_message.{state}")
    for step in STEPS:
        assert words.known(f"national_message.step.{step}")
        assert words.known(f"national_message.said_{step}")


def test_a_rule_that_takes_a_page_for_the_platform_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "is_xml", lambda _media: True)
    with pytest.raises(AssertionError):
        test_answers(next(case for case in cases("national_sending", "answered") if case["name"].startswith("a page")))
