"""What the payout page shows beside a run: what is still open, the run before it, the declared costs, who may take a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from desktop.actions import payouts, people
from desktop.actions.payouts import Run
from desktop.actions.schemes import find_scheme
from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import KEPT, CostRow, Scheme
from desktop.ledger.finding import Finding
from desktop.ledger.people import Person, Technician
from desktop.ledger.problem import Refused
from desktop.rules import approval, schemes
from desktop.store import payouts as rows
from desktop.store import record_views
from desktop.store.facts import TECHNICIANS
from desktop.store.open_balance import OpenLot, open_lots, scheme_in_use
from desktop.store.payouts import CostUse
from desktop.words import say

__all__ = [
    "Beside", "Comparison", "DeclaredCost", "OpenBalance", "OpenLot", "allowed", "compare", "declared_costs", "instrument_name",
    "instruments_like", "internal_words", "open_balance", "run_of", "scheme_faults", "scheme_uses", "staff_number_of", "technicians",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenBalance:
    """What a run up to a day would settle (``payable``, reversals too) by the scheme in use, and apart from it what it would not:

    ``left_out`` internal services the scheme does not include, ``no_operator`` those without an operator, ``not_received`` (schemes
    on money received) what is posted and has not come in; and the costs it would deduct. ``scheme`` is None while there are several
    schemes and no run yet, or none at all: then everything with an operator is payable, as posted.
    """

    to: date
    scheme: Scheme | None
    payable: OpenLot
    left_out: OpenLot
    no_operator: OpenLot
    not_received: OpenLot
    n_costs: int
    cost_fen: int
    cost_keys: tuple[str, ...] = ()

    @property
    def row_kind(self) -> str:
        """What the keys are of, for the rows behind the sums."""
        return "receipt" if self.scheme is not None and self.scheme.basis == "received" else "posting"


def open_balance(workspace: Workspace, to: date, scheme_name: str = "") -> OpenBalance:
    """What waits to be settled up to a day by a scheme; without a name by the one in use (``store.open_balance``).

    Raises Refused for a scheme that is not there.
    """
    with workspace.read() as connection:
        scheme = find_scheme(connection, scheme_name, to) if scheme_name else scheme_in_use(connection, to)
        lots = open_lots(connection, to, scheme)
        costs = rows.open_costs(connection, to)
    return OpenBalance(
        to, scheme, lots["payable"], lots["left_out"], lots["no_operator"], lots["not_received"], len(costs), sum(part.fen for part in costs),
        tuple(part.row.id for part in costs),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """One amount of a run beside the same one of the run before; ``before_fen`` or ``fen`` None: not in that run.

    ``what``: income, cost, pool, technician, or a receiver of ledger.allocation; ``name``, ``staff_number``: whose it is.
    """

    what: str
    name: str
    staff_number: str
    fen: int | None
    before_fen: int | None

    @property
    def more_fen(self) -> int | None:
        """By how much it is more than before; unknown when one of the two is missing."""
        return None if self.fen is None or self.before_fen is None else self.fen - self.before_fen


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside the one before it."""

    before: Run
    lines: tuple[Beside, ...]


def compare(workspace: Workspace, run: Run) -> Comparison | None:
    """A run (or a draft) beside the newest standing run before it; None for the first one and for reversing runs."""
    if run.reverses:
        return None
    with workspace.read() as connection:
        stored = rows.RUNS.get(connection, run.id) if run.id else None
        found = rows.run_before(connection, stored) if stored else rows.last_run(connection)
    if found is None:
        return None
    before = payouts.show(workspace, found.number)
    lines = [
        Beside("income", "", "", run.income_fen, before.income_fen),
        Beside("cost", "", "", run.cost_fen, before.cost_fen),
        Beside("pool", "", "", run.pool_fen, before.pool_fen),
    ]
    now, then = _amounts(run), _amounts(before)
    for key in {**now, **then}:
        what, staff_number, name = key
        lines.append(Beside(what, name, staff_number, now.get(key), then.get(key)))
    return Comparison(before, tuple(lines))


def _amounts(run: Run) -> dict[tuple[str, str, str], int]:
    """Receiver, staff number, name -> fen; what one receiver gets under one name is added up."""
    found: dict[tuple[str, str, str], int] = {}
    for share in sorted(run.shares, key=lambda one: (one.receiver != "technicians", one.receiver == KEPT)):
        key = ("technician" if share.technician_id else share.receiver, share.staff_number, share.name)
        found[key] = found.get(key, 0) + share.fen
    return found


