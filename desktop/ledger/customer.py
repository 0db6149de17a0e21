"""The customer (使用单位). Internal is 校内, external 校外; the size class is stored with the date of its certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Customer:
    """``revenue_wan`` is yearly revenue in 万元; ``contact`` and ``phone`` never reach the network."""

    id: str
    name: str
    internal: bool
    uscc: str = ""
    nature: str = ""
    city: str = ""
    industry: str = ""
    n_staff: int | None = None
    revenue_wan: Decimal | None = None
    size_class: str = ""
    size_on: date | None = None
    contact: str = ""
    phone: str = ""
    department: str = ""
    imported: str = ""
