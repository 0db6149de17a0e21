"""The program's own answers in the shape of the second reckoning, and the differences between the two in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from desktop.actions import award as awards
from desktop.actions import (
    benefit,
    benefit_groups,
    evaluations,
    national_messages,
    payout_comparison,
    payouts,
    performance_overview,
    pilot_report,
    pilot_view,
    purchase_candidates,
    repricing,
    rules_in_force,
    sensor_views,
    staff_facts,
    trainings,
    transfer_candidates,
    university_year,
    yearly_balance,
)
from desktop.actions import duties as duty_actions
from desktop.actions import integrity as integrity_actions
from desktop.actions import performance as performances
from desktop.actions import vouchers as voucher_actions
from desktop.actions.judging import Judge
from desktop.actions.workspace import Workspace
from desktop.ledger.period import Period
from desktop.rules import purchase_national, purchase_review
from desktop.rules import sensor as sensor_rules
from desktop.rules.figure import Figure
from desktop.rules.sensor_days import by_month
from desktop.store import performance as rows
from desktop.store.facts import RECORDS
from desktop.store.purchases import PROPOSALS, national

Told = dict[Any, Any]
_NEAR = Fraction(1, 10**20)


def prices(workspace: Workspace) -> Told:
    with workspace.read() as connection:
        found = connection.exec_driver_sql("SELECT record_number, amount_fen FROM posting WHERE reverses IS NULL AND rule_text <> '按旧价目'")
        return {row[0]: row[1] for row in found}


def repriced(workspace: Workspace, period: Period, change: Decimal) -> Told:
    found = repricing.over(workspace, period, repricing.Asked(change=change))
    tallies = {f"set {one.instrument.asset_number}": one.tally for one in found.sets} | {"whole": found.whole}
    told = {key: (one.n, one.fen, one.would_fen) for key, one in tallies.items()}
    by_name: Told = {}  # two customers may bear one name
    for one in found.customers:
        had = by_name.get(one.name, (0, 0, 0))
        by_name[one.name] = tuple(a + b for a, b in zip(had, (one.tally.n, one.tally.fen, one.tally.would_fen), strict=True))
    return told | {f"customer {name}": sums for name, sums in by_name.items()}


def priced_anew(workspace: Workspace) -> Told:
    """What every posted record would cost now, worked out again by the program."""
    with workspace.read() as connection:
        judge = Judge(connection)
        found = [judge.judge(one) for one in RECORDS.find(connection, "id IN (SELECT record_id FROM posting)")]
        return {one.record.number: None if one.priced is None else one.priced.amount_fen for one in found}


def performance(workspace: Workspace, period: Period, day: date) -> Told:
    found = performances.year(workspace, period, day)
    told = {f"set {one.asset_number}": _measures(measured) for one, measured in found.sets}
    with workspace.read() as connection:
        users = rows.n_users_by_department(connection, period)
    for name, sets in performances.departments(found).items():
        together = performances.together([one for _, one in sets], users.get(name, 0), rules_in_force.of(workspace), day)
        told[f"department {name}"] = _measures(together)
    told["whole"] = _measures(found.whole)
    told["sets above the threshold"] = found.n_above
    told |= {f"mean {name}": found.means[name].value for name in ("effective", "external")}
    told["sets at the national threshold"] = found.n_alike
    told |= {f"alike {name.replace('_', ' ')}": figure.value for name, figure in found.alike.items()}
    groups = performance_overview.groups(workspace, found, day)
    return told | {f"platform {one.name}": _measures(one.measured) for one in groups if one.kind == "platform"}


def _measures(one: performances.Measured) -> tuple[Any, ...]:
    use = one.use
    return (
        use.n_records, one.effective.value, one.external.value, one.sharing_rate.value, one.utilisation.value, one.hours_score.value, use.income_fen,
        use.external_income_fen, one.n_users,
    )  # fmt: skip


def award(workspace: Workspace, year: int, day: date) -> Told:
    found = awards.year(workspace, year, day)
    told = found.evidenced
    return {
        "services": told.n, "amount": told.fen, "evidenced": told.evidenced_fen, "wanting": told.wanting_fen, "n wanting": told.n_wanting,
        "reversed": told.reversed_fen, "estimate": found.estimate.value,
        "said": tuple(sorted(Counter(line.rating for line in found.lines if line.reversed_on is None).items())),
    }  # fmt: skip


def duties(workspace: Workspace, day: date) -> Told:
    return {one.asset_number: (one.state, one.deadline, one.provisional, one.days_left) for one in duty_actions.every(workspace, day)}


def vouchers(workspace: Workspace, year: int) -> Told:
    return {one.use.number: (one.eligible, one.amount_fen, one.top_up_fen) for one in voucher_actions.year(workspace, year).grants}


def run(workspace: Workspace, name: str, to: date) -> Told:
    found = payouts.preview(workspace, to, name)
    told: Told = {"income": found.income_fen, "cost": found.cost_fen, "pool": found.pool_fen, "kept": found.kept_fen}
    told |= {f"technician {one.technician.staff_number}": one.fen for one in found.technicians}
    for one in found.receivers:
        told[f"receiver {one.name}"] = told.get(f"receiver {one.name}", 0) + one.fen
    return told


def comparison(workspace: Workspace, before: str, after: str, dated: str) -> Told:
    found = payout_comparison.compare(workspace, before, after, dated).found
    told: Told = {"weighed": found.weighed, "whole": _side_by_side(found.whole)}
    told |= {f"person {one.staff_number}": _side_by_side(one) for one in found.people}
    told |= {f"department {one.name}": _side_by_side(one) for one in found.departments}
    return told | {f"row {one.scheme} {one.receiver} {one.name}": (one.before_fen, one.after_fen) for one in found.sources}


def _side_by_side(one: payout_comparison.Compared) -> tuple[Any, ...]:
    sums = tuple(None if side is None else side.fen for side in (one.before, one.after))
    return (*sums, one.standing, tuple((each.code, each.fen) for each in one.reasons))


def sensors(workspace: Workspace, period: Period, day: date) -> Told:
    found = sensor_views.overview(workspace, period, day, daily=True)
    covered = {one.code: one.value for one in found.coverage.walk()}
    share = tuple(covered[code] for code in ("sensor.sets_bound", "sensor.sets", "sensor.coverage"))
    told: Told = {"coverage": (*share, found.target_met, found.covered.n_small, found.covered.n_open)}
    for line in found.lines:
        asset, reconciled = line.instrument.asset_number, line.reconciled
        sums = {one.code: one.value for one in reconciled.figure.walk()}
        told[f"set {asset}"] = (
            frozenset(line.sensors), line.sat_days, line.seen_days, sums["sensor.claimed"], sums["sensor.seen"], sums["sensor.unseen"], reconciled.state,
            sum(one.over is True for one in reconciled.compared), sensor_rules.confirms(reconciled),
        )  # fmt: skip
        told |= {f"record {one.claim.number}": (one.seen_seconds, one.over) for one in reconciled.compared}
        if not line.instrument.confidential:
            told[f"days {asset}"] = tuple((one.day.isoformat(), one.sat, one.claimed, one.unseen, one.working, one.idle) for one in line.days)
            told[f"months {asset}"] = tuple((one.month, one.claimed, one.unseen, one.working, one.idle) for one in by_month(line.days))
    return told


def pilot_bases(workspace: Workspace, day: date) -> Told:
    told: Told = {}
    for one in pilot_view.bases(workspace, day):
        values = {part.code: part.value for part in one.judged.figure.walk()}
        told[one.base.number] = (
            one.judged.demonstration, one.judged.open_base, values["pilot.equipment_value"], values.get("pilot.value_withheld", 0), values["pilot.years"],
            one.openness.state if one.openness else None,
        )  # fmt: skip
        told |= {f"{one.base.number} {each.code}": each.verdict for each in one.judged.conditions}
    return told


def pilot_services(workspace: Workspace, year: int, day: date) -> Told:
    told: Told = {}
    for one in pilot_view.services(workspace, year, day):
        of, evidence = pilot_report.year_of(one), one.evidenced
        told[one.base.number] = (
            of.n, of.minutes, of.fen, of.n_external, of.external_fen, of.customers, evidence.n, evidence.evidenced_fen, evidence.n_wanting,
            evidence.wanting_fen, evidence.reversed_fen, one.estimate.value, one.n_withheld,
            pilot_view.satisfied(one, rules_in_force.of(workspace), day).value,
        )  # fmt: skip
    return told


def trained(workspace: Workspace, period: Period, day: date) -> Told:
    found = trainings.statement(workspace, period, day)
    told: Told = {one.subject: (one.n_courses, one.n_attended, one.n_people, one.n_passed, one.hours) for one in found.subjects}
    nobody = frozenset(str(dict(one.params)["number"]) for one in found.findings)
    return told | {"pilot": found.pilot.value, "all": found.all.value, "without anybody": nobody}


def staff(workspace: Workspace, day: date) -> Told:
    told: Told = {}
    for one in staff_facts.every(workspace, day):
        alone = tuple(each and each.value for each in (one.post, one.title, one.evaluation))
        beside = tuple(sorted(each.id for each in (*one.certificates, *one.recognitions)))
        ends = [
            tuple(sorted((str(dict(each.params)["certificate"]), str(dict(each.params)["day"])) for each in one.findings if each.code == code))
            for code in ("staff.certificate_over", "staff.certificate_ends")
        ]
        told[one.person.staff_number] = (*alone, one.evaluation and one.evaluation.factor, beside, *ends)
    return told


def balance(workspace: Workspace, period: Period, day: date) -> Told:
    found = yearly_balance.year(workspace, period, day)
    told: Told = {f"declared {kind}": fen for kind, fen in found.declared} | {"declared of no one set": found.whole_unit_fen}
    told["whole"] = (found.whole.revenue_fen, found.whole.cost_fen, found.whole.state)
    for line in found.lines:
        one = line.balance
        told[line.instrument.asset_number] = (one.income_fen, one.minutes, one.known_cost_fen, one.unknown_minutes, one.verdict, line.declared_fen)
    return told


def transfers(workspace: Workspace, period: Period, day: date) -> Told:
    found = transfer_candidates.year(workspace, period, day)
    return {
        one.use.asset_number: (
            one.assessment.verdict, one.assessment.named("little_used").met, one.assessment.named("badly_shared").met, frozenset(one.assessment.cautions),
            one.assessment.reasons[0] if one.assessment.verdict == "kept" else "",
            next((str(part.value or "unknown") for part in one.assessment.figure.inputs if part.code == "transfer.supervised_to"), ""),
        )
        for one in found.judged
    }  # fmt: skip


def purchases(workspace: Workspace) -> Told:
    known, told = rules_in_force.of(workspace), {}
    with workspace.read() as connection:
        for one in PROPOSALS.find(connection):
            found = purchase_candidates.find(connection, one, known)
            full = purchase_review.saturation(found.candidates, known, one.proposed_on)
            own = [each for each in found.candidates if each.place == "own"]
            alike = tuple(
                sorted((each.number, (each.similarity.value, _grades(each), each.effective_minutes, each.external_minutes)) for each in own)
            )
            advice = purchase_review.advice(found.candidates, full, found.n_catalogue)
            due = (purchase_review.required(one, known).value, purchase_review.required_national(one, known).value)
            stands = purchase_national.needs(one, national(connection, one.id), known).value
            elsewhere = tuple(sorted((each.number, (each.similarity.value, _grades(each))) for each in found.candidates if each.place == "elsewhere"))
            told[one.number] = (*due, full.value, advice.value, (*_counted(full), found.n_catalogue), alike, elsewhere, stands)
    return told


def _grades(one: purchase_review.Candidate) -> tuple[Any, ...]:
    """Of class, name, model and functions, None where nothing can be compared."""
    told = {part.code: part.value for part in one.similarity.figure.inputs}
    return tuple(told[f"purchase.aspect.{aspect}"] for aspect in ("class", "name", "model", "functions"))


def _counted(full: Figure) -> tuple[Any, Any]:
    """Minutes together and how many sets they are of."""
    told = {one.code: one.value for one in full.inputs[0].inputs}
    return told["purchase.minutes"], told["purchase.n_counted"]


def effect(workspace: Workspace, period: Period) -> Told:
    found, _ = national_messages.effect(workspace, period)
    return {
        "vouchers": found.n_vouchers, "of vouchers": found.vouchers_fen, "income": found.income_fen, "sets": found.n_sets, "of sets": found.sets_fen,
        "vouchers of which nothing is said": found.n_unstated_vouchers, "sets of which nothing is said": found.n_unstated_sets,
    }  # fmt: skip


def integrity(workspace: Workspace, period: Period, day: date, names: Iterable[str]) -> Told:
    found = integrity_actions.self_check(workspace, period, day)
    return {one.name: frozenset((seen.number, seen.detail) for seen in one.seen) for one in found.checks if one.name in names}


def scores(workspace: Workspace, period: Period, day: date) -> Told:
    told: Told = {}
    for one in benefit.year(workspace, period, day).sets:
        whole = one.score.range
        told[one.one.asset_number] = None if whole is None else (whole.least, whole.most, one.score.grade, one.reportable)
        told[f"parts of {one.one.asset_number}"] = {part.name: (part.range.least, part.range.most) for part in one.score.parts}
    return told


def group_scores(workspace: Workspace, period: Period, day: date) -> Told:
    found = benefit.year(workspace, period, day)
    several = {(one.kind, one.name): one.score for one in benefit_groups.groups(workspace, found)}
    several["institution", ""] = benefit_groups.whole(workspace, found)
    return {key: (one.range.least, one.range.most, tuple(one.n_of.values())) for key, one in several.items() if one.range is not None}


def ratings(workspace: Workspace, year: str) -> Told:
    found = evaluations.ratings(workspace, year)
    return found.n_of | {"silent": found.n_silent, "satisfied": found.satisfied.value}


def university(workspace: Workspace, period: Period) -> Told:
    found = university_year.judge(workspace, period)
    told: Told = {
        (line.instrument.asset_number, one.item): (one.reported, one.origin) for line in found.lines for one in line.settled if one.origin != "blank"
    }
    stocks = {"last": found.changes.last, "came": found.changes.increase, "gone": found.changes.decrease, "now": found.changes.now}
    return told | {("sj2", name): (stock.n, stock.fen) for name, stock in stocks.items()} | {("sj2", "nothing said"): found.changes.n_unstated}


def differences(program: Told, second: Told) -> list[str]:
    """Every key on which the two differ, with what each says; a quotient may differ by what twenty decimals cannot show."""
    return [
        f"{key}: the program says {_shown(program, key)}, reckoned again {_shown(second, key)}"
        for key in sorted(program.keys() | second.keys())
        if not _same(program.get(key, "nothing"), second.get(key, "nothing"))
    ]


def _shown(told: Told, key: Any) -> str:
    return repr(told[key])[:300] if key in told else "nothing"


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, tuple) and isinstance(two, tuple):
        return len(one) == len(two) and all(_same(left, right) for left, right in zip(one, two, strict=True))
    if isinstance(one, Decimal) and isinstance(two, Fraction):
        return abs(Fraction(one) - two) <= _NEAR * max(1, abs(two))
    return bool(one == two) and (one is None) == (two is None)
