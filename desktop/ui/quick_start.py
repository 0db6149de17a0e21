"""What makes the window come sooner; called by the front door before anything else of the window is imported.

Shiboken puts an import statement of its own before Python's: it reads the source of every module imported after it, to see whether
``from __feature__ import …`` stands there. The program uses no such feature, and the reading took a sixth of the time until
the first table. Starting makes some hundred thousand objects that stay: the collector waits until they are made, and then leaves
them out of its walks.
"""

from __future__ import annotations

import builtins
import gc

_THRESHOLDS = (50_000, 20, 20)


def prepare() -> None:
    """Load Qt for Python and take its import statement back (where it brings none nothing changes); collect nothing for now."""
    gc.disable()
    import PySide6  # noqa: F401 - it is the import that matters

    before = getattr(builtins, "__orig_import__", None)
    if before is not None:
        builtins.__import__ = before


def settle() -> None:
    """Starting is done: what is here stays, from now on collect what comes, and less often than a small program would."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()
