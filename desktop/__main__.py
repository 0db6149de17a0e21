"""The front door: reads arguments, then opens the window or runs one command."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program. Exit status: 0 done, 1 findings or refused, 2 wrong usage."""
    if argv is not None:
        return _main(list(argv))
    _say_anything()
    as_object = "--json" in sys.argv
    try:
        return _main(sys.argv[1:])
    except KeyboardInterrupt:
        from desktop.cli.session import interrupted

        return interrupted(as_object=as_object)
    except Exception as error:  # the last door: a clerk gets words instead of a trace
        if os.environ.get("YIXIANG_TRACE"):
            raise
        from desktop.cli.session import broken

        return broken(error, as_object=as_object)


def _say_anything() -> None:
    """Let both streams write a sign that their encoding has not as ``\\u4eea``: a step that is done must not end as one that is not."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _main(arguments: list[str]) -> int:
    if arguments[:1] == ["read-workbook"] and len(arguments) == 2:
        from desktop.actions.importing import read_apart

        return read_apart(arguments[1])
    if not arguments:
        return window()
    from desktop import words
    from desktop.cli.grammar import UsageError
    from desktop.cli.session import wrong_usage

    if "--lang=en" in arguments or ("--lang", "en") in pairwise(arguments):
        words.use("en")  # the help too
    try:
        return _command(arguments)
    except UsageError as error:
        raise SystemExit(wrong_usage(error, as_object="--json" in arguments)) from None


def _command(arguments: list[str]) -> int:
    from desktop.cli.parser import parse
    from desktop.cli.session import home_of, run

    args = parse(arguments)
    if args.command == "demo" and not args.headless:
        from desktop.cli.demo import practice_home

        return window(practice_home(args), practice=True)
    if hasattr(args, "run"):
        try:
            return run(args.run, args)
        except BrokenPipeError:  # whoever was reading has read enough
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - so that closing it at exit is quiet
            return 0
    return window(home_of(args))


def window(home: Path | None = None, *, practice: bool = False) -> int:
    """Open the window on a home (the user's own when none is named); ``practice``: on its practice ledger, made when missing."""
    screen = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in screen):
        from desktop.words import say

        print(say("work.no_screen"), file=sys.stderr)
        return 1
    from desktop.ui import quick_start

    quick_start.prepare()
    from desktop.ui.application import run

    return run(home, practice=practice)


if __name__ == "__main__":
    raise SystemExit(main())
