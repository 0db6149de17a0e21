"""A row that arrives and one of ours that was never sent may be one thing that two seats entered: ours takes the key of theirs."""

from __future__ import annotations

from typing import Any

from desktop.formats.cell_codes import same_code, same_name
from desktop.store import same_rows, sync_rows
from desktop.store.sync_rows import Body, Refusal, Run
from desktop.sync.ports import Unplaced

KEPT = "here.in_use"
"""The code of one that is the same as a row of ours which facts hang on: ours keeps its key."""

# What must agree beside the number before two rows are one thing; the rest may differ and is a conflict.
_ALSO: dict[str, tuple[str, ...]] = {
    "person": ("role",),
    "technician": ("name",),
    "instrument": ("name",),
    "service_record": ("instrument_id", "started_at"),
    "pilot_base": ("name",),
    "pilot_equipment": ("name",),
}
_NAMES = frozenset({"name"})
_CODES = frozenset({"instrument", "technician", "service_record", "pilot_base", "pilot_partner", "pilot_equipment", "sensor_binding"})
"""Kinds called by a number or a name, the last of its fields: that is compared as it is read from a file, whatever the width of its signs."""


class Names:
    """Names, as imports compare them, of the customers that no remote knows of -> their keys, and numbers that are not as they are read from
    a file. Read once for many rows that arrive; who takes a key looks at the row again."""

    def __init__(self) -> None:
        self._keys: dict[str, list[str]] | None = None
        self._wide: dict[str, list[tuple[str, str]]] = {}

    def wide(self, run: Run, kind: str) -> list[tuple[str, str]]:
        """Key and number of each such row of a kind."""
        if kind not in self._wide:
            self._wide[kind] = same_rows.unsent_wide(run, kind)
        return self._wide[kind]

    def keys(self, run: Run, name: str) -> list[str]:
        """The keys of those of this name."""
        if self._keys is None:
            self._keys = {}
            for key, written in same_rows.unsent_names(run):
                self._keys.setdefault(same_name(written), []).append(key)
        return self._keys.get(same_name(name), [])


def adopt(run: Run, kind: str, key: str, body: Body, remote: str, names: Names) -> bool:
    """Give our row that is this one its key; whether there was such a row.

    Raises Unplaced when it is the same and something that never changes (a posting, a payout) refers to ours: then nothing was changed.
    """
    ours = _ours(run, kind, key, body, remote, names)
    if ours is None:
        return False
    try:
        same_rows.rename(run, kind, ours, key)
    except Refusal as refusal:
        raise Unplaced(KEPT, same_rows.NUMBERS[kind][0]) from refusal
    return True


def _ours(run: Run, kind: str, key: str, body: Body, remote: str, names: Names) -> dict[str, Any] | None:
    if kind not in same_rows.NUMBERS:
        return None
    ours = same_rows.unsent(run, kind, key, body)
    if ours is None and kind == "customer":
        ours = _customer(run, key, body, names)
    if ours is None and kind in _CODES:
        ours = _coded(run, kind, key, body, names)
    if ours is not None and not all(_agree(name, ours[name], body.get(name)) for name in _ALSO.get(kind, ())):
        ours = None
    if ours is None and kind == "service_record":
        # A record is replaced once: what two seats entered in its place is one thing, whatever each made of it.
        ours = same_rows.unsent_successor(run, key, body)
    if ours is None:
        return None
    if any(not sync_rows.exists(run, target, wanted) for _, target, wanted in sync_rows.links_of(kind, body, remote)):
        return None
    if kind == "technician" and same_rows.waits_for_instruments(run, ours["instruments"], str(body.get("instruments") or ""), remote):
        return None
    if kind == "fee_schedule" and (body.get("state") == "draft" or not same_rows.same_lines(run, ours["id"], key, remote)):
        return None
    return None if same_rows.is_under_way(run, ours["id"]) else ours


def _agree(name: str, mine: object, theirs: object) -> bool:
    return same_name(str(mine)) == same_name(str(theirs)) if name in _NAMES else mine == theirs


def _customer(run: Run, key: str, body: Body, names: Names) -> dict[str, Any] | None:
    """Ours of the same name as imports compare them: a name entered by hand stays as it was written."""
    found = [own for own in names.keys(run, str(body.get("name") or "")) if own != key]
    ours = same_rows.whole(run, "customer", found[0]) if len(found) == 1 else None
    return None if ours is None else same_rows.unsent(run, "customer", key, ours)


def _coded(run: Run, kind: str, key: str, body: Body, names: Names) -> dict[str, Any] | None:
    """Ours of the same number but for the width of its signs; it is called as theirs from now on, for that is no other number."""
    *others, name = same_rows.NUMBERS[kind]
    number = str(body.get(name) or "")
    wide = names.wide(run, kind)
    wanted = same_code(number)
    if wanted == number and not wide:
        return None
    found = {own for own, written in wide if own != key and same_code(written) == wanted}
    plain = same_rows.unsent(run, kind, key, body | {name: wanted}) if wanted != number else None
    found |= {str(plain["id"])} if plain is not None else set()
    alike = [row for own in sorted(found) if (row := same_rows.whole(run, kind, own)) and all(row[each] == body.get(each) for each in others)]
    return alike[0] | {name: number} if len(alike) == 1 else None


def is_same_version(run: Run, ours: str, theirs: str, body: Body, remote: str) -> bool:
    """Whether a fee version of ours is this one, so that neither gives way to the other."""
    own = _ours(run, "fee_schedule", theirs, body, remote, Names())
    return own is not None and own["id"] == ours
