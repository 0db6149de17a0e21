"""Judging service records inside an operation: problems found, prices worked out, the problem list rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from desktop.actions import doubles, rules_in_force
from desktop.actions.day import today
from desktop.ledger.finding import Finding, finding
from desktop.ledger.service_record import Posting, ServiceRecord
from desktop.rules import fee_matching, record_checks
from desktop.rules.charging import Priced, Usage, objections, price, relevant, telling
from desktop.rules.fee_matching import Matched, Version, change_note, change_rule, match
from desktop.store import doubles as double_rows
from desktop.store import fees, records
from desktop.store.database import Connection, Operation

_ACCEPTED = {
    f"record.{name}": f"record.accepted.{name}" for name in ("overlap", "hours_differ", "before_acceptance", "absurd_quantity")
}
ACCEPTABLE = tuple(_ACCEPTED)


@dataclass(frozen=True, slots=True)
class Judged:
    """A record with its price, when it has one, and everything found about it."""

    record: ServiceRecord
    matched: Matched | None
    priced: Priced | None
    findings: tuple[Finding, ...]

    @property
    def postable(self) -> bool:
        """Whether nothing stands against posting."""
        return self.priced is not None and all(f.severity != "error" for f in self.findings)


def usage(record: ServiceRecord) -> Usage:
    """What a record says was used."""
    return Usage(
        record.minutes, record.quantity, record.second_quantity, record.urgent, record.agreed_price_fen, record.consumables_fen
    )


class Judge:
    """Judges many records against one state of the ledger; prices of equal usage are worked out once."""

    def __init__(self, connection: Connection, instrument_ids: Iterable[str] | None = None) -> None:
        keys = None if instrument_ids is None else list(instrument_ids)
        self._versions = fees.pricing_versions(connection, keys)
        self._around = records.surroundings(connection)
        self._overlaps = records.overlapping(connection, keys)
        self._beside = double_rows.beside(connection)
        self._parameters = rules_in_force.within(connection)
        self._prices: dict[tuple[str, str, Usage], Priced | tuple[Finding, ...]] = {}
        self._objected: dict[tuple[str, str, Usage], tuple[Finding, ...]] = {}
        self._limits = cache(self._limits_on)
        self._today = today()

    def _limits_on(self, day: date) -> record_checks.Limits:
        return record_checks.limits(self._parameters, day)

    def versions(self, instrument_id: str) -> tuple[Version, ...]:
        """The versions that may price an instrument's records."""
        return self._versions.get(instrument_id, ())

    def judge(self, record: ServiceRecord) -> Judged:
        """Everything about one record: problems that block posting, remarks, and the price."""
        told = self._checked(record)
        matched, priced, refused = self._price(record)
        told += refused
        return Judged(record, matched, priced, _accepted(record, told))

    def fixed(self, record: ServiceRecord, posting: Posting) -> Judged:
        """A posted record with the version, line and class that priced it, and how they did."""
        versions = self.versions(record.instrument_id)
        version = next((one for one in versions if one.schedule.id == posting.schedule_id), None)
        line = next((one for one in version.lines if one.id == posting.line_id), None) if version else None
        if version is None or line is None or line.terms is None:  # a used version and line stay: the database sees to it
            return Judged(record, None, None, ())
        before, changed = fee_matching.before(record, versions, version)
        matched = Matched(version.schedule, line, posting.customer_class, changed, before)
        result = price(relevant(usage(record), line.terms.unit), line.terms, posting.customer_class, source_text=line.source_text)
        if isinstance(result, tuple):
            return Judged(record, matched, None, result)
        return Judged(record, matched, replace(result, rule=(*result.rule, *change_rule(record, matched))), result.findings)

    def findings(self, record: ServiceRecord) -> tuple[Finding, ...]:
        """The findings of ``judge``, without working the price out."""
        told = self._checked(record)
        found = self._match(record)
        if isinstance(found, Matched) and found.line.terms is not None:
            used = telling(usage(record), found.line.terms, found.customer_class)
            identity = (found.line.id, found.customer_class, used)
            objected = self._objected.get(identity)
            if objected is None:
                objected = self._objected[identity] = objections(used, found.line.terms, found.customer_class)
            told += [_placed(f, record) for f in objected]
            told += change_note(record, found)
        elif isinstance(found, tuple):
            told += found
        return _accepted(record, told)

    def _checked(self, record: ServiceRecord) -> list[Finding]:
        """What is found about a record apart from its price."""
        internal, _ = self._around.internal.get(record.customer_id or "", (None, ""))
        told = list(
            record_checks.check(
                record,
                internal=internal,
                accepted_on=self._around.accepted_on.get(record.instrument_id),
                within=self._limits(record.ended_at.date()),
                today=self._today,
            )
        )
        others = self._overlaps.get(record.id)
        if others:
            shown = "、".join(sorted(others)[:5])
            told.append(finding("record.overlap", kind="service_record", key=record.id, field="started_at", number=record.number, others=shown))
        if record.id in self._beside:
            told.append(doubles.in_one_place(record.id, self._beside[record.id]))
        return told

    def _match(self, record: ServiceRecord) -> Matched | tuple[Finding, ...]:
        internal, department = self._around.internal.get(record.customer_id or "", (None, ""))
        if internal is None:  # whose price it is cannot be known; the unknown customer is told already
            return ()
        own_school = bool(department) and department == self._around.department.get(record.instrument_id)
        return match(record, self.versions(record.instrument_id), internal=internal, own_school=own_school)

    def _price(self, record: ServiceRecord) -> tuple[Matched | None, Priced | None, list[Finding]]:
        found = self._match(record)
        if not isinstance(found, Matched) or found.line.terms is None:
            return None, None, list(found) if isinstance(found, tuple) else []
        used = relevant(usage(record), found.line.terms.unit)
        identity = (found.line.id, found.customer_class, used)
        result = self._prices.get(identity)
        if result is None:
            result = price(used, found.line.terms, found.customer_class, source_text=found.line.source_text)
            self._prices[identity] = result
        if isinstance(result, tuple):
            return found, None, [_placed(f, record) for f in result]
        told = [_placed(f, record) for f in result.findings]
        if found.changed:
            told += change_note(record, found)
            result = replace(result, rule=(*result.rule, *change_rule(record, found)))
        return found, result, told


