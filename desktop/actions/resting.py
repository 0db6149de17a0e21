"""Work over many rows: the collector of reference cycles rests meanwhile.

Rows and facts form no cycles, and each of its passes would walk all of them: up to a fifth of the time of an import.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_n_resting = 0
_was_on = True


@contextmanager
def resting() -> Iterator[None]:
    """No collection until the last of those who asked for rest is done; then as before."""
    global _n_resting, _was_on
    with _lock:
        if not _n_resting:
            _was_on = gc.isenabled()
        _n_resting += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _n_resting -= 1
            if _was_on and not _n_resting:
                gc.enable()
