"""What an institution holds, as far as one batch touches it: read in a few queries, changed in memory, written in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, literal_column, select, text, update

from network import schema

Key = tuple[str, str]
Number = tuple[str, str, str]
_CHUNK = 900
_COUNT = text(
    "INSERT INTO referred (institution_id, kind, id, n) VALUES (:institution_id, :kind, :id, :n) "
    "ON CONFLICT (institution_id, kind, id) DO UPDATE SET n = referred.n + excluded.n"
)


@dataclass(slots=True)
class Held:
    """One entity. ``stored``: it has a row already; ``touched``: the batch changed it. ``body`` None: a tombstone."""

    revision: int
    token: str
    body: bytes | None
    body_sha256: str | None
    position: int
    epoch: int = 0
    recovered: bool = False
    parent: str | None = None
    stored: bool = True
    touched: bool = False


@dataclass(slots=True)
class Standing:
    """The view. Places are (kind, id), numbers (kind, fields, value); ``links_of`` gives field -> place for each place the batch
    changes, ``n_links`` how many links were stored to each place it deletes, ``n_more`` how many more there are by now.

    ``outside`` holds what is there of the files and notices the batch names: (``blob``, digest), (``notice``, id).
    """

    institution_id: str
    head: int
    entities: dict[Key, Held] = field(default_factory=dict)
    operations: dict[str, tuple[str, str]] = field(default_factory=dict)
    keys: dict[Number, str] = field(default_factory=dict)
    numbers_of: dict[Key, list[Number]] = field(default_factory=dict)
    links_of: dict[Key, dict[str, Key]] = field(default_factory=dict)
    n_links: dict[Key, int] = field(default_factory=dict)
    n_more: Counter[Key] = field(default_factory=Counter)
    outside: set[Key] = field(default_factory=set)
    freed: list[tuple[Number, str]] = field(default_factory=list)
    feed: list[dict[str, Any]] = field(default_factory=list)

    def live(self, kind: str, key: str) -> Held | None:
        """The entity when it is held and not deleted."""
        held = self.entities.get((kind, key))
        return held if held is not None and held.body is not None else None

    def refers(self, target: Key) -> bool:
        """Whether a row refers to the entity; known for the entities that the batch deletes."""
        return self.n_links.get(target, 0) + self.n_more[target] > 0

    def know_number(self, number: Number, key: str) -> None:
        """The entity holds this number."""
        self.keys[number] = key
        self.numbers_of.setdefault((number[0], key), []).append(number)

    def free(self, number: Number, key: str) -> None:
        """The entity holds this number no more, though it stays as it is."""
        if self.keys.get(number) == key:
            del self.keys[number]
            self.numbers_of[number[0], key].remove(number)
            self.freed.append((number, key))

    def replace(self, place: Key, numbers: dict[str, str], targets: dict[str, Key]) -> None:
        """From now on the entity holds these numbers and refers to these rows, and no others."""
        for number in self.numbers_of.pop(place, []):
            del self.keys[number]
        for name, value in numbers.items():
            self.know_number((place[0], name, value), place[1])
        self.n_more.subtract(self.links_of.get(place, {}).values())
        self.n_more.update(targets.values())
        self.links_of[place] = targets


def load(
    connection: Connection,
    institution_id: str,
    head: int,
    entities: Iterable[Key],
    operations: Iterable[str],
    keys: Iterable[Number],
    changed: Iterable[tuple[Key, bool]],
    outside: Iterable[Key] = (),
) -> Standing:
    """Read what the batch names: entities (and those they refer to), operations, numbers, what the ``changed`` (and whether they are
    deleted) refer to, and how many rows refer to the deleted."""
    standing = Standing(institution_id, head)
    _load_entities(connection, standing, set(entities))
    _load_outside(connection, standing, _by_kind(outside))
    feed, unique, link = schema.feed, schema.unique_key, schema.link
    for part in _chunks(sorted(set(operations))):
        query = select(feed.c.op_id, feed.c.op_digest, feed.c.token).where(
            feed.c.institution_id == institution_id, feed.c.op_id.in_(part)
        )
        standing.operations.update({row.op_id: (row.op_digest, row.token) for row in connection.execute(query)})
    by_field: dict[tuple[str, str], set[str]] = {}
    for kind, name, value in keys:
        by_field.setdefault((kind, name), set()).add(value)
    own = [unique.c.institution_id == institution_id]
    for (kind, name), values in by_field.items():
        for part in _chunks(sorted(values)):
            rows = connection.execute(
                select(unique).where(*own, unique.c.kind == kind, unique.c.field == name, unique.c.value.in_(part))
            )
            for row in rows:
                if (row.kind, row.id) not in standing.entities:
                    standing.know_number((row.kind, row.field, row.value), row.id)
    for kind, ids in _by_kind(standing.entities).items():
        for part in _chunks(ids):
            rows = connection.execute(select(unique).where(*own, unique.c.kind == kind, unique.c.id.in_(part)))
            for row in rows:
                standing.know_number((row.kind, row.field, row.value), row.id)
    stored = [(place, gone) for place, gone in changed if place in standing.entities]
    for kind, ids in _by_kind(place for place, _ in stored).items():
        for part in _chunks(ids):
            rows = connection.execute(
                select(link).where(link.c.institution_id == institution_id, link.c.kind == kind, link.c.id.in_(part))
            )
            for row in rows:
                standing.links_of.setdefault((row.kind, row.id), {})[row.field] = (row.target_kind, row.target_id)
    count = schema.referred
    for kind, ids in _by_kind(place for place, gone in stored if gone).items():
        for part in _chunks(ids):
            rows = connection.execute(
                select(count).where(count.c.institution_id == institution_id, count.c.kind == kind, count.c.id.in_(part))
            )
            standing.n_links.update({(row.kind, row.id): row.n for row in rows})
    return standing


def beside(connection: Connection, institution_id: str, instruments: Iterable[str]) -> set[Key]:
    """The fee versions of these instruments: two that price do not overlap."""
    link = schema.link
    found: set[Key] = set()
    for part in _chunks(sorted(set(instruments))):
        rows = connection.execute(
            select(link.c.id).where(
                link.c.institution_id == institution_id,
                link.c.kind == literal_column("'fee_schedule'"),  # in words: the index is of these alone
                link.c.field == "instrument_id",
                link.c.target_kind == "instrument",
                link.c.target_id.in_(part),
            )
        )
        found.update(("fee_schedule", row.id) for row in rows)
    return found


def _load_entities(connection: Connection, standing: Standing, wanted: set[Key]) -> None:
    entity, feed = schema.entity, schema.feed
    for kind, ids in _by_kind(wanted).items():
        for part in _chunks(ids):
            rows = connection.execute(
                select(entity, feed.c.epoch, feed.c.recovered, feed.c.parent)
                .join(feed, and_(feed.c.institution_id == entity.c.institution_id, feed.c.position == entity.c.position))
                .where(entity.c.institution_id == standing.institution_id, entity.c.kind == kind, entity.c.id.in_(part))
            )
            for row in rows:
                standing.entities[row.kind, row.id] = Held(
                    row.revision, row.token, row.body, row.body_sha256, row.position, row.epoch, row.recovered, row.parent
                )


def _load_outside(connection: Connection, standing: Standing, wanted: dict[str, list[str]]) -> None:
    blob, notice = schema.blob, schema.notice
    for part in _chunks(wanted.get("blob", [])):
        complete = select(blob.c.sha256).where(
            blob.c.institution_id == standing.institution_id, blob.c.sha256.in_(part), blob.c.media_type.is_not(None)
        )
        standing.outside.update(("blob", row.sha256) for row in connection.execute(complete))
    for part in _chunks(wanted.get("notice", [])):
        sent = select(notice.c.id).where(notice.c.institution_id == standing.institution_id, notice.c.id.in_(part))
        standing.outside.update(("notice", row.id) for row in connection.execute(sent))


def save(connection: Connection, standing: Standing) -> None:
    """Write what changed: the feed appended, entities brought up to it, numbers and links of the touched ones replaced."""
    if not standing.feed:
        return
    entity, unique, link, own = schema.entity, schema.unique_key, schema.link, standing.institution_id
    connection.execute(insert(schema.feed), standing.feed)
    touched = {place: held for place, held in standing.entities.items() if held.touched}
    rows = [(place, held) for place, held in touched.items() if not held.stored]
    if rows:
        connection.execute(
            insert(entity), [{"institution_id": own, "kind": k, "id": i} | _columns(held) for (k, i), held in rows]
        )
    old = [(place, held) for place, held in touched.items() if held.stored]
    if old:
        connection.execute(
            update(entity).where(
                entity.c.institution_id == own, entity.c.kind == bindparam("b_kind"), entity.c.id == bindparam("b_id")
            ),
            [{"b_kind": k, "b_id": i} | _columns(held) for (k, i), held in old],
        )
        for table in (unique, link):
            connection.execute(
                delete(table).where(
                    table.c.institution_id == own, table.c.kind == bindparam("b_kind"), table.c.id == bindparam("b_id")
                ),
                [{"b_kind": k, "b_id": i} for (k, i), _ in old],
            )
    if standing.freed:
        connection.execute(
            delete(unique).where(
                unique.c.institution_id == own,
                *(unique.c[name] == bindparam(f"b_{name}") for name in ("kind", "field", "value", "id")),
            ),
            [{"b_kind": k, "b_field": f, "b_value": v, "b_id": i} for (k, f, v), i in standing.freed],
        )
    numbers = [
        {"institution_id": own, "kind": kind, "field": name, "value": value, "id": place[1]}
        for place in touched
        for kind, name, value in standing.numbers_of.get(place, [])
    ]
    if numbers:
        connection.execute(insert(unique), numbers)
    targets = [
        {"institution_id": own, "kind": kind, "id": key, "field": name, "target_kind": target[0], "target_id": target[1]}
        for kind, key in touched
        for name, target in standing.links_of.get((kind, key), {}).items()
    ]
    if targets:
        connection.execute(insert(link), targets)
    counts = [{"institution_id": own, "kind": kind, "id": key, "n": n} for (kind, key), n in sorted(standing.n_more.items()) if n]
    if counts:
        connection.execute(_COUNT, counts)
    connection.execute(update(schema.institution).where(schema.institution.c.id == own).values(head=standing.head))


def _columns(held: Held) -> dict[str, Any]:
    return {
        "revision": held.revision,
        "token": held.token,
        "deleted": held.body is None,
        "body": held.body,
        "body_sha256": held.body_sha256,
        "position": held.position,
    }


def _by_kind(places: Iterable[Key]) -> dict[str, list[str]]:
    sorted_places: dict[str, list[str]] = {}
    for kind, key in sorted(set(places)):
        sorted_places.setdefault(kind, []).append(key)
    return sorted_places


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
