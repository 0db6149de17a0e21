"""The facts of yearly evaluations as rows, and what users said of the services of a span of days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.ledger.evaluation import EvaluationFact, UserRating
from desktop.ledger.period import Period
from desktop.store import schema_evaluation
from desktop.store.database import Connection
from desktop.store.rows import Codec

FACTS = Codec(EvaluationFact, schema_evaluation.evaluation_fact)
RATINGS = Codec(UserRating, schema_evaluation.user_rating)


def of_year(connection: Connection, year: str, instrument_id: str | None = None) -> dict[str, dict[str, EvaluationFact]]:
    """Set -> item -> what was entered for a year; ``instrument_id``: of one set only."""
    where, params = ("year = ?", (year,)) if instrument_id is None else ("year = ? AND instrument_id = ?", (year, instrument_id))
    told: dict[str, dict[str, EvaluationFact]] = {}
    for fact in FACTS.find(connection, where, params):
        told.setdefault(fact.instrument_id, {})[fact.item] = fact
    return told


def put(connection: Connection, facts: Iterable[EvaluationFact]) -> None:
    """Insert facts, or replace those of the same set, year and item (whose keys they must have)."""
    told = list(facts)
    known = {row[0] for row in connection.exec_driver_sql("SELECT id FROM evaluation_fact")}
    FACTS.insert(connection, [one for one in told if one.id not in known])
    FACTS.update(connection, [one for one in told if one.id in known])


@dataclass(frozen=True, slots=True)
class Rated:
    """A posted service and the word its user gave, "" for none."""

    record_id: str
    number: str
    instrument_id: str
    word: str
    confidential: bool


_RATED = (
    "SELECT r.id, r.number, r.instrument_id, coalesce(u.word, r.rating), r.confidential OR coalesce(i.confidential, 0) "
    "FROM service_record r JOIN instrument i ON i.id = r.instrument_id LEFT JOIN user_rating u ON u.record_id = r.id "
    "WHERE r.state = 'posted' AND r.ended_at >= ? AND r.ended_at < ?"
)


def rated(connection: Connection, period: Period, instrument_id: str | None = None) -> list[Rated]:
    """The posted services that ended in the span (none that was reversed), with what was said of each."""
    params: tuple[str, ...] = (period.start.isoformat(), period.end.isoformat())
    sql = _RATED
    if instrument_id is not None:
        sql, params = f"{sql} AND r.instrument_id = ?", (*params, instrument_id)
    return [Rated(row[0], row[1], row[2], row[3], bool(row[4])) for row in connection.exec_driver_sql(sql, params)]
