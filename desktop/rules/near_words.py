"""Words that are written a little otherwise: how many slips a word may have, and whether a text has it with so few.

A slip is one sign too many, too few or another one. Short words are taken as they stand: with one slip they are other words.
"""

from __future__ import annotations

_HAN = range(0x4E00, 0xA000)


def allowed(word: str) -> int:
    """The slips a word may have: none below three signs (four where it has no Chinese sign), then one, from six signs on two."""
    least = 3 if _chinese(word) else 4
    return 0 if len(word) < least else 1 if len(word) < 6 else 2


def pieces(word: str) -> tuple[tuple[str, ...], int]:
    """Parts of a word, and how many of them any text must have somewhere that has the word within its slips: a sieve that loses nothing.

    Chinese words are taken by sign, others by pairs: a slip breaks one sign, or two pairs.
    """
    slips = allowed(word)
    if _chinese(word):
        signs = tuple(dict.fromkeys(word))
        return signs, max(1, len(signs) - slips)
    pairs = tuple(dict.fromkeys(word[at : at + 2] for at in range(len(word) - 1)))
    return pairs, max(1, len(pairs) - 2 * slips)


def slips(word: str, text: str) -> int:
    """The least slips with which any stretch of the text is the word (Sellers 1980); at most ``len(word)``."""
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
