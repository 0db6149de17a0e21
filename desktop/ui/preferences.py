"""What the window remembers about itself: language, look, font size, geometry, column widths. Never anything of the ledger.

A mapping of dotted names to plain values, kept as one JSON file in the program's home. A page gets it injected as a
``MutableMapping``, so tests pass a dict.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path

log = logging.getLogger("yixiang.preferences")


class Preferences(MutableMapping[str, object]):
    """A JSON file as a mapping. Writing happens in ``save``; an unreadable file is set aside and defaults are used."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._values: dict[str, object] = {}
        self._dirty = False
        if file.exists():
            self._read()

    def _read(self) -> None:
        try:
            loaded = json.loads(self._file.read_text("utf-8"))
            if not isinstance(loaded, dict):
                raise ValueError("not a mapping")
        except (OSError, ValueError) as error:
            log.warning("preferences.unreadable %s", type(error).__name__)
            self._set_aside()
            return
        self._values = loaded

    def _set_aside(self) -> None:
        try:
            os.replace(self._file, self._file.with_suffix(".unreadable"))
        except OSError as error:
            log.warning("preferences.not_set_aside %s", type(error).__name__)

    def __getitem__(self, name: str) -> object:
        return self._values[name]

    def __setitem__(self, name: str, value: object) -> None:
        if name in self._values and self._values[name] == value:
            return
        json.dumps(value)  # a value that JSON cannot carry is refused here, where it comes from
        self._values[name] = value
        self._dirty = True

    def __delitem__(self, name: str) -> None:
        del self._values[name]
        self._dirty = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def save(self) -> None:
        """Write the file whole or not at all. A full or read-only disk costs the look, not the work: it is logged."""
        if not self._dirty:
            return
        fresh = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(self._values, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
            os.replace(fresh, self._file)
        except OSError as error:
            log.warning("preferences.not_saved %s", type(error).__name__)
            return
        self._dirty = False


def whole(preferences: MutableMapping[str, object], name: str, default: int, least: int, most: int) -> int:
    """An integer preference held within bounds; anything else in the file counts as the default."""
    value = preferences.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return default
    return max(least, min(most, value))


def text(preferences: MutableMapping[str, object], name: str, default: str = "") -> str:
    """A text preference; anything else in the file counts as the default."""
    value = preferences.get(name)
    return value if isinstance(value, str) else default
