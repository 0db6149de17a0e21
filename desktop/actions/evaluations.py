"""What a person enters for yearly evaluations: counts of a set's year with their ground, and what a user said of a service."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop.actions import performance, rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger.changes import Changes
from desktop.ledger.evaluation import ITEMS, RATINGS, EvaluationFact, UserRating
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.rules import ratings as rating_rules
from desktop.rules.figure import Rows
from desktop.rules.ratings import Ratings, said
from desktop.store import evaluation as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS, RECORDS

__all__ = ["Entered", "enter", "every", "faults", "rate", "ratings", "said", "unrated", "withdraw"]

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Entered:
    """One count of a set's year as it was entered."""

    asset_number: str
    name: str
    fact: EvaluationFact


def every(workspace: Workspace, year: str | None = None) -> list[Entered]:
    """The counts of a year (all years when None), by set, year and the order of ITEMS."""
    named = None if year is None else performance.span(workspace, year).name
    with workspace.read() as connection:
        found = rows.FACTS.find(connection, *(("", ()) if named is None else ("year = ?", (named,))))
        sets = {one.id: one for one in INSTRUMENTS.find(connection, "id IN (SELECT instrument_id FROM evaluation_fact)")}
    told = [Entered(sets[fact.instrument_id].asset_number, sets[fact.instrument_id].name, fact) for fact in found]
    return sorted(told, key=lambda one: (one.asset_number, one.fact.year, ITEMS.index(one.fact.item)))


def faults(counts: Mapping[str, int]) -> str | None:
    """The code of what is wrong with the counts of one set's year, taken together; None when nothing is."""
    if any(not 0 <= count <= MOST for count in counts.values()):
        return "evaluation.count_range"
    if counts.get("original_functions") == 0:
        return "evaluation.no_functions"
    original = counts.get("original_functions")
    if original is not None and counts.get("used_functions", 0) > original:
        return "evaluation.more_used"
    return None


def enter(
    workspace: Workspace, asset_number: str, year: str, counts: Mapping[str, int], ground: str, unknown: Collection[str] = ()
) -> Changes:
    """Enter counts of a set's year, or enter them anew; items that are not named stay as they are, those in ``unknown`` are made unknown again.
    One operation, which undo takes back.

    Raises Refused for an unknown set, what is no year, no count or no ground, a negative count, no original functions at all, or more
    functions used than there are.
    """
    named = performance.span(workspace, year).name
    if not (counts or unknown) or not ground.strip():
        raise Refused("evaluation.nothing_said")
    with workspace.write("evaluation enter", params={"asset_number": asset_number.strip(), "year": named}) as operation:
        connection = operation.connection
        one = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
        if one is None:
            raise Refused("instrument.unknown", asset_number=asset_number.strip())
        known = rows.of_year(connection, named, one.id).get(one.id, {})
        wrong = faults({item: fact.count for item, fact in known.items() if item not in unknown} | dict(counts))
        if wrong:
            raise Refused(wrong, asset_number=one.asset_number)
        rows.FACTS.delete(connection, [known[item].id for item in unknown if item in known])
        fresh = EvaluationFact("", one.id, named, "", 0, ground.strip(), today(), workspace.who)
        rows.put(
            connection,
            [
                replace(fresh, id=known[item].id if item in known else new_key(confidential=bool(one.confidential)), item=item, count=count)
                for item, count in counts.items()
            ],
        )
    return operation.changes


def withdraw(workspace: Workspace, asset_number: str, year: str, items: Sequence[str], reason: str) -> Changes:
    """Make counts unknown again; the journal keeps them with the reason. Raises Refused without a reason or for a count nobody entered."""
    named = performance.span(workspace, year).name
    if not reason.strip():
        raise Refused("evaluation.no_reason")
    with workspace.write(
        "evaluation withdraw", params={"asset_number": asset_number.strip(), "year": named, "reason": reason.strip()}
    ) as operation:
        one = INSTRUMENTS.one(operation.connection, "asset_number = ?", (asset_number.strip(),))
        known = {} if one is None else rows.of_year(operation.connection, named, one.id).get(one.id, {})
        missing = [item for item in items if item not in known]
        if missing or not items:
            raise Refused("evaluation.not_entered", asset_number=asset_number.strip(), year=named)
        rows.FACTS.delete(operation.connection, [known[item].id for item in items])
    return operation.changes


def rate(workspace: Workspace, number: str, word: str, given_on: date | None = None, comment: str = "") -> Changes:
    """Enter what the user of a posted service said of it, or enter it anew. The record itself stays as it was posted.

    Raises Refused for an unknown record or one that is not posted, a word that is none of the five, or a day before the service or to come.
    """
    day = given_on or today()
    with workspace.write("evaluation rate", params={"number": number.strip(), "word": word}) as operation:
        connection = operation.connection
        record = RECORDS.one(connection, "number = ?", (number.strip(),))
        if record is None:
            raise Refused("record.unknown", number=number.strip())
        if record.state != "posted":
            raise Refused("evaluation.not_posted", number=record.number)
        if word not in RATINGS:
            raise Refused("evaluation.word", word=word, words=" ".join(RATINGS))
        if not record.ended_at.date() <= day <= today():
            raise Refused("evaluation.rating_day", number=record.number, day=day)
        known = rows.RATINGS.one(connection, "record_id = ?", (record.id,))
        key = known.id if known else new_key(confidential=_secret(connection, record.id))
        row = UserRating(key, record.id, word, day, comment.strip(), workspace.who)
        (rows.RATINGS.update if known else rows.RATINGS.insert)(connection, [row])
    return operation.changes


def _secret(connection: Connection, record_id: str) -> bool:
    sql = "SELECT r.confidential OR coalesce(i.confidential, 0) FROM service_record r JOIN instrument i ON i.id = r.instrument_id WHERE r.id = ?"
    return bool(connection.exec_driver_sql(sql, (record_id,)).scalar_one())


def unrated(workspace: Workspace, year: str | None = None) -> list[str]:
    """The numbers of the posted services of a year that nobody said anything of, in order, confidential ones left out."""
    with workspace.read() as connection:
        found = rows.rated(connection, performance.span(workspace, year))
    return sorted(one.number for one in found if not one.word and not one.confidential)


def ratings(workspace: Workspace, year: str | None = None, asset_number: str | None = None, on: date | None = None) -> Ratings:
    """What users said of the posted services of a year (of one set, or of all that are not confidential), by the rules of its last day, or of
    ``on`` (today when None) while it is not over. Raises Refused for an unknown set.
    """
    period = performance.span(workspace, year)
    day = min(period.end - timedelta(days=1), on or today())
    with workspace.read() as connection:
        key = None
        if asset_number is not None:
            one = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
            if one is None:
                raise Refused("instrument.unknown", asset_number=asset_number.strip())
            key = one.id
        found = rows.rated(connection, period, key)
    told = [one for one in found if key is not None or not one.confidential]
    behind = Rows("service_record", tuple(one.record_id for one in told if one.word in RATINGS))
    return rating_rules.summary([one.word for one in told], rules_in_force.of(workspace), day, behind)
