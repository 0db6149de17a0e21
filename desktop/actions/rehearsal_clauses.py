"""The practice day clause by clause: what its ledger has for each of the 17 clauses of the measure, by the actions everybody uses.

A clause the program has nothing for is told with empty lists; nothing is made up for it. What is entered for the clauses (marks, a claim, a
purchase, a transfer) is invented practice data of ``resources/practice/day.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.actions import (
    benefit,
    cers,
    duties,
    evaluations,
    evidence,
    explaining,
    exporting,
    fee_building,
    fee_versions,
    fees,
    importing,
    instruments,
    integrity,
    integrity_answers,
    library,
    management,
    national,
    national_due,
    national_messages,
    national_stated,
    performance,
    performance_overview,
    printed_figures,
    publications,
    purchases,
    records,
    rehearsal_national,
    rehearsal_pilot,
    reporting,
    repricing,
    transfer_candidates,
    transfers,
    upkeep,
    voucher_claims,
    voucher_enterprises,
    voucher_files,
    voucher_outside,
    vouchers,
    yearly_balance,
)
from desktop.actions.rehearsal_people import compared, people
from desktop.actions.rehearsal_sensors import sensed
from desktop.actions.rehearsal_university import reported
from desktop.actions.reporting import Made
from desktop.actions.repricing import Asked
from desktop.actions.workspace import Workspace
from desktop.formats import purchase_results, write
from desktop.formats.purchase_results import ResultRow
from desktop.ledger import period as periods
from desktop.ledger.fees import CostComponent
from desktop.ledger.finding import Finding
from desktop.ledger.management import ManagementDocument
from desktop.ledger.period import Period
from desktop.ledger.publication import LISTED
from desktop.ledger.purchase import Proposal
from desktop.ledger.voucher import EVIDENCE
from desktop.ledger.voucher_rows import OutsideUse
from desktop.rules.figure import Figure
from desktop.words import say

CLAUSES = tuple(str(n) for n in range(1, 18))
_RESULTS = "national-results.csv"


@dataclass(slots=True)
class Clause:
    """What one clause has: figures as plain values, names of files beside ``clauses.json``, findings by kind with how many there are."""

    figures: list[dict[str, Any]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def figure(self, found: Figure, why: str = "") -> None:
        """Take a figure without its tree; ``why`` is what ``yixiang explain`` is asked for it."""
        told = explaining.as_json(found)
        kept = {name: told[name] for name in ("code", "label", "value", "unit", "clause", "certainty")}
        self.figures.append(kept | {"said": explaining.value_text(found.value, found.unit, found.code), "explain": why})

    def count(self, code: str, n: int) -> None:
        """Take a number of things that has no tree; ``code`` has its words."""
        self.figure(Figure(code, n, "count"))

    def find(self, found: Iterable[Finding]) -> None:
        """Take findings, those of one code together with the words of the first."""
        told: dict[str, dict[str, Any]] = {}
        for one in found:
            first = {"code": one.code, "severity": one.severity, "words": say(one.code, **dict(one.params)), "n": 0}
            told.setdefault(one.code, first)["n"] += 1
        self.findings += told.values()


@dataclass(frozen=True, slots=True)
class Practice:
    """The ledger of the day, the folder of its papers, the day, its data, and what the day before the clauses has told (``summary``)."""

    workspace: Workspace
    out: Path
    on: date
    told: dict[str, Any]
    summary: dict[str, Any]

    @property
    def year(self) -> Period:
        """The practice year."""
        return periods.parse(str(self.told["settle_to"].year))

    def there(self, *names: str) -> list[str]:
        """Papers the day has written already."""
        return [f"{name}{suffix}" for name in names for suffix in reporting.FORMATS]

    def print(self, name: str, make: Callable[[Path], Made]) -> list[str]:
        """Write a paper as PDF and workbook; the names of both."""
        return [make(self.out / f"{name}{suffix}").path.name for suffix in reporting.FORMATS]

    def report(self, kind: str, year: str = "") -> list[str]:
        """Write a report of a year, the practice year when none is named."""
        period = year or self.year.name
        return self.print(
            f"{kind}-{period}", lambda path: reporting.make(self.workspace, kind, period=period, out=path, printed_on=self.on)
        )


def _register(day: Practice, clause: Clause) -> None:
    sync = day.summary["sync"]
    clause.count("practice.registered", len(instruments.every(day.workspace)))
    clause.count("practice.sent", sync["sent"])
    clause.count("practice.withheld", sync["withheld"])
    _published(day, clause)
    sheet = day.out / "instruments.xlsx"
    exporting.instruments(day.workspace, sheet)
    clause.documents.append(sheet.name)


def _published(day: Practice, clause: Clause) -> None:
    """What the network said of the sets at the sync, where it differs from the ledger, and why."""
    found = publications.overview(day.workspace, day.on)
    clause.count("publication.n_listed", found.counts.get(LISTED, 0))
    clause.count("publication.n_evaluated", sum(line.told is not None and line.told.latest is not None for line in found.lines))
    for line in found.lines:
        if line.told is not None:
            clause.figure(line.figure, f"publication {line.instrument.asset_number} --on {day.on}")
    clause.find(found.findings)
    year = str(day.on.year)
    clause.documents += day.print(
        f"publication-{year}", lambda path: reporting.make(day.workspace, "joining", period=year, out=path, printed_on=day.on)
    )


def _joining(day: Practice, clause: Clause) -> None:
    clause.documents += day.print("filing-statement", lambda path: reporting.make_filing(day.workspace, out=path, printed_on=day.on))
    found = duties.every(day.workspace, day.on)
    for state, n in day.summary["duties"]["states"].items():
        clause.count(f"duty.state.{state}", n)
    open_one = next((one for one in found if one.state in ("overdue", "to_join")), None)
    if open_one is not None:
        clause.figure(duties.explain(day.workspace, open_one.asset_number, day.on), f"duty {open_one.asset_number}")
    clause.find(told for one in found for told in one.findings)
    clause.documents += day.there(f"joining-{day.on.year}")


def _award(day: Practice, clause: Clause) -> None:
    estimate = explaining.explain(day.workspace, "award", day.year.name)
    clause.figure(estimate, f"award {day.year.name}")
    for part in (*estimate.inputs, *estimate.inputs[0].inputs):
        clause.figure(part)
    clause.documents += day.there(f"transactions-{day.year.name}") + day.report("award")
    digest = printed_figures.digest_of(day.out / f"award-{day.year.name}.pdf")[:16]
    clause.figure(explaining.explain(day.workspace, "paper", digest), f"paper {digest}")


def _national(day: Practice, clause: Clause) -> None:
    effect, _ = national_messages.effect(day.workspace, day.year)
    clause.figure(effect.figure, f"effect {day.year.name}")
    for part in effect.figure.inputs:
        clause.figure(part)
    due = national_due.sets(day.workspace, day.on)
    clause.figure(explaining.explain(day.workspace, "due", due[0].instrument.asset_number, day.on), f"due {due[0].instrument.asset_number}")
    _stated(day)
    clause.documents += day.report("national_income") + day.report("national_assets")
    book = national.workbook(day.workspace, day.out / "national-instruments.xlsx")
    part_folder = day.out / "messages"
    messages = national_messages.write(day.workspace, part_folder, rehearsal_national.UNIT, day.year)
    for path in messages.files:
        path.rename(day.out / path.name)
    part_folder.rmdir()
    clause.documents += [book.path.name, *(path.name for path in messages.files)]
    clause.find(messages.findings)
    rehearsal_national.told(day, clause)
    reported(day, clause)
    _shared(day, clause)


def _stated(day: Practice) -> None:
    """Of one service what the platform asks besides, and of one set why it is not open."""
    told = day.told["national"]
    national_stated.state_service(day.workspace, told["service"]["number"], told["service"]["told"])
    national_stated.say_closed(day.workspace, **told["closed"])


def _shared(day: Practice, clause: Clause) -> None:
    """What the university states of sets for the universities' sharing system, and the file of those that may be written."""
    told = day.told["cers"]
    for one in told["set"]:
        cers.state(day.workspace, one["asset_number"], {name: text for name, text in one.items() if name != "asset_number"})
    for one in told["set"]:
        clause.figure(cers.explain(day.workspace, one["asset_number"], day.on), f"cers {one['asset_number']} --on {day.on}")
    done = cers.write(day.workspace, day.out / "InstrusAndGroups.xml", day.on)
    paper = day.print(f"cers-{day.on.year}", lambda path: reporting.make(day.workspace, "cers", out=path, printed_on=day.on))
    clause.documents += [done.path.name, *paper]
    clause.find(done.findings)


