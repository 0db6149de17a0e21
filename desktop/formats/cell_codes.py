"""Codes and names from cells: what things are known by, brought to the form in which two of them are compared.

Widths, spaces and invisible characters never make two codes of one; no digit that a sheet has lost is guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from desktop.formats.cells import SCIENTIFIC, SPACES, Noted, Unreadable, clean, faulty, fold, line, plain_number, told
from desktop.formats.spreadsheet import Value

_SPLIT = re.compile(r"[；;、，,\n]+")
# What most codes look like: nothing to fold, to trim or to take apart.
_SOUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_-]*[A-Za-z0-9]")
_SIX = re.compile(r"[0-9]{6}")
# The dashes that word processors make of a hyphen.
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")
_POINT_ZERO = re.compile(r"([0-9]+)\.0+")
# What typing leaves around a code: the apostrophe for "this is text", a full stop.
_BEFORE, _BEHIND = "'`´‘’ ", ".。 "
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff（）]) (?=[\u3400-\u9fff（）])")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0D, 0xFF0E)}
# A workbook keeps 15 significant digits: a longer code that went through a number cell has lost its tail.
SAFE_DIGITS = 15
_LONGEST = 100
# How a cell that holds a time of day comes through.
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")


def code(value: Value) -> Any:
    """A code (asset number, record number): full-width folded, ``2020170000.0`` and ``'2020170000.`` are ``2020170000``."""
    if isinstance(value, str):
        usual = value.isascii() and (value.isalnum() or (_SOUND.fullmatch(value) and not SCIENTIFIC.fullmatch(value)))
        if usual and len(value) <= _LONGEST and value != "0":
            return value
        cleaned, removed = clean(value)
        folded = SPACES.sub(" ", fold(cleaned).translate(_DASHES)).strip()
        if SCIENTIFIC.fullmatch(folded):
            raise Unreadable("import.code_digits_lost", value)
        if _CLOCK.fullmatch(folded):
            raise Unreadable("import.code_is_date", value)
        if len(folded) > _LONGEST:
            raise Unreadable("import.too_long", value, n=len(folded), limit=_LONGEST)
        bare = folded.lstrip(_BEFORE).rstrip(_BEHIND)
        whole = _POINT_ZERO.fullmatch(bare)
        bare = whole[1] if whole else bare
        if bare == "0":
            raise Unreadable("import.code_zero", value)
        if bare != folded:
            return Noted(bare, "import.code_trimmed", (("shown", folded), ("stored", bare)))
        return told(folded, removed)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise faulty(value, "import.code_is_date")
    if abs(value) >= 10**SAFE_DIGITS:
        raise Unreadable("import.code_digits_lost", value)
    if not value:
        raise Unreadable("import.code_zero", value)
    if value != int(value):
        raise Unreadable("import.code_fraction", value)
    return plain_number(Decimal(value))


def given_code(value: Value) -> Any:
    """A code that somebody else gave (the network's number): 未入网 and 是 are none."""
    return _with_digits(code(value), value)


def filing(value: Value) -> Any:
    """A document number (鲁科报〔2025〕12号) on one line: 已报备 and 是 are none."""
    if isinstance(value, (bool, int, Decimal)) and not value:
        raise Unreadable("import.code_zero", value)
    return _with_digits(line(value), value)


def _with_digits(got: Any, value: Value) -> Any:
    text = got.value if isinstance(got, Noted) else got
    if text and not any(c.isdigit() for c in text):
        raise Unreadable("import.no_code", value)
    return got


def upper_code(value: Value) -> Any:
    """A code whose letters are capitals, without inner spaces (credit codes, customs numbers)."""
    got = code(value)
    if isinstance(got, Noted):
        return Noted(got.value.replace(" ", "").upper(), got.code, got.params)
    return got.replace(" ", "").upper()


def class_code(value: Value) -> Any:
    """仪器分类编码: six digits. Five digits are a code whose leading zero was lost; the zero is not invented."""
    got = code(value)
    plain = got.value if isinstance(got, Noted) else got
    if _SIX.fullmatch(plain):
        return got
    if len(plain) == 5 and plain.isascii() and plain.isdigit():
        raise Unreadable("import.class_code_zero_lost", plain, probable=f"0{plain}")
    if any(letter in plain.upper() for letter in "OIL"):
        raise Unreadable("import.class_code_letter", plain)
    raise Unreadable("import.class_code", plain)


def codes(value: Value) -> Any:
    """Codes separated by ； ; 、 ， , or line ends, in their order, each once."""
    if not isinstance(value, str):
        return (code(value),)
    cleaned, removed = clean(value)
    parts = tuple(dict.fromkeys(part for piece in _SPLIT.split(fold(cleaned)) if (part := piece.strip())))
    return Noted(parts, "import.invisible_removed") if removed else parts


def same_code(text: str) -> str:
    """The form in which a code that was entered is compared: widths, dashes and spaces as ``code`` reads them from a cell."""
    return SPACES.sub(" ", fold(clean(text)[0]).translate(_DASHES)).strip()


def same_name(text: str) -> str:
    """The form in which names of people and organisations are kept and compared: letters and digits in plain width, no space
    between Chinese characters (张　三), brackets of the width that goes with the script."""
    plain = SPACES.sub(" ", text.translate(_WIDE).replace("\u3000", " ").replace("\xa0", " ")).strip()
    if not _HAN.search(plain):
        return fold(plain)
    return _BETWEEN.sub("", plain.replace("(", "（").replace(")", "）"))


def name(value: Value) -> Any:
    """A name, on one line, in the form of ``same_name``."""
    got = line(value)
    return Noted(same_name(got.value), got.code, got.params) if isinstance(got, Noted) else same_name(got)
