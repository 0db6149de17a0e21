"""Messages for the national platform as files: instruments, customs data, service records and the year's effect in its SOAP envelope.

Every row is judged first; a row with an error is left out and told, a confidential one never comes near a file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.actions import national, national_absent, rules_in_force
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.workspace import Workspace, today
from desktop.formats import national_effect as effect_shape
from desktop.formats import national_instruments, national_services, national_soap
from desktop.formats.national import NO_TABLES, Tables
from desktop.formats.national_services import Service, ServiceForm
from desktop.ledger.finding import Finding, finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import national_effect as effect_rules
from desktop.rules.national_effect import Effect, Owned, Received
from desktop.store import national as rows
from desktop.store import national_stated as stated_rows
from desktop.store.facts import CUSTOMERS, INSTRUMENTS

KINDS = (national_soap.INSTRUMENT, national_soap.CUSTOMS, national_soap.SERVICE, national_soap.EFFECT)
"""What can be written, in the order in which the platform needs it: customs data after its instrument."""
ROWS_IN_A_MESSAGE = 500
_CHECKED_EACH = 500
_USUAL_CODE = re.compile(r"[0-9a-fA-F]{32}")


def kinds_of(period: Period) -> tuple[str, ...]:
    """What can be told of a span: all kinds of a calendar year, else all but the effect, which is told by years alone."""
    whole = period.name == str(period.start.year)
    return tuple(kind for kind in KINDS if whole or kind != national_soap.EFFECT)


@dataclass(frozen=True, slots=True)
class Messages:
    """``files`` in the order in which they are to be sent; rows by instruType. ``withheld`` counts confidential rows, ``left_out`` wrong ones,
    ``n_absent`` services in the files whose set the platform does not know (``national_absent``)."""

    files: tuple[Path, ...]
    rows: tuple[tuple[str, int], ...]
    left_out: int
    withheld: int
    findings: tuple[Finding, ...]
    n_absent: int = 0


def services(
    workspace: Workspace, period: Period, unit_code: str, *, personal: bool = False, tables: Tables = NO_TABLES, progress: Progress = UNWATCHED
) -> tuple[list[ServiceForm], int]:
    """The services of a span as the platform would get them, and how many confidential ones were withheld. Raises Cancelled."""
    with workspace.read() as connection:
        found = rows.services(connection, period)
        instruments = {one.id: one for one in INSTRUMENTS.find(connection)}
        customers = {one.id: one for one in CUSTOMERS.find(connection)}
        stated = stated_rows.of_records(connection, (record.id for record, _ in found))
    forms, withheld = [], 0
    for n, (record, posting) in enumerate(found):
        if not n % _CHECKED_EACH:
            progress.check()
        instrument = instruments[posting.instrument_id]
        if record.confidential or posting.confidential or instrument.confidential:
            withheld += 1
            continue
        service = Service(record, posting, instrument, customers[posting.customer_id], stated.get(record.id))
        forms.append(national_services.n6(service, unit_code, tables, personal=personal))
    return forms, withheld


def effect(workspace: Workspace, period: Period, on: date | None = None) -> tuple[Effect, int]:
    """The effect of a calendar year by the rules of its last day, or of ``on`` (today) before it is over; and how many confidential rows were withheld.

    What nobody said is not confidential is in no figure either; the effect counts it by itself. Raises Refused ``national.effect_year`` for another span.
    """
    if period.name != str(period.start.year):
        raise Refused("national.effect_year", period=period.name)
    day = min(period.last_day, on or today())
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        vouchers = rows.vouchers(connection, period)
        found = [one for one in INSTRUMENTS.find(connection) if there(one, period)]
    received = [Received(one.number, one.fen, one.confidential is not None) for one in vouchers if not one.confidential]
    owned = [Owned(one.id, one.value_fen, one.confidential is not None) for one in found if not one.confidential]
    withheld = len(vouchers) - len(received) + len(found) - len(owned)
    return effect_rules.effect(received, owned, known, day), withheld


def there(one: Instrument, period: Period) -> bool:
    """Whether a set is the unit's on the last day: it came by then and is not retired."""
    came = one.booked_on or one.accepted_on
    return (came is None or came <= period.last_day) and (one.retired_on is None or one.retired_on > period.last_day)


