"""What the ledger keeps for vouchers: what a person said of a use, uses elsewhere with their search, claims with lines, papers and steps.

Rows of the ledger as they are; what the rules reckon with is in ``voucher``. Only the trees of claimed amounts stay on their seat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class VoucherEnterprise:
    """What vouchers ask of a customer beyond its row: ``place`` down to the county, total assets in 万元."""

    id: str
    customer_id: str
    place: str = ""
    assets_wan: Decimal | None = None


@dataclass(frozen=True, slots=True)
class VoucherGroup:
    """Who controlled a customer (实际控制人) on the days ``[from_on, to_on)``, and the paper that says so."""

    id: str
    customer_id: str
    name: str
    from_on: date
    to_on: date | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class VoucherMark:
    """What a person said of a service record: ordered through the network (None: not said) under which number, what was
    invoiced (fen, None: nobody has said), what is left out and why.
    """

    id: str
    record_id: str
    through_network: bool | None = None
    order_number: str = ""
    invoiced_fen: int | None = None
    excluded_fen: int = 0
    excluded_why: str = ""


@dataclass(frozen=True, slots=True)
class SearchMade:
    """A search of the province's catalogue; ``hits`` are JSON arrays of name, institution and why it could not serve."""

    id: str
    searched_on: date
    asked: str
    catalogue_on: date | None = None
    hits: tuple[str, ...] = ()
    reason: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class OutsideUse:
    """A customer's use of an instrument of another province; amounts in fen, ``ended_at`` wall-clock in Asia/Shanghai."""

    id: str
    number: str
    customer_id: str
    instrument_name: str
    institution: str
    province: str
    started_on: date
    ended_at: datetime
    fee_fen: int | None = None
    invoiced_fen: int | None = None
    excluded_fen: int = 0
    excluded_why: str = ""
    through_network: bool | None = None
    order_number: str = ""
    contract: str = ""
    search_id: str | None = None


@dataclass(frozen=True, slots=True)
class VoucherClaim:
    """A claim of one customer's calendar year. Where it stands follows from its steps."""

    id: str
    number: str
    customer_id: str
    year: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class VoucherClaimLine:
    """One use in a claim: ``use_kind`` service_record or outside_use; the amounts (fen) and the tree of both, fixed when the claim was submitted.
    ``top_up_fen`` None: what the city adds is not known, or nothing is fixed yet.

    The tree stays at the seat that submitted it: elsewhere ``figure`` is "{}".
    """

    id: str
    claim_id: str
    position: int
    use_kind: str
    use_id: str
    granted_fen: int = 0
    top_up_fen: int | None = None
    figure: str = "{}"

    @property
    def explained(self) -> bool:
        """Whether a tree is here."""
        return self.figure != "{}"


@dataclass(frozen=True, slots=True)
class VoucherClaimStep:
    """One step of a claim, for ever; ``on_day`` in Asia/Shanghai, ``at`` UTC. Two seats may each take a step from one ``position``."""

    id: str
    claim_id: str
    position: int
    verb: str
    on_day: date
    at: datetime
    person: str
    fen: int | None = None
    document: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VoucherPaper:
    """One paper of a use (``item`` of ``voucher.EVIDENCE``): an attachment, a number, or why it is not needed."""

    id: str
    use_kind: str
    use_id: str
    item: str
    attachment_id: str | None = None
    number: str = ""
    waived_why: str = ""