@dataclass(frozen=True, slots=True)
class DeclaredCost:
    """A declared cost with its instrument (empty: the whole unit) and the runs that deducted parts of it, oldest first."""

    row: CostRow
    asset_number: str
    instrument_name: str
    uses: tuple[CostUse, ...]

    @property
    def used_fen(self) -> int:
        """What the standing runs have deducted."""
        return sum(use.fen for use in self.uses if use.counts)

    @property
    def used_days(self) -> int:
        """For how many days of the period."""
        return sum(use.days for use in self.uses if use.counts)

    @property
    def state(self) -> Literal["open", "part", "deducted", "withdrawn"]:
        """``open``: no standing run has deducted anything of it; ``part``: some; ``deducted``: all of it."""
        if self.row.withdrawn:
            return "withdrawn"
        if not self.used_days:
            return "open"
        return "deducted" if self.used_days == self.row.n_days else "part"

    @property
    def free(self) -> bool:
        """Whether it can be taken back."""
        return self.state == "open"

    @property
    def run_numbers(self) -> tuple[str, ...]:
        """The standing runs that deducted parts of it."""
        return tuple(use.run_number for use in self.uses if use.counts)


def declared_costs(workspace: Workspace) -> list[DeclaredCost]:
    """Every declared row, newest period first."""
    with workspace.read() as connection:
        return [DeclaredCost(*found) for found in rows.cost_list(connection)]


def allowed(workspace: Workspace, step: str) -> list[Person]:
    """The people in service whose role may take a step: prepare, approve, close, withdraw, reverse, close_month, reopen_month."""
    return [person for person in people.everyone(workspace) if person.active and person.role in approval.ROLES_FOR[step]]


def technicians(workspace: Workspace) -> list[Technician]:
    """The technicians in service, by staff number: who may be named for the remainder."""
    with workspace.read() as connection:
        return TECHNICIANS.find(connection, "active = 1", (), "staff_number")


def staff_number_of(workspace: Workspace, text: str) -> str:
    """The staff number meant by a staff number or a name. Raises Refused when nobody or more than one is meant."""
    with workspace.read() as connection:
        known = TECHNICIANS.find(connection, "staff_number = ?1 OR name = ?1", (text.strip(),), "staff_number")
    found = [one for one in known if one.staff_number == text.strip()] or known
    if not found:
        raise Refused("payout.no_such_technician", staff_number=text)
    if len(found) > 1:
        raise Refused("payout.which_technician", name=text, known=say("report.list").join(one.staff_number for one in found))
    return found[0].staff_number


def instruments_like(workspace: Workspace, text: str, limit: int = 20) -> list[tuple[str, str]]:
    """Asset number and name of instruments in use that have the text in one of them: for a cost of one instrument."""
    with workspace.read() as connection:
        return [(number, name) for _, number, name in record_views.instruments_like(connection, text, limit)]


def instrument_name(workspace: Workspace, asset_number: str) -> str | None:
    """The name of the instrument with an asset number."""
    with workspace.read() as connection:
        return connection.exec_driver_sql("SELECT name FROM instrument WHERE asset_number = ?", (asset_number,)).scalar()


def internal_words(scheme: Scheme) -> str:
    """Whether and since when internal services take part, in words."""
    if scheme.include_internal and scheme.internal_from is not None:
        return say("payout.internal.since", day=scheme.internal_from)
    return say("payout.internal.yes" if scheme.include_internal else "payout.internal.no")


def scheme_faults(scheme: Scheme) -> tuple[Finding, ...]:
    """Why a scheme cannot be used; empty when it can. Needs no ledger: quick enough for every key stroke."""
    return schemes.faults(scheme)


def scheme_uses(workspace: Workspace) -> dict[str, int]:
    """Scheme key -> how many runs were prepared by it."""
    with workspace.read() as connection:
        found = connection.exec_driver_sql("SELECT scheme_id, count(*) FROM payout_run GROUP BY scheme_id")
        return {row[0]: int(row[1]) for row in found}


_RUN_OF = {
    "payout_run": "SELECT number FROM payout_run WHERE id = ?",
    "payout_line": "SELECT r.number FROM payout_line p JOIN payout_run r ON r.id = p.run_id WHERE p.id = ?",
    "payout_share": "SELECT r.number FROM payout_share p JOIN payout_run r ON r.id = p.run_id WHERE p.id = ?",
    "payout_cost": "SELECT r.number FROM payout_cost p JOIN payout_run r ON r.id = p.run_id WHERE p.id = ?",
}


def run_of(workspace: Workspace, kind: str, key: str) -> str | None:
    """The number of the run that a row behind a figure belongs to; None for a kind or key that is not there."""
    with workspace.read() as connection:
        return connection.exec_driver_sql(_RUN_OF[kind], (key,)).scalar() if kind in _RUN_OF else None
