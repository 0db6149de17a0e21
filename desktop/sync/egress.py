"""The egress gate: nothing leaves before its exact bytes were searched for what is confidential. In doubt nothing leaves.

It does not trust who made the bytes: it reads them back. Keys and numbers are found where they stand alone, other texts
anywhere, in any case, width or JSON escape.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable

from desktop.sync.outcome import Withheld
from desktop.sync.ports import Marker

_GRAM = 5
_JOINS = frozenset("_-")


class Gate:
    """The markers of one moment. ``check`` raises Withheld when the bytes hold one of them, or cannot be read."""

    def __init__(self, markers: Iterable[Marker]) -> None:
        plain = {(_plain(marker.text), marker.whole) for marker in markers}
        self._markers = sorted((text, whole) for text, whole in plain if text)

    def check(self, content: bytes, address: str = "") -> None:
        """Search a body and the address it goes to."""
        if not self._markers:
            return
        try:
            text = content.decode()
            texts = [text, *_texts(json.loads(text))] if content else []
        except (ValueError, RecursionError) as error:
            raise Withheld("sync.gate_unreadable") from error
        hay = _plain("\0".join([address, *texts]))
        grams = {hay[start : start + _GRAM] for start in range(len(hay) - _GRAM + 1)}
        for marker, whole in self._markers:
            if len(marker) >= _GRAM and marker[:_GRAM] not in grams:
                continue
            if _found(hay, marker, whole):
                raise Withheld("sync.leak_stopped")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip(" ")


def _found(hay: str, marker: str, whole: bool) -> bool:
    at = hay.find(marker)
    while at >= 0:
        if not whole or not (_joins(hay, at - 1) or _joins(hay, at + len(marker))):
            return True
        at = hay.find(marker, at + 1)
    return False


def _joins(hay: str, at: int) -> bool:
    """Whether the sign at a place continues a number or a key."""
    return 0 <= at < len(hay) and ((hay[at].isascii() and hay[at].isalnum()) or hay[at] in _JOINS)


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
    elif value is not None:
        yield str(value)
