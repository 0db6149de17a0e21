"""Python's own import statement, as it was before Qt for Python put its own in front of it.

Shiboken's reads the source of every module that is imported after it, to see whether ``from __feature__ import …`` stands there. The
program uses no such feature, and the reading took a sixth of the time until the first table. Nothing else hangs on it.
"""

from __future__ import annotations

import builtins


def restore() -> None:
    """Load Qt for Python and take its import statement back; where it brings none nothing changes."""
    import PySide6.QtCore  # noqa: F401 - it is the import that matters

    before = getattr(builtins, "__orig_import__", None)
    if before is not None:
        builtins.__import__ = before
