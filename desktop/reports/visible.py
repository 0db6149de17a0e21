"""Characters that nobody sees but that change what is read: made visible as 〔U+202E〕, on paper and in cells alike."""

from __future__ import annotations

import unicodedata

# Cc controls, Cf formats (bidi overrides, zero width), Co private use, Cs surrogates, Cn unassigned, Zl/Zp separators.
_HIDDEN = frozenset(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))


def mark(char: str) -> str:
    """How a character that cannot be shown is shown."""
    return f"〔U+{ord(char):04X}〕"


def hidden(char: str) -> bool:
    """Whether a character has no picture of its own; the line feed is not hidden: it breaks the line."""
    return char != "\n" and unicodedata.category(char) in _HIDDEN


def shown(text: str) -> str:
    """The text with one kind of line end, tabs as spaces, and every hidden character marked."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if any(hidden(char) for char in set(text)):
        return "".join(mark(char) if hidden(char) else char for char in text)
    return text
