"""Short forms of instrument names (电镜, XRD, ICP-MS), read as what they are short for where names are compared; nothing kept is changed.

Source: ``resources/similarity/short_forms.toml``, this program's own reading (certainty C). Blanks and dashes in a form make no difference; Latin letters
or digits beside its Latin letters make it another word.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from desktop import resource

_LEAST_LATIN = 3
_BETWEEN = r"[\W_]*"


@dataclass(frozen=True, slots=True)
class Form:
    """``short`` and ``long`` as the file writes them; ``alone``: only a name that is nothing else is read so."""

    short: str
    long: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Forms:
    """All short forms, in force from a day on."""

    since: date
    forms: tuple[Form, ...]
    certainty: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A name with its short forms read as what they are short for, and which were."""

    text: str
    read: tuple[Form, ...]


@cache
def packaged() -> Forms:
    """The forms of the package. Raises ValueError when its file is not such a list (a fault of the package)."""
    told = tomllib.loads(resource.path("similarity", "short_forms.toml").read_text("utf-8"))
    try:
        forms = tuple(Form(short, long, name == "alone") for name in ("anywhere", "alone") for short, long in told[name])
        found = Forms(told["from"], forms, told["certainty"])
    except (KeyError, TypeError) as error:
        raise ValueError("short_forms.toml") from error
    if len({plain(one.short) for one in forms}) < len(forms):
        raise ValueError("short_forms.toml")
    return found


def plain(text: str) -> str:
    """Width and case aside."""
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _by_pattern() -> tuple[re.Pattern[str], tuple[Form, ...], dict[str, Form]]:
    forms = packaged().forms
    anywhere = tuple(sorted((one for one in forms if not one.alone), key=lambda one: -len(one.short)))
    pattern = re.compile("|".join(f"({_written(one.short)})" for one in anywhere))
    return pattern, anywhere, {_signs(one.short): one for one in forms if one.alone}


def _written(short: str) -> str:
    """A form as a pattern: bounded where it begins or ends with a Latin letter."""
    signs = _signs(short)
    said = _BETWEEN.join(map(re.escape, signs))
    return ("(?<![a-z0-9])" if _latin(signs[0]) else "") + said + ("(?![a-z0-9])" if _latin(signs[-1]) else "")


def _signs(text: str) -> str:
    return "".join(sign for sign in plain(text) if sign.isalnum())


def _latin(text: str) -> bool:
    return text.isascii()


@lru_cache(maxsize=4096)
def read(name: str, on: date | None = None) -> Reading:
    """A name as it is meant on a day (None: by what is in force now); as it stands, without width and case, where nothing in it is short."""
    text = plain(name)
    if on is not None and on < packaged().since:
        return Reading(text, ())
    pattern, anywhere, alone = _by_pattern()
    whole = alone.get(_signs(text))
    if whole is not None:
        return Reading(plain(whole.long), (whole,))
    used: list[Form] = []

    def meant(match: re.Match[str]) -> str:
        form = anywhere[(match.lastindex or 0) - 1]
        used.append(form)
        return plain(form.long)

    return Reading(pattern.sub(meant, text), tuple(dict.fromkeys(used)))


def shorts_of(name: str, *, alone: bool) -> tuple[str, ...]:
    """How a short form of what a name says may be written, width and case aside: with and without what stands between its letters.

    ``alone``: those too that are read only where they stand alone.
    """
    meant = _signs(read(name).text)
    found = [one.short for one in packaged().forms if (alone or not one.alone) and _signs(one.long) in meant]
    return tuple(dict.fromkeys(form for short in found for form in (plain(short), _signs(short))))


def writings(word: str) -> tuple[str, ...]:
    """A word to be looked for and what else says the same: what it is short for, and with each longer name in it written short.

    Forms of fewer than three Latin letters stand in too many words, those that are read alone in too many names: a word is not looked for by them.
    """
    found = [plain(word), read(word).text]
    meant = found[1]
    for one in packaged().forms:
        short, long = plain(one.short), plain(one.long)
        if not one.alone and long in meant and not (_latin(_signs(short)) and len(_signs(short)) < _LEAST_LATIN):
            found += [meant.replace(long, form) for form in dict.fromkeys((short, _signs(short)))]
    return tuple(dict.fromkeys(found))


def told(forms: Iterable[Form]) -> str:
    """Which short form was read as what, for people: 电镜＝电子显微镜."""
    return "、".join(f"{one.short}＝{one.long}" for one in forms)
