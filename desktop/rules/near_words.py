"""Words that are written a little otherwise: how many slips a word may have, and whether a text has it with so few.

A slip is one sign too many, too few or another one, or two digits side by side that changed places. Short words are taken as they stand: with
one slip they are other words.
"""

from __future__ import annotations

import re

_HAN = range(0x4E00, 0xA000)
_SIGNS = f"{chr(_HAN[0])}-{chr(_HAN[-1])}"
_PARTS = re.compile(f"[{_SIGNS}]+|[^{_SIGNS}]+")


def allowed(word: str) -> int:
    """The slips a word may have: none below three signs (four where it has no Chinese sign), then one, from six signs on two."""
    least = 3 if _chinese(word) else 4
    return 0 if len(word) < least else 1 if len(word) < 6 else 2


def pieces(word: str) -> tuple[tuple[tuple[str, ...], ...], int]:
    """Parts of a word, each in its writings, and how many of them any text must have somewhere that has the word within its slips: a sieve
    that loses nothing.

    Chinese words are taken by sign, others by pairs, of two digits in either order: a slip breaks one sign, or two pairs.
    """
    slips = allowed(word)
    if _chinese(word) or len(word) < 2:
        signs = tuple((sign,) for sign in dict.fromkeys(word))
        return signs, max(1, len(signs) - slips)
    pairs = tuple(dict.fromkeys(word[at : at + 2] for at in range(len(word) - 1)))
    return tuple((pair, pair[::-1]) if _change_places(pair) else (pair,) for pair in pairs), max(1, len(pairs) - 2 * slips)


def parted(word: str) -> tuple[str, ...]:
    """A name and a model that were typed as one word (``透射电镜fei-t12``), apart; the word itself where it is not both."""
    parts = tuple(part for part in (each.strip("()[]-_/·") for each in _PARTS.findall(word)) if part)
    return parts if len(parts) > 1 and all(len(part) >= (2 if _chinese(part) else 3) for part in parts) else (word,)


def slips(word: str, text: str) -> int:
    """The least slips with which any stretch of the text is the word, at most ``len(word)``; where they are more than a word may have, maybe not the
    least. No more than two digits may have changed places."""
    n = _edits(word, text)
    if n < 2 or n > allowed(word) + 1:  # digits that changed places are two edits and one slip
        return n
    places = (at for at in range(len(word) - 1) if _change_places(word[at : at + 2]))
    return min([n, *(1 + _edits(word[:at] + word[at + 1] + word[at] + word[at + 2 :], text) for at in places)])


def _change_places(pair: str) -> bool:
    return pair.isdigit() and pair[0] != pair[1]


def _edits(word: str, text: str) -> int:
    """Sellers 1980."""
    before = list(range(len(word) + 1))
    least = before[-1]
    for sign in text:
        row = [0]
        for at, own in enumerate(word):
            row.append(min(before[at] + (own != sign), before[at + 1] + 1, row[at] + 1))
        least = min(least, row[-1])
        before = row
    return least


def _chinese(word: str) -> bool:
    return any(ord(sign) in _HAN for sign in word)