def _fees(day: Practice, clause: Clause) -> None:
    found = yearly_balance.year(day.workspace, day.year, day.on)
    earned = max(found.lines, key=lambda line: (line.balance.income_fen, line.instrument.asset_number))
    asset = earned.instrument.asset_number
    _costed(day, asset)
    whole = yearly_balance.year(day.workspace, day.year, day.on).whole
    clause.figure(whole.figure, f"balance {yearly_balance.WHOLE_KEY} --period {day.year.name}")
    clause.find(whole.findings)
    clause.figure(explaining.explain(day.workspace, "fee", asset, day.year.last_day), f"fee {asset} --on {day.year.last_day}")
    clause.figure(yearly_balance.explain(day.workspace, asset, day.year.name), f"balance {asset} --period {day.year.name}")
    clause.figure(explaining.explain(day.workspace, "price", day.told["record"]), f"price {day.told['record']}")
    dearer = Asked(change=Decimal("0.05"))
    clause.figure(repricing.over(day.workspace, day.year, dearer).figure)
    served = day.told["voucher"]["record"]
    clause.figure(explaining.explain(day.workspace, "repricing", served, day.on), f"repricing {served} --on {day.on}")
    clause.documents += day.print(
        f"repricing-{day.year.name}", lambda path: reporting.make_repricing(day.workspace, day.year, dearer, out=path, printed_on=day.on)
    )
    for one in day.told["management"]:
        management.enter(day.workspace, ManagementDocument("", last_on=one.get("last_on"), party=one.get("party", ""), **one["paper"]))
    papers = management.checklist(day.workspace, day.on)
    clause.figure(papers.figure, f"management checklist --on {day.on}")
    clause.find(papers.findings)
    clause.documents += day.report("management")
    clause.find(told for _, told in records.problems(day.workspace))
    clause.documents += day.there(f"fees-{day.on.year}") + day.report("balance")


