"""What vouchers ask of an enterprise beyond its row: its place, its size with the certificate, who controls it. Each is entered as one operation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from desktop.actions.workspace import Workspace, today
from desktop.ledger.changes import Changes
from desktop.ledger.customer import Customer
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.ledger.voucher_rows import VoucherEnterprise, VoucherGroup
from desktop.rules import company_size
from desktop.store import vouchers as rows
from desktop.store.database import Connection
from desktop.store.facts import CUSTOMERS

SIZES = company_size.SIZES

__all__ = ["SIZES", "Profile", "Said", "describe", "group", "industries", "profile", "size_code", "size_word"]


@dataclass(frozen=True, slots=True)
class Said:
    """What decides the size (工信部联企业〔2011〕300号): revenue in 万元, the class a certificate names and the day it was issued (Asia/Shanghai)."""

    industry: str = ""
    n_staff: int | None = None
    revenue_wan: Decimal | None = None
    size_class: str = ""
    size_on: date | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """An enterprise as vouchers see it; ``groups`` are who controlled it, the earliest first."""

    name: str
    place: str
    assets_wan: Decimal | None
    said: Said
    groups: tuple[VoucherGroup, ...]


def profile(workspace: Workspace, name: str) -> Profile:
    """What is entered of a customer. Raises Refused for an unknown one."""
    with workspace.read() as connection:
        return _profile(connection, _customer(connection, name))


def _profile(connection: Connection, customer: Customer) -> Profile:
    more = rows.ENTERPRISES.one(connection, "customer_id = ?", (customer.id,))
    groups = rows.GROUPS.find(connection, "customer_id = ?", (customer.id,), "from_on")
    place, assets = (more.place, more.assets_wan) if more else ("", None)
    return Profile(customer.name, place or customer.city, assets, _said(customer), tuple(groups))


def _said(one: Customer) -> Said:
    return Said(one.industry, one.n_staff, one.revenue_wan, one.size_class, one.size_on)


def size_code(word: str) -> str | None:
    """The class that a stored word names (large, medium, small, micro); None for none or one that cannot be read."""
    return company_size.size_named(word) if word else None


def size_word(code: str | None) -> str:
    """What is stored of a class: as certificates call it; "" for none."""
    return company_size.word_of(code) if code else ""


def industries() -> tuple[str, ...]:
    """The industries that the size rules judge, as they are called there."""
    return company_size.industries()


def describe(workspace: Workspace, name: str, place: str, assets_wan: Decimal | None = None, said: Said | None = None, seen: Profile | None = None) -> Changes:
    """Enter where a customer is, down to the county, its total assets in 万元 and, when ``said`` is given, what decides its size.

    ``seen`` is what the person had before their eyes: when it is another by now, nothing of it is written over.
    Raises Refused for an unknown customer, a size class that is none, a certificate to come, its day without its class, or what changed
    meanwhile.
    """
    with workspace.write("voucher enterprise", params={"name": name.strip()}) as operation:
        customer = _customer(operation.connection, name)
        if seen is not None and seen != _profile(operation.connection, customer):
            raise Refused("voucher.enterprise_changed", name=customer.name)
        if said is not None and said != _said(customer):
            _checked(customer.name, said, customer.size_class)
        before = rows.ENTERPRISES.one(operation.connection, "customer_id = ?", (customer.id,))
        row = VoucherEnterprise(before.id if before else new_key(), customer.id, place.strip(), assets_wan)
        (rows.ENTERPRISES.update if before else rows.ENTERPRISES.insert)(operation.connection, [row])
        if said is not None and said != _said(customer):
            told = replace(
                customer, industry=said.industry.strip(), n_staff=said.n_staff, revenue_wan=said.revenue_wan, size_class=said.size_class.strip(),
                size_on=said.size_on,
            )  # fmt: skip
            CUSTOMERS.update(operation.connection, [told])
    return operation.changes


def _checked(name: str, said: Said, kept: str) -> None:
    """``kept``: the class that stands there, which nobody has to mend to change something else."""
    if said.size_class.strip() and said.size_class != kept and company_size.size_named(said.size_class) is None:
        raise Refused("voucher.size_not_read", name=name, given=said.size_class.strip())
    if said.size_on is not None and not said.size_class.strip():
        raise Refused("voucher.certificate_without_size", name=name)
    if said.size_on is not None and said.size_on > today():
        raise Refused("voucher.certificate_to_come", name=name, day=said.size_on.isoformat())
    if (said.n_staff is not None and said.n_staff < 0) or (said.revenue_wan is not None and said.revenue_wan < 0):
        raise Refused("voucher.size_negative", name=name)


def group(workspace: Workspace, name: str, controller: str, from_on: date, document: str) -> Changes:
    """Enter who controls a customer from a day on (实际控制人); an open earlier entry ends there.

    Raises Refused for an unknown customer, without a controller or document, or when a later entry stands.
    """
    if not controller.strip() or not document.strip():
        raise Refused("voucher.group_needs_document")
    with workspace.write("voucher group", params={"name": name.strip()}) as operation:
        customer = _customer(operation.connection, name)
        before = rows.GROUPS.find(operation.connection, "customer_id = ?", (customer.id,), "from_on")
        if before and before[-1].from_on >= from_on:
            raise Refused("voucher.group_later", day=before[-1].from_on.isoformat())
        if before and before[-1].to_on is None:
            rows.GROUPS.update(operation.connection, [replace(before[-1], to_on=from_on)])
        rows.GROUPS.insert(operation.connection, [VoucherGroup(new_key(), customer.id, controller.strip(), from_on, None, document.strip())])
    return operation.changes


def _customer(connection: Connection, name: str) -> Customer:
    found = CUSTOMERS.one(connection, "name = ?", (name.strip(),))
    if found is None:
        raise Refused("voucher.unknown_customer", name=name.strip())
    return found
