"""What must not leave this machine: the keys, numbers and telling texts of confidential rows. Plain values only.

The kinds are those that ``reach`` can hide, and what says why an instrument is confidential; of a set of which nobody said whether it is, the
key and the number alone. Texts are taken from every column that can hold words; a new kind or column is searched from the day it is made.
What is left out on purpose, and why: docs/decisions, what the gate stops.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache

from sqlalchemy import Text

from desktop.store import reach
from desktop.store.database import Connection
from desktop.store.tables import tables

N_LEAST = 6
"""A shorter text tells nothing by itself."""

ROW_ONLY = frozenset({"payout_run"})
"""Kinds whose rows stay here, while their keys go to the hub in marks: the row is looked for by kind and key together."""

# What the machine keeps of confidential rows for itself alone.
_OF_A_SET = ("reclassification", "take_back", "transfer", "sensor_session", "cers_set", "national_closed")
_AT_HOME = dict.fromkeys(_OF_A_SET, f"instrument_id IN {reach.HIDDEN_INSTRUMENT}") | {
    "integrity_answer": f"record_id IN {reach.HIDDEN_RECORD}",
    "evaluation_fact": f"instrument_id IN {reach.HIDDEN_INSTRUMENT}",
    "user_rating": f"record_id IN {reach.HIDDEN_RECORD}",
    "national_service": f"record_id IN {reach.HIDDEN_RECORD}",
    "university_set": f"instrument_id IN {reach.HIDDEN_INSTRUMENT}",
    "university_count": f"instrument_id IN {reach.HIDDEN_INSTRUMENT}",
}
_NUMBERS = {
    "instrument": ("asset_number", "filing_number", "network_number"),
    "service_record": ("number",),
    # Whoever has a file can tell by its digest that it is here.
    "attachment": ("sha256",),
}
# Numbers that a person gives as he likes: an ordinary row may have the same one, as a claim that is called after its record.
_GIVEN = {"voucher_claim": ("number",), "pilot_equipment": ("number",), "cers_set": ("inner_id",)}
# Numbers of papers: an ordinary row may stand on the same paper.
_PAPERS = {"receipt": ("invoice_number",), "cost_row": ("document",), "voucher_paper": ("number",), "voucher_claim_step": ("document",)}
# Days, moments, quantities and choices from a list are nobody's secret, and every other row has them too. Neither are the run that marks
# name, nor the receivers that its scheme names.
_NOT_TELLING = frozenset(
    {
        "id", "state", "secrecy_level", "imported", "answers", "terms",
        "class_code", "source", "country", "category", "subjects", "funds", "carrier_type", "province",
        "city", "county", "postcode", "yearly_hours", "external_hours", "way", "direction", "rating", "claimed_hours", "quantity", "second_quantity",
        "unit", "customer_class", "service_month", "service_type", "image", "of_kind", "sha256", "media_type", "added_by", "kind", "rate", "basis",
        "reverses", "run_number", "settles", "receiver", "weight", "period_from", "period_to",
    }
)  # fmt: skip
# A tree of a run says the same as its lines; what it calls its receivers stands in the scheme. That of a claimed use says what is known of its customer.
_NOT_TELLING_OF = {
    "payout_run": frozenset({"number", "figure", "findings"}), "payout_share": frozenset({"name"}),
    "attachment": frozenset({"papers"}), "voucher_paper": frozenset({"item", "use_kind"}), "voucher_claim_line": frozenset({"figure", "use_kind"}),
    "voucher_claim_step": frozenset({"verb", "on_day", "at", "person"}),
    "integrity_answer": frozenset({"check_name", "correction", "answered_by"}),
    "power_band": frozenset({"off_watts", "working_watts"}), "sensor_session": frozenset({"band"}),
    "university_set": frozenset({"use", "state", "noted_by"}), "university_count": frozenset({"year", "item", "noted_by"}),
    "cers_set": frozenset({"assets_code", "classification_code", "country_code", "share_level", "noted_by"}),
    "national_service": frozenset({"income", "area", "noted_by"}), "national_closed": frozenset({"reason", "noted_by"}),
    "evaluation_fact": frozenset({"year", "item", "noted_by"}), "user_rating": frozenset({"word", "noted_by"}),
}  # fmt: skip
# Who ordered nothing but confidential services is no ordinary customer.
_NO_MEASURE = frozenset({"customer"})


@cache
def held() -> dict[str, str]:
    """Kind -> SQL: whether a row of it stays here. Every kind of which a row can."""
    hidden = {kind: reach.secret(kind) for kind in reach.kinds(reach.HUB) if reach.secret(kind) != "0"}
    return hidden | {"posting": f"id IN {reach.HIDDEN_POSTING}"} | _AT_HOME


@cache
def secrets() -> dict[str, str]:
    """The same of what is stated to be confidential: nothing of it may be said anywhere."""
    return {kind: reach.stated(sql) for kind, sql in held().items()}


@cache
def telling(kind: str) -> tuple[str, ...]:
    """The columns of a kind that can hold words."""
    return tuple(
        column.name
        for column in tables()[kind].columns
        if isinstance(column.type, Text)
        and not column.foreign_keys
        and column.name not in _NOT_TELLING
        and column.name not in _NOT_TELLING_OF.get(kind, ())
        and column.name not in _papers(kind)
        and not column.name.endswith(("_id", "_on", "_at"))
    )


def _papers(kind: str) -> tuple[str, ...]:
    return _PAPERS.get(kind, ())


def _given(kind: str) -> tuple[str, ...]:
    return _GIVEN.get(kind, ())


def _saying(kind: str) -> tuple[str, ...]:
    """The columns in which an ordinary row may say a number that was given to a confidential one."""
    return tuple(dict.fromkeys((*telling(kind), *_papers(kind), *_given(kind))))


def rows(connection: Connection) -> list[tuple[str, str]]:
    """Kind and key of confidential rows whose keys ordinary rows name."""
    found: list[tuple[str, str]] = []
    for kind in sorted(ROW_ONLY):
        found += [(kind, row[0]) for row in connection.exec_driver_sql(f"SELECT id FROM {kind} WHERE {secrets()[kind]}")]
    return found


def numbers(connection: Connection) -> set[str]:
    """Keys of confidential rows, and the numbers that are theirs alone; of sets of which nobody said whether they are, the key and the number."""
    found: set[str] = set()
    for kind, secret in secrets().items():
        names = (*(() if kind in ROW_ONLY else ("id",)), *_NUMBERS.get(kind, ()))
        if names:
            for row in connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM {kind} WHERE {secret}"):
                found.update(filter(None, row))
    # A whole register may stand there without a word on it: by the set's key and number every row that names it is known.
    for row in connection.exec_driver_sql("SELECT id, asset_number FROM instrument WHERE confidential IS NULL"):
        found.update(row)
    return found


def given(connection: Connection) -> set[str]:
    """The numbers that people gave confidential rows, also where an ordinary row has the same."""
    return _said(connection, _given, 1)


def given_to_no_other(connection: Connection) -> list[str]:
    """The numbers that people gave confidential rows and that no ordinary row says too."""
    return _of_no_other(connection, given(connection), _saying)


def texts(connection: Connection) -> set[str]:
    """Every telling text of confidential rows, also where an ordinary row says the same."""
    return _said(connection, telling)


def papers(connection: Connection) -> set[str]:
    """The numbers of the papers that confidential rows stand on, ordinary ones too."""
    return _said(connection, _papers)


def texts_of_no_other(connection: Connection) -> list[str]:
    """The telling texts of confidential rows that no ordinary row says too."""
    return _of_no_other(connection, texts(connection), telling)


def papers_of_no_other(connection: Connection) -> list[str]:
    """The numbers of papers that only confidential rows stand on."""
    return _of_no_other(connection, papers(connection), _papers)


def _said(connection: Connection, columns: Callable[[str], tuple[str, ...]], n_least: int = N_LEAST) -> set[str]:
    found: set[str] = set()
    for kind, secret in secrets().items():
        if columns(kind):
            for row in connection.exec_driver_sql(f"SELECT {', '.join(columns(kind))} FROM {kind} WHERE {secret}"):
                found.update(text for text in row if text and len(text) >= n_least)
    return found


def _of_no_other(connection: Connection, secret: set[str], columns: Callable[[str], tuple[str, ...]]) -> list[str]:
    if not secret:
        return []
    wanted = json.dumps(sorted(secret), ensure_ascii=False)
    ordinary: set[str] = set()
    for kind in _measures():
        names = columns(kind)
        if not names:
            continue
        among = " OR ".join(f"{name} IN (SELECT value FROM wanted)" for name in names)
        sql = (
            f"WITH wanted AS MATERIALIZED (SELECT value FROM json_each(?)) SELECT {', '.join(names)} FROM {kind} "
            f"WHERE NOT {held().get(kind, '0')} AND ({among})"
        )
        for row in connection.exec_driver_sql(sql, (wanted,)):
            ordinary.update(row)
    return sorted(secret - ordinary)


def _measures() -> Iterable[str]:
    return dict.fromkeys((*(kind for kind in reach.kinds(reach.HUB) if kind not in _NO_MEASURE), *secrets()))