def _costed(day: Practice, asset_number: str) -> None:
    """Give every version of a set its cost build-up: what its value comes to, consumables, management as a rate."""
    told = day.told["cost_price"]
    suggested = [part for part, _ in fee_building.suggestions(day.workspace, asset_number)]
    own = CostComponent("", "", "consumables", told["consumables_fen"], None, told["evidence"])
    rate = CostComponent("", "", "management", None, Decimal(told["management"]), told["evidence"])
    for version in fees.versions(day.workspace, asset_number):
        fee_versions.set_costs(day.workspace, version.schedule.id, [*suggested, own, rate])


def _payout(day: Practice, clause: Clause) -> None:
    run = day.summary["payout"]["run"]
    clause.figure(explaining.explain(day.workspace, "payout", run), f"payout {run}")
    clause.documents += [*day.there(f"payout-{day.year.name}"), "payroll.xlsx", "payroll.csv"]
    compared(day, clause)


def _claim(day: Practice, clause: Clause, number: str, use: str, paper: str) -> None:
    """Claim one use, its papers named by their number, and print the claim."""
    for item in EVIDENCE:
        voucher_claims.paper(day.workspace, use, item, given=paper)
    voucher_claims.draft(day.workspace, number, [use])
    clause.find(voucher_claims.show(day.workspace, number).findings)
    whole = vouchers.explain(day.workspace, use)
    clause.figure(whole, f"voucher {use}")
    for part in whole.inputs:
        clause.figure(part)


