"""Who saw what when they typed: each value a person enters is a node that knows the values that stood before them.

After quiet, the value that is left must descend from every value ever entered in its place. One that does not descend was
overwritten or dropped without anybody having seen it, however the engine explains itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

Place = tuple[str, str]
Body = Mapping[str, Any]

DELETION = "deletion"
# Fields that carry one value together, as people understand them.
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "instrument": {
        "name": ("name",),
        "value": ("value_fen",),
        "technical": ("technical",),
        "class": ("class_code",),
        "duty": ("accepted_on", "joined_on"),
        "power": ("power",),
    },
    "service_record": {"charge": ("minutes", "amount_fen", "state"), "rating": ("rating",)},
    "customer": {"name": ("name",), "size": ("size_class", "size_on")},
    "attachment": {"file": ("name", "sha256", "n_bytes")},
    "posting": {},
}


def value(group: str, n: int, *, wrong: bool = False) -> dict[str, Any]:
    """The fields of a group as the ``n``-th thing typed; ``wrong``: as the remote refuses it."""
    if group == "name":
        return {"name": f"仪器名称{n:05d}"}
    if group == "value":
        return {"value_fen": n}
    if group == "class":
        return {"class_code": f"错误代码{n:05d}" if wrong else f"{n:06d}"}
    if group == "duty":
        return {"accepted_on": _day(n), "joined_on": _day(n + 400)}
    if group == "size":
        return {"size_class": f"{n}", "size_on": _day(n)}
    if group == "charge":
        return {"minutes": n, "amount_fen": 100 * n, "state": "draft"}
    return {group: {"technical": "技术指标", "power": "功率参数", "rating": "评价意见"}[group] + f"{n:05d}"}


def _day(n: int) -> str:
    return date.fromordinal(700_000 + n).isoformat()


def torn(kind: str, body: Body) -> str | None:
    """A group whose fields were not typed together, if there is one."""
    if kind == "service_record" and body["amount_fen"] != 100 * body["minutes"]:
        return "charge"
    if kind == "instrument" and body.get("accepted_on"):
        first, last = (date.fromisoformat(body[name]) for name in ("accepted_on", "joined_on"))
        if (last - first).days != 400:
            return "duty"
    if kind == "customer" and body.get("size_class") and body["size_on"] != _day(int(body["size_class"])):
        return "size"
    return None


class Provenance:
    """What was typed where, and what was seen. ``unmeant``: values that nobody decided for, although a decision left them;
    ``without``: decisions for no value. Places that turned out to be one thing share their values (``one``); a deletion is of its own place.
    ``ended``: places whose row took the key of another; it is gone there, although nobody deleted it."""

    def __init__(self) -> None:
        self.n = 0
        self.seen: dict[int, set[int]] = {}
        self.of_place: dict[Place, set[int]] = {}
        self.deletions: dict[Place, set[int]] = {}
        self.known: dict[tuple[Place, str, tuple[Any, ...]], int] = {}
        self.told: dict[int, str] = {}
        self.group_of: dict[int, str] = {}
        self.unmeant: set[int] = set()
        self.without: set[int] = set()
        self.ended: set[Place] = set()
        self._one: dict[Place, Place] = {}

    def one(self, ours: Place, theirs: Place) -> None:
        """What two people entered apart is one thing: what either typed counts for both."""
        self.ended.add(ours)
        here, there = self.at(ours), self.at(theirs)
        if here == there:
            return
        self._one[here] = there
        self.of_place.setdefault(there, set()).update(self.of_place.pop(here, ()))
        for place, group, part in [known for known in self.known if known[0] == here]:
            n = self.known.pop((place, group, part))
            same = self.known.setdefault((there, group, part), n)
            if same != n:
                # Typed by both, it is one value.
                self.seen[same].add(n)
                self.seen[n].add(same)

    def at(self, place: Place) -> Place:
        """The place under which a thing is known."""
        while place in self._one:
            place = self._one[place]
        return place

    def places(self, place: Place) -> list[Place]:
        """This place and all that turned out to be the same thing."""
        return [place, *(other for other in self._one if self.at(other) == place)]

    def typed(self, place: Place, group: str, fields: Body, seen: Iterable[int]) -> int:
        """A person typed a value of a group; ``seen`` is what stood before them. Typed again by another it is the same value."""
        known = self.known.get((self.at(place), group, _part(place[0], group, fields)))
        if known is not None:
            self.seen[known] |= set(seen) - {known}
            return known
        n = self._node(place, seen, group, f"{group} {_part(place[0], group, fields)}")
        self.known[self.at(place), group, _part(place[0], group, fields)] = n
        return n

    def refused(self, nodes: Iterable[int]) -> None:
        """These were typed and the program did not take them: they are in no ledger."""
        gone = set(nodes)
        self.known = {known: n for known, n in self.known.items() if n not in gone}
        for of in self.of_place.values():
            of -= gone

    def deleted(self, place: Place, seen: Iterable[int]) -> int:
        """A person deleted the row they saw."""
        n = self._node(place, seen, DELETION, DELETION)
        self.deletions.setdefault(place, set()).add(n)
        return n

    def next(self) -> int:
        """A number for the next thing typed."""
        self.n += 1
        return self.n

    def _node(self, place: Place, seen: Iterable[int], group: str, told: str) -> int:
        n = self.next()
        self.group_of[n] = group
        self.seen[n] = set(seen)
        self.of_place.setdefault(self.at(place), set()).add(n)
        self.told[n] = told
        return n

    def group(self, place: Place, group: str, body: Body | None) -> set[int]:
        """What a body shows of one group; a deletion shows every deletion of its place."""
        if body is None:
            return self.deletions.get(place, set())
        n = self.known.get((self.at(place), group, _part(place[0], group, body)))
        return set() if n is None else {n}

    def whole(self, place: Place, body: Body | None) -> set[int]:
        """What a body shows in all its groups."""
        if body is None:
            return set(self.deletions.get(place, ()))
        return {n for group in GROUPS[place[0]] for n in self.group(place, group, body)}

    def settled(self, place: Place, left: Body | None, gone: Iterable[int], groups: Iterable[str] | None = None, elsewhere: Iterable[int] = ()) -> None:
        """A person decided for what ``left`` shows (of these groups, or all), in sight of ``gone``. ``elsewhere``: what stands at others who
        cannot hear of it, for the remote is left as it was."""
        lost = set(gone)
        if left is None:
            for n in self.deletions.get(place, ()):
                self.seen[n] |= lost - {n}
            return
        for group in GROUPS[place[0]] if groups is None else groups:
            here = self.group(place, group, left)
            if not here and any(self.group_of[m] == group for m in lost):
                # That there is no value is what was decided for.
                here = {self.typed(place, group, left, ())}
                self.without |= here
                self._over_nothing(place, group, here, lost - set(elsewhere))
            for n in here:
                self.seen[n] |= {m for m in lost if m != n and self.group_of[m] in (group, DELETION)}

    def _over_nothing(self, place: Place, group: str, none: set[int], lost: set[int]) -> None:
        """What was typed where no value stood was typed in sight of just that, although nobody had decided for it yet."""
        of_group = {n for n in self.of_place[self.at(place)] if self.group_of[n] == group}
        for n in of_group - none - lost:
            if not self.seen[n] & of_group:
                self.seen[n] |= none

    def had_seen(self, place: Place, mine: Body | None, theirs: Body | None, contested: Iterable[str]) -> bool:
        """Whether our side was typed in sight of all of theirs: of the whole row, and of what is ``contested`` (fields) by itself.

        A deletion that was given up is seen by, and saw, every value of the row: by way of another field it says nothing.
        """
        if not self.whole(place, theirs) <= self.behind(self.whole(place, mine)):
            return False
        names = set(contested)
        groups = [group for group, fields in GROUPS[place[0]].items() if names & set(fields)]
        ours, others = ({n for group in groups for n in self.group(place, group, body)} for body in (mine, theirs))
        return others <= self.behind(ours)

    def behind(self, nodes: Iterable[int]) -> set[int]:
        """These values and all that was seen when they were typed, and so on back."""
        found: set[int] = set()
        waiting = list(nodes)
        while waiting:
            n = waiting.pop()
            if n not in found:
                found.add(n)
                waiting += self.seen[n]
        return found


def _part(kind: str, group: str, body: Body) -> tuple[Any, ...]:
    return tuple(body.get(name) for name in GROUPS[kind][group])