@dataclass(frozen=True, slots=True)
class Composed:
    """The sound rows of a span by instruType, in the order of sending, and what was told of all."""

    rows: dict[str, list[dict[str, str]]]
    left_out: int
    withheld: int
    findings: tuple[Finding, ...]
    n_absent: int = 0

    @property
    def envelopes(self) -> Iterator[tuple[str, Sequence[dict[str, str]]]]:
        """Kind and rows of each message, at most ROWS_IN_A_MESSAGE."""
        for kind, found in self.rows.items():
            for n in range(0, len(found), ROWS_IN_A_MESSAGE):
                yield kind, found[n : n + ROWS_IN_A_MESSAGE]


def compose(
    workspace: Workspace,
    unit_code: str,
    period: Period,
    *,
    kinds: Collection[str] = KINDS,
    personal: bool = False,
    tables: Tables = NO_TABLES,
    progress: Progress = UNWATCHED,
) -> Composed:
    """What the platform would be told of a span; instruments are those of today. Writes nothing.

    Raises Refused ``national.no_unit_code``, ``national.effect_year``, ``national.nothing_sound``; Cancelled.
    """
    code = unit_code.strip()
    if not code:
        raise Refused("national.no_unit_code")
    told: list[Finding] = [] if _USUAL_CODE.fullmatch(code) else [finding("national.unit_code_form", "note", shown=code)]
    objects: dict[str, list[dict[str, str]]] = {}
    left_out = withheld = 0
    absent = national_absent.Absent()
    if {national_soap.INSTRUMENT, national_soap.CUSTOMS} & set(kinds):
        judged = national.judge(workspace, None, tables, progress)
        told += judged.findings
        left_out, withheld = len(judged.forms) - len(judged.sound), judged.withheld
        objects[national_soap.INSTRUMENT] = [national_instruments.n4(one, code, tables) for one in judged.sound]
        customs = (national_instruments.n5(one, code) for one in judged.sound)
        objects[national_soap.CUSTOMS] = [one for one in customs if one is not None]
    if national_soap.SERVICE in kinds:
        progress.check()
        forms, hidden = services(workspace, period, code, personal=personal, tables=tables, progress=progress)
        told += [found for one in forms for found in one.findings]
        objects[national_soap.SERVICE] = [one.values for one in forms if one.sound]
        going = objects.get(national_soap.INSTRUMENT, []) if national_soap.INSTRUMENT in kinds else []
        with workspace.read() as connection:
            absent = national_absent.of(connection, [(one.number, one.values) for one in forms if one.sound], {row["innerId"] for row in going})
        told += absent.findings
        left_out, withheld = left_out + sum(not one.sound for one in forms), withheld + hidden
    if national_soap.EFFECT in kinds:
        progress.check()
        year, hidden = effect(workspace, period)
        told += year.findings
        if year.n_sets is None:
            left_out += 1
        else:
            objects[national_soap.EFFECT] = [effect_shape.n7(year)]
        withheld += hidden
    wanted = {kind: objects[kind] for kind in KINDS if kind in kinds and objects.get(kind)}
    if not wanted:
        raise Refused("national.nothing_sound", findings=tuple(told))
    return Composed(wanted, left_out, withheld, tuple(told), absent.n_rows)


def write(
    workspace: Workspace,
    folder: Path,
    unit_code: str,
    period: Period,
    *,
    kinds: Collection[str] = KINDS,
    personal: bool = False,
    tables: Tables = NO_TABLES,
    progress: Progress = UNWATCHED,
) -> Messages:
    """Write the messages of a span into a new folder, in the order of sending: ``national-4-001.xml``, at most 500 rows each.

    All files appear, or none. Raises what ``compose`` raises; Problem ``file.folder_used``, ``file.cannot_write``, ``file.disk_full``.
    """
    from desktop.formats import write as out

    composed = compose(workspace, unit_code, period, kinds=kinds, personal=personal, tables=tables, progress=progress)
    files: dict[str, bytes] = {}
    for kind, found in composed.envelopes:
        n = sum(name.startswith(f"national-{kind}-") for name in files) + 1
        files[f"national-{kind}-{n:03}.xml"] = national_soap.envelope(unit_code.strip(), kind, found)
    progress.check()
    out.write_folder(folder, files)
    counted = tuple((kind, len(found)) for kind, found in composed.rows.items())
    return Messages(tuple(folder / name for name in files), counted, composed.left_out, composed.withheld, composed.findings, composed.n_absent)


def explain_answer(path: Path) -> national_soap.Answer:
    """An answer of the platform that was kept in a file. Raises Problem ``file.cannot_use`` through the front door when it cannot be read."""
    with path.open("rb") as stream:
        return national_soap.read_answer(stream.read(national_soap.LARGEST_ANSWER + 1))
