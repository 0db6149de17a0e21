"""Finding instruments of other institutions in the catalogue that was read: by words, those nearby or cheap first, and what resembles the
words when nothing has them. Reads only the ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from desktop.actions import library
from desktop.actions.sync_pending import NETWORK
from desktop.actions.workspace import Workspace
from desktop.ledger.institution import Institution
from desktop.ledger.notice import Elsewhere
from desktop.ledger.region import Region
from desktop.rules import near_words, regions, short_forms
from desktop.store import locator as rows
from desktop.store.facts import INSTITUTIONS
from desktop.store.locator import ORDERS

__all__ = ["ORDERS", "Elsewhere", "Located", "find"]

_SIEVED = 600
_STEPS = ("county", "city", "province", "elsewhere", "")
_MOST_WORDS, _LONGEST = 10, 40
_BETWEEN = re.compile(r"[\s,，、;；。]+")


class Located(NamedTuple):
    """How many were found and the first 200 of them. ``resembling``: nothing has the words as they stand, these are written much alike.

    ``read``: which short forms among the words were read as what, for people; "" for none.
    """

    n_found: int
    found: list[Elsewhere]
    resembling: bool = False
    read: str = ""


def find(workspace: Workspace, text: str, remote: str = NETWORK, order: str = "name") -> Located:
    """Instruments elsewhere that have every word of the text in name, model, maker, function, institution or place; a word counts as there too where
    what it is short for stands, or a short form of it (``short_forms``).

    When there is none, those that have every word but for a slip or two (of the 600 likeliest), by name the fewest slips first.
    ``order``: ``name``, ``near`` (the institution's own county, its city, the province, elsewhere) or ``price`` (the amount a fee names first
    with, whatever its unit; those without one last). A comma, 、, a semicolon or a full stop of Chinese stands between
    words as a space does. A name and a model typed as one word are taken apart where nothing has them together. Only the first ten words
    count, and of each the first forty signs.
    """
    words = [word[:_LONGEST] for word in _BETWEEN.split(library.plain(text)) if word][:_MOST_WORDS]
    read = short_forms.told(dict.fromkeys(form for word in words for form in short_forms.read(word).read))
    with workspace.read() as connection:
        here = _here(INSTITUTIONS.find(connection)[:1])
        near = _near(here)
        apart = [part for word in words for part in near_words.parted(word)]
        tries = [words] if apart == words else [words, apart]
        for several in tries:
            n_found, found = rows.found(connection, remote, [_writings(word) for word in several], near, order)
            if n_found or not any(near_words.allowed(word) for word in several):
                return Located(n_found, [_elsewhere(row, near, here) for row in found], read=read)
        alike: list[tuple[int, dict[str, Any]]] = []
        for several in tries:
            if alike:
                break
            sieved = rows.resembling(connection, remote, [near_words.pieces(word) for word in several], _SIEVED)
            alike = [(n, row) for row in sieved if (n := _slips(several, str(row["searched"]))) is not None]
        if order != "name":
            found = rows.of_keys(connection, remote, [str(row["id"]) for _, row in alike], near, order)
            return Located(len(alike), [_elsewhere(row, near, here) for row in found], bool(alike), read)
    alike.sort(key=lambda pair: pair[0])  # those with as many slips stay in the order of the sieve
    return Located(len(alike), [_elsewhere(row, near, here) for _, row in alike[: rows.N_FOUND]], bool(alike), read)


def _slips(words: list[str], searched: str) -> int | None:
    """The slips of all words together; None when one of them is not there."""
    total = 0
    for word in words:
        n = 0 if word in searched else min(near_words.slips(word, line) for line in searched.split("\n"))
        if n > near_words.allowed(word):
            return None
        total += n
    return total


def _writings(word: str) -> tuple[str, ...]:
    """A word with what means the same; a city of the province in whichever way it is named, beside it the name alone where a row has no more."""
    city = regions.city_named(word)
    return short_forms.writings(word) if city is None else (word, city, f"\n{city[:-1]}\n")


def _here(institutions: list[Institution]) -> Region | None:
    return regions.find(institutions[0].region) if institutions else None


def _near(here: Region | None) -> rows.Near:
    """Steps of nearness: the institution's county, its city, the province, elsewhere, and where nobody can tell."""

    @cache
    def step(province: str, place: str) -> int:
        code, region = regions.located(province, place)
        if code != regions.PROVINCE:
            return _STEPS.index("elsewhere" if code else "")
        if here is None or region is None or region.city_code != here.city_code:
            return _STEPS.index("province")
        return _STEPS.index("county" if region.county and region.code == here.code else "city")

    return step


def _elsewhere(row: Mapping[str, Any], near: rows.Near, here: Region | None) -> Elsewhere:
    told = {name: str(row[name]) for name in Elsewhere.__slots__ if name in row}
    nearness = _STEPS[near(str(row.get("province", "")), told["place"])] if told["place"] else ""
    return Elsewhere(**told | {"nearness": "in_province" if nearness == "province" and here is None else nearness})
