"""The code books a service starts with: calendars, code lists and rule values as the program ships them, benchmarks from a file.

Fractions stay the texts they are written as; days are ``YYYY-MM-DD``.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from importlib import resources
from typing import Any

from sqlalchemy import Connection

from network import library


def publish(connection: Connection) -> dict[str, str]:
    """Store the books ``calendar``, ``instrument-classes``, ``regions`` and ``parameters``; name -> version."""
    return {name: library.put_codebook(connection, name, content) for name, content in _books().items()}


def _books() -> dict[str, Any]:
    codes = _folder("codes")
    return {
        "calendar": _folder("calendar"),
        "instrument-classes": codes["instrument-classes"],
        "regions": codes["regions"],
        "parameters": _folder("rules"),
    }


def _folder(name: str) -> dict[str, Any]:
    files = sorted(resources.files("resources").joinpath(name).iterdir(), key=lambda file: file.name)
    return {
        file.name.removesuffix(".toml"): _read(file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".toml")
    }


def _read(text: str) -> Any:
    return _plain(tomllib.loads(text, parse_float=str))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
