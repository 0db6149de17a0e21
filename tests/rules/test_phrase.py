"""Customer classes in words: the program's own in the language in use, an institution's own as it was entered."""

from __future__ import annotations

import pytest

from desktop import words
from desktop.rules.phrase import class_words


@pytest.mark.parametrize(
    ("customer_class", "zh", "en"), [("external", "校外", "external"), ("兄弟院校", "兄弟院校", "兄弟院校"), ("fee.odd", "fee.odd", "fee.odd")]
)
def test_a_class_is_said_without_brackets(customer_class: str, zh: str, en: str) -> None:
    before = words.language()
    try:
        said = {}
        for language in ("zh", "en"):
            words.use(language)  # type: ignore[arg-type]  # two of two
            said[language] = class_words(customer_class)
    finally:
        words.use(before)
    assert said == {"zh": zh, "en": en}
