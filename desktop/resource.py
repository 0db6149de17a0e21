"""Where the program's packaged files are. Imports nothing of the program."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def _root() -> Path:
    spec = find_spec("resources")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package 'resources' is not installed with the program")
    return Path(next(iter(spec.submodule_search_locations)))


def path(*parts: str) -> Path:
    """The path of a packaged file, for example ``path("rules", "duties.toml")``."""
    return _root().joinpath(*parts)
