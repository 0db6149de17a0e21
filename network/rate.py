"""How often one device, or one address without a device, may ask: a bucket that fills by the minute."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from network.problems import Refusal

_MOST = 10_000


class Rate:
    """``n_per_minute`` 0: no bound. ``wait`` counts a request and gives 0, or the seconds until there is room."""

    def __init__(self, n_per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._n_per_minute = n_per_minute
        self._now = now
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, who: str) -> int:
        """Whole seconds to wait, at least 1 when there is no room."""
        if not self._n_per_minute:
            return 0
        per_second, now = self._n_per_minute / 60, self._now()
        with self._lock:
            if len(self._buckets) >= _MOST and who not in self._buckets:
                # Whoever has been away for a minute has a full bucket: forgetting them changes nothing.
                self._buckets = {name: kept for name, kept in self._buckets.items() if now - kept[1] < 60}
            left, last = self._buckets.get(who, (float(self._n_per_minute), now))
            left = min(float(self._n_per_minute), left + (now - last) * per_second)
            self._buckets[who] = (left - 1 if left >= 1 else left, now)
        return 0 if left >= 1 else max(1, math.ceil((1 - left) / per_second))

    def count(self, who: str) -> None:
        """Count a request. Raises Refusal when there is no room for it."""
        seconds = self.wait(who)
        if seconds:
            raise Refusal("rate.limited", retry_after=seconds)
