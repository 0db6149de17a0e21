"""A long list of the open ledger: its keys in the order asked for, and the rows in sight; each opens its own small read."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

from desktop.actions.workspace import Workspace
from desktop.store.lists import Listing

__all__ = ["Listing", "ids", "rows"]


def ids(
    workspace: Workspace,
    listing: Listing,
    *,
    sort: str = "",
    descending: bool = False,
    where: Mapping[str, str | None] | None = None,
    text: str = "",
) -> array[int]:
    """The keys of all rows that meet every filter, sorted. Raises KeyError for a filter or column the listing does not have."""
    with workspace.read() as connection:
        return listing.ids(connection, sort=sort, descending=descending, where=where, text=text)


def rows(workspace: Workspace, listing: Listing, keys: Sequence[int]) -> list[tuple[object, ...]]:
    """The rows of these keys that still exist, each with its key first, then the listing's columns."""
    with workspace.read() as connection:
        return [(key, *values) for key, values in listing.rows(connection, keys).items()]
