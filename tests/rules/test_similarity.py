"""How alike two sets are: every case a clerk can read, each grade with its reason, bounds that always hold."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.rules import short_forms
from desktop.rules import similarity as rules
from desktop.rules.parameters import packaged
from desktop.rules.similarity import Described, similarity

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "similarity.toml").read_text("utf-8"))["case"]
DAY = date(2025, 3, 1)
CLOSE = Fraction(1, 10**6)


def compared(case: dict[str, Any]) -> rules.Similarity:
    return similarity(Described(**case["w"]), Described(**case["o"]), packaged(), DAY)


def grades(told: rules.Similarity) -> dict[str, Any]:
    return {part.code.rpartition(".")[2]: part.value for part in told.figure.inputs}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    told = compared(case)
    assert told.value == (None if case["similarity"] == "?" else Fraction(case["similarity"]))
    for aspect, grade in grades(told).items():
        if case["grades"][aspect] == "?":
            assert grade is None, aspect
        else:
            assert abs(Fraction(grade) - Fraction(case["grades"][aspect])) < CLOSE, aspect
    assert [dict(part.params)["read"] for part in told.figure.walk() if "read" in dict(part.params)] == ([case["read"]] if "read" in case else [])
    assert told.n_compared == sum(grade != "?" for grade in case["grades"].values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_grade_says_its_reason(case: dict[str, Any], language: words.Language) -> None:
    for part in compared(case).figure.walk():
        said = words.say_in(language, part.code, **dict(part.params))
        assert not said.startswith("["), part.code
        assert "{" not in said, said
        assert words.known(f"how.{part.how}"), part.how


described = st.builds(
    Described,
    st.text("扫描电镜质谱仪AB1-", max_size=8),
    st.sampled_from(["", "010101", "010102", "010200", "020000", "0101"]),
    st.text("ABJSM7610-", max_size=6),
    st.text("形貌观察成分，", max_size=10),
)


@given(described, described)
def test_similarity_stays_within_its_bounds_and_a_set_is_most_like_itself(one: Described, other: Described) -> None:
    told = similarity(one, other, packaged(), DAY).value
    assert told is None or 0 <= told <= 1
    assert similarity(one, one, packaged(), DAY).value in (None, 1) or one.class_code in ("010200", "020000")


@given(st.text("扫描电镜AB1-", max_size=8), st.text("扫描电镜AB1-", max_size=8))
def test_names_are_as_alike_one_way_as_the_other(one: str, other: str) -> None:
    there, back = (similarity(Described(a), Described(b), packaged(), DAY).value for a, b in ((one, other), (other, one)))
    assert there == back


def test_a_grade_that_is_not_in_force_makes_the_whole_unknown() -> None:
    before = date(2010, 1, 1)
    told = similarity(Described("扫描电镜", "010101"), Described("扫描电镜", "010102"), packaged(), before)
    assert (told.value, told.figure.value) == (None, None)


def test_unstated_aspects_that_counted_as_nothing_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(case for case in CASES if case["similarity"] == "1" and case["grades"]["class"] == "?")
    assert compared(case).value == 1
    stated = rules._class

    def nothing(*given: Any) -> Any:
        grade, figure = stated(*given)
        return Fraction(0) if grade is None else grade, figure

    monkeypatch.setattr(rules, "_class", nothing)
    assert compared(case).value != 1


def test_short_forms_make_no_name_less_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    shorts = [one.short for one in short_forms.packaged().forms]
    pairs = [(Described(one), Described(other)) for one in shorts for other in ("扫描电镜", "红外热像仪", "核磁共振成像仪", *shorts[:8])]
    read = [similarity(*pair, packaged(), DAY).value for pair in pairs]
    monkeypatch.setattr(rules, "_named", lambda wanted, other, day: rules._written("name", wanted, other))
    written = [similarity(*pair, packaged(), DAY).value for pair in pairs]
    assert all(meant is not None and as_is is not None and meant >= as_is for meant, as_is in zip(read, written, strict=True))
    assert read != written


def test_short_forms_are_read_from_the_first_day_of_the_list() -> None:
    first = short_forms.packaged().since
    assert short_forms.read("电镜", first).text == "电子显微镜"
    assert short_forms.read("电镜", first - timedelta(days=1)).read == ()


def test_every_short_form_is_read_as_its_own_long_one() -> None:
    for one in short_forms.packaged().forms:
        told = short_forms.read(one.short)
        assert (told.text, told.read) == (short_forms.plain(one.long), (one,)), one.short
        assert short_forms.read(one.long).read == (), f"{one.long} is short for something itself"


@pytest.mark.parametrize(
    ("word", "writings"),
    [
        ("电镜", {"电镜", "电子显微镜"}), ("扫描电子显微镜", {"扫描电子显微镜", "扫描电镜", "sem"}), ("ＸＲＤ", {"xrd", "x射线衍射仪", "xrd衍射仪"}),
        ("气相色谱质谱联用仪", {"气相色谱质谱联用仪", "gc-ms", "gcms", "气质联用仪"}), ("红外光谱仪", {"红外光谱仪"}), ("红外", {"红外", "红外光谱仪"}),
        ("气相色谱仪", {"气相色谱仪"}), ("天平", {"天平"}),
    ],
)  # fmt: skip
def test_a_word_is_looked_for_as_it_may_be_written(word: str, writings: set[str]) -> None:
    assert set(short_forms.writings(word)) == writings
