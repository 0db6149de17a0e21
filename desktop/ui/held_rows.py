"""A short list held in memory behind the same table as the long ones: sorted, filtered and copied the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import Any

from desktop.ui.chips import Chip
from desktop.ui.empty import Empty
from desktop.ui.jobs import Inline, Jobs
from desktop.ui.paged_model import Column, Filters, Key, PagedModel, Row, Sort
from desktop.ui.table import RowAction, Table

Matches = Callable[[Row, str], bool]


class HeldRows:
    """A ``Source`` over rows that were read already; each row has its key first, then a value for each column.

    Unknown values sort last, whichever way. ``filters`` says how a row meets a filter of that name.
    """

    def __init__(self, columns: Sequence[Column], filters: Mapping[str, Matches] | None = None) -> None:
        self._places = {column.name: place + 1 for place, column in enumerate(columns)}
        self._filters = dict(filters or {})
        self._rows: dict[Key, Row] = {}

    def hold(self, rows: Iterable[Row]) -> None:
        """These rows from now on, in this order."""
        self._rows = {row[0]: row for row in rows}

    def ids(self, sort: Sort | None, filters: Filters) -> Sequence[Key]:
        """See paged_model.Source."""
        wanted = [(self._filters[name], value) for name, value in filters.items() if name in self._filters]
        keys = [key for key, row in self._rows.items() if all(meets(row, value) for meets, value in wanted)]
        if sort is None or sort.column not in self._places:
            return keys
        place = self._places[sort.column]
        known = [key for key in keys if self._rows[key][place] not in (None, "")]
        known.sort(key=lambda key: _order(self._rows[key][place]), reverse=sort.descending)
        there = set(known)
        return known + [key for key in keys if key not in there]

    def rows(self, keys: Sequence[Key]) -> Iterable[Row]:
        """See paged_model.Source."""
        return [self._rows[key] for key in keys if key in self._rows]


def _order(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


class HeldTable(Table):
    """A Table over HeldRows: ``hold`` shows rows at once, without a lane; the selection stays on the same keys."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        name: str,
        preferences: MutableMapping[str, object],
        empty: Empty,
        title: str = "",
        sort: Sort | None = None,
        filters: Mapping[str, Matches] | None = None,
        chips: Sequence[Chip] = (),
        actions: Sequence[RowAction] = (),
        narrowed_words: Callable[[str, str], str] | None = None,
    ) -> None:
        self.held = HeldRows(columns, filters)
        jobs = Jobs(Inline())
        model = PagedModel(self.held, columns, jobs, sort=sort)
        jobs.setParent(model)
        super().__init__(
            model, name=name, preferences=preferences, empty=empty, title=title, chips=chips, actions=actions, narrowed_words=narrowed_words
        )

    def hold(self, rows: Iterable[Row]) -> None:
        """Show these rows, each with its key first."""
        self.held.hold(rows)
        self.refresh()
