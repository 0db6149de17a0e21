"""What the network tells an institution of its own instruments: their number here, whether they are published, how they were evaluated.

The operator enters it; the institution reads what changed after its cursor, each instrument once, as it is now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select

from network import canonical, pages, schema
from network.anchors import plain_cursor
from network.judging import number_as_kept

STATES = ("pending", "listed", "taken_down")
FIRST_YEAR, LAST_YEAR = 1990, 2100
_SCORE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")
_LONGEST_NUMBER, _LONGEST_GRADE, _LONGEST_REASON = 64, 40, 2000


@dataclass(frozen=True, slots=True)
class State:
    """``network_number`` "" leaves the number as it is; ``reason`` is what the institution reads; ``since_on`` is a day, ISO text."""

    state: str
    since_on: str
    network_number: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The network's evaluation of one year, its grade in the network's own words; ``score`` is a decimal as text, "" for none told."""

    year: int
    grade: str
    evaluated_on: str
    score: str = ""


def newest(connection: Connection, institution_id: str) -> str:
    """The cursor after the newest change; "0" for none."""
    told = schema.publication
    last = connection.execute(select(func.max(told.c.number)).where(told.c.institution_id == institution_id)).scalar()
    return str(last or 0)


def page(connection: Connection, institution_id: str, cursor: str, limit: int) -> dict[str, object]:
    """What changed after the cursor, in the order of the last change. Raises Refusal for a cursor that is none."""
    after, told = plain_cursor(cursor), schema.publication
    later = select(told).where(told.c.institution_id == institution_id, told.c.number > after).order_by(told.c.number)
    shown, more = pages.page(connection, later, limit, lambda row: len(row.body))
    return {"items": [msgspec.Raw(row.body) for row in shown], "cursor": str(shown[-1].number if shown else after), "more": more}


def none(cursor: str) -> dict[str, object]:
    """The page of a service that publishes nothing. Raises Refusal for a cursor that is none."""
    return {"items": [], "cursor": str(plain_cursor(cursor)), "more": False}


def instrument_of(connection: Connection, institution_id: str, asset_number: str) -> str:
    """The id of a live instrument by its asset number, compared as when it was reported. Raises ValueError when there is none."""
    unique = schema.unique_key
    found = connection.execute(
        select(unique.c.id).where(
            unique.c.institution_id == institution_id, unique.c.kind == "instrument", unique.c.field == "asset_number",
            unique.c.value == number_as_kept(asset_number),
        )
    ).scalar()  # fmt: skip
    if found is None:
        raise ValueError("the institution reports no instrument of this asset number")
    return str(found)


def set_state(connection: Connection, institution_id: str, instrument_id: str, given: State) -> dict[str, Any]:
    """Say whether an instrument is published and under which number; the whole entry as the institution will read it.

    The same again changes nothing. Raises ValueError for an unknown state, a number that another live instrument has, or a text that is too long.
    """
    if given.state not in STATES:
        raise ValueError(f"state is one of {', '.join(STATES)}")
    number, reason = given.network_number.strip(), given.reason.strip()
    if len(number) > _LONGEST_NUMBER or len(reason) > _LONGEST_REASON:
        raise ValueError("the number or the reason is too long")
    held = _held(connection, institution_id, instrument_id)
    number = number or held["network_number"] or ""
    if given.state == "listed" and not number:
        raise ValueError("an instrument that is listed has a number")
    if number:
        _free(connection, institution_id, instrument_id, number)
    return _keep(
        connection, institution_id, held | {"network_number": number or None, "state": given.state, "since_on": given.since_on, "reason": reason}
    )


def _free(connection: Connection, institution_id: str, instrument_id: str, number: str) -> None:
    """See that no other live instrument has the number; one that is reported no more loses it, and its institution reads so.

    Raises ValueError.
    """
    told, entity = schema.publication, schema.entity
    other = connection.execute(
        select(told.c.institution_id, told.c.instrument_id).where(
            told.c.network_number == number, (told.c.institution_id != institution_id) | (told.c.instrument_id != instrument_id)
        )
    ).one_or_none()
    if other is None:
        return
    live = select(entity.c.id).where(
        entity.c.institution_id == other.institution_id, entity.c.kind == "instrument", entity.c.id == other.instrument_id,
        entity.c.deleted.is_(False),
    )  # fmt: skip
    if connection.execute(live).first() is not None:
        raise ValueError("another instrument has this number")
    _keep(connection, other.institution_id, _held(connection, other.institution_id, other.instrument_id) | {"network_number": None})


def evaluate(connection: Connection, institution_id: str, instrument_id: str, given: Evaluation) -> dict[str, Any]:
    """Enter the evaluation of a year, in the place of the one of that year; the whole entry as the institution will read it.

    Raises ValueError for an instrument without a state, an impossible year, no grade, or a score that is no decimal.
    """
    grade, score = given.grade.strip(), given.score.strip()
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise ValueError(f"the year lies between {FIRST_YEAR} and {LAST_YEAR}")
    if not grade or len(grade) > _LONGEST_GRADE:
        raise ValueError("a grade is a short text")
    if score and not _SCORE.fullmatch(score):
        raise ValueError("a score is written like 92 or 92.5")
    held = _held(connection, institution_id, instrument_id)
    if not held["since_on"]:
        raise ValueError("the instrument has no state of publication yet")
    others = [each for each in held["evaluations"] if each["year"] != given.year]
    made = {"year": given.year, "grade": grade, "score": score or None, "evaluated_on": given.evaluated_on}
    return _keep(connection, institution_id, held | {"evaluations": sorted([*others, made], key=lambda each: int(each["year"]))})


def _row(connection: Connection, institution_id: str, instrument_id: str) -> Row[Any] | None:
    told = schema.publication
    return connection.execute(
        select(told).where(told.c.institution_id == institution_id, told.c.instrument_id == instrument_id)
    ).one_or_none()


def _held(connection: Connection, institution_id: str, instrument_id: str) -> dict[str, Any]:
    # One at a time for an institution: the number of the next change hangs on it.
    connection.execute(select(schema.institution.c.id).where(schema.institution.c.id == institution_id).with_for_update()).one()
    row = _row(connection, institution_id, instrument_id)
    if row is not None:
        return dict(msgspec.json.decode(row.body))
    return {"id": instrument_id, "network_number": None, "state": "pending", "since_on": "", "reason": "", "evaluations": []}


def _keep(connection: Connection, institution_id: str, made: dict[str, Any]) -> dict[str, Any]:
    told, body = schema.publication, canonical.encode(made)
    row = _row(connection, institution_id, made["id"])
    if row is not None and row.body == body:
        return made
    number = int(newest(connection, institution_id)) + 1
    connection.execute(delete(told).where(told.c.institution_id == institution_id, told.c.instrument_id == made["id"]))
    connection.execute(
        insert(told).values(
            institution_id=institution_id, instrument_id=made["id"], number=number, network_number=made["network_number"], body=body
        )
    )
    return made
