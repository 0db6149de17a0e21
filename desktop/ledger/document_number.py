"""Numbers of papers (文号, 凭证号, 发票号) as they are compared: 鲁科字[2026]8号, 鲁科字〔2026〕8号 and 鲁科字（２０２６） 8 号 are one paper.

Only comparing asks this module: what a person entered stays on screen and paper as it was entered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

# Brackets of every shape stand for one another (GB/T 9704-2012 asks for 〔〕, keyboards give the others); the dashes word processors make, too.
_ALIKE = str.maketrans(dict.fromkeys("〔[【{〈<〖《", "(") | dict.fromkeys("〕]】}〉>〗》", ")") | dict.fromkeys("‐‑‒–—―−", "-"))


# Full-width letters, digits and signs, and the wide space. Other forms of a digit (① ²) may be another number and stay as they are.
_WIDTHS = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])\s+(?=[0-9])")


def compared(text: str) -> str:
    """The form in which two numbers are compared: widths, shapes of brackets and dashes, case, spaces and invisible characters aside.

    A space between two digits stays, for 2026-1 1 is not 2026-11.
    """
    plain = "".join(sign for sign in text.translate(_WIDTHS) if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf"))
    plain = _BETWEEN_DIGITS.sub("\0", plain.translate(_ALIKE).casefold())
    return "".join(sign for sign in plain if not sign.isspace()).replace("\0", " ")


def picked(several: Iterable[T], number: str, number_of: Callable[[T], str]) -> T | None:
    """The one a number means: the one written just so, else the first that is the same paper; None when there is none or no number is given."""
    wanted = compared(number)
    same = [one for one in several if wanted and compared(number_of(one)) == wanted]
    return next((one for one in same if number_of(one) == number.strip()), same[0] if same else None)


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Each paper once, as it was written first, in the order they come; blanks left out."""
    told: dict[str, str] = {}
    for text in texts:
        told.setdefault(compared(text), text)
    told.pop("", None)
    return tuple(told.values())