def _placed(found: Finding, record: ServiceRecord) -> Finding:
    return replace(found, kind="service_record", key=record.id)


def _accepted(record: ServiceRecord, told: list[Finding]) -> tuple[Finding, ...]:
    """What a person accepted with a reason no longer blocks; it stays visible as a note."""
    if not record.answers:
        return tuple(told)
    accepted = {answer.partition("=")[0]: answer.partition("=")[2] for answer in record.answers}
    return tuple(
        replace(f, code=_ACCEPTED[f.code], severity="note", params=(*f.params, ("reason", accepted[f.code])))
        if f.code in accepted and f.code in _ACCEPTED
        else f
        for f in told
    )


def recheck(operation: Operation, keys: Sequence[str] | None = None, known: Sequence[ServiceRecord] = ()) -> None:
    """Rewrite the problem list of these drafts (None: of all drafts) inside the operation; posted records have no problems left.

    ``known``: drafts among them as they have just been stored; they are not read again.
    """
    if keys is not None and not keys and not known:
        return
    connection = operation.connection
    there = {record.id for record in known}
    if keys is None:
        found = [*known, *records.drafts_but(connection, there)]
    else:
        others = records.by_keys(connection, [key for key in keys if key not in there])
        found = [*known, *(r for r in others if r.state == "draft")]
    judge = Judge(connection, {r.instrument_id for r in found})
    told: list[tuple[str, Finding]] = []
    for record in found:
        told += [(record.id, f) for f in judge.findings(record)]
    touched = {r.id for r in found} | set(keys or ())
    records.write_problems(operation, sorted(touched), told)


def neighbours(connection: Connection, keys: Sequence[str]) -> list[str]:
    """These records and the drafts of the same instruments, whose overlaps may change with them."""
    wanted: set[str] = set(keys)
    instruments = {record.instrument_id for record in records.by_keys(connection, keys)}
    return sorted(wanted.union(records.draft_keys(connection, "instrument_id", instruments)))
