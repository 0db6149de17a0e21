"""What is about to leave, read back from the sealed bytes themselves: not asked of the ledger a second time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from desktop.sync.canonical import Scalar, sha256
from desktop.sync.messages import Batch
from desktop.sync.ports import Sealed

_LABEL = 80  # signs of what a row is called
_NAMES = ("asset_number", "number", "record_number", "name", "year")


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One change, ``label`` what people call the row; ``body`` all that is sent of it (None: a deletion)."""

    kind: str
    id: str
    action: str
    label: str
    body: dict[str, Scalar] | None


@dataclass(frozen=True, slots=True)
class PreviewGroup:
    """All changes of one kind and action: how many, and the sum of each field in fen that they carry."""

    kind: str
    action: str
    n_changes: int
    sums_fen: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """``digests`` are the SHA-256 of the sealed batches in sending order: what is approved. ``n_withheld`` rows stay here.

    ``n_left`` rows wait and come after these batches; ``untaken``: how many of which kind wait for a newer remote to take them.
    ``names``: key -> what people call the row, where whoever shows it knows.
    """

    digests: tuple[str, ...]
    n_changes: int
    n_bytes: int
    n_withheld: int
    groups: tuple[PreviewGroup, ...]
    lines: tuple[PreviewLine, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    n_left: int = 0
    untaken: tuple[tuple[str, int], ...] = ()


def preview(batches: Iterable[Sealed], n_withheld: int, n_left: int = 0, untaken: tuple[tuple[str, int], ...] = ()) -> Preview:
    """Decode sealed batches. Raises ValueError when bytes and digest do not belong together."""
    digests, lines, n_bytes = [], [], 0
    for batch in batches:
        if sha256(batch.content) != batch.digest:
            raise ValueError(f"batch {batch.key}: the bytes are not those that were sealed")
        digests.append(batch.digest)
        n_bytes += len(batch.content)
        for change in msgspec.json.decode(batch.content, type=Batch).changes:
            lines.append(PreviewLine(change.kind, change.id, change.action, _label(change.body), change.body))
    return Preview(tuple(digests), len(lines), n_bytes, n_withheld, _groups(lines), tuple(lines), n_left=n_left, untaken=untaken)


def _label(body: dict[str, Scalar] | None) -> str:
    if not body:
        return ""
    told = [str(body[name]) for name in _NAMES if body.get(name)] or str(body.get("text") or "").splitlines()[:1]
    return " ".join(told)[:_LABEL]


def _groups(lines: list[PreviewLine]) -> tuple[PreviewGroup, ...]:
    counts: dict[tuple[str, str], int] = {}
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for line in lines:
        place = line.kind, line.action
        counts[place] = counts.get(place, 0) + 1
        of_place = sums.setdefault(place, {})
        for name, value in (line.body or {}).items():
            # Prices of several rows together are no sum of anything.
            if name.endswith("_fen") and not name.endswith("_price_fen") and isinstance(value, int) and not isinstance(value, bool):
                of_place[name] = of_place.get(name, 0) + value
    return tuple(PreviewGroup(*place, n, tuple(sorted(sums[place].items()))) for place, n in counts.items())
