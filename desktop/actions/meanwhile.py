"""A form begins with a row as it was; when it is saved, a sync or another window may have changed that row.

What the person did not touch stays as it is stored. Where the same was changed by both, nothing is written and it is said what stands there now.
Parts are the groups of a sync (``desktop.sync.groups``): fields that only mean something together are one person's or the other's.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from desktop.actions import sync_entries, sync_words
from desktop.ledger.finding import Finding, finding
from desktop.ledger.problem import Refused
from desktop.store import sync_rows
from desktop.store.database import Connection
from desktop.store.rows import plain
from desktop.words import known, say

F = TypeVar("F")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

CODE = "field.changed_meanwhile"
_FOLLOWS = frozenset({"minutes", "derived"})
"""Nobody types these: what they follow from is told in their place."""
_LINKED = {"instrument_id": "instrument", "customer_id": "customer", "operator_id": "technician"}


def merged(connection: Connection, kind: str, stored: F, seen: F | None, draft: F) -> F:
    """The row to write: of each part what ``draft`` changed in ``seen``, else what is ``stored``. ``seen`` None: the draft whole.

    Raises Refused, with a finding at each field, where both changed one part differently.
    """
    from desktop.sync.groups import grouped

    if seen is None or stored == seen:
        return draft
    taken: dict[str, Any] = {}
    told: list[Finding] = []
    for names in grouped(kind, [f.name for f in fields(stored)]).values():  # type: ignore[arg-type]  # F is always a dataclass
        was, now, mine = ({name: _same(getattr(row, name)) for name in names} for row in (seen, stored, draft))
        if mine in (was, now):
            continue
        clash = [name for name in names if now[name] not in (was[name], mine[name])]
        told += [_told(connection, kind, name, getattr(stored, name)) for name in clash if name not in _FOLLOWS or not set(clash) - _FOLLOWS]
        taken |= {} if clash else {name: getattr(draft, name) for name in names}
    if told:
        raise Refused(CODE, findings=tuple(told))
    return replace(stored, **taken)  # type: ignore[type-var]  # F is always a dataclass


def merged_parts(stored: Mapping[K, V], seen: Mapping[K, V] | None, draft: Mapping[K, V], named: Callable[[K], str]) -> dict[K, V]:
    """The same for a list whose entries are each one whole, by key; missing is taken away. The draft's order, then what was added elsewhere.

    Raises Refused, with a finding for each entry that both changed, in the words of ``named``.
    """
    if seen is None or stored == seen:
        return dict(draft)
    found: dict[K, V] = {}
    told: list[Finding] = []
    for key in dict.fromkeys((*draft, *stored)):
        was, now, mine = seen.get(key), stored.get(key), draft.get(key)
        if now not in (was, mine) and mine != was:
            told.append(finding("field.entry_now_other" if now is not None else "field.entry_gone", name=named(key)))
        kept = mine if now == was else now
        if kept is not None:
            found[key] = kept
    if told:
        raise Refused(CODE, findings=tuple(told))
    return found


def _same(value: Any) -> Any:
    """Texts come out of a field without the spaces around them."""
    return value.strip() if isinstance(value, str) else value


def _told(connection: Connection, kind: str, name: str, value: Any) -> Finding:
    codes = (f"{kind}_field.{name}", f"wire.{kind}.{name}", f"wire.{name}")
    called = next((code for code in codes if known(code)), name)
    return finding("field.now_other", kind=kind, field=name, name=called, now=_in_words(connection, kind, name, value))


def _in_words(connection: Connection, kind: str, name: str, value: Any) -> str:
    if value in (None, "", ()):
        return say("field.nothing")
    if isinstance(value, bool):
        return say("explain.yes" if value else "explain.no")
    text: str | int = plain(value)
    if name in _LINKED:
        return sync_rows.labels(connection, _LINKED[name], [str(text)]).get(str(text), str(text))
    written = sync_words.written(name, text, kind)
    return say("report.list").join(written) if written else sync_words.coded(name, text, kind) or sync_entries.shown(name, text)
