"""The unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters, the last of which checks the others."""

from __future__ import annotations

from functools import lru_cache

from desktop.ledger.finding import Finding, finding

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

# Full-width forms stand at a fixed distance from their half-width characters.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def normalise(code: str) -> str:
    """A code as it is stored: full-width made half-width, capitals, no blanks. It may still be wrong."""
    return "".join(code.translate(_HALF_WIDTH).upper().split())


def check_character(first17: str) -> str:
    """The 18th character for the first 17. Raises ValueError unless given 17 characters of the alphabet."""
    if len(first17) != len(_WEIGHTS) or any(character not in _VALUE for character in first17):
        raise ValueError(f"not 17 characters of a credit code: {first17!r}")
    total = sum(_VALUE[character] * weight for character, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % len(ALPHABET)]


@lru_cache(4096)
def is_valid(code: str) -> bool:
    """Whether a code is right once normalised. Letters may stand in any place."""
    return not faults(code)


def faults(code: str) -> tuple[Finding, ...]:
    """What is wrong with a code: its length, characters that cannot stand in one and where, or the check character."""
    plain = normalise(code)
    told = []
    if len(plain) != LENGTH:
        told.append(finding("uscc.length", given=len(plain), needed=LENGTH))
    for place, character in enumerate(plain, start=1):
        if character not in _VALUE:
            told.append(finding("uscc.character", place=place, character=character))
    if not told and (expected := check_character(plain[:-1])) != plain[-1]:
        told.append(finding("uscc.check", given=plain[-1], expected=expected))
    return tuple(told)