def _print_claim(day: Practice, clause: Clause, number: str) -> None:
    clause.documents += day.print(
        f"voucher-{number}", lambda path: reporting.make_claim(day.workspace, number, out=path, printed_on=day.on)
    )


def _voucher(day: Practice, clause: Clause) -> None:
    told = day.told["voucher"]
    voucher_enterprises.describe(day.workspace, told["customer"], told["place"])
    voucher_enterprises.group(day.workspace, told["customer"], told["controller"], day.year.start, told["paper"])
    vouchers.mark(day.workspace, told["record"], True, told["order"])
    _claim(day, clause, told["claim"], told["record"], told["paper"])
    voucher_claims.step(day.workspace, told["claim"], "submit", day.on)
    _print_claim(day, clause, told["claim"])
    clause.find(found for grant in vouchers.year(day.workspace, day.year.start.year).grants for found in grant.findings)


def _outside(day: Practice, clause: Clause) -> None:
    told = day.told["outside"]
    if not library.catalogue_read_at(day.workspace)[0]:
        return
    kept, _ = voucher_outside.search(day.workspace, told["search"], told["reason"])
    hits = range(1, len(kept.hits) + 1)
    if hits:
        kept, _ = voucher_outside.answer(day.workspace, kept.place, list(hits), told["why_not"], told["reason"])
    clause.count("practice.found_elsewhere", len(kept.hits))
    use = OutsideUse(
        "", told["number"], "", told["instrument"], told["institution"], told["province"], day.on, datetime.combine(day.on, time.min),
        told["fee"], told["fee"], through_network=True, order_number=told["number"], contract=told["contract"],
    )  # fmt: skip
    voucher_outside.enter(day.workspace, use, told["customer"], kept.place)
    _claim(day, clause, told["claim"], told["number"], told["contract"])
    _print_claim(day, clause, told["claim"])
    # The form as it was signed hangs at the claim, and goes into the archive with what the use has.
    form = day.out / f"voucher-{told['claim']}.pdf"
    evidence.add(day.workspace, "voucher_claim", evidence.subject(day.workspace, "voucher_claim", told["claim"]), form)
    clause.documents.append(voucher_files.collect(day.workspace, told["claim"], day.out / f"voucher-{told['claim']}.zip").path.name)


def _purchase(day: Practice, clause: Clause) -> None:
    told, (_, approver, proposer) = day.told["purchase"], day.told["person"][:3]
    proposal = Proposal(
        "", told["number"], day.on, told["name"], told["price"], told["provincial"], told["model"], told["class_code"], told["functions"],
        reason=told["reason"], central_fen=told["central"],
    )  # fmt: skip
    clause.find(purchases.propose(day.workspace, proposal, proposer["name"], proposer["pin"]).findings)
    number = told["number"]
    answer = ResultRow(0, (), number, told["outcome"], day.on, told["document"], told["answer"], told["similar"])
    write.write_csv(day.out / _RESULTS, write.sheet_of(purchase_results.SHEET, purchase_results.FIELDS, [answer]))
    clause.find(importing.import_file(day.workspace, "purchase_results", day.out / _RESULTS).findings)
    purchases.review(day.workspace, number, told["opinion"], told["text"], approver["name"], approver["pin"])
    tree = purchases.explain(day.workspace, number)
    clause.figure(tree, f"purchase {number}")
    for part in tree.inputs:
        clause.figure(part)
    clause.documents += day.print(
        f"purchase-{number}", lambda path: reporting.make_purchase(day.workspace, number, out=path, printed_on=day.on)
    )
    clause.documents.append(_RESULTS)


def _evaluated(day: Practice, clause: Clause, asset_number: str) -> None:
    """Counts of the busiest set's year, what a user said, and the scores they make."""
    told = day.told["evaluation"]
    evaluations.enter(day.workspace, asset_number, day.year.name, told["counts"], told["ground"])
    for number in evaluations.unrated(day.workspace, day.year.name)[:1]:
        evaluations.rate(day.workspace, number, told["rating"], day.on, told["comment"])
    found = benefit.year(day.workspace, day.year, day.on)
    score = next(one.score for one in found.sets if one.one.asset_number == asset_number)
    for figure in (score.figure, score.total, *(part.figure for part in score.parts), evaluations.ratings(day.workspace, day.year.name).satisfied):
        clause.figure(figure)
    clause.count("practice.graded", len(found.sets) - found.n_of[benefit.OPEN])


