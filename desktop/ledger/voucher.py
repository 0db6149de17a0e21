"""Innovation vouchers (创新券): the enterprise that asks, one use of an instrument it paid for, and what was granted for it before.

A use is a posted service record of the institution, or a service on an instrument of another province (``outside``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

EVIDENCE = ("commission", "contract", "report", "usage", "invoice", "acceptance")
"""委托书, 合同, 报告, 使用记录, 发票, 验收单."""


@dataclass(frozen=True, slots=True)
class Enterprise:
    """What a voucher hangs on. ``revenue_wan`` and ``assets_wan`` in 万元; size, industry and place as people write them.

    ``group`` names the actual controller (实际控制人), "" when nobody has stated one; only a municipal rule may ask for it.
    """

    name: str
    uscc: str = ""
    internal: bool = False
    place: str = ""
    industry: str = ""
    n_staff: int | None = None
    revenue_wan: Decimal | None = None
    assets_wan: Decimal | None = None
    size_class: str = ""
    size_on: date | None = None
    group: str = ""

    @property
    def counted_as(self) -> str:
        """What the cap counts by: the credit code, since one enterprise may stand under two names; without one, the name."""
        return self.uscc or self.name


@dataclass(frozen=True, slots=True)
class Hit:
    """One set of the province that a search found, and why it could not serve ("": nobody has said)."""

    name: str
    institution: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class ProvinceSearch:
    """The search of the province's catalogue behind the use of an instrument of another province.

    ``catalogue_on`` is the day the catalogue was pulled, None when none was there to search; ``asked`` the words searched for.
    """

    searched_on: date
    asked: str
    catalogue_on: date | None
    hits: tuple[Hit, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VoucherUse:
    """One use. Amounts in fen, ``ended_at`` wall-clock in Asia/Shanghai.

    ``fee_fen`` None: no price yet; it is net of reversals. ``invoiced_fen`` None: no invoice known. ``excluded_fen`` was left out by a
    person, with ``excluded_why``. ``through_network`` None: nobody has said. ``granted_fen`` and ``top_up_fen`` of a use that is ``held``
    by a claim are fixed, the city's part None where the claim left it unknown; they take their place under the cap before all others.
    ``started_on`` None: the day it ended.
    """

    key: str
    number: str
    enterprise: Enterprise
    ended_at: datetime
    fee_fen: int | None
    started_on: date | None = None
    invoiced_fen: int | None = None
    excluded_fen: int = 0
    excluded_why: str = ""
    through_network: bool | None = None
    confidential: bool = False
    outside: bool = False
    search: ProvinceSearch | None = None
    held: bool = False
    granted_fen: int = 0
    top_up_fen: int | None = None

    @property
    def ended_on(self) -> date:
        """The day that decides rate, rules and year."""
        return self.ended_at.date()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One paper of a claim line: ``item`` of ``EVIDENCE``; a file, or only its number, or the reason why it is not needed."""

    item: str
    attachment_id: str = ""
    number: str = ""
    waived_why: str = ""


ClaimVerb = Literal["submit", "send_back", "accept", "refuse", "pay", "withdraw", "recover"]
ClaimState = Literal["draft", "submitted", "sent_back", "accepted", "refused", "paid", "withdrawn", "recovered"]


@dataclass(frozen=True, slots=True)
class ClaimEvent:
    """One step of a claim (兑付申请) on a day in Asia/Shanghai; ``fen`` of what is accepted or paid; ``document`` of the one who decided."""

    verb: ClaimVerb
    on: date
    person: str = ""
    fen: int | None = None
    document: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One use in a claim with what was fixed when it was submitted, in fen: province and city; None: what the city adds is not known."""

    use_key: str
    granted_fen: int
    top_up_fen: int | None
