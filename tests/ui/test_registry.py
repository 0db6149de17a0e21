"""The registry of pages: what the rail shows can be made, named and found."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from desktop import resource, words
from desktop.ui.command_palette import finder
from desktop.ui.pages import FIRST_START, PAGES, PageEntry
from desktop.words import Language
from tests.ui import looking


def test_keys_and_kinds_belong_to_one_page() -> None:
    keys = [entry.key for entry in PAGES]
    kinds = [kind for entry in PAGES for kind in entry.opens]
    assert len(keys) == len(set(keys))
    assert len(kinds) == len(set(kinds))
    assert [entry.key for entry in PAGES if entry.at_bottom] == ["settings"]


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_has_a_name_and_an_icon(entry: PageEntry, language: Language) -> None:
    words.use(language)
    assert not entry.title.startswith("[")
    assert resource.path("icons", f"{entry.icon}.svg").exists()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_and_finder_is_there(language: Language) -> None:
    words.use(language)
    titles = []
    for entry in PAGES:
        for command in entry.commands:
            assert resource.path("icons", f"{command.icon}.svg").exists()
            titles.append(words.tr(command.title))
        for find in entry.finds:
            assert callable(finder(find))
    assert len(titles) == len(set(titles))
    assert language == "zh" or not any(looking.HAN.search(title) for title in titles)


@pytest.mark.parametrize("factory", [*(entry.factory for entry in PAGES), FIRST_START])
def test_every_page_is_there(factory: str) -> None:
    module, _, name = factory.partition(":")
    assert find_spec(module) is not None
    assert name.endswith("Page")
