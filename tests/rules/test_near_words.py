"""Words with a slip: found within what is allowed and not beyond, and the sieve before it loses none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.rules import near_words


@pytest.mark.parametrize(
    ("word", "text", "n"),
    [
        ("扫描电镜", "场发射扫描电镜", 0), ("扫面电镜", "场发射扫描电镜", 1), ("扫描电子镜", "场发射扫描电镜", 1), ("描电镜", "场发射扫描电镜", 0),
        ("jsm7610", "jsm-7610f", 1), ("jsm-7601", "jsm-7610f", 1), ("质谱", "示波器", 2), ("电镜", "", 2),
        ("t213", "t123", 1), ("fei-t21", "fei-t12", 1), ("ab", "ba", 1), ("电镜扫描", "镜电扫描", 1), ("t213", "t1x3", 2),
    ],
)  # fmt: skip
def test_slips_are_counted_against_the_best_stretch(word: str, text: str, n: int) -> None:
    assert near_words.slips(word, text) == n


@pytest.mark.parametrize(("word", "n"), [("电镜", 0), ("扫描镜", 1), ("abc", 0), ("abcd", 1), ("abcde", 1), ("abcdef", 2), ("场发射扫描电镜", 2)])
def test_short_words_are_taken_as_they_stand(word: str, n: int) -> None:
    assert near_words.allowed(word) == n


def _written_otherwise(draw: st.DrawFn) -> tuple[str, str]:
    sign = st.sampled_from("扫描电镜质谱仪射线ab-17")
    word = draw(st.text(sign, min_size=3, max_size=9))
    text = list(word)
    for _ in range(draw(st.integers(0, near_words.allowed(word)))):
        at = draw(st.integers(0, len(text)))
        match draw(st.sampled_from(("more", "less", "other"))):
            case "more":
                text.insert(at, draw(sign))
            case "less" if at < len(text):
                del text[at]
            case "other" if at < len(text):
                text[at] = draw(sign)
    return word, draw(st.text(sign, max_size=5)) + "".join(text) + draw(st.text(sign, max_size=5))


otherwise = st.composite(_written_otherwise)()


@given(otherwise)
def test_what_is_within_its_slips_passes_the_sieve(pair: tuple[str, str]) -> None:
    word, text = pair
    assert near_words.slips(word, text) <= near_words.allowed(word)
    parts, least = near_words.pieces(word)
    assert sum(any(writing in text for writing in part) for part in parts) >= least or least == 1


@given(st.text(st.sampled_from("abx-1278"), min_size=4, max_size=9), st.data())
def test_two_digits_that_changed_places_are_one_slip_and_pass_the_sieve(word: str, data: st.DataObject) -> None:
    places = [at for at in range(len(word) - 1) if word[at : at + 2].isdigit() and word[at] != word[at + 1]]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    text = f"xy{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}z"
    assert near_words.slips(word, text) <= 1
    parts, least = near_words.pieces(word)
    assert sum(any(writing in text for writing in part) for part in parts) >= least


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("透射电镜fei-t12", ("透射电镜", "fei-t12")), ("fei-t12透射电镜", ("fei-t12", "透射电镜")), ("透射电镜(fei-t12)", ("透射电镜", "fei-t12")),
        ("x射线衍射仪", ("x射线衍射仪",)), ("透射电镜", ("透射电镜",)), ("fei-t12", ("fei-t12",)), ("3d打印机", ("3d打印机",)), ("镜abc", ("镜abc",)),
        ("", ("",)),
    ],
)  # fmt: skip
def test_a_name_and_a_model_in_one_word_are_taken_apart(word: str, parts: tuple[str, ...]) -> None:
    assert near_words.parted(word) == parts
