"""Credit codes: given examples, and that one wrong or two swapped characters never pass."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desktop import words
from desktop.rules import uscc
from tests.case_files import cases

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "uscc.toml").read_text("utf-8"))
FIRST_17 = st.text(uscc.ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("code", CASES["valid"])
def test_valid_codes(code: str) -> None:
    assert uscc.is_valid(code)
    assert uscc.faults(code) == ()
    assert len(uscc.normalise(code)) == 18


@pytest.mark.parametrize("case", cases("uscc", "invalid"), ids=lambda case: case["name"])
def test_invalid_codes_say_what_is_wrong(case: dict[str, object]) -> None:
    told = uscc.faults(case["code"])
    assert not uscc.is_valid(case["code"])
    assert [one.code for one in told] == case["codes"]
    assert case["words"] in "".join(words.say(one.code, **dict(one.params)) for one in told)


def test_the_alphabet_has_31_characters_without_the_confusing_ones() -> None:
    assert len(set(uscc.ALPHABET)) == 31
    assert not set("IOSVZ") & set(uscc.ALPHABET)


@settings(max_examples=100)
@given(FIRST_17)
def test_a_made_code_is_valid(first: str) -> None:
    assert uscc.is_valid(first + uscc.check_character(first))


@settings(max_examples=100)
@given(FIRST_17, st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_never_passes(first: str, place: int, wrong: str) -> None:
    code = first + uscc.check_character(first)
    assume(code[place] != wrong)
    assert not uscc.is_valid(code[:place] + wrong + code[place + 1 :])


@settings(max_examples=100)
@given(FIRST_17, st.integers(0, 15))
def test_two_swapped_neighbours_never_pass(first: str, place: int) -> None:
    assume(first[place] != first[place + 1])
    swapped = first[:place] + first[place + 1] + first[place] + first[place + 2 :]
    assert not uscc.is_valid(swapped + uscc.check_character(first))


@settings(max_examples=100)
@given(st.text(max_size=24))
def test_any_text_is_judged_not_crashed_on(text: str) -> None:
    assert uscc.is_valid(text) == (not uscc.faults(text))
    assert uscc.normalise(uscc.normalise(text)) == uscc.normalise(text)


@pytest.mark.parametrize("first", ["", "1" * 16, "1" * 18, "O" * 17])
def test_a_check_character_needs_17_characters(first: str) -> None:
    with pytest.raises(ValueError, match="not 17 characters"):
        uscc.check_character(first)