def _performance(day: Practice, clause: Clause) -> None:
    found = performance.year(day.workspace, day.year, day.on)
    whole = found.whole
    means = (found.means["effective"], found.means["external"], found.alike["external"])
    for one in (whole.effective, whole.external, whole.sharing_rate, whole.utilisation, *means):
        clause.figure(one)
    clause.figure(performance_overview.explain(day.workspace, "institution", day.year.name), f"performance institution --period {day.year.name}")
    most = max(found.sets, key=lambda pair: (pair[0].effective_minutes, pair[0].asset_number))[0].asset_number
    clause.figure(performance.explain(day.workspace, most, day.year.name), f"performance {most} --period {day.year.name}")
    _evaluated(day, clause, most)
    clause.documents += day.report("performance") + day.report("benefit") + day.there(f"quarterly-{day.year.name}Q3")


def _transfer(day: Practice, clause: Clause) -> None:
    told, (_, approver, proposer) = day.told["transfer"], day.told["person"][:3]
    found = transfer_candidates.year(day.workspace, day.year, day.on).with_verdict("candidate")
    clause.count("practice.candidates", len(found))
    clause.documents += day.report("transfers")
    if not found:
        return
    asset = found[0].instrument.asset_number
    clause.figure(found[0].assessment.figure, f"transfer {asset} --period {day.year.name}")
    done = transfers.prepare(
        day.workspace, asset, "internal", told["reason"], proposer["name"], proposer["pin"], department=told["department"]
    )
    clause.find(done.findings)
    number = done.listed.transfer.number
    transfers.approve(day.workspace, number, approver["name"], approver["pin"])
    clause.documents += day.print(
        f"handover-{number}", lambda path: reporting.make_handover(day.workspace, number, out=path, printed_on=day.on)
    )


def _integrity(day: Practice, clause: Clause) -> None:
    for check in integrity.self_check(day.workspace, day.year, day.on).checks:
        clause.figure(check.figure, f"integrity {check.name} --period {day.year.name}")
    found = integrity_answers.every(day.workspace, day.year, day.on).points
    asked = day.told["person"][2]["name"]  # whoever runs the laboratory answers, not the account of the computer
    for point in [one for one in found if not one.confidential][:1]:
        integrity_answers.answer(day.workspace, point.check, point.number, "explained", day.told["integrity"]["text"], by=asked)
    clause.find(upkeep.verify(day.workspace).findings)
    clause.documents += day.report("integrity")
    clause.documents += day.report("rectification")
    _noticed(day, clause)


def _noticed(day: Practice, clause: Clause) -> None:
    """The notice that came with the sync: answered on the day, so before it is due, and told in the report of the year it was issued in."""
    for one in library.notices(day.workspace):
        library.answer(day.workspace, one.id, day.told["notice_answer"], day.on)
        clause.figure(explaining.explain(day.workspace, "notice", one.id, day.on), f"notice {one.id} --on {day.on}")
        clause.documents += day.report("rectification", str((one.issued_on or day.on).year))


_WALK: dict[str, Callable[[Practice, Clause], None]] = {
    "1": _register, "2": _joining, "3": _award, "4": sensed, "5": _national, "6": rehearsal_pilot.equipment,
    "7": rehearsal_pilot.open_base, "8": people, "9": _fees, "10": _payout, "11": _voucher, "12": _outside, "13": _purchase,
    "14": _performance, "15": rehearsal_pilot.services, "16": _transfer, "17": _integrity,
}  # fmt: skip


def walk(day: Practice) -> dict[str, Clause]:
    """Every clause by its number, in order; those the program has nothing for are empty. Raises what the actions raise."""
    told = {number: Clause() for number in CLAUSES}
    for number, step in _WALK.items():
        step(day, told[number])
    return told
