"""Every command of the grammar, and the shortest command line that each accepts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from desktop.cli.parser import build

# What a value must look like, by its metavar or name; other values may be any text.
VALUES = {"W": "5", "NAME=VALUE": "型号=S5",
    "DATE": "2025-06-30", "YUAN": "1", "KIND": "other", "ROLE": "finance", "2025-07": "2025-07", "370102": "370102",
    "CODE": "123700004000000181", "RATE": "15%", "N": "7", "YEAR": "2025", "PERIOD": "2025",
}  # fmt: skip
# Commands of which one of several options has to be given.
MORE = {
    "post": ["--to", "2025-06-30"], "record answer": ["--contract", "7"], "national send": ["--period", "2025"], "fee reprice": ["--percent", "5"],
    "integrity answer": ["late", "R1", "--state", "explained", "--text", "X"],
}  # fmt: skip
NEEDS_NO_LEDGER = {
    "demo", "deadline", "institution check-uscc", "fee calculate", "calendar example", "payout scheme examples", "init", "restore", "network start",
    "package show", "national answer",
}  # fmt: skip


def leaves(parser: argparse.ArgumentParser | None = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """``fee line set`` and its parser, for every command that does something."""
    parser = parser or build()
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield " ".join(path), parser
    for group in groups:
        for name, below in group.choices.items():
            yield from leaves(below, (*path, name))


def shortest(command: str, parser: argparse.ArgumentParser, file: Path) -> list[str]:
    """The command with a value for everything it requires; files are ``file``."""
    words = command.split()
    for action in parser._actions:
        if action.option_strings and action.required:
            words += [action.option_strings[-1], _value(action, file)]
        elif not action.option_strings and action.nargs in (None, "+"):
            words.append(_value(action, file))
    return words + MORE.get(command, [])


def _value(action: argparse.Action, file: Path) -> str:
    if action.choices:
        return str(next(iter(action.choices)))
    named = str(action.metavar or action.dest)
    return str(file) if named == "FILE" else VALUES.get(named, "x")
