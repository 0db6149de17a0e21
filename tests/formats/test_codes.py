"""Every code this room can tell has words in both languages, and every word in its two files is told somewhere."""

from __future__ import annotations

import re
import tomllib

from desktop import resource, words
from tests.house.source import modules, text

CODE = re.compile(r'"((?:file|import)(?:\.[a-z_]+)+)"')


def test_codes_and_words_are_the_same_set() -> None:
    told = {code for name in modules("desktop/formats") for code in CODE.findall(text(name))}
    anywhere = {code for name in modules("desktop") for code in CODE.findall(text(name))}
    said = set()
    for subject in ("file", "import"):
        table = tomllib.loads(resource.path("i18n", "codes", f"{subject}.toml").read_text("utf-8"))
        said |= set(words.flatten(table, f"{subject}."))
    assert len(told) > 50
    assert not told - said
    assert not said - anywhere
