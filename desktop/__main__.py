"""The front door: reads arguments, then opens the window or runs one command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program. Exit status: 0 done, 1 findings or refused, 2 wrong usage."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or (arguments[0] == "--home" and len(arguments) == 2):
        return _window(arguments)
    from desktop.cli.parser import build
    from desktop.cli.session import run

    parser = build()
    args = parser.parse_args(arguments)
    if not hasattr(args, "run"):
        if getattr(args, "command", None):
            parser.error(args.command)
        return _window(arguments)
    return run(args.run, args)


def _window(arguments: list[str]) -> int:
    from desktop.cli.session import home_of
    from desktop.ui.application import run

    args = argparse.Namespace(home=arguments[1] if len(arguments) == 2 else None)
    return run(home_of(args))


if __name__ == "__main__":
    raise SystemExit(main())
