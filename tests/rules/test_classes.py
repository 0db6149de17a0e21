"""Class codes: six digits and a large class; an unlisted fine class is only a note."""

from __future__ import annotations

import pytest

from desktop import words
from desktop.rules import classes


@pytest.mark.parametrize("code", ["010102", "990000", "０１０１０２", " 120204 ", "010000"])
def test_known_codes_pass(code: str) -> None:
    assert classes.check(code) == ()


@pytest.mark.parametrize(
    ("code", "finding", "severity"),
    [
        ("01O102", "class.not_six_digits", "error"),
        ("10102", "class.not_six_digits", "error"),
        ("", "class.not_six_digits", "error"),
        ("٠١٠١٠٢", "class.not_six_digits", "error"),
        ("150000", "class.unknown_large", "error"),
        ("000000", "class.unknown_large", "error"),
        ("010199", "class.fine_unchecked", "note"),
    ],
)
def test_doubtful_codes_say_why(code: str, finding: str, severity: str) -> None:
    (told,) = classes.check(code)
    assert (told.code, told.severity) == (finding, severity)
    assert code in words.say(told.code, **dict(told.params))


def test_an_imported_table_replaces_the_few_packaged_codes() -> None:
    assert classes.check("010199", known={"010199": "其他"}) == ()
    (told,) = classes.check("010102", known=frozenset())
    assert told.code == "class.fine_unchecked"


def test_the_fifteen_large_classes() -> None:
    assert len(classes.large()) == 15
    assert all(code.endswith("0000") for code in classes.large())
    assert all(classes.large_of(code) in classes.large() for code in classes.fine())
