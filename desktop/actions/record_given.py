"""What a person gives to complete or correct a record, by the names they use; what is not given stays as the record has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from desktop.ledger.problem import Refused
from desktop.ledger.service_record import ServiceRecord
from desktop.store.database import Connection
from desktop.store.facts import CUSTOMERS, INSTRUMENTS


@dataclass(frozen=True, slots=True)
class Given:
    """Each None: not given. ``operator`` a staff number or a name that only one carries; ``asset_number`` of the instrument used."""

    operator: str | None = None
    customer: str | None = None
    contract: str | None = None
    quantity: Decimal | None = None
    agreed_price_fen: int | None = None
    consumables_fen: int | None = None
    urgent: bool | None = None
    long_reason: str | None = None
    item: str | None = None
    asset_number: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


def given_to(connection: Connection, record: ServiceRecord, given: Given) -> ServiceRecord:
    """The record with what was given. Raises Refused for an unknown operator, customer or instrument: nothing is guessed."""
    from desktop.actions.records import operator_named

    values: dict[str, object] = {
        name: getattr(given, name)
        for name in ("contract", "quantity", "agreed_price_fen", "consumables_fen", "long_reason", "item", "started_at", "ended_at")
        if getattr(given, name) is not None
    }
    if given.started_at is not None or given.ended_at is not None:
        values["derived"] = False
    if given.operator is not None:
        if operator_named(connection, given.operator) is None:
            raise Refused("record.no_such_operator", name=given.operator)
        values["operator_name"] = given.operator
    if given.customer is not None:
        if CUSTOMERS.one(connection, "name = ?", (given.customer.strip(),)) is None:
            raise Refused("record.no_such_customer", name=given.customer)
        values["customer_name"] = given.customer.strip()
    if given.asset_number is not None:
        instrument = INSTRUMENTS.one(connection, "asset_number = ?", (given.asset_number.strip(),))
        if instrument is None:
            raise Refused("record.no_such_instrument", asset_number=given.asset_number)
        values["instrument_id"] = instrument.id
    if given.urgent is not None:
        values |= {"urgent": given.urgent, "urgent_said": ""}
    return replace(record, **values)  # type: ignore[arg-type]  # the names are the record's own
