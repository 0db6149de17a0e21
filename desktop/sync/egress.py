"""The egress gate: nothing leaves before its exact bytes were searched for what is confidential. In doubt nothing leaves.

It does not trust who made the bytes: it reads them back. Texts are found anywhere, in any case, width or JSON escape. Keys and
numbers are found in texts and names where they stand alone, very short ones where they are the whole text: an amount that
happens to have the digits of a confidential number is no leak. A marker that is a plain word (a model called Update) is looked for
where people's words stand: the names of fields, the kinds, the actions and the paths of the contract are words too.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property

from desktop.sync.outcome import Withheld
from desktop.sync.ports import Marker

_GRAM = 5
_SHORT = 4
# So many markers are looked for one by one sooner than the pieces of the text are listed.
_FEW = 300
_JOINS = frozenset("_-")
_EDGE = "\0"
_WORD = re.compile(r"[a-z_]{1,24}")
# Keys are many, and all alike in their beginnings: they are read out of the text and compared at once.
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KEY_ALONE = re.compile(rf"(?<![0-9a-z_-]){_KEY.pattern}(?![0-9a-z_-])")
_OF_THE_CONTRACT = frozenset({"kind", "action"})
_OF_A_DELETION = frozenset({"op_id", "kind", "id", "action", "parent", "body", "recorded_at"})
# A number shorter than this stands in many a file by chance.
_TELLING = 6
# A key with a sign on either side, as UTF-16.
_KEY_BYTES = 76
_IN_FILES = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


class Gate:
    """The markers of one moment. ``check`` raises Withheld when the bytes hold one of them, or cannot be read."""

    def __init__(self, markers: Iterable[Marker]) -> None:
        given = list(markers)
        # A row that is looked for as its kind with its key is asked for by its key.
        self._leaving = {(marker.leaves_in, marker.text.removeprefix(f"{marker.leaves_in} ")) for marker in given if marker.leaves_in}
        self._keys = frozenset(marker.text.lower() for marker in given if marker.whole and _KEY.fullmatch(marker.text.lower()))
        others = [marker for marker in given if not (marker.whole and marker.text.lower() in self._keys)]
        self._shown = sorted({(marker.text.strip(), marker.whole) for marker in others if marker.text.strip()})
        plain = {(_plain(marker.text), marker.whole) for marker in others}
        self._markers = sorted((text, whole) for text, whole in plain if text)

    def check(self, content: bytes, address: str = "") -> None:
        """Search a body and the address it goes to. The problem names kind and key of the row that carries the find."""
        if self.is_open:
            return
        try:
            told = json.loads(content.decode()) if content else None
            raw = content.decode()
        except (ValueError, RecursionError) as error:
            raise Withheld("sync.gate_unreadable") from error
        told = self._but_asked(told)
        if self._finds([address, *_texts(told)], raw, _said(told)):
            raise Withheld("sync.leak_stopped", where=self._where(told))

    def _but_asked(self, told: object) -> object:
        """What is said beside the keys that were asked to leave: each once, as the key of its own deletion, which says nothing more."""
        if not self._leaving or not isinstance(told, dict):
            return told
        if isinstance(told.get("changes"), list):
            return told | {"changes": [self._but_asked(change) for change in told["changes"]]}
        bare = told.keys() <= _OF_A_DELETION and told.get("action") == "delete" and told.get("body", "") is None
        return told | {"id": ""} if bare and (told.get("kind"), told.get("id")) in self._leaving else told

    @property
    def is_open(self) -> bool:
        """Whether nothing is confidential."""
        return not (self._markers or self._keys)

    @property
    def overlap(self) -> int:
        """So many bytes more than a piece of a file has must be looked at with it, or a marker could lie across its end."""
        return max([_KEY_BYTES if self._keys else 0, *(len(sign) for sign, _, _ in self._needles)])

    def check_file(self, content: bytes, address: str = "") -> None:
        """Search a part of a file as far as raw bytes tell: texts and numbers that stand in it as UTF-8, UTF-16 or GB 18030."""
        if not self.is_open and (self._finds([address], "", ()) or self._in_file(content)):
            raise Withheld("sync.leak_stopped", where="")

    def lets_file(self, pieces: Iterable[bytes]) -> bool:
        """Whether no piece of a file holds a marker, as ``check_file`` sees it."""
        return not any(self._in_file(piece) for piece in pieces)

    @cached_property
    def _needles(self) -> list[tuple[bytes, str, bool]]:
        """The texts as they stand in files, and how they are written; short numbers are not looked for: any file has them."""
        told = ((text, whole) for text, whole in self._shown if len(text) >= _TELLING)
        found = {(text.encode(codec, "ignore"), whole): codec for text, whole in told for codec in _IN_FILES}
        return [(sign, codec, whole) for (sign, whole), codec in found.items()]

    def _in_file(self, content: bytes) -> bool:
        if self._keys and self._names(content.decode("latin-1").lower()):
            return True
        # As UTF-16 the letters of a key have a zero beside each; without the zeros nothing tells where it stands alone.
        bare = content.replace(b"\0", b"") if self._keys and b"\0" in content else b""
        if not self._keys.isdisjoint(_KEY.findall(bare.decode("latin-1").lower())):
            return True
        return any(_lies_in(content, *needle) for needle in self._needles)

    def lets(self, content: bytes, address: str = "") -> bool:
        """Whether the bytes may leave, as ``check`` sees it."""
        try:
            self.check(content, address)
        except Withheld:
            return False
        return True

    def _finds(self, texts: Iterable[str], raw: str, said: Iterable[str]) -> bool:
        words = _EDGE + _plain(_EDGE.join(said)) + _EDGE
        hay = _EDGE + _plain(_EDGE.join(texts)) + _EDGE
        if self._names(hay):
            return True
        everything = hay + _plain(raw)
        likely = self._markers
        if len(likely) > _FEW:
            grams = {everything[start : start + _GRAM] for start in range(len(everything) - _GRAM + 1)}
            likely = [(marker, whole) for marker, whole in likely if len(marker) < _GRAM or marker[:_GRAM] in grams]
        return any(
            _found(words if _WORD.fullmatch(marker) else hay if whole else everything, marker, whole) for marker, whole in likely
        )

    def _names(self, hay: str) -> bool:
        """Whether a confidential key stands alone in a text."""
        return bool(self._keys) and not self._keys.isdisjoint(_KEY_ALONE.findall(hay))

    def _where(self, told: object) -> str:
        rows = (told.get("changes") or told.get("items") or []) if isinstance(told, dict) else []
        for row in rows:
            if isinstance(row, dict) and self._finds(_texts(row), "", _said(row)):
                return f"{row.get('kind')} {row.get('id')}"
        return ""


def _lies_in(content: bytes, sign: bytes, codec: str, whole: bool) -> bool:
    unit, codec = (2, codec) if codec.startswith("utf-16") else (1, "latin-1")
    at = content.find(sign)
    while at >= 0:
        before, after = content[max(0, at - unit) : at], content[at + len(sign) : at + len(sign) + unit]
        if not whole or not (_joins(before.decode(codec, "ignore")) or _joins(after.decode(codec, "ignore"))):
            return True
        at = content.find(sign, at + 1)
    return False


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip(" ")


def _found(hay: str, marker: str, whole: bool) -> bool:
    at = hay.find(marker)
    while at >= 0:
        before, after = hay[at - 1 : at], hay[at + len(marker) : at + len(marker) + 1]
        if not whole or (len(marker) < _SHORT and before == after == _EDGE):
            return True
        if len(marker) >= _SHORT and not (_joins(before) or _joins(after)):
            return True
        at = hay.find(marker, at + 1)
    return False


def _joins(sign: str) -> bool:
    """Whether a sign next to a number or key continues it."""
    return (sign.isascii() and sign.isalnum()) or sign in _JOINS


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        if "kind" in value and "id" in value:
            yield f"{value['kind']} {value['id']}"
        for name, member in value.items():
            yield name
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


def _said(value: object) -> Iterable[str]:
    """The texts people wrote: all but the names of fields, and what the contract calls kinds and actions."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            if name not in _OF_THE_CONTRACT:
                yield from _said(member)
    elif isinstance(value, list):
        for member in value:
            yield from _said(member)
