"""The column of working days left, for lists that begin before the database is there."""

from __future__ import annotations

from desktop.ui import texts
from desktop.ui.paged_model import Column
from desktop.ui.texts import Spoken


class DaysLeftColumn(Column):
    """Working days left in words and colour; nothing where nothing is left to do."""

    def spoken(self, value: object) -> Spoken:
        """See Column."""
        return texts.few_days_left(value) if isinstance(value, int) else Spoken("")
