"""What one change is refused for, by its body and by what the institution holds."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from network.canonical import encode, sha256
from network.forms import MAX_LONG_TEXT, MAX_TEXT, NAME, SHA256, UUID, is_key, is_scalar, matches_form, names_blob
from network.kinds import KINDS, Body, Fault, Kind, Role
from network.messages import Change
from network.standing import Key, Standing

MAX_FIELDS = 200
OVERLAP = "fee_schedule.overlap"
_LONGEST_KEY = 200
_NARROW = {0x3000: " "} | {sign + 0xFEE0: chr(sign) for sign in range(0x21, 0x7F)}


def faults(kind: Kind, key: str, body: dict[str, object], role: Role) -> Iterator[Fault]:
    """What one body is refused for, in the order a person would mend it. Reads nothing but the body."""
    if body.get("id") != key:
        yield Fault("field.invalid", "id")
    if len(body) > MAX_FIELDS:
        yield Fault("change.malformed", "body")
        return
    plain: Body = {}
    for name, value in body.items():
        if not NAME.fullmatch(name) or not is_scalar(value, MAX_LONG_TEXT if name in kind.long else MAX_TEXT):
            yield Fault("field.invalid", name[:40])
        else:
            plain[name] = value  # type: ignore[assignment]  # is_scalar has just checked it
    for name in kind.required:
        if plain.get(name) in (None, ""):
            yield Fault("field.missing", name)
        elif name not in kind.ranges and not isinstance(plain[name], str):
            yield Fault("field.invalid", name)
    for name, value in plain.items():
        empty = value is None or (value == "" and name not in kind.links)
        if not empty and not (matches_form(name, value) and (name not in kind.links or is_key(value))):
            yield Fault("field.invalid", name)
    yield from _values(kind, plain)
    for name in sorted(plain):
        if name in kind.local or (role == "network" and _beyond(kind, name)):
            yield Fault("field.beyond_reach", name)
    yield from kind.also(plain)


def _values(kind: Kind, plain: Body) -> Iterator[Fault]:
    for name, (low, high) in kind.ranges.items():
        value = plain.get(name)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool):
            yield Fault("field.invalid", name)
        elif not low <= value <= high:
            yield Fault("field.range", name)
    for name, choices in kind.choices.items():
        if plain.get(name) not in (None, "", *choices):
            yield Fault("field.invalid", name)


def _beyond(kind: Kind, name: str) -> bool:
    return name in kind.beyond_network or bool(kind.only_on_network and name not in kind.only_on_network)


def numbers_in(kind: Kind, body: dict[str, object]) -> dict[str, str]:
    """What no other row of the kind may have: the fields' names -> their text, a long one as its digest (an index has its limits).

    Values that no database could hold are left out, here and below: the body is refused for them.
    """
    found = {}
    for names in kind.unique:
        values = [body.get(name) for name in names]
        if not all(is_scalar(value) and value not in (None, "") for value in values):
            continue
        folded = [_folded(str(value)) for value in values]
        found["+".join(names)] = _short(folded[0] if len(names) == 1 else encode(folded).decode())
    freed = body.get(kind.released or "reverses")
    once = body.get(kind.once) if kind.once and not (freed == kind.released_as if kind.released_as else freed) else None
    if isinstance(once, str) and once and is_scalar(once):
        found[kind.once] = _short(once)
    return found


def number_as_kept(text: str) -> str:
    """A number of one field as ``numbers_in`` gives it, however it was typed."""
    return _short(_folded(text))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_KEY else f"sha256:{sha256(text.encode())}"


def _folded(text: str) -> str:
    """A number as it is compared, as the ledger does when it reads one: neither the width of ASCII signs nor how many
    spaces there are, or any around it, makes another one of it."""
    return " ".join(text.translate(_NARROW).split()) or text


def targets_in(name: str, kind: Kind, body: dict[str, object]) -> dict[str, Key]:
    """The rows a body refers to: field -> (kind, id). An attachment says itself what kind of row it belongs to."""
    links = kind.links | ({"of_id": str(body.get("of_kind"))} if name == "attachment" else {})
    found = {}
    for each, target in links.items():
        key = body.get(each)
        if isinstance(key, str) and UUID.fullmatch(key) and NAME.fullmatch(target):
            found[each] = (target, key)
    return found


def outside_in(name: str, body: dict[str, object]) -> dict[str, Key]:
    """What a body refers to beside rows: field -> (``blob``, digest) or (``notice``, id)."""
    found = {
        each: ("blob", value)
        for each, value in body.items()
        if names_blob(each) and isinstance(value, str) and SHA256.fullmatch(value)
    }
    notice = body.get("notice_id")
    if name == "notice_answer" and isinstance(notice, str) and UUID.fullmatch(notice):
        found["notice_id"] = ("notice", notice)
    return found


def judge(standing: Standing, change: Change, role: Role) -> tuple[Fault, Key | None] | None:
    """The first fault of a change whose kind is known and whose parent is current, and the row it misses; None: it is taken."""
    kind, body = KINDS[change.kind], change.body
    if kind.facts and change.action != "create":
        return Fault("kind.immutable", "action"), None
    if body is None:
        return (Fault("link.held", "id"), None) if standing.refers((change.kind, change.id)) else None
    for fault in faults(kind, change.id, body, role):
        return fault, None
    for name, target in targets_in(change.kind, kind, body).items():
        if standing.live(*target) is None:
            return Fault("link.unknown", name), target
    for name, target in outside_in(change.kind, body).items():
        if target not in standing.outside:
            return Fault("blob.missing" if target[0] == "blob" else "link.unknown", name), target
    for name, value in numbers_in(kind, body).items():
        if standing.keys.get((change.kind, name, value), change.id) != change.id:
            return Fault(f"{change.kind}.twice" if name == kind.once else "key.taken", name.partition("+")[0]), None
    if change.kind == "fee_schedule" and _overlaps(standing, change.id, body):
        return Fault(OVERLAP, "from_on"), None
    return reversal(standing, change, kind, body)


def _overlaps(standing: Standing, key: str, body: dict[str, object]) -> bool:
    """Whether a version that is no draft has a day in common with another one of its instrument; those have been read."""
    if body.get("state") in (None, "", "draft") or not body.get("from_on"):
        return False
    start, end = _span(body)
    for (kind, other), held in standing.entities.items():
        if kind != "fee_schedule" or other == key or held.body is None:
            continue
        told = msgspec.json.decode(held.body)
        if told.get("instrument_id") == body.get("instrument_id") and told.get("state") not in (None, "", "draft") and told.get("from_on"):
            first, last = _span(told)
            if start < last and first < end:
                return True
    return False


def _span(body: dict[str, object]) -> tuple[str, str]:
    return str(body["from_on"]), str(body.get("to_on") or "9999-12-31")


def reversal(standing: Standing, change: Change, kind: Kind, body: dict[str, object]) -> tuple[Fault, None] | None:
    """The fault of a row that takes back another one, but not exactly that; the row it names has been read."""
    original = standing.live(change.kind, str(body.get("reverses"))) if kind.same_in_reversal else None
    if original is None or original.body is None:
        return None
    first = msgspec.json.decode(original.body)
    same = first[kind.same_in_reversal] == body[kind.same_in_reversal] and first[kind.amount] == -_whole(body[kind.amount])
    return None if same and not first.get("reverses") else (Fault(f"{change.kind}.reversal", kind.amount), None)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
